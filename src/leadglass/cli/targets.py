"""Targets are read from arguments and files, all of them before anything is sent."""

from pathlib import Path

from leadglass.model.target import Target, TargetError, parse_target

MAX_TARGET_FILE_BYTES = 64 * 1024 * 1024


def read_targets(arguments: list[str]) -> tuple[Target, ...]:
    """The targets that `arguments` name, without repetitions; `@file` holds one a line. Raises TargetError."""
    found: dict[tuple[object, ...], Target] = {}
    for argument in arguments:
        for target in _from_file(argument[1:]) if argument.startswith("@") else [parse_target(argument)]:
            found.setdefault((target.scheme, target.host, target.port, target.called_ae_title, target.path), target)
    return tuple(found.values())


def _from_file(path: str) -> list[Target]:
    if not path:
        raise TargetError("@ stands before the name of a file that holds one target a line: @servers.txt")
    targets = []
    for number, line in enumerate(_text(Path(path)).splitlines(), 1):
        plain = line.partition("#")[0].strip()
        if not plain:
            continue
        try:
            targets.append(parse_target(plain))
        except TargetError as error:
            raise TargetError(f"{path}, line {number}: {error}") from None
    if not targets:
        raise TargetError(f"{path} holds no target: write one a line")
    return targets


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_TARGET_FILE_BYTES + 1)
    except OSError as error:
        raise TargetError(f"{path} cannot be read: {error.strerror}") from None
    if len(data) > MAX_TARGET_FILE_BYTES:
        raise TargetError(f"{path} is larger than {MAX_TARGET_FILE_BYTES:,} bytes")
    try:
        return data.decode("utf-8-sig")  # some editors write a byte order mark
    except UnicodeDecodeError:
        raise TargetError(f"{path} is not UTF-8 text: save it as UTF-8, one target a line") from None
