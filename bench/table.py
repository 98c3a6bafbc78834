"""The result is one table of 80 columns, with ratios; a peer that is missing is a line that says so."""

from bench.figures import Figures, like_for_like, ratio, short_size, short_time, times
from leadglass.model.record import Record

WIDTH = 80
NOT_HERE = "not here"


class Row(Record):
    """One contender: its figures, None where it is not here."""

    name: str
    figures: Figures | None


def section(title: str, rows: tuple[Row, ...]) -> str:
    """Rows that do the same; the first is Leadglass, and ratios are against it."""
    ours = rows[0].figures
    lines = [title, f"  {'':<38}{'a second':>12}{'':>8}{'CPU each':>12}"]
    for row in rows:
        if row.figures is None:
            lines.append(f"  {row.name:<38}{NOT_HERE:>12}")
            continue
        rate = cpu = ""
        if ours is not None and row is not rows[0]:
            rate, cpu = times(ratio(row.figures.rate, ours.rate)), times(ratio(row.figures.cpu_s, ours.cpu_s))
        each = short_time(row.figures.cpu_s)
        lines.append(f"  {row.name:<38}{row.figures.rate:>12,.0f}{rate:>8}{each:>12}{cpu:>8}")
    return "\n".join(lines) + "\n"


def walls(title: str, base: Row, rows: tuple[Row, ...]) -> str:
    """Rows compared by the clock with `base`."""
    lines = [title]
    for row in (base, *rows):
        if row.figures is None:
            lines.append(f"  {row.name:<50}{NOT_HERE:>14}")
            continue
        compared = times(ratio(row.figures.wall_s, base.figures.wall_s)) if base.figures and row is not base else ""
        lines.append(f"  {row.name:<50}{short_time(row.figures.wall_s):>14}{compared:>10}")
    return "\n".join(lines) + "\n"


def distance(what: str, figure: float, aim: float, *, lower_is_better: bool) -> str:
    """How far a figure is from what the prototype reached, as a line; above 1 is worse."""
    away = ratio(figure, aim) if lower_is_better else ratio(aim, figure)
    return _far(what, away)


def fair_distance(ours: Figures, peer: Row, prototype_s: float, peer_then_s: float) -> str:
    """The distance in CPU with a peer as the yardstick for how fast this machine is just now; nothing without it."""
    if peer.figures is None:
        return ""
    away = like_for_like(ours.cpu_s, peer.figures.cpu_s, prototype_s, peer_then_s)
    return _far(f"CPU each, by {peer.name.partition(',')[0]}'s {short_time(peer_then_s)} then", away)


def reached(what: str, figure: float, bar: float) -> str:
    """A figure against the bar that was set for it, as a line."""
    return f"  {f'{what}, against {bar:,.0f}:':<60}{times(ratio(figure, bar)):>8} the bar\n"


def memory(rows: tuple[Row, ...]) -> str:
    """The peak memory of each contender, as lines."""
    known = [row for row in rows if row.figures is not None and row.figures.peak_bytes]
    return "".join(
        f"  {f'peak memory, {row.name}':<50}{short_size(row.figures.peak_bytes):>20}\n" for row in known if row.figures
    )


def _far(what: str, away: float) -> str:
    return f"  {what + ':':<56}{times(away):>8} the prototype\n"
