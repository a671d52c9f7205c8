"""Releases: every loaded file, unchanged for ever, and the log of what was decided about it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

import pandas as pd
from sqlalchemy import Connection, Engine, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from vrn_metrics.counts import Status
from vrn_metrics.errors import BadInputError, Problem, StoreError, UnknownNameError
from vrn_metrics.observations import broken_rules
from vrn_metrics.sources import Note, Reader, Reading, all_readers, identify, open_document
from vrn_metrics.store import agreements, audit, database, guard, signoff, street_rollups
from vrn_metrics.store.rollups import with_rollups
from vrn_metrics.store.schema import (
    OBSERVATIONS,
    REFERENCE_TABLES,
    RELEASE_EVENTS,
    RELEASE_NOTES,
    RELEASES,
)

LOADED, APPROVED, WITHDRAWN = audit.LOADED, audit.APPROVED, audit.WITHDRAWN
EMBARGOED: Final = "embargoed"
DEMO: Final = Path(__file__).resolve().parents[2] / "data" / "demo"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Release:
    """One loaded file and where it stands.

    `state` is loaded, embargoed, approved or withdrawn on the day asked for; only approved
    ones count. `edition` decides which of two releases of the same table is newer.
    `counts_from` is the end of its embargo (UTC), if it was approved with one.
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
    counts_from: datetime | None = None

    @property
    def since(self) -> datetime:
        """From when it stands as it does."""
        return max(self.changed_at, self.counts_from or self.changed_at)

    @property
    def is_guarded(self) -> bool:
        """Whether its rows are events that may be counted only as decided for disclosure."""
        return guard.is_guarded(self.source)

    @property
    def is_local(self) -> bool:
        """Whether it is the network's own: an extract under an agreement, ledger, programme."""
        return all_readers()[self.source].source.kind == "local"


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
        _decide(engine, release_id, APPROVED, by, "", progress)
    return Loaded(release(engine, release_id), loaded.source, loaded.title, rows, reading.notes)


def approve(
    engine: Engine,
    release_id: int,
    *,
    by: str | None = None,
    reason: str = "",
    counts_from: datetime | None = None,
    progress: Progress = lambda _message: None,
) -> Release:
    """Let a release count, once it is decided what may be seen of it and it is allowed to.

    Parameters
    ----------
    counts_from
        The end of an embargo: no view has the release before. In UK time unless it names a zone.

    Raises
    ------
    StoreError
        If it was loaded by the same person where four eyes are asked for, has no agreement, or
        an embargo cannot be kept.
    """
    until = None if counts_from is None else signoff.in_utc(counts_from)
    if until is not None and until <= audit.now():
        raise StoreError(
            f"expected an embargo that ends in the future, found {signoff.uk_words(until)}."
        )
    return _decide(engine, release_id, APPROVED, by, reason, progress, until)


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
                words = f"releases {', '.join(map(str, sorted(ids)))}"
                with database.writing(engine) as connection:
                    guard.save(connection, decision)
                    by = audit.system_user()
                    audit.add(connection, max(ids), audit.PROTECTED, by, words)
                done.append(source)
    return done


def counting(found: Sequence[Release]) -> list[Release]:
    """Those releases that count: approved, and made-up ones only where there are no real ones."""
    approved = [each for each in found if each.state == APPROVED]
    real = {each.source for each in approved if not each.demonstration}
    return [each for each in approved if not each.demonstration or each.source not in real]


def releases(engine: Engine, as_of: date | None = None) -> list[Release]:
    """Every release with its state at the end of a day (now when not given), newest first.

    Of now, entries of the log count in the order of their numbers, whatever a clock said. A day
    that is not over is now, so that no later day opens an embargo.
    """
    clock = audit.now()
    moment = clock
    last = (
        select(RELEASE_EVENTS.c.release_id, func.max(RELEASE_EVENTS.c.id).label("event_id"))
        .where(RELEASE_EVENTS.c.event.in_(audit.STATES))
        .group_by(RELEASE_EVENTS.c.release_id)
    )
    if as_of is not None and (end := signoff.end_of(as_of)) <= clock:
        moment = end
        last = last.where(RELEASE_EVENTS.c.at < end)
    latest = last.subquery()
    event = RELEASE_EVENTS.c
    query = (
        select(RELEASES, event.event, event.at, event.by, event.counts_from)
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
            state=EMBARGOED
            if row["counts_from"] is not None and row["counts_from"] > moment
            else row["event"],
            changed_at=row["at"],
            changed_by=row["by"],
            counts_from=row["counts_from"],
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
    engine: Engine,
    release_id: int,
    event: str,
    by: str | None,
    reason: str,
    progress: Progress,
    counts_from: datetime | None = None,
) -> Release:
    """Log a decision about a release, with what may be seen once it holds.

    The guard takes its time before the transaction. If the releases that count were changed
    meanwhile by somebody else, it decides again.
    """
    by = by or audit.system_user()
    if words := audit.clock_words(engine):
        progress(words)
    while True:
        found = release(engine, release_id)
        if found.state == event:
            if counts_from is None:
                return found
            raise StoreError(
                f"release {release_id} counts already, so that an embargo comes too late: "
                f"withdraw it first."
            )
        _require(engine, found, event, by)
        ids = _counting_once(engine, found, event)
        decision = guard.decide(engine, found.source, ids, progress)
        with database.writing(engine) as connection:
            database.lock(connection, "releases")
            if _counting_once(engine, found, event) != ids:
                continue
            _require(engine, found, event, by)  # an agreement may have gone
            if decision is not None:
                guard.save(connection, decision)
            audit.add(connection, release_id, event, by, reason, counts_from)
        return release(engine, release_id)


def _require(engine: Engine, found: Release, event: str, by: str) -> None:
    """What a decision must have: another person, an agreement, and no embargo beside it.

    What may be seen of an extract is decided for the releases that count together. Which those
    will be at the end of an embargo must stay known until then.
    """
    known = releases(engine)
    if event == APPROVED:
        signoff.require_other(engine, found.id, by, demonstration=found.demonstration)
    agreements.require(engine, found, event, known)
    waiting = [
        each.id
        for each in known
        if each.state == EMBARGOED and each.source == found.source and each.id != found.id
    ]
    if waiting and found.is_guarded:
        raise StoreError(
            f"release {waiting[0]} of the same source is under embargo, and what may be shown was "
            f"decided for the day it ends: withdraw release {waiting[0]} first, or wait."
        )


def _counting_once(engine: Engine, changed: Release, event: str) -> list[int]:
    """The releases of a source that will count once this one is decided so."""
    after = [
        replace(each, state=event) if each.id == changed.id else each for each in releases(engine)
    ]
    return sorted(each.id for each in counting(after) if each.source == changed.source)


def decision_days(engine: Engine) -> list[date]:
    """The days on which what counts was changed, oldest first: an embargo's end is one."""
    event = RELEASE_EVENTS.c
    query = select(event.at, event.counts_from).where(
        event.event.in_((APPROVED, WITHDRAWN)),
        or_(event.counts_from.is_(None), event.counts_from <= audit.now()),
    )
    with engine.connect() as connection:
        times = connection.execute(query).all()
    return sorted({max(at, until or at).date() for at, until in times})


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
