"""Did the rest of the country change as well? The nation less the network, same periods."""

from __future__ import annotations

from dataclasses import dataclass

from vrn_metrics.analyses.figures import Figure, Population, exposures
from vrn_metrics.analyses.verdicts import Verdict, judge
from vrn_metrics.areas import ENGLAND_AND_WALES, NETWORK
from vrn_metrics.measures import Numerator
from vrn_metrics.methods.comparison import RateRatio, rate_ratio, ratio_of_ratios
from vrn_metrics.periods import Period
from vrn_metrics.store import View

AREA = "England and Wales without Leicester, Leicestershire and Rutland"


@dataclass(frozen=True)
class Comparator:
    """The same change in England and Wales without the network, and ours relative to it."""

    area: str
    ratio: RateRatio
    relative: RateRatio
    verdict: Verdict


def beside_the_nation(
    view: View,
    numerator: Numerator,
    current: Figure,
    past: Figure,
    nation: Population,
    network: Population,
    detectable_fall: float | None,
) -> Comparator | None:
    """The nation's change and ours relative to it; `None` where it is not published in full.

    Parameters
    ----------
    numerator
        The quantity as published for England and Wales and for the network alike; the
        network's own events and people are taken out of the nation's.
    current, past
        The two figures that are compared here.
    nation, network
        Populations of all ages.
    detectable_fall
        What could have been seen here, for the verdict.

    Notes
    -----
    Without a national population the nation's change is one of counts, and so is ours in
    the ratio of the two.
    """
    national, own = (view.timeline(numerator, code) for code in (ENGLAND_AND_WALES, NETWORK))
    now, then = (
        national.over(figure.period).count - own.over(figure.period).count
        for figure in (current, past)
    )
    if not (now.is_exact and then.is_exact):
        return None
    there = [_others(nation, network, figure.period) for figure in (current, past)]
    if there[0] and there[1]:
        here, elsewhere = exposures(current, past), (there[0], there[1])
    else:
        months = float(current.period.months), float(past.period.months)
        here = elsewhere = months
    relative = ratio_of_ratios(
        current.count, here[0], past.count, here[1], now, elsewhere[0], then, elsewhere[1]
    )
    return Comparator(
        area=AREA,
        ratio=rate_ratio(now, elsewhere[0], then, elsewhere[1]),
        relative=relative,
        verdict=judge(relative, detectable_fall),
    )


def _others(nation: Population, network: Population, period: Period) -> float | None:
    everyone, ours = nation.person_years(period), network.person_years(period)
    return everyone - ours if everyone and ours else None
