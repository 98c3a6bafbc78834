"""The keys of a scope file stand in one table: the example and every error are made from its words."""

from leadglass.model.record import Record


class Key(Record):
    """One key: `about` is what it is for, `sample` a value as it is written in TOML."""

    name: str
    about: tuple[str, ...]
    sample: str
    required: bool = True
    of_survey: bool = False

    @property
    def written(self) -> str:
        """The key as the example has it, with what it is for above it; a survey's is there to be taken up."""
        sleeping = "# " if self.of_survey else ""
        return "".join(f"# {line}\n" for line in self.about) + f"{sleeping}{self.name} = {self.sample}\n"


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
    about=(
        "Addresses, networks, ranges (192.0.2.1-192.0.2.9) and host names that may be",
        "touched. Labels come back in a survey's results, and a file has one a line:",
        '  { entry = "192.0.2.0/24", country = "DE", owner = "Field Radiology" }',
        '  { entry = "192.0.2.0/24", called_ae_titles = ["PACS"] }  # there alone',
        '  { file = "targets.csv", country = "DE" }   # entry[,label=value...]',
    ),
    sample='["198.51.100.7", "pacs.field-radiology.example"]',
)
EXCLUSIONS = Key(
    name="exclusions",
    about=(
        "Addresses, networks, ranges and host names among them that are left alone.",
        "A name holds for every address that it leads to as well, here and in opt_out.",
    ),
    sample="[]",
    required=False,
)
OPT_OUT = Key(
    name="opt_out",
    about=(
        "Who asked never to be touched, as above: a list of entries here, or the path",
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
    about=("AE titles that the owner gave, tried on all targets; none is ever guessed.",),
    sample="[]",
    required=False,
)
PURPOSE = Key(
    name="purpose",
    about=("What it is for, and where its approval is written down; kept with the results.",),
    sample='"Yearly exposure survey"',
    required=False,
    of_survey=True,
)
APPROVAL = Key(name="approval", about=(), sample='"Minutes of 2026-11-02"', required=False, of_survey=True)
PORTS = Key(
    name="ports",
    about=("Which ports are asked at each address, by the protocol that is tried first.",),
    sample="{ dimse = [104, 11112], web = [80, 443, 8080] }",
    required=False,
    of_survey=True,
)
DEPTH = Key(
    name="depth",
    about=("touch (does it speak), ask (how far does a stranger get), measure (how much)",),
    sample='"ask"',
    required=False,
    of_survey=True,
)
PACE = Key(
    name="pace",
    about=("Connections a second: overall, to each /24 (IPv6: /48), to each address.",),
    sample="{ per_second = 100, per_network = 20, per_address = 5 }",
    required=False,
    of_survey=True,
)
HOURS = Key(
    name="hours",
    about=("When it may run; without it, at any hour.",),
    sample='{ open = ["22:00-06:00"], zone = "Europe/Berlin" }',
    required=False,
    of_survey=True,
)
_EVERYBODYS = (AUTHORITY, CONTACT, TARGETS, EXCLUSIONS, OPT_OUT, PERMITS, CALLED_AE_TITLES)
_SURVEYS = (PURPOSE, APPROVAL, PORTS, DEPTH, PACE, HOURS)
KEYS = {key.name: key for key in (*_EVERYBODYS, *_SURVEYS)}
EXAMPLE = "\n".join(
    (
        "# A scope file says who allows an assessment, of what, and how far it may go.\n"
        "# Leadglass touches nothing outside it.\n",
        *(key.written for key in _EVERYBODYS),
        "# Only `leadglass survey` uses the keys below; `leadglass check` ignores them.\n",
        "".join(key.written for key in _SURVEYS),
    )
)
