"""What was left out of another tool's findings is told, with its reason and what to do."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadglass.survey.engine.intake import Intake

_MAX_PORTS = 10


def left_out(taken: "Intake", found: Path, scope: Path) -> Iterator[str]:
    """The lines to tell, of what came from the file `found`."""
    for one in taken.broken:
        yield f"{found}, line {one.line}: {one.detail}: skipped"
    if more := taken.broken_lines - len(taken.broken):
        yield f"{found}: {more:,} more lines that cannot be read: skipped"
    yield f"{taken.broken_lines:,} lines skipped, {taken.outside:,} hosts outside the scope"
    if taken.special:
        yield (
            f"{taken.special:,} hosts with special-purpose addresses left out: name them, or a special-purpose network "
            f"that holds them, in the targets of {scope}"
        )
    if taken.left_out:
        ports = sorted(taken.left_out, key=lambda port: (-taken.left_out[port], port))
        told = ", ".join(f"{port} ({taken.left_out[port]:,} hosts)" for port in ports[:_MAX_PORTS])
        rest = f" and {len(ports) - _MAX_PORTS:,} more" if len(ports) > _MAX_PORTS else ""
        yield (
            f"ports left out, since the scope does not name them: {told}{rest}. To have one asked, add it to `ports` "
            f"in {scope}, under dimse or web"
        )
