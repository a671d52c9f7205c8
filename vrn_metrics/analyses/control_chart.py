"""The points of a series with the limits a steady one seldom leaves, and what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vrn_metrics.analyses.figures import Figure
from vrn_metrics.analyses.trend_methods import Method, middle
from vrn_metrics.measures import Break
from vrn_metrics.methods.limits import Limits
from vrn_metrics.methods.signals import Rule, SpecialCause
from vrn_metrics.methods.spc import process_limits, special_causes, u_prime_chart
from vrn_metrics.periods import Period

Line = tuple[float | None, ...]


@dataclass(frozen=True)
class ControlChart:
    """A control chart as it is drawn: one value a point, `None` where there is none.

    Parameters
    ----------
    per
        What a value counts: events, or events per so many people a year.
    causes
        The special cause of each point.
    starts
        The points at which lines begin anew, for a known change in recording.
    reason
        Why there are no limits; empty where there are.
    """

    method: Method
    per: int | None
    values: Line
    centre: Line
    lower: Line
    upper: Line
    causes: tuple[SpecialCause | None, ...]
    starts: tuple[int, ...]
    is_trial: bool
    reason: str

    def latest_cause(self, points: int) -> SpecialCause | None:
        """The newest special cause among the last so many points, one outside the limits first."""
        recent = [each for each in self.causes[-points:] if each is not None]
        outside = [each for each in recent if each.rule in (Rule.ABOVE_LIMIT, Rule.BELOW_LIMIT)]
        found = outside or recent
        return found[-1] if found else None


def control_chart(
    figures: Sequence[Figure], method: Method, per: int, breaks: Sequence[Break]
) -> ControlChart:
    """The chart of these figures, oldest first.

    Lines begin anew where one of `breaks` changed what is counted; a change that took time
    has lines of its own in between. A hidden or missing point is left out: it is never zero
    and never stands out.
    """
    values = np.array([np.nan if (v := middle(f.count)) is None else v for f in figures])
    starts = _starts([each.period for each in figures], breaks)
    people = np.array([figure.person_years or np.nan for figure in figures]) / per
    in_rates = method is Method.U_PRIME and bool(np.isfinite(people).all())
    if in_rates:
        limits = u_prime_chart(values, people, rebase_at=starts)
        values = values / people
    else:
        limits = process_limits(values, rebase_at=starts)
    causes = special_causes(values, limits=limits, improvement="decrease")
    is_usable = np.broadcast_to(limits.usable, values.shape)
    return ControlChart(
        Method.U_PRIME if in_rates else Method.XMR,
        per if in_rates else None,
        _line(values),
        _line(np.where(is_usable, limits.centre, np.nan)),
        _line(np.where(is_usable, np.maximum(limits.lower, 0), np.nan)),
        _line(np.where(is_usable, limits.upper, np.nan)),
        tuple(causes.tolist()),
        starts,
        bool(np.any(limits.trial)),
        _reason(limits) if not is_usable.any() else "",
    )


def _starts(periods: Sequence[Period], breaks: Sequence[Break]) -> tuple[int, ...]:
    dates = {day for each in breaks for day in (each.since, each.until) if day is not None}
    found = {
        next((place for place, period in enumerate(periods) if period.start >= day), len(periods))
        for day in dates
    }
    return tuple(sorted(place for place in found if 0 < place < len(periods)))


def _line(values: np.ndarray) -> Line:
    return tuple(float(each) if np.isfinite(each) else None for each in values)


def _reason(limits: Limits) -> str:
    reasons = {str(each) for each in np.ravel(np.array(limits.reason, dtype=object)) if each}
    return "; ".join(sorted(reasons))
