"""A surface is counted by the way that its probe found, whatever that is."""

from leadglass.measure.counters import count_by_counter
from leadglass.measure.outcome import Measured
from leadglass.measure.qido.dicomweb import count_dicomweb
from leadglass.measure.query.dimse import measure_dimse
from leadglass.measure.sampling.sampler import Wish
from leadglass.model.ways import CounterWay, DicomwebWay, DimseWay, Way
from leadglass.net.host import Host


async def count_surface(host: Host, way: Way, contact: str, wish: Wish | None = None) -> Measured:
    """The exposure of one surface, exactly or, where a sample as sure as `wish` costs less, by that.

    Never raises for what the peer does.
    """
    match way:
        case DimseWay():
            return await measure_dimse(host, way, wish)
        case CounterWay():
            return await count_by_counter(host, way, contact)
        case DicomwebWay():
            return await count_dicomweb(host, way, contact)
