"""The years before the start against the latest, here and in the rest of the country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from vrn_metrics.analyses.comparator import Comparator, beside_the_nation
from vrn_metrics.analyses.figures import Figure, Population, population, publish_seen
from vrn_metrics.analyses.impact_effects import Effect, ImpactMethod
from vrn_metrics.analyses.verdicts import detectable_fall
from vrn_metrics.areas import ENGLAND_AND_WALES, NETWORK
from vrn_metrics.measures import Measure, Numerator
from vrn_metrics.methods.comparison import RateRatio, rate_ratio
from vrn_metrics.observations import ALL
from vrn_metrics.periods import Period, shift
from vrn_metrics.store import Seen, View


@dataclass(frozen=True)
class TwoPeriods:
    """The network then and now, its own ratio, and beside the rest of England and Wales.

    `elsewhere` are the figures then and now of England and Wales without the network;
    `detectable` is the smallest fall that the network's own counts would show four times in five.
    """

    past: Figure
    current: Figure
    own: RateRatio
    beside: Comparator | None
    elsewhere: tuple[Figure, ...]
    release_ids: frozenset[int]
    detectable: float | None

    @property
    def has_people(self) -> bool:
        """Whether rates are per person and not per month: all populations are known."""
        every = (self.past, self.current, *self.elsewhere)
        return all(each.person_years for each in every)


def by_ratio(
    view: View, measure: Measure, numerator: Numerator, *, start: date, months: int
) -> tuple[TwoPeriods | None, Effect]:
    """The network's change beside the nation's: the second is what counts.

    Parameters
    ----------
    months
        Of either period: the last ones before the start, and the latest.
    """
    timeline = view.timeline(numerator, NETWORK)
    latest = timeline.latest(months)
    past = Period.last_months(shift(start, -1), months)
    if latest is None or latest.start < start:
        return None, _nothing(f"No {months} months since the start are in the store.")
    people = {code: population(view, code, ALL) for code in (NETWORK, ENGLAND_AND_WALES)}
    seen = [timeline.over(each) for each in (past, latest)]
    shown = publish_seen([past, latest], seen, timeline.profile)
    then, now = Figure.of(shown, people[NETWORK], measure.per)
    if not (then.count.is_known and now.count.is_known):
        return None, _nothing(f"No {months} months before the start are in the store.")
    exposure = [each.person_years or float(each.period.months) for each in (now, then)]
    fall = detectable_fall(then.count, exposure[0] / exposure[1])
    own = rate_ratio(now.count, exposure[0], then.count, exposure[1])
    beside: Comparator | None = None
    elsewhere: tuple[Figure, ...] = ()
    if measure.comparator is not None:
        beside = beside_the_nation(
            view,
            measure.comparator,
            now,
            then,
            people[ENGLAND_AND_WALES],
            people[NETWORK],
            fall,
        )
        if beside is not None:
            elsewhere = _elsewhere(view, measure.comparator, people, (past, latest))
    best = beside.relative if beside else own
    ids = frozenset(number for each in seen for number in each.release_ids)
    effect = Effect(
        ImpactMethod.RATIO,
        "ratio",
        value=best.value,
        lower=best.lower,
        upper=best.upper,
        interval=best.method,
        p_value=best.p_value,
        notes=() if beside else ("England and Wales are not in the store to compare with",),
        reason=best.reason if best.lower is None else None,
    )
    return TwoPeriods(then, now, own, beside, elsewhere, ids, fall), effect


def _nothing(reason: str) -> Effect:
    return Effect(ImpactMethod.RATIO, "ratio", reason=reason)


def _elsewhere(
    view: View,
    numerator: Numerator,
    people: Mapping[str, Population],
    periods: Sequence[Period],
) -> tuple[Figure, ...]:
    """England and Wales without the network, as `beside_the_nation` takes it."""
    national, own = (view.timeline(numerator, code) for code in (ENGLAND_AND_WALES, NETWORK))
    seen = [Seen(national.over(each).count - own.over(each).count) for each in periods]
    shown = publish_seen(periods, seen, national.profile)
    figures = []
    for place, period in enumerate(periods):
        everyone, ours = (
            people[code].person_years(period) for code in (ENGLAND_AND_WALES, NETWORK)
        )
        lived = everyone - ours if everyone and ours else None
        figures.append(Figure(shown.part(place, place + 1), lived, None))
    return tuple(figures)
