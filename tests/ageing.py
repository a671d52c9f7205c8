"""Stores whose past is another: the log as if it had been written at other times."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from vrn_metrics.store import Store, audit, database


@contextmanager
def rewritten(store: Store) -> Iterator[Connection]:
    """Let the log be changed, and seal it anew: what nobody but the database's owner could do."""
    with database.writing(store.engine) as connection:
        audit.allow_changes(connection)
        yield connection
        audit.seal_all(connection)
        audit.refuse_changes(connection)


def unseal(connection: Connection) -> None:
    """Take the log back to what version 0005 had: no seals, no embargo, no refusal."""
    audit.allow_changes(connection)
    for column in ("counts_from", "seal"):
        connection.exec_driver_sql(f"ALTER TABLE release_events DROP COLUMN {column}")
