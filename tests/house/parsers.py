"""Finds the parsers of the project by their names, and the fuzz tests that they are registered for.

A parser is a function or method named decode…, read… or parse… that takes bytes anywhere, or text or a file's path
first; or a class named …Picker, …Reader or …Parser. A room's parsers are registered in `tests/<room>/fuzzed.py`: a
dictionary FUZZED from the dotted name to a `Parser` of tests/wire/feeding.py. Being registered is being fuzzed.
"""

import ast
import importlib
import re
from typing import TypeGuard

from tests.house.sources import ROOT, Source, sources
from tests.wire.feeding import Parser

_FUNCTION = re.compile(r"_?(decode|read|parse)(_|\Z)")
_CLASS = re.compile(r".*(Picker|Reader|Parser)\Z")
_BYTES = frozenset({"bytes", "bytearray", "memoryview"})
_TEXTS = frozenset({"str", "Path"})
OUR_OWN_TABLES = frozenset({"knowledge"})  # what it reads is shipped with it


def found() -> dict[str, bool]:
    """Dotted names of all parsers, and whether each is public."""
    return {
        f"{source.module}.{name}": public
        for source in sources()
        if source.room not in OUR_OWN_TABLES
        for name, public in parsers_in(source)
    }


def parsers_in(source: Source) -> list[tuple[str, bool]]:
    """Names of the parsers that a module defines, with their classes, and whether they are public."""
    names: list[tuple[str, bool]] = []
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef):
            if _CLASS.match(node.name):
                names.append((node.name, not node.name.startswith("_")))
                continue
            public = not node.name.startswith("_")
            methods = [one for one in node.body if _is_parser(one, method=True)]
            names += [(f"{node.name}.{one.name}", public and one.name[0] != "_") for one in methods if _named(one)]
        elif _named(node) and _is_parser(node, method=False):
            names.append((node.name, not node.name.startswith("_")))
    return names


def _named(node: ast.stmt) -> TypeGuard[ast.FunctionDef | ast.AsyncFunctionDef]:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)


def _is_parser(node: ast.stmt, *, method: bool) -> bool:
    if not _named(node) or not _FUNCTION.match(node.name):
        return False
    arguments = [*node.args.posonlyargs, *node.args.args][1 if method else 0 :]
    taken = [_kinds(argument.annotation) for argument in arguments]
    return any(kinds & _BYTES for kinds in taken) or bool(taken and taken[0] & _TEXTS)


def _kinds(annotation: ast.expr | None) -> set[str]:
    """The members of an annotated union, `str` and `None` in `str | None`, also where it is quoted."""
    written = ast.unparse(annotation).strip("'\"") if annotation is not None else ""
    return {part.strip() for part in written.split("|")}


def registered() -> dict[str, Parser]:
    """What all rooms' `fuzzed.py` register together."""
    together: dict[str, Parser] = {}
    for path in sorted((ROOT / "tests").glob("*/fuzzed.py")):
        module = importlib.import_module(f"tests.{path.parent.name}.fuzzed")
        together.update(module.FUZZED)
    return together
