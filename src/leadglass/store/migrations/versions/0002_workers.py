"""The workers of a survey: who is at work, and at what share of its pace."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Makes the table; no survey has a worker yet."""
    op.create_table(
        "worker",
        sa.Column("survey", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["survey"], ["survey.name"], name=op.f("fk_worker_survey")),
        sa.PrimaryKeyConstraint("survey", "name", name=op.f("pk_worker")),
    )


def downgrade() -> None:
    """Takes the table away."""
    op.drop_table("worker")
