"""`leadglass` and `python -m leadglass`: answers `--version` at once, and imports the rest only when it is needed."""

import sys


def main() -> None:
    """The command's entry point."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from leadglass import __version__  # noqa: PLC0415 - start-up time

        print(f"leadglass {__version__}")  # noqa: T201
        return
    from leadglass.cli.app import run  # noqa: PLC0415 - start-up time

    run()


if __name__ == "__main__":
    main()
