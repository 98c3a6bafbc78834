"""Text is laid out here, and nothing in it is ever read as markup, an emoji code or a link.

rich breaks the lines and colours them; this class hands it finished pieces only.
"""

from io import StringIO

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

_PORT_WIDTH = 6
_NAME_WIDTH = 24
_NARROW = 64  # below this, columns leave too little room for words


class Paper:
    """A growing text of a fixed width; without `color` it holds no escape sequence whatever the environment says."""

    def __init__(self, *, width: int, color: bool) -> None:
        self._width = width
        self._sink = StringIO()
        self._console = Console(
            file=self._sink,
            width=width,
            color_system="standard" if color else None,
            force_terminal=color,
            no_color=not color,
            highlight=False,
            markup=False,
            emoji=False,
            legacy_windows=False,
            _environ={},
        )

    def text(self) -> str:
        """All of it, without blanks at the ends of lines."""
        lines = [line.rstrip(" ") for line in self._sink.getvalue().splitlines()]
        return "\n".join(lines).rstrip("\n") + "\n"

    def gap(self) -> None:
        """An empty line."""
        self._console.print()

    def line(self, words: str, *, indent: int = 0, style: str = "") -> None:
        """One paragraph; nothing where `words` is empty."""
        if words:
            self._console.print(Padding(Text(words, style=style, overflow="fold"), (0, 0, 0, indent), expand=False))

    def heading(self, words: str) -> None:
        """The name of a section."""
        self.line(words, style="bold underline")

    def rule(self, words: str) -> None:
        """The name of a target over its part of the report."""
        self.line("-" * self._width, style="dim")
        self.line(words, style="bold")
        self.gap()

    def pieces(self, *pieces: tuple[str, str], indent: int = 0) -> None:
        """One paragraph made of (words, style)."""
        self._console.print(Padding(Text.assemble(*pieces, overflow="fold"), (0, 0, 0, indent), expand=False))

    def marked(self, mark: tuple[str, str], words: str, *, style: str = "", indent: int) -> None:
        """A mark (words, style) in a column of `indent`, and a paragraph beside it."""
        self._grid((indent, Text(*mark)), (None, Text(words, style=style, overflow="fold")))

    def item(self, words: str, *, indent: int) -> None:
        """One line of a list, with its later lines under the first."""
        self._grid((indent + 2, Text(f"{' ' * indent}- ")), (None, Text(words, overflow="fold")))

    def row(self, port: str, name: str, words: str) -> None:
        """A port, what it is, and how far a stranger got there; on two lines where the width is small."""
        if self._width < _NARROW:
            self.line(f"{port} {name}", indent=2)
            self.line(words, indent=4)
            return
        cells = (2 + _PORT_WIDTH, Text(f"  {port}")), (_NAME_WIDTH + 2, Text(f"{name}  ", overflow="fold"))
        self._grid(*cells, (None, Text(words, overflow="fold")))

    def _grid(self, *cells: tuple[int | None, Text]) -> None:
        grid = Table.grid(padding=0)
        for cell_width, _ in cells:
            grid.add_column(width=cell_width, overflow="fold")
        grid.add_row(*(text for _, text in cells))
        self._console.print(grid)
