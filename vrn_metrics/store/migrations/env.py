"""Alembic runs inside the caller's transaction, so a failed upgrade leaves nothing behind."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    transactional_ddl=True,
    transaction_per_migration=False,
)
context.run_migrations()
