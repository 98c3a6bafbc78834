"""The keys of a scope file stand in one table: the example and every error are made from its words."""

from leadglass.model.record import Record


class Key(Record):
    """One key: `about` is what it is for, `sample` a value as it is written in TOML."""

    name: str
    about: tuple[str, ...]
    sample: str
    required: bool = True

    @property
    def written(self) -> str:
        """The key as the example has it, with what it is for above it."""
        return "".join(f"# {line}\n" for line in self.about) + f"{self.name} = {self.sample}\n"


AUTHORITY = Key(
    name="authority",
    about=("Who allows this, and for what purpose.",),
    sample='"Jo Field, IT manager of Field Radiology: our own PACS, Nov 2026"',
)
CONTACT = Key(
    name="contact",
    about=("How to reach who asks; it stands in every web request.",),
    sample='"security@field-radiology.example"',
)
TARGETS = Key(
    name="targets",
    about=("Addresses, networks and host names that may be touched.",),
    sample='["198.51.100.7", "pacs.field-radiology.example"]',
)
EXCLUSIONS = Key(
    name="exclusions",
    about=(
        "Addresses, networks and host names among them that are left alone.",
        "A name holds for every address that it leads to as well, here and in opt_out.",
    ),
    sample="[]",
    required=False,
)
OPT_OUT = Key(
    name="opt_out",
    about=(
        "Networks and names that asked never to be touched: a list here, or the path",
        "of a file with one a line. It must be there, even if it is empty.",
        "Names are resolved once, before the first target; one that does not resolve",
        "is warned of, and holds as a name.",
    ),
    sample="[]",
)
PERMITS = Key(
    name="permits",
    about=(
        "What the authority permits, beginning with the least:",
        "  connect         associations, C-ECHO, negotiation, TLS, pages and counters",
        "  read-record     queries that return a record, and counting by queries",
        "  request-images  asking whether an image would be handed over; none is moved",
        "  sample-kinds    which kinds of data are there",
    ),
    sample='["connect", "read-record", "request-images"]',
    required=False,
)
CALLED_AE_TITLES = Key(
    name="called_ae_titles",
    about=("AE titles that the owner gave; none is ever guessed.",),
    sample="[]",
    required=False,
)
KEYS = {key.name: key for key in (AUTHORITY, CONTACT, TARGETS, EXCLUSIONS, OPT_OUT, PERMITS, CALLED_AE_TITLES)}
EXAMPLE = "\n".join(
    (
        "# A scope file says who allows an assessment, of what, and how far it may go.\n"
        "# Leadglass touches nothing outside it.\n",
        *(key.written for key in KEYS.values()),
    )
)
