"""A parser without a fuzz test fails the build."""

import ast

import pytest

from tests.house.parsers import found, parsers_in, registered
from tests.house.sources import Source, sources, told
from tests.wire.feeding import feed_parser

FOUND = found()
REGISTERED = registered()
ELSEWHERE = sorted(name for name in REGISTERED if not name.startswith("leadglass.wire."))


def test_every_parser_has_a_fuzz_test() -> None:
    problems = [
        f"{name} reads what others wrote and no fuzz test feeds it: register it in tests/{name.split('.')[1]}/fuzzed.py"
        for name, public in FOUND.items()
        if public and name not in REGISTERED
    ]
    covered = {name.rsplit(".", 1)[0] for name in REGISTERED}
    problems += [
        f"{name} is private: register the public function of its module through which it reads"
        for name, public in FOUND.items()
        if not public and not any(name.startswith(f"{module}.") for module in covered)
    ]
    assert not problems, told(problems)


def test_nothing_is_registered_that_is_gone() -> None:
    """More than the naming finds may be registered, but not what is no longer there."""
    gone = [name for name in REGISTERED if not _exists(name)]
    assert not gone, f"registered as fuzzed, but not in src: {gone}"


def _exists(name: str) -> bool:
    module, _, thing = name.rpartition(".")
    return any(
        source.module == module and isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == thing
        for source in sources()
        for node in source.tree.body
    )


def test_every_parser_has_samples() -> None:
    assert all(parser.samples for parser in REGISTERED.values())


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_parser_of_another_room_raises_one_error(name: str) -> None:
    """Those of the wire are fed by tests/wire/test_fuzz.py."""
    feed_parser(REGISTERED[name], seed=7)


def test_the_naming_finds_what_it_should() -> None:
    text = """
def decode_thing(data: bytes): ...
def parse(text: str): ...
def reading(data: bytes): ...
def read_number(count: int): ...
async def read_body(kind: int, data: "bytes | None"): ...
def read_all(names: tuple[str, ...]): ...
def parse_row(number: int, text: str): ...
class BodyParser: ...
class _LineReader: ...
class Page:
    def read_title(self, html: str): ...
    def read(self, limit: int): ...
def _decode_part(data: memoryview): ...
"""
    source = Source(path=sources()[0].path, module="leadglass.x", lines=0, tree=ast.parse(text))
    assert parsers_in(source) == [
        ("decode_thing", True),
        ("parse", True),
        ("read_body", True),
        ("BodyParser", True),
        ("_LineReader", False),
        ("Page.read_title", True),
        ("_decode_part", False),
    ]
