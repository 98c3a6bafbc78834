"""The generated pages in this folder are what the code says: `python docs/generate.py` writes them anew.

A test compares each committed page with its function.
"""

from collections.abc import Callable
from pathlib import Path

from leadglass.checks.page import checks_page

PAGES: dict[str, Callable[[], str]] = {
    "checks.md": checks_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (Path(__file__).parent / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
