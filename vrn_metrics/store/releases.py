"""Releases: every loaded file, unchanged for ever, and where it stands by the log of decisions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, func, or_, select

from vrn_metrics.errors import UnknownNameError
from vrn_metrics.sources import Note, all_readers
from vrn_metrics.store import audit, guard, signoff
from vrn_metrics.store.schema import RELEASE_EVENTS, RELEASE_NOTES, RELEASES

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
