"""Run by Alembic for every migration, on the connection that ``upgrade.py`` hands over."""

from alembic import context

from clinic_app.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
