"""Targets are read from arguments and files, all of them before anything is sent."""

from pathlib import Path

from leadglass.model.target import Target, TargetError, parse_target

MAX_TARGET_FILE_BYTES = 64 * 1024 * 1024


def read_targets(arguments: list[str]) -> tuple[Target, ...]:
    """The targets that `arguments` name, without repetitions; `@file` holds one a line. Raises TargetError."""
    found: dict[tuple[object, ...], Target] = {}
    for argument in arguments:
        for target in _from_file(Path(argument[1:])) if argument.startswith("@") else [parse_target(argument)]:
            found.setdefault((target.scheme, target.host, target.port, target.called_ae_title, target.path), target)
    return tuple(found.values())


def _from_file(path: Path) -> list[Target]:
    try:
        if path.stat().st_size > MAX_TARGET_FILE_BYTES:
            raise TargetError(f"{path} is larger than {MAX_TARGET_FILE_BYTES:,} bytes")
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise TargetError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise TargetError(f"{path} is not UTF-8 text: write one target a line") from None
    targets = []
    for number, line in enumerate(lines, 1):
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
