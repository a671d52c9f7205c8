"""A whole database to another address: from the embedded file to a server, or to a backup.

The copy is what one reader saw at one moment, whatever is loaded meanwhile, and is kept only if
every table of it says the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Engine, Table, func, select

from vrn_metrics.errors import StoreError
from vrn_metrics.store import checks, database
from vrn_metrics.store.schema import METADATA

ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Copied:
    """One table of the copy, with its rows and what they come to."""

    table: str
    rows: int
    sha256: str


def move(
    source: Engine, target: Engine, progress: Callable[[str], None] = lambda _message: None
) -> list[Copied]:
    """Copy every table to an empty database, numbers of releases and log included.

    Returns
    -------
    list of Copied
        One a table, in the order in which they were written.

    Raises
    ------
    StoreError
        If the target holds anything, is the source, breaks a rule, or does not come to the same.
        Nothing is left in it then.
    """
    with database.reading(source) as past, database.writing(target) as now:
        if held := [table.name for table in METADATA.sorted_tables if _rows(now, table)]:
            raise StoreError(
                f"expected an empty database to copy to, found rows in {', '.join(held)}. Name a "
                f"new file or an empty database; nothing was changed."
            )
        copied = []
        for table in METADATA.sorted_tables:
            progress(f"Copying {table.name}")
            for frame in _frames(past, table):
                database.insert_frame(now, table, frame)
            there, here = _sum_of(past, table), _sum_of(now, table)
            if there != here:
                raise StoreError(
                    f"the copy of {table.name} is not the same: {there.rows:,} rows there, "
                    f"{here.rows:,} here. Nothing was kept."
                )
            copied.append(here)
        _count_on(now)
    if found := checks.faults(target):
        raise StoreError(f"the copy breaks a rule: {found[0]}. Check the source: 'vrn check'.")
    return copied


def _rows(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _frames(connection: Connection, table: Table) -> Iterator[pd.DataFrame]:
    """The rows in the order of their key, some thousands at a time."""
    query = select(table).order_by(*table.primary_key.columns)
    names = [each.name for each in table.columns]
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    for rows in found.partitions():
        columns = zip(*rows, strict=True)
        yield pd.DataFrame(
            {
                name: pd.Series(list(column), dtype=object)
                for name, column in zip(names, columns, strict=True)
            }
        )


def _sum_of(connection: Connection, table: Table) -> Copied:
    """How many rows there are, and a hash of them that is the same on every engine."""
    total, rows = hashlib.sha256(), 0
    query = select(table).order_by(*table.primary_key.columns)
    found = connection.execution_options(yield_per=ROWS_AT_ONCE).execute(query)
    for part in found.partitions():
        rows += len(part)
        total.update("\n".join(map(repr, map(tuple, part))).encode())
    return Copied(table.name, rows, total.hexdigest())


def _count_on(connection: Connection) -> None:
    """PostgreSQL goes on counting where the numbers that were brought along end."""
    if connection.dialect.name != "postgresql":
        return
    for table in METADATA.sorted_tables:
        key = table.autoincrement_column
        if key is None:
            continue
        last = connection.execute(select(func.max(key))).scalar()
        if last is not None:
            name = func.pg_get_serial_sequence(table.name, key.name)
            connection.execute(select(func.setval(name, last)))
