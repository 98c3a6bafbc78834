"""The project's own source files as syntax trees, read once."""

import ast
from functools import cache
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src"
PACKAGE = "leadglass"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """One file: `module` is its dotted name, `room` the folder of `src/leadglass` that it stands in."""

    path: Path
    module: str
    lines: int
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room, and the module's own name where it stands in none."""
        parts = self.module.split(".")
        return parts[1] if len(parts) > 1 else parts[0]

    @property
    def name(self) -> str:
        """The path as a message shows it."""
        return self.path.relative_to(ROOT).as_posix()


@cache
def sources(folder: str = "src") -> tuple[Source, ...]:
    """All Python files under `folder` of the repository."""
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        parts = path.relative_to(SRC if folder == "src" else ROOT).with_suffix("").parts
        module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found.append(Source(path=path, module=module, lines=text.count("\n"), tree=ast.parse(text)))
    return tuple(found)


def imports(source: Source) -> list[tuple[int, str, str]]:
    """Line, module and imported name ("" for the module itself) of every import, late and typing ones too."""
    found: list[tuple[int, str, str]] = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                package = source.module.split(".")
                if source.path.name != "__init__.py":
                    package = package[:-1]
                package = package[: len(package) - node.level + 1]
                base = ".".join([*package, *filter(None, [base])])
            found += [(node.lineno, base, alias.name) for alias in node.names]
    return found


def told(problems: list[str]) -> str:
    """The problems one a line, for a message."""
    return "\n" + "\n".join(problems)
