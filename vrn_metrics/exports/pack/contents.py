"""Which parts a board pack has, in their order; each asks its own analysis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import Final

from vrn_metrics.analyses.attention import attention
from vrn_metrics.analyses.changes import changes
from vrn_metrics.analyses.cost_of_violence import Avoided, cost_of_violence
from vrn_metrics.analyses.districts import districts, scorecards
from vrn_metrics.analyses.programme import programme
from vrn_metrics.analyses.scorecard import Scorecard, scorecard
from vrn_metrics.analyses.spend import spend
from vrn_metrics.analyses.trend import trend
from vrn_metrics.areas import NETWORK, area
from vrn_metrics.exports.addresses import SITE, view_address
from vrn_metrics.exports.pack import sections
from vrn_metrics.exports.pack.district_sections import (
    districts_section,
    maps_sections,
    without_section,
)
from vrn_metrics.exports.pack.programme_sections import programme_sections, spend_sections
from vrn_metrics.exports.pack.section import Pack, Section
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.measures import CATALOGUE, DUTY
from vrn_metrics.store import Store

Progress = Callable[[str, float], None]
"""Told what is being done, and how much of the whole is done already."""

ANALYSED: Final = 0.3
"""The share of the work that is analysis; the rest is drawing."""


@dataclass(frozen=True)
class Asked:
    """Whose board pack of which day, and where the dashboard is."""

    store: Store
    area: str = NETWORK
    baseline_key: str | None = None
    definition_key: str = DUTY
    as_of: date | None = None
    since: date | None = None
    site: str = SITE

    @cached_property
    def card(self) -> Scorecard:
        """The scorecard, which several parts need."""
        return scorecard(
            self.store,
            area=self.area,
            baseline_key=self.baseline_key,
            definition_key=self.definition_key,
            as_of=self.as_of,
        )

    def address(self, page: str, **keys: str) -> str:
        """Where a view of this pack is seen."""
        return view_address(
            self.site,
            page,
            self.card.as_of,
            **keys,
            area=self.area if self.area != NETWORK and "district" not in keys else None,
            baseline=self.baseline_key,
            definition=self.definition_key if self.definition_key != DUTY else None,
        )

    def of_network(self, page: str) -> str:
        """Where a view of the whole network is seen, which hangs on no choice but the day."""
        return view_address(self.site, page, self.card.as_of)


Part = Callable[[Asked], Iterator[Section]]


def _scorecard(asked: Asked) -> Iterator[Section]:
    yield sections.success_section(asked.card, asked.address("scorecard"))
    yield sections.context_section(asked.card, asked.address("scorecard"))


def _measures(asked: Asked) -> Iterator[Section]:
    for key in CATALOGUE:
        found = trend(
            asked.store,
            key,
            area=asked.area,
            baseline_key=asked.baseline_key,
            definition_key=asked.definition_key,
            as_of=asked.as_of,
        )
        yield sections.measure_section(found, asked.address("trend", measure=key))


def _districts(asked: Asked) -> Iterator[Section]:
    yield from _attention(asked)
    cards = scorecards(
        asked.store,
        baseline_key=asked.baseline_key,
        definition_key=asked.definition_key,
        as_of=asked.as_of,
    )
    found = {
        key: districts(
            asked.store,
            key,
            baseline_key=asked.baseline_key,
            definition_key=asked.definition_key,
            as_of=asked.as_of,
            cards=cards,
        )
        for key in CATALOGUE
    }
    here = asked.area if area(asked.area).kind == "district" else None
    seen_from = partial(asked.address, "districts", **({"district": here} if here else {}))
    there = [each for each in found.values() if each is not None]
    for each in there:
        yield districts_section(each, seen_from(measure=each.measure.key), here)
    shapes = asked.store.view(asked.as_of).shapes("LAD")
    yield from maps_sections(there, shapes, seen_from(), here)
    if without := [CATALOGUE[key] for key, each in found.items() if each is None]:
        yield without_section(without, seen_from())


def _spend(asked: Asked) -> Iterator[Section]:
    found = spend(asked.store, as_of=asked.as_of)
    costs: tuple[Avoided, ...] = ()
    if found is not None:
        costs = cost_of_violence(scorecard(asked.store, as_of=asked.as_of), found.spent)
    yield from spend_sections(found, costs, asked.of_network("spend"))


def _programme(asked: Asked) -> Iterator[Section]:
    found = programme(asked.store, as_of=asked.as_of)
    yield from programme_sections(found, asked.of_network("programme"))


def _attention(asked: Asked) -> Iterator[Section]:
    if asked.area != NETWORK:
        return
    found = attention(asked.store, definition_key=asked.definition_key, as_of=asked.as_of)
    entries = [each.entry for each in found.cells]
    origin = Provenance.of(asked.card.area, found.as_of, entries)
    yield sections.attention_section(found, origin, asked.address("trend"))


def _changes(asked: Asked) -> Iterator[Section]:
    found = changes(
        asked.store,
        area=asked.area,
        since=asked.since,
        as_of=asked.as_of,
        baseline_key=asked.baseline_key,
        definition_key=asked.definition_key,
    )
    yield sections.changes_section(found, asked.address("scorecard"))


def _methods(asked: Asked) -> Iterator[Section]:
    yield sections.methods_section(asked.card, asked.address("about"))


PARTS: Final[tuple[tuple[str, Part], ...]] = (
    ("the scorecard", _scorecard),
    ("each measure over time", _measures),
    ("the districts", _districts),
    ("the spending", _spend),
    ("the programme", _programme),
    ("what changed since last time", _changes),
    ("how it was made", _methods),
)
"""The parts in their order; a new one is one entry."""


def board_pack(asked: Asked, progress: Progress = lambda _message, _share: None) -> Pack:
    """Everything that a board pack says.

    Raises
    ------
    UnknownNameError
        For an area, baseline or definition that does not exist.
    """
    found: list[Section] = []
    for place, (name, part) in enumerate(PARTS):
        progress(f"Working out {name}", ANALYSED * place / len(PARTS))
        found += part(asked)
    origin = Provenance.of(asked.card.area, asked.card.as_of, asked.card.entries)
    origin = origin.with_releases(release for each in found for release in each.releases)
    return Pack(f"Board pack: {origin.area.name}, {origin.day}", origin, tuple(found))


def drawn(progress: Progress, sections_in_all: int) -> Callable[[int, str], None]:
    """How a writer tells that it has come to a section."""
    return partial(_drawn, progress, sections_in_all)


def _drawn(progress: Progress, sections_in_all: int, place: int, title: str) -> None:
    progress(f"Drawing: {title}", ANALYSED + (1 - ANALYSED) * place / max(sections_in_all, 1))
