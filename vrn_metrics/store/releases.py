"""Releases: every loaded file, unchanged for ever, and the log of what was decided about it."""

from __future__ import annotations

import csv
import getpass
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from vrn_metrics.counts import Status
from vrn_metrics.errors import BadInputError, Problem, StoreError, UnknownNameError
from vrn_metrics.observations import broken_rules
from vrn_metrics.sources import Note, Reader, Reading, all_readers, identify, open_document
from vrn_metrics.store import agreements, database, guard, street_rollups
from vrn_metrics.store.rollups import with_rollups
from vrn_metrics.store.schema import (
    OBSERVATIONS,
    REFERENCE_TABLES,
    RELEASE_EVENTS,
    RELEASE_NOTES,
    RELEASES,
)

LOADED, APPROVED, WITHDRAWN = "loaded", "approved", "withdrawn"
DEMO: Final = Path(__file__).resolve().parents[2] / "data" / "demo"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Release:
    """One loaded file and where it stands.

    `state` is loaded, approved or withdrawn on the day asked for; only approved ones
    count. `edition` decides which of two releases of the same table is newer.
    """

    id: int
    source: str
    title: str
    file_name: str
    sha256: str
    edition: date
    period_start: date | None
    period_end: date | None
    rows: int
    demonstration: bool
    state: str
    changed_at: datetime
    changed_by: str

    @property
    def is_guarded(self) -> bool:
        """Whether its rows are events that may be counted only as decided for disclosure."""
        return guard.is_guarded(self.source)


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
            known = _decide(engine, known.id, APPROVED, by, "", progress)
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
    by = by or getpass.getuser()
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
            _log(connection, release_id, LOADED, by)
    except IntegrityError as error:
        if _by_hash(engine, document.sha256) is None:
            raise StoreError(f"{document.name}: the database refused it: {error.orig}.") from error
        # another process stored the same bytes in the meantime: the answer is the same
        return load(engine, path, by=by, name=name, approve=approve)
    if approve:
        _decide(engine, release_id, APPROVED, by, "", progress)
    return Loaded(release(engine, release_id), loaded.source, loaded.title, rows, reading.notes)


def approve(
    engine: Engine,
    release_id: int,
    *,
    by: str | None = None,
    reason: str = "",
    progress: Progress = lambda _message: None,
) -> Release:
    """Let a release count, once it is decided what may be seen of it and it is allowed to."""
    return _decide(engine, release_id, APPROVED, by, reason, progress)


def withdraw(
    engine: Engine,
    release_id: int,
    *,
    by: str | None = None,
    reason: str = "",
    progress: Progress = lambda _message: None,
) -> Release:
    """Let a release count no more; it stays in the store and in views as of earlier days."""
    return _decide(engine, release_id, WITHDRAWN, by, reason, progress)


def protect(engine: Engine, progress: Progress = lambda _message: None) -> list[str]:
    """Decide what may be seen of every set of releases that ever counted and was not decided.

    Returns
    -------
    list of str
        The sources for which something was decided. There is none unless the database was
        filled by a version that decided nothing.
    """
    done = []
    for day in (*decision_days(engine), None):
        now = counting(releases(engine, day))
        for source in sorted({each.source for each in now}):
            ids = [each.id for each in now if each.source == source]
            decision = guard.decide(engine, source, ids, progress)
            if decision is not None:
                with database.writing(engine) as connection:
                    guard.save(connection, decision)
                done.append(source)
    return done


def counting(found: Sequence[Release]) -> list[Release]:
    """Those releases that count: approved, and made-up ones only where there are no real ones."""
    approved = [each for each in found if each.state == APPROVED]
    real = {each.source for each in approved if not each.demonstration}
    return [each for each in approved if not each.demonstration or each.source not in real]


def releases(engine: Engine, as_of: date | None = None) -> list[Release]:
    """Every release with its state at the end of a day (now when not given), newest first."""
    last = select(
        RELEASE_EVENTS.c.release_id, func.max(RELEASE_EVENTS.c.id).label("event_id")
    ).group_by(RELEASE_EVENTS.c.release_id)
    if as_of is not None:
        last = last.where(RELEASE_EVENTS.c.at < _end_of(as_of))
    latest = last.subquery()
    query = (
        select(RELEASES, RELEASE_EVENTS.c.event, RELEASE_EVENTS.c.at, RELEASE_EVENTS.c.by)
        .join(latest, latest.c.release_id == RELEASES.c.id)
        .join(RELEASE_EVENTS, RELEASE_EVENTS.c.id == latest.c.event_id)
        .order_by(RELEASES.c.id.desc())
    )
    with engine.connect() as connection:
        rows = connection.execute(query).mappings().all()
    readers = all_readers()
    return [
        Release(
            id=row["id"],
            source=row["source"],
            title=readers[row["source"]].source.title
            if row["source"] in readers
            else row["source"],
            file_name=row["file_name"],
            sha256=row["sha256"],
            edition=row["edition"],
            period_start=row["period_start"],
            period_end=row["period_end"],
            rows=row["rows"],
            demonstration=row["demonstration"],
            state=row["event"],
            changed_at=row["at"],
            changed_by=row["by"],
        )
        for row in rows
    ]


def release(engine: Engine, release_id: int) -> Release:
    """One release by its number.

    Raises
    ------
    UnknownNameError
        If there is none.
    """
    for found in releases(engine):
        if found.id == release_id:
            return found
    raise UnknownNameError(f"no release {release_id}; 'vrn releases' lists them.")


def notes(engine: Engine, release_id: int) -> tuple[Note, ...]:
    """What the reader said when the release was loaded."""
    query = (
        select(RELEASE_NOTES.c.kind, RELEASE_NOTES.c.text, RELEASE_NOTES.c.rows)
        .where(RELEASE_NOTES.c.release_id == release_id)
        .order_by(RELEASE_NOTES.c.position)
    )
    with engine.connect() as connection:
        return tuple(Note(*row) for row in connection.execute(query))


def _decide(
    engine: Engine, release_id: int, event: str, by: str | None, reason: str, progress: Progress
) -> Release:
    """Log a decision about a release, with what may be seen once it holds.

    The guard takes its time before the transaction. If the releases that count were changed
    meanwhile by somebody else, it decides again.
    """
    while True:
        found = release(engine, release_id)
        if found.state == event:
            return found
        agreements.require(engine, found, event, releases(engine))
        ids = _counting_once(engine, found, event)
        decision = guard.decide(engine, found.source, ids, progress)
        with database.writing(engine) as connection:
            database.lock(connection, "releases")
            if _counting_once(engine, found, event) != ids:
                continue
            agreements.require(engine, found, event, releases(engine))  # one may have gone
            if decision is not None:
                guard.save(connection, decision)
            _log(connection, release_id, event, by or getpass.getuser(), reason)
        return release(engine, release_id)


def _counting_once(engine: Engine, changed: Release, event: str) -> list[int]:
    """The releases of a source that will count once this one is decided so."""
    after = [
        replace(each, state=event) if each.id == changed.id else each for each in releases(engine)
    ]
    return sorted(each.id for each in counting(after) if each.source == changed.source)


def decision_days(engine: Engine) -> list[date]:
    """The days on which what counts was changed by an approval or a withdrawal, oldest first."""
    event = RELEASE_EVENTS.c
    query = select(event.at).where(event.event.in_((APPROVED, WITHDRAWN)))
    with engine.connect() as connection:
        times = connection.execute(query).scalars().all()
    return sorted({each.date() for each in times})


def _log(connection: Connection, release_id: int, event: str, by: str, reason: str = "") -> None:
    at = datetime.now(UTC).replace(tzinfo=None)
    connection.execute(
        insert(RELEASE_EVENTS).values(
            release_id=release_id, event=event, at=at, by=by, reason=reason
        )
    )


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


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time())
