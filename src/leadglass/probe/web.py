"""Stand-in until the web probes arrive."""

from leadglass.model.assessment import Surface
from leadglass.model.facts import SurfaceFacts
from leadglass.model.words import Retrieval, Rung, Status, Step, SurfaceKind
from leadglass.net.host import Host
from leadglass.probe.outcome import Probe


async def probe_web(
    host: Host, port: int, *, secure: bool, path: str, contact: str, called_ae_titles: tuple[str, ...]
) -> tuple[Probe, ...]:
    return (
        Probe(
            surface=Surface(
                kind=SurfaceKind.WEB,
                port=port,
                tls=secure,
                status=Status.CONNECTION_REFUSED,
                proof=Rung.SILENT,
                retrieval=Retrieval.NOT_ASKED,
                facts=SurfaceFacts(),
                step=Step.CONNECT,
            )
        ),
    )
