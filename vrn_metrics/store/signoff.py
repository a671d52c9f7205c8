"""Who may approve a release, and from when it counts."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from vrn_metrics.errors import StoreError
from vrn_metrics.store import audit
from vrn_metrics.store.schema import RELEASE_EVENTS

FOUR_EYES: Final = "VRN_FOUR_EYES"
UK: Final = ZoneInfo("Europe/London")


def four_eyes(engine: Engine) -> bool:
    """Whether a release must be approved by somebody else than who loaded it.

    `VRN_FOUR_EYES` says `on` or `off`; where it is not set, on for a shared server
    (PostgreSQL) and off for the embedded file, which has one user.

    Raises
    ------
    StoreError
        If it says anything else, since a rule must not be off by a slip.
    """
    said = os.environ.get(FOUR_EYES, "").strip().casefold()
    if said in ("on", "off"):
        return said == "on"
    if said:
        raise StoreError(f"expected {FOUR_EYES} to be 'on' or 'off', found '{said}'.")
    return engine.dialect.name == "postgresql"


def require_other(engine: Engine, release_id: int, by: str, *, demonstration: bool) -> None:
    """Let an approval pass unless it is by who loaded the release; made-up figures need no other.

    Raises
    ------
    StoreError
        If it is the same person and four eyes are asked for.
    """
    if demonstration or not four_eyes(engine):
        return
    kept = RELEASE_EVENTS.c
    query = (
        select(kept.by)
        .where(kept.release_id == release_id, kept.event == audit.LOADED)
        .order_by(kept.id)
    )
    with engine.connect() as connection:
        loaders = connection.execute(query).scalars().all()
    if by.strip().casefold() in {each.strip().casefold() for each in loaders}:
        raise StoreError(
            f"release {release_id} was loaded by {by} and must be approved by somebody else: ask "
            f"a colleague to look at it and to approve it ({FOUR_EYES} is on here)."
        )


def in_utc(moment: datetime) -> datetime:
    """A time in UTC without its zone, as the store keeps it; UK time where it names none."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UK)
    return aware.astimezone(UTC).replace(tzinfo=None)


def uk_words(moment: datetime) -> str:
    """A time of the store as people here say it."""
    here = moment.replace(tzinfo=UTC).astimezone(UK)
    return f"{here.day} {here:%B %Y} at {here:%H:%M %Z}"


def end_of(day: date) -> datetime:
    """The first moment after a day."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time())
