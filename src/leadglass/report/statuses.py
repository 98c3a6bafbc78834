"""The page `docs/statuses.md` says what the tables in `words` say, because it is made from them."""

from leadglass.report.words import GLOSSARIES, Glossary

_HEAD = """# Words in the output

Made by `python docs/generate.py` from `leadglass.report.words`; edit it there. The names on the left are permanent:
they stand in the JSON document. The words in the middle stand on the terminal and on the page.
"""


def statuses_page() -> str:
    """Every member of every enumeration, as Markdown."""
    return "\n".join([_HEAD, *(_section(glossary) for glossary in GLOSSARIES.values())])


def _section(glossary: Glossary) -> str:
    rows = [f"| `{member}` | {word.label} | {word.meaning} |" for member, word in glossary.words.items()]
    return "\n".join(
        [f"## {glossary.title}", glossary.about, "", "| name | in words | meaning |", "|---|---|---|", *rows, ""]
    )
