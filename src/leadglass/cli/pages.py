"""The documentation of commands and flags is read off the commands themselves."""

from collections.abc import Iterator
from enum import Enum
from typing import Any

import typer

from leadglass.cli.app import app


def commands_page() -> str:
    """Every command with its arguments and options."""
    parts = ["# Commands\n\nGenerated from the commands themselves; `leadglass COMMAND --help` says the same.\n"]
    for name, command in _commands(typer.main.get_command(app), "leadglass"):
        parts.append(f"\n## {name}\n\n{_prose(command.help)}\n")
        rows = [_row(parameter) for parameter in command.params if parameter.name != "help"]
        if rows:
            parts.append("\n| argument or option | default | what it does |\n|---|---|---|\n" + "".join(rows))
    return "".join(parts)


def _commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every command below a group with its whole name; a group of commands is none itself."""
    for name, command in sorted(getattr(group, "commands", {}).items()):
        if hasattr(command, "commands"):
            yield from _commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def _prose(text: str | None) -> str:
    return " ".join((text or "").split())


def _row(parameter: object) -> str:
    opts = [*getattr(parameter, "opts", []), *getattr(parameter, "secondary_opts", [])]
    annotation = getattr(getattr(parameter, "type_descriptor", None), "annotation", None)
    value = getattr(parameter, "metavar", None) or ""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        value = " \\| ".join(str(member.value) for member in annotation)
    is_argument = getattr(parameter, "param_type_name", "") == "argument"
    names = value if is_argument else ", ".join(f"`{opt}`" for opt in opts) + (f" {value}" if value else "")
    default = getattr(parameter, "default", None)
    shown = "" if default is None or default is False or callable(default) or default == () else _value(default)
    return f"| {names} | {shown} | {_prose(getattr(parameter, 'help', ''))} |\n"


def _value(default: object) -> str:
    plain = getattr(default, "value", default)
    return f"{plain:,}" if isinstance(plain, int) else str(plain)
