"""Which districts are worse than the rest and getting worse, for all that many are looked at?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from vrn_metrics import areas
from vrn_metrics.analyses.figures import exposures
from vrn_metrics.analyses.scorecard import Entry, scorecard
from vrn_metrics.areas import Area
from vrn_metrics.measures import CATALOGUE, DUTY
from vrn_metrics.methods.comparison import RateRatio, rate_ratio
from vrn_metrics.store import Store

FALSE_DISCOVERY_RATE: Final = 0.05
CONFIDENCE: Final = 0.998  # the limits that lead where many cells are looked at


@dataclass(frozen=True)
class Cell:
    """One measure of one district: against the rest of the network, and against its baseline.

    `p_value` is the larger of the two one-sided ones: both must hold. `needs_attention` says
    that it is on the list at a false-discovery rate of 5%.
    """

    district: Area
    entry: Entry
    beside_the_rest: RateRatio | None
    p_value: float | None
    needs_attention: bool = False


@dataclass(frozen=True)
class Attention:
    """Every district by every success measure, and those that need attention first."""

    as_of: date
    cells: tuple[Cell, ...]

    @property
    def judged(self) -> int:
        """How many cells could be judged at all."""
        return sum(each.p_value is not None for each in self.cells)

    @property
    def expected_by_chance(self) -> tuple[float, float]:
        """How many of them chance alone would mark outside 95% and outside 99.8% limits."""
        return self.judged * 0.05, self.judged * (1 - CONFIDENCE)

    @property
    def listed(self) -> tuple[Cell, ...]:
        """The cells that need attention, the surest first."""
        found = [each for each in self.cells if each.needs_attention]
        return tuple(sorted(found, key=lambda each: each.p_value or 0.0))


def attention(store: Store, *, definition_key: str = DUTY, as_of: date | None = None) -> Attention:
    """Where a measure is worse than in the rest of the network and worse than its baseline.

    Notes
    -----
    Benjamini and Hochberg's procedure over the cells that can be judged. A district's counts
    are part of the network's, so that a cell is held against the network without it. Cells
    with a hidden count cannot be judged, and are in no list: absence is no acquittal.

    References
    ----------
    Benjamini Y, Hochberg Y. Journal of the Royal Statistical Society B 1995; 57: 289-300.
    """
    success = [key for key, each in CATALOGUE.items() if each.success]
    whole = scorecard(store, definition_key=definition_key, as_of=as_of, measures=success)
    cells = []
    for district in areas.districts():
        card = scorecard(
            store, area=district.code, definition_key=definition_key, as_of=as_of, measures=success
        )
        cells += [
            _cell(district, own, network)
            for own, network in zip(card.entries, whole.entries, strict=True)
        ]
    return Attention(whole.as_of, _listed(cells))


def _cell(district: Area, own: Entry, network: Entry) -> Cell:
    beside = _beside_the_rest(own, network)
    change = own.chosen.ratio
    chances = [_one_sided(beside), _one_sided(change)]
    known = [each for each in chances if each is not None]
    p_value = max(known) if len(known) == len(chances) else None
    return Cell(district, own, beside, p_value)


def _beside_the_rest(own: Entry, network: Entry) -> RateRatio | None:
    here, there = own.current, network.current
    if here is None or there is None or here.period != there.period:
        return None
    if own.numerator != network.numerator:
        return None
    rest = there.count - here.count
    people, all_people = exposures(here, there)
    if not rest.is_exact or rest.lower is None or rest.lower < 0 or all_people <= people:
        return None
    return rate_ratio(here.count, people, rest, all_people - people, confidence=CONFIDENCE)


def _one_sided(ratio: RateRatio | None) -> float | None:
    """The chance of a rate at least so much higher, were there no difference."""
    if ratio is None or ratio.value is None or ratio.p_value is None:
        return None
    return ratio.p_value / 2 if ratio.value > 1 else 1 - ratio.p_value / 2


def _listed(cells: Sequence[Cell]) -> tuple[Cell, ...]:
    judged = [place for place, each in enumerate(cells) if each.p_value is not None]
    chances = np.array([cells[place].p_value for place in judged], dtype=float)
    order = np.argsort(chances, kind="stable")
    steps = FALSE_DISCOVERY_RATE * np.arange(1, len(chances) + 1) / max(len(chances), 1)
    passed = np.flatnonzero(chances[order] <= steps)
    listed = {judged[k] for k in order[: passed[-1] + 1]} if passed.size else set()
    return tuple(
        Cell(each.district, each.entry, each.beside_the_rest, each.p_value, place in listed)
        for place, each in enumerate(cells)
    )
