"""Stores to attack: one that the test fills, with revisions, and the demonstration."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from tests import once
from tests.ageing import rewritten
from tests.agreements import record_agreements
from tests.attacker import outlets
from tests.attacker.collect import Collected, collect
from tests.attacker.extracts import Files
from tests.attacker.knowledge import AREAS, LOCAL
from tests.attacker.outlets import Question
from tests.attacker.solve import Leak, attack
from tests.attacker.truth import Counted, people_of
from vrn_metrics.store import Store, open_store

BEFORE, FIRST, SECOND = date(2026, 1, 15), date(2026, 2, 10), date(2026, 3, 10)
MONTHS, REVISIONS, SEED = 36, 6, 1


@dataclass(frozen=True)
class Stored:
    """A filled store, and the days on which it said different things (`None`: today)."""

    url: str
    days: tuple[date | None, ...]

    @property
    def engine(self) -> Engine:
        """A connection of the attacker's judge, past the store."""
        return create_engine(self.url)

    def collected(self) -> Collected:
        """All that can be got out of it: every view, most in words too, and the pages."""
        questions = [*outlets.every_scorecard(self.days), *outlets.every_trend(self.days)]
        in_words = [
            *(Question("scorecard", area, day=day) for day in self.days for area in AREAS),
            *(Question("trend", area, outlets.ORIGINAL_REMIT) for area in AREAS),
        ]
        on_pages = [
            each for each in in_words if each.day is None and outlets.can_be_opened(each.area)
        ]
        return collect(
            self.url,
            people_of(self.engine),
            questions,
            also_in_words=in_words,
            also_on_pages=on_pages,
        )

    def leaks(self, found: Collected, sources: Sequence[str] = LOCAL) -> list[Leak]:
        """What the attacker works out."""
        return attack(found, {source: Counted(self.engine, source) for source in sources})


def fill(url: str, folder: Path, months: int = MONTHS) -> None:
    """Load each extract, then two again with revisions and a new quarter; withdraw their first.

    Releases are dated by the clock, and `--as-of` knows days only, so the log is dated anew:
    as of `FIRST` the first releases count, as of `SECOND` both, and today the second alone.
    """
    store, files = open_store(url), Files(folder)
    record_agreements(store, folder)
    for path in files.population():
        store.load(path, approve=True)
    date_anew(store, BEFORE)
    store.load(files.offences(months, SEED), approve=True)
    makers = (files.admissions, files.homicides)
    first = [_approved(store, make(months, SEED)) for make in makers]
    date_anew(store, FIRST)
    for make in makers:
        path = make(months + 3, SEED, name=f"{make.__name__}-revised", extra=REVISIONS)
        store.load(path, approve=True)
    date_anew(store, SECOND)
    for release in first:
        store.withdraw(release)
    store.engine.dispose()


def _approved(store: Store, path: Path) -> int:
    """The number under which a file was stored and approved."""
    release = store.load(path, approve=True).release
    assert release is not None
    return release.id


def date_anew(store: Store, day: date) -> None:
    """Say of whatever happened since the last call that it happened on a day."""
    with rewritten(store) as connection:
        connection.execute(
            text("update release_events set at = :day where at > :last"),
            {"day": f"{day} 12:00:00.000000", "last": "2026-06-01 00:00:00.000000"},
        )


@pytest.fixture(scope="session")
def revised(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Stored:
    """A small store with two releases of each extract: built once, a copy for each process."""
    built = run_folder / "attacked.sqlite"

    def build() -> str:
        fill(f"sqlite:///{built}", tmp_path_factory.mktemp("extracts"))
        return "built"

    once.made(run_folder / "attacked.built", build)
    copy = tmp_path_factory.mktemp("attacked") / "attacked.sqlite"
    shutil.copy(built, copy)
    return Stored(f"sqlite:///{copy}", (None, SECOND, FIRST))


@pytest.fixture(scope="session")
def found(revised: Stored) -> Collected:
    """All that can be got out of the small store."""
    return revised.collected()


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Store]:
    """A store with nothing but agreements, under which extracts may count."""
    opened = open_store(f"sqlite:///{tmp_path / 'small.sqlite'}")
    record_agreements(opened, tmp_path)
    yield opened
    opened.engine.dispose()
