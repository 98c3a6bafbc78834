"""The generated pages in this folder are what the code says: `python docs/generate.py` writes them anew.

A test compares each committed page with its function.
"""

import json
from collections.abc import Callable
from pathlib import Path

from leadglass.checks.page import checks_page
from leadglass.cli.exits import exit_codes_page
from leadglass.cli.pages import commands_page
from leadglass.lab.truth import truth_schema
from leadglass.model.encode import assessment_schema
from leadglass.report.statuses import statuses_page


def schema_page() -> str:
    """The JSON Schema of the assessment document."""
    return json.dumps(assessment_schema(), indent=2) + "\n"


def truth_page() -> str:
    """The JSON Schema of a world's truth."""
    return json.dumps(truth_schema(), indent=2) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "checks.md": checks_page,
    "commands.md": commands_page,
    "exit-codes.md": exit_codes_page,
    "assessment.schema.json": schema_page,
    "lab-truth.schema.json": truth_page,
    "statuses.md": statuses_page,
}


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (Path(__file__).parent / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
