"""What violence costs, beside what was spent: an interval, never a saving."""

from __future__ import annotations

import math
from dataclasses import dataclass

from vrn_metrics.analyses.scorecard import Entry, Scorecard
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.measures import UnitCost, unit_costs


@dataclass(frozen=True)
class Avoided:
    """Events avoided against the baseline, and what such events cost, each from least to most.

    Below zero there were more events than the baseline's rate would have brought. Costs are in
    pence of the unit cost's price year; `break_even` is how many avoided events would cost what
    was spent.
    """

    entry: Entry
    unit: UnitCost
    least_events: float
    most_events: float
    break_even: int | None

    @property
    def includes_nothing(self) -> bool:
        """Whether the interval holds that nothing was avoided at all."""
        return self.least_events <= 0 <= self.most_events

    @property
    def cost(self) -> tuple[int, int]:
        """Least and most, in pence, rounded outwards to pounds."""
        return _outwards(self.least_events, self.most_events, self.unit.pence)

    @property
    def cashable(self) -> tuple[int, int] | None:
        """The part of police and courts, where it was published."""
        if self.unit.cashable is None:
            return None
        return _outwards(self.least_events, self.most_events, self.unit.cashable)


def cost_of_violence(card: Scorecard, spent: int | None) -> tuple[Avoided, ...]:
    """The measures of a scorecard that have a unit cost and can be compared.

    Parameters
    ----------
    card
        Of the network.
    spent
        Pence, for the break-even; `None` where no ledger counts.

    Notes
    -----
    Events avoided are those that the baseline's rate would have brought now, less those that
    happened, over the interval of the rate ratio: the network's change, whatever made it. It is
    no effect of the network, and not corrected for the nation's change; the impact page is for
    that. The interval holds zero exactly where the verdict is neither lower nor higher.

    References
    ----------
    Heeks M and others. The economic and social costs of crime, second edition. Home Office
    Research Report 99, 2018.
    """
    found = []
    for entry in card.entries:
        unit, ratio = unit_costs().get(entry.measure.key), entry.chosen.ratio
        now = entry.current.count if entry.current else None
        if unit is None or ratio is None or now is None or now.lower is None or now.upper is None:
            continue
        if not ratio.lower or ratio.upper is None or not math.isfinite(ratio.upper):
            continue
        least = min(now.lower / ratio.upper - now.lower, now.upper / ratio.upper - now.upper)
        most = max(now.lower / ratio.lower - now.lower, now.upper / ratio.lower - now.upper)
        if entry.verdict not in (Verdict.LOWER, Verdict.HIGHER):
            least, most = min(least, 0.0), max(most, 0.0)
        even = -(-spent // unit.pence) if spent and spent > 0 else None
        found.append(Avoided(entry, unit, least, most, even))
    return tuple(found)


def _outwards(least: float, most: float, pence: int) -> tuple[int, int]:
    return 100 * math.floor(least * pence / 100), 100 * math.ceil(most * pence / 100)
