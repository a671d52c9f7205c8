"""Deciding: what lets a release count, or no more, and all that must hold for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import Engine

from vrn_metrics.errors import StoreError
from vrn_metrics.store import agreements, audit, database, guard, signoff
from vrn_metrics.store.releases import (
    APPROVED,
    EMBARGOED,
    WITHDRAWN,
    Progress,
    Release,
    counting,
    decision_days,
    release,
    releases,
)


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
