"""Before anything is sent it is told what a survey will touch, how much at most, how long, and by whose authority."""

from collections.abc import Iterator

from leadglass.model.words import Depth, Permission
from leadglass.survey.engine.intake import Intake
from leadglass.survey.engine.layout import Layout

_NETWORK = {4: 1 << 8, 6: 1 << 80}  # addresses of one, to which a pace of its own belongs
_DEPTHS = {
    Depth.TOUCH: "whether a port speaks DICOM or shows a medical-imaging page; no record is asked for",
    Depth.ASK: "how far a stranger gets; nothing is counted",
    Depth.MEASURE: "how far a stranger gets, and how much is given away",
}


def preflight(layout: Layout, found: Intake | None = None) -> Iterator[str]:
    """The facts of a survey, a line each; where another tool `found` its targets, of their ports alone."""
    scope, space = layout.scope, layout.space
    dimse, web = scope.dimse_ports, scope.web_ports
    if found is not None:
        dimse, web = (tuple(port for port in ports if port in found.ports) for ports in (dimse, web))
    knocks = space.places * len((*dimse, *web)) if found is None else found.connections
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
    if found is None:
        yield f"Targets:      {space.addresses:,} addresses of networks, {space.listed:,} named one by one"
    else:
        yield f"Targets:      {space.listed:,} that another tool found, each at the ports found there"
    yield f"Ports:        DIMSE {_listed(dimse)}; web {_listed(web)}"
    left_alone = len(scope.exclusions) + len(scope.opt_out)
    yield f"Left alone:   {left_alone:,} exclusions and opt-outs; special-purpose networks that are not named"
    yield f"Connections:  {knocks:,} to find who listens, and up to {layout.budget.max_connections:,} to each that does"
    pace = scope.pace
    yield f"Pace:         {pace.per_second:g} a second, {pace.per_network:g} a network, {pace.per_address:g} an address"
    yield f"At least:     {_duration(_least_s(layout, knocks, found))} at this pace"
    yield "Your address: give it a name in the DNS and a page that says who asks, why, and how to opt out"


def _least_s(layout: Layout, knocks: int, found: Intake | None) -> float:
    """How long it takes to find who listens: all at the pace overall, and the fullest network at its own."""
    pace, space = layout.scope.pace, layout.space
    if found is not None:
        fullest, most = found.fullest, found.most
    else:
        most = len(layout.scope.dimse_ports) + len(layout.scope.web_ports)
        sizes = (min(last - first + 1, _NETWORK[version]) for version, first, last in space.intervals)
        fullest = max(sizes, default=1) * most
    return max(knocks / pace.per_second, fullest / pace.per_network, most / pace.per_address)


def _sureness(layout: Layout) -> str:
    wish = layout.wish
    if wish is None:
        return "counted to the end, whatever that takes"
    return (
        f"of large archives by samples, ±{100 * wish.precision:g} % at {100 * wish.confidence:g} % confidence where "
        "those reach it; the others are counted"
    )


def _listed(ports: tuple[int, ...]) -> str:
    return ", ".join(map(str, ports)) or "none"


def _duration(seconds: float) -> str:
    for unit, length in (("days", 86_400.0), ("hours", 3_600.0), ("minutes", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:,.0f} seconds"
