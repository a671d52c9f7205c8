"""One way to reach the database, whichever engine it is.

SQLite in WAL mode is the embedded default: many processes read while one loads. A write
takes its lock at the start (`BEGIN IMMEDIATE`), so that two loaders queue instead of one
failing half-way.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine, Table, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError

from vrn_metrics.errors import StoreError

HEAD: Final = "0006"
DEFAULT_FILE: Final = Path(__file__).resolve().parents[2] / "var" / "vrn.sqlite"
WAIT_FOR_LOCK_MS: Final = 30_000
VALUES_AT_ONCE: Final = 2_000  # SQLite allows 32,766; from about 1,000 on nothing is gained


def default_url() -> str:
    """`VRN_DATABASE_URL`, else the embedded file."""
    return os.environ.get("VRN_DATABASE_URL") or f"sqlite:///{DEFAULT_FILE}"


def connect(url: str) -> Engine:
    """An engine whose schema is current.

    Raises
    ------
    StoreError
        If the database cannot be reached, or was made by a newer version.
    """
    try:
        parsed = make_url(url)
    except Exception as error:
        raise StoreError(
            f"expected a database address such as sqlite:///vrn.sqlite or "
            f"postgresql+psycopg://user@host/name, found '{url}'."
        ) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        Path(str(parsed.database)).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    try:
        _upgrade(engine)
    except (OperationalError, DBAPIError) as error:
        engine.dispose()
        raise StoreError(
            f"the database at {parsed.render_as_string(hide_password=True)} cannot be opened: "
            f"{error.orig}. Check the address and that it is running and writable."
        ) from error
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that holds the write lock from its first statement.

    All of it is committed, or none.
    """
    with engine.connect().execution_options(vrn_writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that sees the database as it was at its first statement, to its end."""
    isolation = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name != "sqlite" else {}
    with engine.connect().execution_options(**isolation) as connection, connection.begin():
        yield connection


def lock(connection: Connection, name: str) -> None:
    """Hold a named lock until the transaction ends; SQLite's writers hold the only one anyway."""
    if connection.dialect.name == "postgresql":
        number = zlib.crc32(f"vrn {name}".encode())
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({number})")


def insert_frame(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Add the rows of a frame by the engine's fastest plain route.

    SQLite takes many rows in one statement in a third of the time of `executemany`, and
    PostgreSQL takes rows best through COPY.
    """
    columns = list(frame.columns)
    names = ", ".join(f'"{name}"' for name in columns)
    values = [_plain_values(frame[name]) for name in columns]
    rows = zip(*values, strict=True)
    if connection.dialect.name == "sqlite":
        _insert_many(connection, f'INSERT INTO "{table.name}" ({names})', values)
    elif connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with (
            driver.cursor() as cursor,
            cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)
    else:
        connection.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in rows])


def _insert_many(connection: Connection, insert: str, columns: Sequence[list[Any]]) -> None:
    """Some hundred rows a statement; there must be a column."""
    width = len(columns)
    at_once = VALUES_AT_ONCE // width
    marks = f"({', '.join('?' * width)})"
    for start in range(0, len(columns[0]), at_once):
        rows = min(at_once, len(columns[0]) - start)
        values = [None] * (rows * width)
        for position, column in enumerate(columns):
            values[position::width] = column[start : start + at_once]
        connection.exec_driver_sql(f"{insert} VALUES {', '.join([marks] * rows)}", tuple(values))


def _plain_values(column: pd.Series) -> list[Any]:
    """Python values that every driver takes: dates as ISO text, no NumPy, NaN as null.

    Names and dates repeat, so each is converted once and not once a row.
    """
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]
    if column.dtype.kind in "iub":
        return list(column.tolist())
    codes, unique = pd.factorize(column)
    plain = [each.isoformat() if hasattr(each, "isoformat") else each for each in unique.tolist()]
    plain.append(None)  # the code of a gap is -1
    return [plain[code] for code in codes.tolist()]


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={WAIT_FOR_LOCK_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("vrn_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _upgrade(engine: Engine) -> None:
    """Bring the schema up by Alembic, unless it is already there (no import, one query)."""
    with engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        version = (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if known
            else None
        )
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise StoreError(
            f"expected a database of version {HEAD} or older, found {version}. It was made by a "
            f"newer version of this project: upgrade the project."
        )
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with writing(engine) as connection:
        lock(connection, "schema")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
