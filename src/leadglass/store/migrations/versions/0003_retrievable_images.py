"""The retrievable images of a surface, beside those that are listed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
_COLUMNS = (
    ("retrievable_images", sa.BigInteger()),
    ("retrievable_images_kind", sa.Text()),
    ("retrievable_images_low", sa.BigInteger()),
    ("retrievable_images_high", sa.BigInteger()),
    ("retrievable_images_confidence", sa.Float()),
)


def upgrade() -> None:
    """Adds the columns; of what was stored before nothing is known."""
    for name, kind in _COLUMNS:
        op.add_column("exposure", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    """Takes the columns away."""
    with op.batch_alter_table("exposure") as table:
        for name, _ in _COLUMNS:
            table.drop_column(name)
