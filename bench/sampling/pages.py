"""The tables and pictures of `docs/sampling.md`, from what a run found; the page's prose is left as it is."""

from pathlib import Path

from bench.sampling.pictures import errors_picture, widths_picture
from bench.sampling.results import Cell, Results, Row
from bench.sampling.trial import FIGURES

_BEGIN, _END = "<!-- {name}: made by bench.sampling -->", "<!-- end of {name} -->"


def write_pages(found: Results, docs: Path) -> None:
    """Puts the tables into their places in the page, and the pictures beside it."""
    page = docs / "sampling.md"
    text = page.read_text(encoding="utf-8")
    tables = {"accuracy": accuracy(found), "coverage": coverage(found), "habits": habits(found)}
    for name, table in tables.items():
        begin, end = _BEGIN.format(name=name), _END.format(name=name)
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{table}\n{end}{after}"
    page.write_text(text, encoding="utf-8")
    (docs / "images" / "sampling-errors.svg").write_text(errors_picture(found.coverage), encoding="utf-8")
    (docs / "images" / "sampling-widths.svg").write_text(widths_picture(found.accuracy["1000000"]), encoding="utf-8")


def accuracy(found: Results) -> str:
    """Half-widths by size and shape."""
    lines = ["| studies | shape | studies | images | patients | records (most) | questions (most) |"]
    lines.append("|---|---|---|---|---|---|---|")
    for size, rows in found.accuracy.items():
        for row in rows:
            halves = " | ".join(_half(row.cells[name]) for name in FIGURES)
            lines.append(f"| {int(size) // 1_000_000} million | {row.name} | {halves} | {_cost(row)} |")
    return "\n".join(lines)


def coverage(found: Results) -> str:
    """Shares of intervals that hold the truth, and half-widths."""
    lines = ["| shape | archives | studies | images | patients | records (most) | questions (most) |"]
    lines.append("|---|---|---|---|---|---|---|")
    for row in found.coverage:
        held = " | ".join(_held(row.cells[name]) for name in FIGURES)
        lines.append(f"| {row.name} | {row.cells['studies'].archives} | {held} | {_cost(row)} |")
    overall = " | ".join(f"{held / estimates:.1%}" for held, estimates in map(found.overall, FIGURES))
    archives = sum(row.cells["studies"].archives for row in found.coverage)
    lines.append(f"| **all** | {archives:,} | {overall} | | |")
    return "\n".join(lines)


def habits(found: Results) -> str:
    """What comes of each habit."""
    lines = ["| habit | archives | studies | images | patients | what is said |", "|---|---|---|---|---|---|"]
    for row in found.habits:
        told = " | ".join(_told(row.cells[name]) for name in FIGURES)
        lines.append(f"| {row.name} | {row.cells['studies'].archives} | {told} | {'; '.join(row.limits)} |")
    return "\n".join(lines)


def _half(cell: Cell) -> str:
    return f"±{cell.half:.1%}" if cell.half is not None else "at least" if cell.at_least else "–"


def _held(cell: Cell) -> str:
    if not cell.estimates:
        return _half(cell)
    fewer = "" if cell.estimates == cell.archives else f" of {cell.estimates}"
    return f"{cell.estimates_held / cell.estimates:.1%}{fewer}, {_half(cell)}"


def _told(cell: Cell) -> str:
    missing = cell.archives - cell.estimates - cell.at_least
    kinds = [
        f"{cell.estimates} estimates, {_half(cell)}" if cell.estimates else "",
        f"{cell.at_least} at least" if cell.at_least else "",
        f"{missing} none" if missing else "",
    ]
    return f"{cell.held / cell.archives:.0%} true ({'; '.join(filter(None, kinds))})"


def _cost(row: Row) -> str:
    return f"{row.records:,.0f} ({row.most_records:,}) | {row.questions:.0f} ({row.most_questions})"
