"""Pictures as SVG, written by hand: a few lines, dots and words need no library."""

from collections.abc import Iterable, Sequence

from bench.sampling.results import Row
from bench.sampling.trial import FIGURES

_COLOURS = {"studies": "#1b6ca8", "images": "#c8553d", "patients": "#3d8b56"}
_LEFT, _WIDTH, _TOP = 130, 760, 56
_STEP = 44  # between rows
_FACE = "font-family='Helvetica, Arial, sans-serif' fill='#222'"
_STYLE = f"{_FACE} font-size='12'"


def errors_picture(rows: Sequence[Row]) -> str:
    """Errors of the best values: from the 2.5th to the 97.5th percentile, the middle half thicker, the median a dot."""
    most = 0.3
    parts = []
    for index, row in enumerate(rows):
        for line, name in enumerate(FIGURES):
            errors, y = row.cells[name].errors, float(_TOP) + index * _STEP + 10 + line * 10
            if not errors:
                continue
            spots = {share: _x(_quantile(errors, share), -most, most) for share in (0.025, 0.25, 0.5, 0.75, 0.975)}
            colour = _COLOURS[name]
            parts.append(_line(spots[0.025], y, spots[0.975], y, colour, 1.5))
            parts.append(_line(spots[0.25], y, spots[0.75], y, colour, 5))
            parts.append(f"<circle cx='{spots[0.5]:.1f}' cy='{y}' r='3' fill='#fff' stroke='{colour}'/>")
    title = "Errors of the best values over all archives of a shape: 95 % of them, the middle half, the median"
    return _picture(title, rows, parts, [-0.3, -0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2, 0.3], -most, most)


def widths_picture(rows: Sequence[Row]) -> str:
    """Median half-widths of the intervals."""
    most = 0.3
    parts = []
    for index, row in enumerate(rows):
        for line, name in enumerate(FIGURES):
            half, y = row.cells[name].half, float(_TOP) + index * _STEP + 10 + line * 10
            if half is None:
                continue
            end = _x(min(half, most), 0, most)
            parts.append(_line(_LEFT, y, end, y, _COLOURS[name], 7))
            parts.append(f"<text x='{end + 5:.1f}' y='{y + 4}' {_FACE} font-size='10'>{half:.1%}</text>")
    title = "Half the interval's width at 1 million studies (95 %, at most 15,000 records)"
    return _picture(title, rows, parts, [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3], 0, most)


def _picture(
    title: str, rows: Sequence[Row], parts: Iterable[str], ticks: Sequence[float], low: float, high: float
) -> str:
    bottom = _TOP + len(rows) * _STEP
    lines = [f"<text x='12' y='20' {_FACE} font-size='14' font-weight='bold'>{title}</text>"]
    for place, name in enumerate(FIGURES):
        x = float(_LEFT + place * 100)
        lines.append(f"<rect x='{x}' y='32' width='12' height='12' fill='{_COLOURS[name]}'/>")
        lines.append(f"<text x='{x + 17}' y='43' {_STYLE}>{name}</text>")
    for tick in ticks:
        x = _x(tick, low, high)
        lines.append(_line(x, _TOP, x, bottom, "#888" if tick == 0 else "#ddd", 1))
        sign = "+" if low < 0 < tick else ""
        lines.append(f"<text x='{x:.1f}' y='{bottom + 16}' {_STYLE} text-anchor='middle'>{sign}{tick:.0%}</text>")
    for index, row in enumerate(rows):
        y = _TOP + index * _STEP + 24
        lines.append(f"<text x='{_LEFT - 10}' y='{y}' {_STYLE} text-anchor='end'>{row.name}</text>")
    size = f"width='{_LEFT + _WIDTH + 60}' height='{bottom + 28}'"
    box = f"viewBox='0 0 {_LEFT + _WIDTH + 60} {bottom + 28}'"
    body = "\n".join([*lines, *parts])
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size} {box}>\n<rect {size} fill='#fff'/>\n{body}\n</svg>\n"


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, width: float) -> str:
    return f"<line x1='{x:.1f}' y1='{y}' x2='{to_x:.1f}' y2='{to_y}' stroke='{colour}' stroke-width='{width}'/>"


def _x(value: float, low: float, high: float) -> float:
    return _LEFT + _WIDTH * (min(high, max(low, value)) - low) / (high - low)


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[round(share * (len(ordered) - 1))]
