"""A district beside the places that are most like it, as far as their figures are published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vrn_metrics.analyses.districts import funnel_of, positions
from vrn_metrics.analyses.figures import Figure, Population, populations, publish_seen
from vrn_metrics.measures import Definition, Measure, Numerator
from vrn_metrics.methods.funnel import Position
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import Release, Timeline, View

SOURCE: Final = "ons-table-c2"
"""The one published table that has every Community Safety Partnership under its district's code."""


@dataclass(frozen=True)
class Neighbour:
    """Another district with its figure of the same table and period."""

    code: str
    name: str
    figure: Figure


@dataclass(frozen=True)
class AmongNeighbours:
    """One measure of a district among its statistical nearest neighbours.

    `own` is the district's figure in the same published table, which may differ from that of
    an extract; it is in no average and counts in no variation. `without` are neighbours that
    the table or the population estimates do not have.
    """

    measure: Measure
    source: Source
    period: Period
    own: Figure
    others: tuple[Neighbour, ...]
    without: tuple[str, ...]
    position: Position
    releases: tuple[Release, ...]

    @property
    def higher(self) -> int:
        """How many neighbours have a higher rate."""
        mine = _rate(self.own)
        return sum(_rate(each.figure) > mine for each in self.others)


def among_neighbours(
    view: View, measures: Iterable[Measure], reading: Definition, area_code: str
) -> list[AmongNeighbours]:
    """The measures of a district among its neighbours, as far as a published table has them.

    Notes
    -----
    The neighbours are ONS's twenty, alike in many statistics together and not chosen for
    violence; they are not the Home Office's most similar groups. Knife-enabled offences and
    admissions are published for no partnership. A partnership of several districts cannot be
    compared with one and is left out.
    """
    near = view.neighbours(area_code)
    if not near:
        return []
    codes, names = [area_code, *near], view.names(near)
    published = [(each, _published(each, reading)) for each in measures]
    asked = [(measure, numerator) for measure, numerator in published if numerator is not None]
    people = {
        band: populations(view, codes, band)
        for band in dict.fromkeys(each.denominator for each, _ in asked)
    }
    found = []
    for measure, numerator in asked:
        timelines = view.timelines(numerator, codes)
        period = timelines[area_code].latest(12)
        if period is not None:
            found.append(
                _among(view, measure, period, codes, timelines, people[measure.denominator], names)
            )
    return found


def _among(
    view: View,
    measure: Measure,
    period: Period,
    codes: Sequence[str],
    timelines: Mapping[str, Timeline],
    people: Mapping[str, Population],
    names: Mapping[str, str],
) -> AmongNeighbours:
    source = all_readers()[SOURCE].source
    area_code, *near = codes
    seen = [timelines[code].over(period) for code in codes]
    shown = publish_seen([period] * len(codes), seen, source.profile)
    own, *others = (
        Figure.of(shown.part(place, place + 1), people[code], measure.per)[0]
        for place, code in enumerate(codes)
    )
    told = [
        Neighbour(code, names.get(code, code), figure)
        for code, figure in zip(near, others, strict=True)
    ]
    compared = [each for each in told if each.figure.rate is not None]
    funnel = funnel_of([each.figure for each in compared], measure.per)
    used = frozenset().union(*(each.release_ids for each in seen), people[area_code].release_ids)
    return AmongNeighbours(
        measure=measure,
        source=source,
        period=period,
        own=own,
        others=tuple(compared),
        without=tuple(each.name for each in told if each.figure.rate is None),
        position=positions([own], funnel, between=True)[0],
        releases=tuple(view.releases[number] for number in sorted(used)),
    )


def _published(measure: Measure, reading: Definition) -> Numerator | None:
    found: Sequence[Numerator] = measure.under(reading)
    return next((each for each in found if each.source == SOURCE), None)


def _rate(figure: Figure) -> float:
    return figure.rate.value if figure.rate and figure.rate.value is not None else 0.0
