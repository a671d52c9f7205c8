"""The figure for England that comes nearest to a measure, and ours counted the same way."""

from __future__ import annotations

from dataclasses import dataclass

from vrn_metrics import areas
from vrn_metrics.analyses.figures import Figure, population, publish_seen
from vrn_metrics.areas import ENGLAND, NETWORK
from vrn_metrics.measures import Definition, Measure, Numerator
from vrn_metrics.observations import ALL
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import Timeline, View, whole

PUBLISHED = "published"


@dataclass(frozen=True)
class England:
    """A published figure for England, and the network's from the same table.

    `period` may be an earlier one than ours: the latest that is published up to then.
    """

    source: Source
    period: Period
    figure: Figure
    network: Figure | None


def in_england(view: View, measure: Measure, reading: Definition, period: Period) -> England | None:
    """England's figure for a measure, `None` where no published table that counts has it.

    Notes
    -----
    Published tables know no setting and no age of victims, so that only measures of all ages
    have one. Where a table has no row for England its 39 police forces are added up; the
    British Transport Police, who have no area, are in neither.
    """
    for numerator in measure.under(reading):
        if numerator.definition != PUBLISHED or numerator.age_bands != (ALL,):
            continue
        timeline = _england(view, numerator)
        latest = [
            each for each in timeline.windows(measure.window_months) if each.end <= period.end
        ]
        if not latest:
            continue
        of = period if period in latest else latest[-1]
        profile = timeline.profile
        figure, network = (
            Figure.of(
                publish_seen([of], [each.over(of)], profile),
                population(view, code, measure.denominator),
                measure.per,
            )[0]
            for code, each in ((ENGLAND, timeline), (NETWORK, view.timeline(numerator, NETWORK)))
        )
        if figure.rate is not None:
            source = all_readers()[numerator.source].source
            return England(source, of, figure, network if network.count.is_known else None)
    return None


def _england(view: View, numerator: Numerator) -> Timeline:
    """England's own row, else the sum of its forces where a table has all of them."""
    own = view.timeline(numerator, ENGLAND)
    if not own.is_empty:
        return own
    forces = [each.code for each in areas.forces() if each.code.startswith("E")]
    return whole(view.timelines(numerator, forces), forces)
