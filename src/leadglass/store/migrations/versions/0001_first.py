"""The first schema: surveys, runs, shards, targets with their surfaces, exposure and findings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Makes every table, those that others lean on first."""
    _advice()
    _survey()
    _listed()
    _run()
    _shard()
    _target()
    _exposure()
    _finding()
    _surface()


def _advice() -> None:
    op.create_table(
        "advice",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_advice")),
    )


def _survey() -> None:
    op.create_table(
        "survey",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("scope_text", sa.Text(), nullable=False),
        sa.Column("plan", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("held_until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_survey")),
    )


def _listed() -> None:
    op.create_table(
        "listed",
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("ports", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["survey.name"], name=op.f("fk_listed_survey")),
        sa.PrimaryKeyConstraint("survey", "number", name=op.f("pk_listed")),
    )


def _run() -> None:
    op.create_table(
        "run",
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("tool_version", sa.Text(), nullable=False),
        sa.Column("probes", sa.Text(), nullable=False),
        sa.Column("settings", sa.LargeBinary(), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_how", sa.Text(), nullable=False),
        sa.Column("contacts", sa.BigInteger(), nullable=False),
        sa.Column("repeated", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["survey.name"], name=op.f("fk_run_survey")),
        sa.PrimaryKeyConstraint("survey", "number", name=op.f("pk_run")),
    )


def _shard() -> None:
    op.create_table(
        "shard",
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("first", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=False),
        sa.Column("high", sa.BigInteger(), nullable=False),
        sa.Column("above", sa.LargeBinary(), nullable=False),
        sa.Column("tallies", sa.LargeBinary(), nullable=False),
        sa.Column("completed", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["survey.name"], name=op.f("fk_shard_survey")),
        sa.PrimaryKeyConstraint("survey", "number", name=op.f("pk_shard")),
    )


def _target() -> None:
    op.create_table(
        "target",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("vantage", sa.Text(), nullable=True),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["survey.name"], name=op.f("fk_target_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint("survey", "position", name=op.f("uq_target_survey")),
    )
    op.create_index("ix_target_proof", "target", ["survey", "proof"], unique=False)


def _exposure() -> None:
    op.create_table(
        "exposure",
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("surface", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("patients", sa.BigInteger(), nullable=True),
        sa.Column("patients_kind", sa.Text(), nullable=True),
        sa.Column("patients_low", sa.BigInteger(), nullable=True),
        sa.Column("patients_high", sa.BigInteger(), nullable=True),
        sa.Column("patients_confidence", sa.Float(), nullable=True),
        sa.Column("studies", sa.BigInteger(), nullable=True),
        sa.Column("studies_kind", sa.Text(), nullable=True),
        sa.Column("studies_low", sa.BigInteger(), nullable=True),
        sa.Column("studies_high", sa.BigInteger(), nullable=True),
        sa.Column("studies_confidence", sa.Float(), nullable=True),
        sa.Column("images", sa.BigInteger(), nullable=True),
        sa.Column("images_kind", sa.Text(), nullable=True),
        sa.Column("images_low", sa.BigInteger(), nullable=True),
        sa.Column("images_high", sa.BigInteger(), nullable=True),
        sa.Column("images_confidence", sa.Float(), nullable=True),
        sa.Column("worklist_items", sa.BigInteger(), nullable=True),
        sa.Column("worklist_items_kind", sa.Text(), nullable=True),
        sa.Column("worklist_items_low", sa.BigInteger(), nullable=True),
        sa.Column("worklist_items_high", sa.BigInteger(), nullable=True),
        sa.Column("worklist_items_confidence", sa.Float(), nullable=True),
        sa.Column("first_year", sa.Integer(), nullable=True),
        sa.Column("last_year", sa.Integer(), nullable=True),
        sa.Column("modalities", sa.Text(), nullable=True),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_exposure_target_id")),
        sa.PrimaryKeyConstraint("target_id", "surface", name=op.f("pk_exposure")),
    )


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("check_id", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["advice"], ["advice.digest"], name=op.f("fk_finding_advice")),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_finding_target_id")),
        sa.PrimaryKeyConstraint("target_id", "number", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_check", "finding", ["check_id", "outcome"], unique=False)


def _surface() -> None:
    op.create_table(
        "surface",
        sa.Column(
            "target_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("tls", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.Column("retrieval", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["target_id"], ["target.id"], name=op.f("fk_surface_target_id")),
        sa.PrimaryKeyConstraint("target_id", "number", name=op.f("pk_surface")),
    )


def downgrade() -> None:
    """There is nothing before it."""
    raise NotImplementedError("the first schema has none before it: delete the store instead")
