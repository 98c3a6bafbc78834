"""Alembic runs its scripts over the connection that it is handed: it opens none of its own."""

from alembic import context

from leadglass.store.schema import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
