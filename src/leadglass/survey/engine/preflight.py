"""Before anything is sent it is told what a survey will touch, how much at most, how long, and by whose authority."""

from collections.abc import Iterator

from leadglass.model.words import Depth, Permission
from leadglass.net.host import MAX_ADDRESSES
from leadglass.report.figures import plural
from leadglass.survey.engine.intake import Intake
from leadglass.survey.engine.layout import Layout
from leadglass.survey.engine.reckoning import Reckoning

_DEPTHS = {
    Depth.TOUCH: "whether a port speaks DICOM or shows a medical-imaging page; no record is asked for",
    Depth.ASK: "how far a stranger gets; nothing is counted",
    Depth.MEASURE: "how far a stranger gets, and how much is given away",
}


def preflight(layout: Layout, found: Intake | None = None) -> Iterator[str]:
    """The facts of a survey, a line each; where another tool `found` its targets, of their ports alone."""
    scope = layout.scope
    dimse, web = scope.dimse_ports, scope.web_ports
    if found is not None:
        dimse, web = (tuple(port for port in ports if port in found.ports) for ports in (dimse, web))
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
    yield f"Ports:        DIMSE {_listed(dimse)}; web {_listed(web)}"
    left_alone = len(scope.exclusions) + len(scope.opt_out)
    yield f"Left alone:   {left_alone:,} exclusions and opt-outs; special-purpose networks that are not named"
    pace = scope.pace
    yield f"Pace:         {pace.per_second:g} a second, {pace.per_network:g} a network, {pace.per_address:g} an address"
    if layout.reckoning is not None:
        yield from _reckoned(layout, layout.reckoning, found is not None)
    yield "Your address: give it a name in the DNS and a page that says who asks, why, and how to opt out"


def _reckoned(layout: Layout, reckoning: Reckoning, is_found: bool) -> Iterator[str]:
    """How many places, how many connections at most, and how long."""
    names = f", of them {plural(reckoning.names, 'name')} with up to {MAX_ADDRESSES} addresses each"
    listed = f"{reckoning.listed:,} {{}}{names if reckoning.names else ''}"
    if is_found:
        yield f"Targets:      {listed.format('that another tool found')}, each at the ports found there"
    else:
        yield (
            f"Targets:      {plural(reckoning.addresses, 'address')} of networks, {listed.format('named one by one')}"
        )
    yield (
        f"Connections:  at most {reckoning.connections:,}: {reckoning.knocks:,} to find who listens, and up to "
        f"{layout.budget.max_connections:,} to each that does; what a run that is killed had in flight comes again"
    )
    takes = f"about {_duration(reckoning.finding_s)} at this pace to find who listens; what listens is asked besides"
    hours = layout.scope.hours
    if hours is None:
        yield f"Takes:        {takes}"
        return
    yield f"Hours:        {hours.told}, {_duration(60.0 * hours.minutes_open)} a day; outside them nothing is begun"
    within = _duration(reckoning.elapsed_s)
    wait = _duration(60.0 * hours.longest_wait_min)
    yield f"Takes:        about {within} with these hours, after up to {wait} until they open: {takes}"


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
    return plural(max(1, round(seconds)), "second")
