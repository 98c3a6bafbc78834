"""What a measurement cost, and whether its figures hold the truth, is a few lines of 80 columns."""

from collections.abc import Sequence
from statistics import fmean, median

from bench.figures import short_time
from leadglass.model.exposure import Count, Exposure
from leadglass.model.record import Record
from leadglass.model.words import CountKind

MOST_RECORDS, HALF = 15_000, 0.05  # the aims
_FIGURES = ("studies", "images", "patients")
_COLUMNS = (("records", 10), ("conn.", 6), ("MiB", 8), ("crossed", 8), ("wall", 9), ("busy", 8), ("CPU", 8))


class Cost(Record):
    """What one client cost; None stands for what it does not tell.

    `received_bytes` and `busy_s` are by its own ledger. `crossed_bytes` went over loopback, both ways, headers of
    packets among them. `server_s` is the CPU of the server's process.
    """

    records: int | None
    connections: int | None
    received_bytes: int | None
    crossed_bytes: int
    wall_s: float
    busy_s: float | None
    server_s: float


class Truth(Record):
    """What there is."""

    studies: int
    images: int
    patients: int


def middle_cost(costs: Sequence[Cost]) -> Cost:
    """The median of each figure over several runs; of the server's CPU, told in ticks of 10 ms, the mean."""
    return Cost(
        records=_median([cost.records for cost in costs]),
        connections=_median([cost.connections for cost in costs]),
        received_bytes=_median([cost.received_bytes for cost in costs]),
        crossed_bytes=round(median(cost.crossed_bytes for cost in costs)),
        wall_s=median(cost.wall_s for cost in costs),
        busy_s=None if any(cost.busy_s is None for cost in costs) else median(cost.busy_s or 0.0 for cost in costs),
        server_s=fmean(cost.server_s for cost in costs),
    )


def cost_table(title: str, rows: Sequence[tuple[str, Sequence[Cost]]]) -> str:
    """A line for each way, the middle of its runs; one without a run says that it is not here."""
    lines = [title, "  " + " " * 21 + "".join(f"{name:>{width}}" for name, width in _COLUMNS)]
    lines += [_line(name, middle_cost(costs)) if costs else f"  {name:<21}  not here" for name, costs in rows]
    return "\n".join(lines) + "\n"


def truths(name: str, truth: Truth, exposures: Sequence[Exposure]) -> str:
    """How the figures of several runs stand to the truth, a line for each of the three."""
    lines = [f"  {name}:"]
    for figure in _FIGURES:
        true: int = getattr(truth, figure)
        counts: list[Count] = [count for one in exposures if (count := getattr(one, figure)) is not None]
        lines.append(f"    {figure:<9}{true:>11,} in truth; {_held(true, counts)}")
    return "\n".join(lines) + "\n"


def aims(samples: Sequence[Cost], exposures: Sequence[Exposure], exact: Sequence[Cost]) -> str:
    """The aims, each met or missed: the records of a sample, its precision, and the server's time beside a count."""
    most = max(cost.records or 0 for cost in samples)
    widths = [
        (figure, half_width([count for one in exposures if (count := getattr(one, figure)) is not None]))
        for figure in _FIGURES
    ]
    ours, whole = middle_cost(samples).server_s, middle_cost(exact).server_s
    precise = ", ".join(
        f"{name} {'none' if half is None else f'±{half:.1%}'} {_met(half is not None and half <= HALF)}"
        for name, half in widths
    )
    return (
        f"  aim ±{HALF:.0%}: {precise}\n"
        f"  aim {MOST_RECORDS:,} records: {most:,} at most {_met(most <= MOST_RECORDS)}; "
        f"CPU beside --exact: {ours / whole:.2f}× {_met(ours < whole)}\n"
    )


def half_width(counts: Sequence[Count]) -> float | None:
    """The median half of the intervals' widths, as a share of the figure; None where a figure has no interval."""
    halves = [(count.high - count.low) / 2 / count.count for count in counts if count.high is not None and count.count]
    return median(halves) if halves and len(halves) == len(counts) else None


def _line(name: str, cost: Cost) -> str:
    told = (
        "" if cost.records is None else f"{cost.records:,}",
        "" if cost.connections is None else f"{cost.connections:,}",
        "" if cost.received_bytes is None else f"{cost.received_bytes / 2**20:.1f}",
        f"{cost.crossed_bytes / 2**20:.1f}",
        short_time(cost.wall_s),
        "" if cost.busy_s is None else short_time(cost.busy_s),
        short_time(cost.server_s),
    )
    return f"  {name:<21}" + "".join(f"{one:>{width}}" for one, (_, width) in zip(told, _COLUMNS, strict=True))


def _held(true: int, counts: Sequence[Count]) -> str:
    if not counts:
        return "not told"
    held = sum(count.low <= true and (count.high is None or true <= count.high) for count in counts)
    one = sorted(counts, key=lambda count: count.count)[len(counts) // 2]
    half = half_width(counts)
    if one.kind is CountKind.EXACT:
        figure = f"{one.count:,} exactly"
    elif one.high is None:
        figure = f"at least {one.low:,}"
    else:
        figure = f"{one.low:,} to {one.high:,}" + ("" if half is None else f" (±{half:.1%})")
    return f"{figure}, {held} of {len(counts)} hold it"


def _met(yes: bool) -> str:
    return "(met)" if yes else "(MISSED)"


def _median(values: Sequence[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return round(median(known)) if len(known) == len(values) else None
