"""Which agreements to share allow a local extract to count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import Engine

from vrn_metrics.errors import StoreError
from vrn_metrics.sources import all_readers
from vrn_metrics.store import guard, programme
from vrn_metrics.store.programme import Record

if TYPE_CHECKING:
    from vrn_metrics.store.releases import Release

PROGRAMME: Final = "vrn-programme"
APPROVED: Final = "approved"


def sources() -> tuple[str, ...]:
    """Keys of the sources of people, whose extracts count only under an agreement."""
    return tuple(sorted(each for each in all_readers() if guard.is_guarded(each)))


def covering(records: Iterable[Record], source: str) -> list[Record]:
    """Every agreement recorded for a source, the one that holds longest last."""
    found = [
        each
        for each in records
        if each.record == "agreement" and (each.belongs_to or "").strip().casefold() == source
    ]
    return sorted(found, key=lambda each: each.end_date or date.max)


def is_in_force(agreement: Record, day: date) -> bool:
    """Whether an agreement holds on a day, its first and its last day included."""
    begun = agreement.start_date is not None and agreement.start_date <= day
    return begun and (agreement.end_date is None or day <= agreement.end_date)


def require(engine: Engine, found: Release, event: str, releases: Sequence[Release]) -> None:
    """Let a decision pass unless it approves an extract without an agreement in force today.

    Raises
    ------
    StoreError
        With what to record, and where.
    """
    if event != APPROVED or not guard.is_guarded(found.source):
        return
    lack = _lack(engine, found, releases, date.today())
    if lack:
        raise StoreError(
            f"Release {found.id} ({found.file_name}) is loaded but cannot be approved: {lack}; "
            f"record the agreement on the Programme page or in a {PROGRAMME} file (a row "
            f"'agreement' that belongs to {found.source}, with its first day), approve that, and "
            "then approve this."
        )


def faults(engine: Engine, releases: Sequence[Release], day: date) -> list[str]:
    """Extracts that are approved although no agreement for them is in force any more."""
    return [
        f"release {each.id} ({each.source}) is approved, but {lack}: renew the agreement or "
        "withdraw the release"
        for each in sorted(releases, key=lambda each: each.id)
        if each.state == APPROVED
        and guard.is_guarded(each.source)
        and (lack := _lack(engine, each, releases, day))
    ]


def _lack(engine: Engine, found: Release, releases: Sequence[Release], day: date) -> str:
    """Why no agreement for a release is in force; empty if one is.

    A made-up agreement allows made-up extracts only, and a real one real ones.
    """
    kept = [
        each
        for each in releases
        if each.source == PROGRAMME
        and each.state == APPROVED
        and each.demonstration == found.demonstration
    ]
    if not kept:
        return f"no agreement for {found.source} is recorded, as no {PROGRAMME} release counts"
    newest = max(kept, key=lambda each: (each.edition, each.id))
    known = covering(programme.records(engine, newest.id), found.source)
    if any(is_in_force(each, day) for each in known):
        return ""
    if not known:
        return f"no agreement for {found.source} is recorded (release {newest.id})"
    last = known[-1]
    when = (
        f"ended on {_words(last.end_date)}"
        if last.end_date is not None and last.end_date < day
        else f"begins on {_words(last.start_date)}"
    )
    return (
        f"no agreement for {found.source} is in force on {_words(day)} "
        f"('{last.title}' {when}, release {newest.id})"
    )


def _words(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "a day that is not recorded"
