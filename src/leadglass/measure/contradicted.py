"""Of a list and a counter of one web server that differ, the one that says less is not all there is.

Cost: none.
"""

from collections.abc import Iterable, Sequence

import msgspec

from leadglass.measure.outcome import at_least
from leadglass.model.assessment import Surface
from leadglass.model.words import CountKind, SurfaceKind

_COUNTERS = (SurfaceKind.ORTHANC_REST, SurfaceKind.DCM4CHEE_REST)
_SHORT_LIST = "the server's own counter says that there are {most:,} studies: the list is a part of them"
_LOW_COUNTER = "the server lists {most:,} studies over DICOMweb: its own counter does not count them all"


def heeding_counters(surfaces: Sequence[Surface]) -> list[Surface]:
    """The surfaces of one port; an exact figure that another contradicts is at-least, and says by what."""
    told = _most(surface for surface in surfaces if surface.kind in _COUNTERS)
    listed = _most(surface for surface in surfaces if surface.kind is SurfaceKind.DICOMWEB)
    return [
        _doubted(surface, listed, _LOW_COUNTER)
        if surface.kind in _COUNTERS
        else _doubted(surface, told, _SHORT_LIST)
        if surface.kind is SurfaceKind.DICOMWEB
        else surface
        for surface in surfaces
    ]


def _doubted(surface: Surface, most: int, why: str) -> Surface:
    exact = _exact_studies(surface)
    if surface.exposure is None or exact is None or exact >= most:
        return surface
    return msgspec.structs.replace(surface, exposure=at_least(surface.exposure, why.format(most=most)))


def _most(surfaces: Iterable[Surface]) -> int:
    """The most studies that one of these has for certain."""
    figures = (surface.exposure.studies for surface in surfaces if surface.exposure is not None)
    certain = (figure.low for figure in figures if figure is not None and figure.kind is not CountKind.ESTIMATE)
    return max(certain, default=0)


def _exact_studies(surface: Surface) -> int | None:
    """How many studies a surface has, None where that is not said, or not exactly."""
    studies = None if surface.exposure is None else surface.exposure.studies
    return studies.count if studies is not None and studies.kind is CountKind.EXACT else None
