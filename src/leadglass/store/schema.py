"""The tables of a store. A change here needs a migration: a test compares the two."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Utc(TypeDecorator[datetime]):
    """A time in UTC that comes back aware, from SQLite too, which knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware time as the database takes it."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as it was, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_ID = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by themselves where the type is INTEGER


def _text(name: str, *, null: bool = False) -> Column[str]:
    return Column(name, Text(), nullable=null)


def _number(name: str, *, null: bool = False) -> Column[int]:
    return Column(name, BigInteger(), nullable=null)


SURVEY = Table(
    "survey",
    METADATA,
    Column("name", Text(), primary_key=True),
    Column("created", Utc(), nullable=False),
    _text("seed"),
    _text("scope_text"),
    Column("plan", LargeBinary(), nullable=False),
    _text("state"),
    _text("holder", null=True),
    Column("held_until", Float(), nullable=False),
)

RUN = Table(
    "run",
    METADATA,
    Column("survey", Text(), ForeignKey(SURVEY.c.name), primary_key=True),
    Column("number", Integer(), primary_key=True, autoincrement=False),
    Column("started", Utc(), nullable=False),
    _text("holder"),
    _text("tool_version"),
    _text("probes"),
    Column("settings", LargeBinary(), nullable=False),
    Column("ended", Utc(), nullable=True),
    _text("ended_how"),
    _number("contacts"),
    _number("repeated"),
    _number("late"),
)

SHARD = Table(
    "shard",
    METADATA,
    Column("survey", Text(), ForeignKey(SURVEY.c.name), primary_key=True),
    Column("number", Integer(), primary_key=True, autoincrement=False),
    _number("first"),
    _number("last"),
    _number("low"),
    _number("high"),
    Column("above", LargeBinary(), nullable=False),
    Column("tallies", LargeBinary(), nullable=False),
    _number("completed"),
    Column("done", Boolean(), nullable=False),
    Column("epoch", Integer(), nullable=False),
    _text("holder", null=True),
    Column("lease_until", Float(), nullable=False),
)

WORKER = Table(  # who is at work, with which share of the survey's pace, until when by the store's clock
    "worker",
    METADATA,
    Column("survey", Text(), ForeignKey(SURVEY.c.name), primary_key=True),
    Column("name", Text(), primary_key=True),
    Column("share", Float(), nullable=False),
    Column("until", Float(), nullable=False),
)

LISTED = Table(
    "listed",
    METADATA,
    Column("survey", Text(), ForeignKey(SURVEY.c.name), primary_key=True),
    Column("number", BigInteger(), primary_key=True, autoincrement=False),
    _text("target"),
    _text("labels"),
    _text("ports"),
)

TARGET = Table(
    "target",
    METADATA,
    Column("id", _ID, primary_key=True),
    Column("survey", Text(), ForeignKey(SURVEY.c.name), nullable=False),
    _number("position"),
    Column("run", Integer(), nullable=False),
    _text("target"),
    _text("address", null=True),
    _text("labels"),
    Column("at", Utc(), nullable=False),
    _text("status"),
    _text("proof"),
    _text("vantage", null=True),
    _text("record"),
    UniqueConstraint("survey", "position"),
)

SURFACE = Table(
    "surface",
    METADATA,
    Column("target_id", _ID, ForeignKey(TARGET.c.id), primary_key=True, autoincrement=False),
    Column("number", Integer(), primary_key=True, autoincrement=False),
    _text("kind"),
    Column("port", Integer(), nullable=False),
    Column("tls", Boolean(), nullable=False),
    _text("status"),
    _text("proof"),
    _text("retrieval"),
    _text("facts"),
    _text("record"),
)

FIGURES = ("patients", "studies", "images", "retrievable_images", "worklist_items")
EXPOSURE = Table(
    "exposure",
    METADATA,
    Column("target_id", _ID, ForeignKey(TARGET.c.id), primary_key=True, autoincrement=False),
    Column("surface", Integer(), primary_key=True, autoincrement=False),
    *(
        column
        for figure in FIGURES
        for column in (
            _number(figure, null=True),
            _text(f"{figure}_kind", null=True),
            _number(f"{figure}_low", null=True),
            _number(f"{figure}_high", null=True),
            Column(f"{figure}_confidence", Float(), nullable=True),
        )
    ),
    Column("first_year", Integer(), nullable=True),
    Column("last_year", Integer(), nullable=True),
    _text("modalities", null=True),
    _text("limits"),
)

ADVICE = Table(  # what many findings have in common: title, reasons, remedies, references
    "advice",
    METADATA,
    Column("digest", Text(), primary_key=True),
    _text("record"),
)

FINDING = Table(
    "finding",
    METADATA,
    Column("target_id", _ID, ForeignKey(TARGET.c.id), primary_key=True, autoincrement=False),
    Column("number", Integer(), primary_key=True, autoincrement=False),
    _text("check_id"),
    _text("outcome"),
    _text("severity"),
    _text("seen"),
    Column("advice", Text(), ForeignKey(ADVICE.c.digest), nullable=False),
)
Index("ix_target_proof", TARGET.c.survey, TARGET.c.proof)
Index("ix_finding_check", FINDING.c.check_id, FINDING.c.outcome)
