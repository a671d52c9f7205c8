"""Loading: a file is recognised, read, checked and kept as a release, all of it or nothing."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from vrn_metrics.counts import Status
from vrn_metrics.errors import BadInputError, Problem, StoreError
from vrn_metrics.observations import broken_rules
from vrn_metrics.sources import Note, Reader, Reading, all_readers, identify, open_document
from vrn_metrics.store import audit, database, deciding, guard, street_rollups
from vrn_metrics.store.releases import DEMO, LOADED, Progress, Release, release
from vrn_metrics.store.rollups import with_rollups
from vrn_metrics.store.schema import OBSERVATIONS, REFERENCE_TABLES, RELEASE_NOTES, RELEASES


@dataclass(frozen=True)
class Loaded:
    """What a load did: the release, what the reader says, and whether it was there already."""

    release: Release | None
    source: str
    title: str
    rows: int
    notes: tuple[Note, ...]
    was_known: bool = False


def load(
    engine: Engine,
    path: Path | str,
    *,
    by: str | None = None,
    name: str | None = None,
    approve: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _message: None,
) -> Loaded:
    """Recognise, read, check and store one file, in one transaction.

    Parameters
    ----------
    path
        The file, exactly as published.
    by
        Who loads it; the system's user when not given.
    name
        What to call the file when `path` is a temporary copy.
    approve
        Approve it once it is stored (the demonstration's files are).
    dry_run
        Do everything but store.

    Raises
    ------
    BadInputError
        If the file cannot be used; nothing is stored.
    StoreError
        If the database refuses, or nothing allows `approve`; the file is stored then.
    """
    document = open_document(path, name)
    if (known := _by_hash(engine, document.sha256)) is not None:
        source = all_readers()[known.source].source
        if approve and known.state == LOADED and not dry_run:
            known = deciding.approve(engine, known.id, by=by, progress=progress)
        return Loaded(known, known.source, source.title, known.rows, (), was_known=True)
    progress(f"Recognising {document.name}")
    reader = identify(document)
    progress(f"Reading {document.name} as {reader.source.title}")
    reading = reader.read(document)
    remarks = (Note("matched", remark) for remark in document.remarks)
    reading = replace(reading, notes=(*remarks, *reading.notes))
    _check(document.name, reader, reading)
    observations = reading.observations
    if not guard.is_guarded(reader.source.key):  # the guard adds up for itself what may be seen
        additive = {s.key for s in reader.source.series if s.unit in ("events", "people")}
        observations = with_rollups(observations, additive)
    rows = len(reading.observations) + sum(len(table) for table in reading.tables.values())
    loaded = Loaded(None, reader.source.key, reader.source.title, rows, reading.notes)
    if dry_run:
        return loaded
    progress(f"Storing {rows:,} rows")
    by = by or audit.system_user()
    head = {
        "source": reader.source.key,
        "sha256": document.sha256,
        "file_name": document.name,
        "size": document.size,
        "edition": reading.edition,
        "rows": rows,
        "demonstration": reading.demonstration or document.sha256 in _demo_hashes(),
        **_extent(reading),
    }
    try:
        with database.writing(engine) as connection:
            release_id = _store(connection, head, reading, observations)
            audit.add(connection, release_id, LOADED, by)
    except IntegrityError as error:
        if _by_hash(engine, document.sha256) is None:
            raise StoreError(f"{document.name}: the database refused it: {error.orig}.") from error
        # another process stored the same bytes in the meantime: the answer is the same
        return load(engine, path, by=by, name=name, approve=approve)
    if approve:
        deciding.approve(engine, release_id, by=by, progress=progress)
    return Loaded(release(engine, release_id), loaded.source, loaded.title, rows, reading.notes)


def _store(
    connection: Connection, head: Mapping[str, object], reading: Reading, observations: pd.DataFrame
) -> int:
    result = connection.execute(insert(RELEASES).values(**head))
    assert result.inserted_primary_key is not None  # noqa: S101 - the insert gave a key or raised
    release_id = int(result.inserted_primary_key[0])
    if reading.notes:
        connection.execute(
            insert(RELEASE_NOTES),
            [
                {
                    "release_id": release_id,
                    "position": position,
                    "kind": note.kind,
                    "text": note.text,
                    "rows": note.rows,
                }
                for position, note in enumerate(reading.notes)
            ],
        )
    if not observations.empty:
        ranks = observations["status"].map({str(each): each.rank for each in Status})
        database.insert_frame(
            connection, OBSERVATIONS, observations.assign(release_id=release_id, status=ranks)
        )
    for name, table in street_rollups.arranged(reading.tables).items():
        if not table.empty:
            database.insert_frame(
                connection, REFERENCE_TABLES[name], table.assign(release_id=release_id)
            )
    return release_id


def _check(name: str, reader: Reader, reading: Reading) -> None:
    """The last gate: a broken table never reaches the store, whoever made it."""
    broken = broken_rules(reading.observations) if len(reading.observations) else []
    if not broken and not len(reading.observations) and not any(map(len, reading.tables.values())):
        broken = ["nothing in it that could be kept"]
    if broken:
        raise BadInputError(
            name,
            [
                Problem(
                    f"a sound table from {reader.source.title}",
                    rule,
                    "Compare the file with what the publisher shows; if it is the same, "
                    "report this as a fault of the reader.",
                )
                for rule in broken
            ],
        )


def _extent(reading: Reading) -> dict[str, date | None]:
    if len(reading.observations):
        return {
            "period_start": reading.observations["period_start"].min(),
            "period_end": reading.observations["period_end"].max(),
        }
    return {"period_start": None, "period_end": None}


def _by_hash(engine: Engine, sha256: str) -> Release | None:
    with engine.connect() as connection:
        found = connection.execute(
            select(RELEASES.c.id).where(RELEASES.c.sha256 == sha256)
        ).scalar()
    return None if found is None else release(engine, found)


@cache
def _demo_hashes() -> frozenset[str]:
    """Hashes of the demonstration files, so that they are marked however they are loaded."""
    manifest = DEMO / "MANIFEST.csv"
    if not manifest.is_file():
        return frozenset()
    with manifest.open(encoding="utf-8", newline="") as file:
        return frozenset(row["sha256"] for row in csv.DictReader(file))
