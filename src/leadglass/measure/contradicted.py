"""A list that is shorter than the counter of the same web server says is not the whole list.

Cost: none.
"""

from collections.abc import Sequence

import msgspec

from leadglass.measure.outcome import at_least
from leadglass.model.assessment import Surface
from leadglass.model.words import CountKind, SurfaceKind

_COUNTERS = (SurfaceKind.ORTHANC_REST, SurfaceKind.DCM4CHEE_REST)


def heeding_counters(surfaces: Sequence[Surface]) -> list[Surface]:
    """The surfaces of one port; an exact list that a counter contradicts is at-least, and says by what."""
    told = [_exact_studies(surface) for surface in surfaces if surface.kind in _COUNTERS]
    most = max((studies for studies in told if studies is not None), default=0)
    return [_doubted(surface, most) for surface in surfaces]


def _doubted(surface: Surface, most: int) -> Surface:
    listed = _exact_studies(surface) if surface.kind is SurfaceKind.DICOMWEB else None
    if surface.exposure is None or listed is None or listed >= most:
        return surface
    why = f"the server's own counter says that there are {most:,} studies: the list is a part of them"
    return msgspec.structs.replace(surface, exposure=at_least(surface.exposure, why))


def _exact_studies(surface: Surface) -> int | None:
    """How many studies a surface has, None where that is not said, or not exactly."""
    studies = None if surface.exposure is None else surface.exposure.studies
    return studies.count if studies is not None and studies.kind is CountKind.EXACT else None
