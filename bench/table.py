"""The result is one table of 80 columns, with ratios; a peer that is missing is a line that says so."""

from bench.figures import Figures, ratio, short_time, times
from leadglass.model.record import Record

WIDTH = 80
NOT_HERE = "not here"


class Row(Record):
    """One contender: its figures, None where it is not here."""

    name: str
    figures: Figures | None


def section(title: str, thing: str, rows: tuple[Row, ...]) -> str:
    """Rows that do the same; the first is Leadglass, and ratios are against it."""
    ours = rows[0].figures
    lines = [title, f"  {'':<34}{thing + '/s':>15}{'':>8}{'CPU each':>14}{'':>8}"]
    for row in rows:
        if row.figures is None:
            lines.append(f"  {row.name:<34}{NOT_HERE:>15}")
            continue
        rate = cpu = ""
        if ours is not None and row is not rows[0]:
            rate, cpu = times(ratio(row.figures.rate, ours.rate)), times(ratio(row.figures.cpu_s, ours.cpu_s))
        each = short_time(row.figures.cpu_s)
        lines.append(f"  {row.name:<34}{row.figures.rate:>15,.0f}{rate:>8}{each:>14}{cpu:>8}")
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
    return f"  {what + ':':<58}{times(away):>8} the prototype\n"
