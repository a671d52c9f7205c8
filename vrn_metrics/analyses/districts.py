"""One measure in every district over the same period, and which stand out from the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from vrn_metrics import areas
from vrn_metrics.analyses.figures import Figure, exact_count, populations, publish_seen
from vrn_metrics.analyses.interventions import Register, interventions
from vrn_metrics.analyses.nation import England, in_england
from vrn_metrics.analyses.scorecard import Entry, Scorecard, scorecard
from vrn_metrics.areas import NETWORK, Area
from vrn_metrics.measures import DUTY, Definition, Measure, Numerator, definition, measure
from vrn_metrics.methods.funnel import (
    ALARM,
    WARNING,
    Position,
    rate_positions,
    variation_between,
    wide_funnel,
)
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import Release, Store, Timeline, View

Floats = NDArray[np.float64]

CURVE: Final = 60  # points of a drawn limit
FEWEST_RELIABLE: Final = 10  # events, for a rate that OHID would not flag
FEWEST_JUDGED: Final = 5  # districts without which there is no average to be held against


class State(StrEnum):
    """What is known of a district's rate; a map shows each by a pattern or a word of its own."""

    SHOWN = "shown"
    UNRELIABLE = "unreliable"
    ZERO = "zero"
    HIDDEN = "hidden"
    MISSING = "missing"


@dataclass(frozen=True)
class Place:
    """A district's figure and where it lies among the others.

    `position` allows for chance and for the variation there is between districts anyhow,
    `by_chance` for chance alone. `entry` is its card on its own scorecard.
    """

    area: Area
    entry: Entry
    figure: Figure
    position: Position
    by_chance: Position

    @property
    def state(self) -> State:
        """What is known of its rate; *unreliable* below ten events, as OHID has it."""
        count = self.figure.count
        if count.is_hidden:
            return State.HIDDEN
        if count.lower is None or self.figure.rate is None:
            return State.MISSING
        if count.upper == 0:
            return State.ZERO
        return State.UNRELIABLE if count.lower < FEWEST_RELIABLE else State.SHOWN


@dataclass(frozen=True)
class Limits:
    """One pair of limits of a funnel, drawn over person-years."""

    confidence: float
    person_years: tuple[float, ...]
    lower: tuple[float, ...]
    upper: tuple[float, ...]


@dataclass(frozen=True)
class Funnel:
    """What areas are held against: a rate, and limits for chance and for variation beyond it.

    `centre` is the rate per person-year down the middle, `between` the variance of the square
    root of the areas' relative rates beyond chance.
    """

    centre: float
    between: float
    limits: tuple[Limits, ...]


@dataclass(frozen=True)
class Districts:
    """One measure in all districts; `funnel` is `None` where too few of them are shown.

    `register` are the network's interventions, as context.
    """

    as_of: date
    measure: Measure
    definition: Definition | None
    numerator: Numerator
    source: Source
    period: Period
    places: tuple[Place, ...]
    network: Figure
    england: England | None
    funnel: Funnel | None
    releases: tuple[Release, ...]
    register: Register = field(default_factory=Register)

    def running(self, code: str) -> int:
        """How many interventions run in a district on the day."""
        return sum(
            each.is_in(code)
            and each.start <= self.as_of
            and (each.end is None or each.end >= self.as_of)
            for each in self.register.interventions
        )

    @property
    def is_demonstration(self) -> bool:
        """Whether any figure in it is made up."""
        return any(each.demonstration for each in self.releases)

    def place(self, code: str) -> Place:
        """The district with this code."""
        return next(each for each in self.places if each.area.code == code)


def districts(
    store: Store,
    key: str,
    *,
    baseline_key: str | None = None,
    definition_key: str = DUTY,
    as_of: date | None = None,
    cards: Mapping[str, Scorecard] | None = None,
) -> Districts | None:
    """One measure in every district over the latest period that all of them have.

    Parameters
    ----------
    key
        Of the catalogue.
    baseline_key, definition_key, as_of
        As for `scorecard`.
    cards
        The scorecards of all districts under the same baseline, definition and day
        (`scorecards`), where somebody has them at hand.

    Returns
    -------
    Districts or None
        `None` where no release that counts has the measure by district.

    Raises
    ------
    UnknownNameError
        For a measure or definition that does not exist.

    Notes
    -----
    Districts are held against the network's rate, *Unassigned* crimes included, or where that
    is hidden against the average of the districts that are shown. A hidden district has no
    place in the funnel.
    """
    asked, reading = measure(key), definition(definition_key)
    view = store.view(as_of)
    codes = [each.code for each in areas.districts()]
    for numerator in asked.under(reading):
        timelines = view.timelines(numerator, [*codes, NETWORK])
        period = _shared_period([timelines[code] for code in codes], asked.window_months)
        if period is not None:
            if cards is None:
                cards = scorecards(
                    store,
                    baseline_key=baseline_key,
                    definition_key=definition_key,
                    as_of=as_of,
                    measures=[key],
                )
            entries = [cards[code].entry(key) for code in codes]
            return _districts(view, asked, reading, numerator, period, timelines, entries)
    return None


def scorecards(store: Store, **options: Any) -> dict[str, Scorecard]:
    """The scorecard of every district by its code; `options` are those of `scorecard`."""
    return {each.code: scorecard(store, area=each.code, **options) for each in areas.districts()}


def funnel_of(figures: Sequence[Figure], per: int, centre: float | None = None) -> Funnel | None:
    """The funnel of some areas, `None` where fewer than five are shown or nothing happened.

    Parameters
    ----------
    figures
        One an area, over equal periods.
    per
        What rates are given per.
    centre
        Events per person-year; the average of the figures that are shown when not given.
    """
    counts = np.array([exact_count(each.count) for each in figures])
    lived = np.array([each.person_years or np.nan for each in figures])
    judged = ~np.isnan(counts) & ~np.isnan(lived)
    if judged.sum() < FEWEST_JUDGED:
        return None
    middle = centre or float(counts[judged].sum() / lived[judged].sum())
    if middle <= 0:
        return None
    between = variation_between(counts, lived, centre=middle)
    return Funnel(middle, between, _limits(lived[judged], middle, between, per))


def positions(figures: Sequence[Figure], funnel: Funnel | None, *, between: bool) -> list[Position]:
    """Where areas lie in a funnel, with the variation between areas or by chance alone."""
    if funnel is None:
        return [Position.NOT_JUDGED] * len(figures)
    counts = np.array([exact_count(each.count) for each in figures])
    lived = np.array([each.person_years or np.nan for each in figures])
    wide = funnel.between if between else 0.0
    return list(rate_positions(counts, lived, centre=funnel.centre, between=wide))


def _limits(lived: Floats, centre: float, between: float, per: int) -> tuple[Limits, ...]:
    sizes = np.geomspace(lived.min() * 0.9, lived.max() * 1.05, CURVE)
    made = []
    for confidence in (WARNING, ALARM):
        curve = wide_funnel(sizes, centre, between, per=per, confidence=confidence)
        made.append(
            Limits(
                confidence,
                tuple(curve.exposure.tolist()),
                tuple(curve.lower.tolist()),
                tuple(curve.upper.tolist()),
            )
        )
    return tuple(made)


def _shared_period(timelines: Sequence[Timeline], months: int) -> Period | None:
    """The latest stretch that every district has, seen or hidden."""
    shared = set.intersection(*(set(each.windows(months)) for each in timelines))
    return max(shared, key=lambda each: each.end, default=None)


def _districts(
    view: View,
    asked: Measure,
    reading: Definition,
    numerator: Numerator,
    period: Period,
    timelines: dict[str, Timeline],
    entries: Sequence[Entry],
) -> Districts:
    source = all_readers()[numerator.source].source
    people = populations(view, list(timelines), asked.denominator)
    seen = {code: each.over(period) for code, each in timelines.items()}
    shown = publish_seen([period] * len(seen), list(seen.values()), source.profile)
    figures = {
        code: Figure.of(shown.part(place, place + 1), people[code], asked.per)[0]
        for place, code in enumerate(seen)
    }
    network = figures.pop(NETWORK)
    events, lived = exact_count(network.count), network.person_years
    shown_figures = list(figures.values())
    funnel = funnel_of(shown_figures, asked.per, events / lived if lived and events > 0 else None)
    among = positions(shown_figures, funnel, between=True)
    by_chance = positions(shown_figures, funnel, between=False)
    used = people[NETWORK].release_ids.union(*(each.release_ids for each in seen.values()))
    return Districts(
        as_of=view.as_of or date.today(),
        measure=asked,
        definition=reading if asked.serious_violence else None,
        numerator=numerator,
        source=source,
        period=period,
        places=tuple(
            Place(areas.area(code), entry, figures[code], *where)
            for code, entry, *where in zip(figures, entries, among, by_chance, strict=True)
        ),
        network=network,
        england=in_england(view, asked, reading, period),
        funnel=funnel,
        releases=tuple(view.releases[number] for number in sorted(used)),
        register=interventions(view),
    )
