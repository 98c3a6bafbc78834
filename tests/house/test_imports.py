"""A room uses the rooms below it only; bytes are read without I/O; one room opens sockets (design.md, the house)."""

import ast

import pytest

from tests.house.sources import PACKAGE, Source, imports, sources, told

# From the top: a room may import those on lower lines. `knowledge` stands beside `model` and has its own list.
LINES = (
    ("cli",),
    ("web",),
    ("survey", "cases"),
    ("probe", "measure", "identify", "checks", "store", "report", "guard", "lab"),
    ("net",),
    ("wire", "model"),
)
ROOMS = {room: level for level, line in enumerate(LINES) for room in line}
KNOWLEDGE_IS_FOR = frozenset({"identify", "checks", "lab", "probe", "measure", "net", "report", "survey", "cli"})
VALUES_ONLY = {room: frozenset({"model", "knowledge"}) for room in ("checks", "identify", "report")}
LAB_IS_FOR = frozenset({"cli"})
NO_ROOM = frozenset({"__main__", "leadglass"})  # the package itself, which holds the version, and its way in

WIRE_MAY_IMPORT = frozenset({"struct", "enum", "functools", "contextlib", "collections.abc", "typing", "msgspec"})
NETWORK = frozenset({"socket", "ssl", "socketserver", "selectors", "http.client", "urllib.request", "asyncio.streams"})
NETWORK_NAMES = frozenset(
    {
        "open_connection",
        "start_server",
        "open_unix_connection",
        "start_unix_server",
        "StreamReader",
        "StreamWriter",
        "create_connection",
        "create_server",
    }
)


def room_of(module: str, name: str) -> str | None:
    """The room that an import reaches; None where it leaves the package or takes the package itself."""
    parts = module.split(".")
    if parts[0] != PACKAGE:
        return None
    if len(parts) > 1:
        return parts[1]
    return name if name in ROOMS or name == "knowledge" else None


def refused(user: str, used: str) -> str | None:
    """Why room `user` may not import room `used`; None where it may."""
    if user == used or user in NO_ROOM:
        return None
    if used == "lab" and user not in LAB_IS_FOR:
        return "only cli, tests and benches import lab"
    if user in VALUES_ONLY and used not in VALUES_ONLY[user]:
        return "it sees model and knowledge only"
    if used == "knowledge":
        return None if user in KNOWLEDGE_IS_FOR else f"knowledge is for {', '.join(sorted(KNOWLEDGE_IS_FOR))}"
    if user == "knowledge":
        return None if used == "model" else "knowledge imports model only"
    if user not in ROOMS or used not in ROOMS:
        return f"{user if user not in ROOMS else used} is no room of design.md"
    if ROOMS[used] <= ROOMS[user]:
        return "a room imports downward only, never above or beside it"
    return None


def test_the_rule_itself() -> None:
    """Examples from design.md, so that the rule cannot be emptied unseen."""
    for user, used in (("net", "wire"), ("probe", "net"), ("cli", "lab"), ("checks", "knowledge"), ("lab", "wire")):
        assert refused(user, used) is None, (user, used)
    for user, used in (
        ("net", "probe"),
        ("wire", "model"),
        ("probe", "checks"),
        ("checks", "net"),
        ("report", "wire"),
        ("survey", "cases"),
        ("survey", "lab"),
        ("wire", "knowledge"),
        ("knowledge", "net"),
        ("probe", "helpers"),
    ):
        assert refused(user, used) is not None, (user, used)


def test_rooms_import_downward_only() -> None:
    problems = []
    for source in sources():
        for line, module, name in imports(source):
            used = room_of(module, name)
            if used is None:
                continue
            why = refused(source.room, used)
            if why:
                problems.append(f"{source.name}:{line}: {source.room} imports {used}: {why}")
    assert not problems, told(problems)


def test_every_folder_is_a_room_of_the_house() -> None:
    rooms = {source.room for source in sources()} - NO_ROOM
    assert rooms <= {*ROOMS, "knowledge"}, f"not in design.md: {sorted(rooms - {*ROOMS, 'knowledge'})}"


def test_wire_is_pure() -> None:
    """No socket, clock, thread, log, file: nothing but what turns bytes into values and back."""
    problems = [
        f"{source.name}:{line}: {module}"
        for source in sources()
        if source.room == "wire"
        for line, module, _ in imports(source)
        if module not in WIRE_MAY_IMPORT and not module.startswith(f"{PACKAGE}.wire")
    ]
    assert not problems, told(problems)


def test_only_net_opens_sockets() -> None:
    problems = [
        f"{source.name}:{line}: {module} {name}: a dialer or a listener is handed in by net"
        for source in sources()
        if source.room != "net"
        for line, module, name in imports(source)
        if _opens(module, name) and (module, name) != ("ssl", "SSLContext")  # the type of what is handed on
    ]
    problems += [f"{s.name}: asyncio.{name}" for s in sources() if s.room != "net" for name in _uses(s)]
    assert not problems, told(problems)


def _opens(module: str, name: str) -> bool:
    return (
        module in NETWORK
        or module.split(".", maxsplit=1)[0] in NETWORK
        or (module == "asyncio" and name in NETWORK_NAMES)
    )


def _uses(source: Source) -> list[str]:
    """Attributes through which asyncio would open a connection."""
    return sorted(
        {node.attr for node in ast.walk(source.tree) if isinstance(node, ast.Attribute) and node.attr in NETWORK_NAMES}
    )


def test_modules_form_no_circle() -> None:
    known = {source.module for source in sources()}
    edges = {source.module: _targets(source, known) for source in sources()}
    done: set[str] = set()

    def walk(module: str, way: tuple[str, ...]) -> None:
        if module in way:
            pytest.fail("modules import each other: " + " > ".join((*way[way.index(module) :], module)))
        if module not in done:
            for target in sorted(edges[module]):
                walk(target, (*way, module))
            done.add(module)

    for module in sorted(known):
        walk(module, ())


def _targets(source: Source, known: set[str]) -> set[str]:
    """The package's modules that `source` imports; a package imported for its submodule counts as the submodule."""
    found = set()
    for _, module, name in imports(source):
        target = f"{module}.{name}" if f"{module}.{name}" in known else module
        if target in known and target != source.module:
            found.add(target)
    return found
