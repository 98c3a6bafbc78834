"""The rules of design.md on code that a reader would otherwise have to watch: lengths, walls, words, waiting."""

import ast
import re

from tests.house.sources import Source, sources, told

MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 50
# Around one probe and around one check: whatever is wrong inside becomes `unknown` with a reason.
WALLS = frozenset({"src/leadglass/survey/wall.py", "src/leadglass/checks/registry.py"})
NO_NAMES = frozenset({"utils", "helpers", "common", "manager"})
MAY_POLL = "tests/peers/"  # a foreign program's start: there is nothing else to wait on
_UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")


def everywhere() -> tuple[Source, ...]:
    """All of the project's Python."""
    return (*sources("src"), *sources("tests"), *sources("bench"))


def test_there_is_something_to_look_at() -> None:
    assert len(sources("src")) > 20
    assert len(sources("tests")) > 10


def test_no_file_is_long() -> None:
    problems = [f"{s.name}: {s.lines} lines" for s in everywhere() if s.lines > MAX_FILE_LINES]
    assert not problems, told(problems)


def test_no_function_is_long() -> None:
    """Lines of code: blank lines, comments and the docstring do not count."""
    problems = [
        f"{source.name}:{node.lineno}: {node.name} has {count} lines of code"
        for source in sources("src")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (count := code_lines(node)) >= MAX_FUNCTION_LINES
    ]
    assert not problems, told(problems)


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines on which something of the body stands; a command's signature is the list of its options."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    lines: set[int] = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.stmt | ast.expr):
                lines |= {node.lineno, node.end_lineno or node.lineno}
    return len(lines)


def test_everything_is_caught_at_two_walls_only() -> None:
    problems = [
        f"{source.name}:{node.lineno}: catches everything; the walls are {', '.join(sorted(WALLS))}"
        for source in sources("src")
        if source.name not in WALLS
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type)
    ]
    assert not problems, told(problems)


def _catches_all(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(isinstance(kind, ast.Name) and kind.id in ("Exception", "BaseException") for kind in kinds)


def test_nothing_is_asserted_about_outside_data() -> None:
    """Under `python -O` an assert is gone."""
    problems = [
        f"{source.name}:{node.lineno}: assert"
        for source in sources("src")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Assert)
    ]
    assert not problems, told(problems)


def test_every_module_says_what_is_true_because_it_exists() -> None:
    """An empty `__init__.py` of a test folder is the one exception."""
    problems = [
        source.name
        for source in everywhere()
        if ast.get_docstring(source.tree) is None and not (source.name.startswith("tests/") and not source.tree.body)
    ]
    assert not problems, told(problems)


def test_nothing_is_left_for_later() -> None:
    problems = [
        f"{source.name}:{number}: {line.strip()}"
        for source in everywhere()
        for number, line in enumerate(source.path.read_text(encoding="utf-8").splitlines(), start=1)
        if _UNFINISHED.search(line)
    ]
    assert not problems, told(problems)


def test_no_module_is_a_drawer_for_anything() -> None:
    problems = [source.name for source in everywhere() if source.module.rpartition(".")[2] in NO_NAMES]
    assert not problems, told(problems)


def test_tests_sleep_for_nothing() -> None:
    """`sleep(0)` lets others run and is no wait; any other constant is."""
    problems = [
        f"{source.name}:{node.lineno}: sleeps"
        for source in sources("tests")
        if not source.name.startswith(MAY_POLL)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and _is_sleep(node.func) and _waits(node.args)
    ]
    assert not problems, told(problems)


def _is_sleep(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name == "sleep"


def _waits(arguments: list[ast.expr]) -> bool:
    [seconds] = arguments[:1] or [ast.Constant(value=1)]
    return isinstance(seconds, ast.Constant) and isinstance(seconds.value, int | float) and seconds.value > 0
