"""Where releases are kept; the only part that knows SQL.

`open_store` gives a `Store`; `Store.view` gives what counted on a day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from vrn_metrics.access import OWNER, Access
from vrn_metrics.errors import StoreError
from vrn_metrics.sources import Note
from vrn_metrics.store import audit, checks, database, deciding, loading, moving, releases, signoff
from vrn_metrics.store.audit import LogEntry
from vrn_metrics.store.geography import Shape, Shapes
from vrn_metrics.store.ledger import LedgerLine
from vrn_metrics.store.loading import Loaded
from vrn_metrics.store.programme import Record
from vrn_metrics.store.releases import Release
from vrn_metrics.store.schema import RELEASE_EVENTS
from vrn_metrics.store.street import MonthOfRelease, Street
from vrn_metrics.store.timeline import Point, Seen, Timeline, whole, window
from vrn_metrics.store.view import View

__all__ = [
    "LedgerLine",
    "Loaded",
    "LogEntry",
    "MonthOfRelease",
    "Point",
    "Record",
    "Release",
    "Seen",
    "Shape",
    "Shapes",
    "Store",
    "Street",
    "Timeline",
    "View",
    "load",
    "open_store",
    "whole",
    "window",
]


@dataclass(frozen=True)
class Store:
    """A database of releases, as far as `access` lets it be seen and changed."""

    engine: Engine
    access: Access = OWNER

    def for_(self, access: Access) -> Store:
        """The same database for somebody."""
        return Store(self.engine, access)

    def load(
        self,
        path: Path | str,
        *,
        by: str | None = None,
        name: str | None = None,
        approve: bool = False,
        dry_run: bool = False,
        progress: Callable[[str], None] = lambda _message: None,
    ) -> Loaded:
        """Recognise, read, check and store one file; see `loading.load`."""
        _require(self.access.may_load, "load files", self.access)
        if approve:
            _require(self.access.may_approve, "approve releases", self.access)
        return loading.load(
            self.engine,
            path,
            by=self.access.name or by,
            name=name,
            approve=approve,
            dry_run=dry_run,
            progress=progress,
        )

    def approve(
        self,
        release_id: int,
        *,
        by: str | None = None,
        reason: str = "",
        counts_from: datetime | None = None,
        progress: Callable[[str], None] = lambda _message: None,
    ) -> Release:
        """Let a release count, now or from the end of an embargo; see `deciding.approve`."""
        _require(self.access.may_approve, "approve releases", self.access)
        return deciding.approve(
            self.engine,
            release_id,
            by=self.access.name or by,
            reason=reason,
            counts_from=counts_from,
            progress=progress,
        )

    def withdraw(
        self,
        release_id: int,
        *,
        by: str | None = None,
        reason: str = "",
        progress: Callable[[str], None] = lambda _message: None,
    ) -> Release:
        """Let a release count no more; views as of earlier days keep it."""
        _require(self.access.may_approve, "withdraw releases", self.access)
        who = self.access.name or by
        return deciding.withdraw(self.engine, release_id, by=who, reason=reason, progress=progress)

    def protect(self, progress: Callable[[str], None] = lambda _message: None) -> list[str]:
        """Decide what may be seen of releases for which that was not decided; see `deciding`."""
        _require(self.access.may_approve, "decide what may be seen", self.access)
        return deciding.protect(self.engine, progress)

    def releases(self, as_of: date | None = None) -> list[Release]:
        """Every release with its state on a day, newest first; local ones for who may see all."""
        found = releases.releases(self.engine, as_of)
        sees_all = self.access.sees_all_local
        return [each for each in found if sees_all or not each.is_local]

    def decision_days(self) -> list[date]:
        """The days on which what counts was changed, oldest first."""
        return releases.decision_days(self.engine)

    def notes(self, release_id: int) -> tuple[Note, ...]:
        """What the reader said of a release when it was loaded."""
        if release_id not in {each.id for each in self.releases()}:
            return ()
        return releases.notes(self.engine, release_id)

    def view(self, as_of: date | None = None) -> View:
        """What counted at the end of a day, or now."""
        return View(self.engine, as_of, self.access)

    def move(
        self, url: str, progress: Callable[[str], None] = lambda _message: None
    ) -> list[moving.Copied]:
        """Copy everything to an empty database at another address; see `moving.move`."""
        _require(self.access.may_move, "copy the database", self.access)
        target = database.connect(url)
        try:
            return moving.move(self.engine, target, progress)
        finally:
            target.dispose()

    def check(self) -> list[str]:
        """The database against its own rules: every fault found, none when sound."""
        _require(self.access.sees_all_local, "check the database", self.access)
        return checks.faults(self.engine)

    def log(self) -> list[LogEntry]:
        """Everything that was done to releases, oldest first."""
        _require(self.access.sees_all_local, "read the log", self.access)
        return audit.entries(self.engine)

    def four_eyes(self) -> bool:
        """Whether somebody else than the loader must approve a release."""
        return signoff.four_eyes(self.engine)

    def version(self) -> str:
        """What changes with every load, approval, withdrawal and end of an embargo."""
        event = RELEASE_EVENTS.c
        over = func.count(event.id).filter(event.counts_from <= audit.now())
        with self.engine.connect() as connection:
            last, ended = connection.execute(select(func.max(event.id), over)).one()
        return f"{last or 0}.{ended}"


def _require(may: bool, what: str, access: Access) -> None:
    if not may:
        raise StoreError(f"The tier '{access.now}' may not {what}: ask somebody who may.")


def open_store(url: str | None = None) -> Store:
    """The store at an address, else at `VRN_DATABASE_URL`, else in the embedded file.

    Raises
    ------
    StoreError
        If it cannot be reached.
    """
    return Store(database.connect(url or database.default_url()))


def load(path: Path | str, *, store: Store | None = None, **options: Any) -> Loaded:
    """Recognise, read, check and store one file, in the default store unless another is given.

    `options` are those of `Store.load`.
    """
    return (store or open_store()).load(path, **options)
