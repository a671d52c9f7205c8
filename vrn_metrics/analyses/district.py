"""What about one district? Every measure, its share, its place among others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from vrn_metrics import areas
from vrn_metrics.analyses.districts import Districts, Place, districts, scorecards
from vrn_metrics.analyses.figures import Figure, exact_count, population, publish_seen
from vrn_metrics.analyses.interventions import Register, interventions
from vrn_metrics.analyses.neighbours import AmongNeighbours, among_neighbours
from vrn_metrics.analyses.scorecard import Entry, scorecard
from vrn_metrics.analyses.verdicts import TOO_FEW_ABOVE, detectable_fall
from vrn_metrics.areas import Area
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.measures import CATALOGUE, DUTY, definition
from vrn_metrics.store import Store, View

LENGTHS: Final = (1, 3, 12, 36)
"""Months over which a figure is looked for that can be shown and says something."""


@dataclass(frozen=True)
class Share:
    """How much of the network's events, and of its people, the district has: proportions."""

    events: float
    people: float | None


@dataclass(frozen=True)
class Line:
    """One measure of a district.

    `place` is its place among the nine over the period that all of them have. `shortest` is the
    figure of the shortest stretch that may be shown and is large enough that a fall of four
    fifths from it would be noticed; `None` where no stretch is.
    """

    entry: Entry
    among: Districts | None
    place: Place | None
    share: Share | None
    shortest: Figure | None


@dataclass(frozen=True)
class District:
    """One district as it stood on a day.

    `neighbours` are the measures published for them, `register` the interventions that ran in
    the district, as context.
    """

    area: Area
    as_of: date
    lines: tuple[Line, ...]
    neighbours: tuple[AmongNeighbours, ...]
    register: Register

    @property
    def demonstration_data(self) -> bool:
        """Whether any figure on it is made up."""
        made_up = any(each.entry.is_demonstration for each in self.lines)
        return made_up or any(r.demonstration for each in self.neighbours for r in each.releases)

    def line(self, key: str) -> Line:
        """The line of a measure."""
        return next(each for each in self.lines if each.entry.measure.key == key)


def district(
    store: Store,
    code: str,
    *,
    baseline_key: str | None = None,
    definition_key: str = DUTY,
    as_of: date | None = None,
    among: Mapping[str, Districts | None] | None = None,
) -> District:
    """Every measure of a district with its verdict, its share and its place among others.

    Parameters
    ----------
    code
        Of one of the nine districts.
    baseline_key, definition_key, as_of
        As for `scorecard`.
    among
        `districts` of each measure under the same baseline, definition and day, where
        somebody has them at hand: they are the same for all districts.

    Raises
    ------
    UnknownNameError
        For an area that is no district, or a baseline or definition that does not exist.
    """
    place = areas.area(code)
    if place.kind != "district":
        known = ", ".join(f"{each.code} {each.name}" for each in areas.districts())
        raise UnknownNameError(f"expected a district, found {place.name}; there are {known}.")
    reading = definition(definition_key)
    if among is None:
        cards = scorecards(
            store, baseline_key=baseline_key, definition_key=definition_key, as_of=as_of
        )
        among = {
            key: districts(
                store,
                key,
                baseline_key=baseline_key,
                definition_key=definition_key,
                as_of=as_of,
                cards=cards,
            )
            for key in CATALOGUE
        }
    without = [key for key in CATALOGUE if among[key] is None]
    card = scorecard(
        store,
        area=code,
        baseline_key=baseline_key,
        definition_key=definition_key,
        as_of=as_of,
        measures=without,
    )
    alone = {each.measure.key: each for each in card.entries}
    entries = [
        alone[key] if (held := among[key]) is None else held.place(code).entry for key in CATALOGUE
    ]
    view = store.view(as_of)
    return District(
        area=place,
        as_of=card.as_of,
        lines=tuple(_line(view, each, among[each.measure.key], code) for each in entries),
        neighbours=tuple(among_neighbours(view, CATALOGUE.values(), reading, code)),
        register=interventions(view, code),
    )


def _line(view: View, entry: Entry, among: Districts | None, code: str) -> Line:
    place = among.place(code) if among else None
    return Line(
        entry=entry,
        among=among,
        place=place,
        share=_share(place.figure, among.network) if among and place else None,
        shortest=_shortest(view, entry, code),
    )


def _share(own: Figure, network: Figure) -> Share | None:
    """Of what is shown exactly only; nothing where nothing happened."""
    part, all_events = exact_count(own.count), exact_count(network.count)
    if not all_events > 0 or part != part:  # a count that is not exact is no number
        return None
    lived = own.person_years, network.person_years
    return Share(part / all_events, lived[0] / lived[1] if lived[0] and lived[1] else None)


def _shortest(view: View, entry: Entry, code: str) -> Figure | None:
    if entry.numerator is None or entry.current is None:
        return None
    timeline = view.timeline(entry.numerator, code)
    people = population(view, code, entry.measure.denominator)
    for months in LENGTHS:
        period = timeline.latest(months)
        if period is None or period.end < entry.current.period.start:
            continue  # a baseline of this length is no figure of today
        shown = publish_seen([period], [timeline.over(period)], timeline.profile)
        figure = Figure.of(shown, people, entry.measure.per)[0]
        fall = detectable_fall(figure.count, 1.0) if figure.count.is_exact else None
        if fall is not None and fall <= TOO_FEW_ABOVE:
            return figure
    return None
