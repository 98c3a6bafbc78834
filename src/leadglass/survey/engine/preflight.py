"""Before anything is sent it is told what a survey will touch, how much at most, how long, and by whose authority."""

from collections.abc import Iterator

from leadglass.model.words import Depth, Permission
from leadglass.survey.engine.layout import Layout

_NETWORK = {4: 1 << 8, 6: 1 << 80}  # addresses of one, to which a pace of its own belongs
_DEPTHS = {
    Depth.TOUCH: "whether a port speaks DICOM or shows a medical-imaging page; no record is asked for",
    Depth.ASK: "how far a stranger gets; nothing is counted",
    Depth.MEASURE: "how far a stranger gets, and how much is given away",
}


def preflight(layout: Layout) -> Iterator[str]:
    """The facts of a survey, a line each."""
    scope, space = layout.scope, layout.space
    ports = len(scope.dimse_ports) + len(scope.web_ports)
    knocks = space.places * ports
    yield f"Authority:    {scope.authority}"
    if scope.purpose:
        yield f"Purpose:      {scope.purpose}"
    if scope.approval:
        yield f"Approval:     {scope.approval}"
    yield f"Contact:      {scope.contact}"
    yield f"Permitted:    {', '.join(scope.permits)}"
    yield f"Depth:        {scope.depth.value}: {_DEPTHS[scope.depth]}"
    if scope.depth is not Depth.TOUCH and Permission.READ_RECORD not in scope.permits:
        yield "              read-record is not permitted, so no query is sent: what can be read stays unknown"
    if scope.depth is Depth.MEASURE:
        yield f"Figures:      {_sureness(layout)}"
    yield f"Targets:      {space.addresses:,} addresses of networks, {space.listed:,} named one by one"
    yield f"Ports:        DIMSE {_listed(scope.dimse_ports)}; web {_listed(scope.web_ports)}"
    left_alone = len(scope.exclusions) + len(scope.opt_out)
    yield f"Left alone:   {left_alone:,} exclusions and opt-outs; special-purpose networks that are not named"
    yield f"Connections:  {knocks:,} to find who listens, and up to {layout.budget.max_connections:,} to each that does"
    pace = scope.pace
    yield f"Pace:         {pace.per_second:g} a second, {pace.per_network:g} a network, {pace.per_address:g} an address"
    yield f"At least:     {_duration(_least_s(layout, ports))} at this pace"
    yield "Your address: give it a name in the DNS and a page that says who asks, why, and how to opt out"


def _least_s(layout: Layout, ports: int) -> float:
    """How long it takes to find who listens: all at the pace overall, and the fullest network at its own."""
    pace, space = layout.scope.pace, layout.space
    fullest = max((min(last - first + 1, _NETWORK[version]) for version, first, last in space.intervals), default=1)
    each = ports / pace.per_address
    return max(space.places * ports / pace.per_second, fullest * ports / pace.per_network, each)


def _sureness(layout: Layout) -> str:
    wish = layout.wish
    if wish is None:
        return "counted to the end, whatever that takes"
    return (
        f"of large archives by samples, ±{100 * wish.precision:g} % at {100 * wish.confidence:g} % confidence where those "
        "reach it; the others are counted"
    )


def _listed(ports: tuple[int, ...]) -> str:
    return ", ".join(map(str, ports)) or "none"


def _duration(seconds: float) -> str:
    for unit, length in (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:,.0f} seconds"
