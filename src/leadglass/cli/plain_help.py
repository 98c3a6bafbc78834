"""A command's help names its arguments by their words alone: `<list[str]>` and braces tell a person nothing."""

from typing import Any

from typer.core import TyperArgument, TyperCommand


def _nothing(**_: object) -> str:
    return ""


class PlainCommand(TyperCommand):
    """A command whose arguments are shown without the type of a programming language."""

    def __init__(self, *args: Any, **options: Any) -> None:
        """As Typer's own."""
        super().__init__(*args, **options)
        for parameter in self.params:
            if isinstance(parameter, TyperArgument):
                vars(parameter)["display_type_rich"] = _nothing

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """As Typer's own, `TARGET...` for `{TARGET}...`."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]
