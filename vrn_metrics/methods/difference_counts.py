"""How did the rate of events change among treated units, as a ratio to the others' change?"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods._few_clusters import assignments
from vrn_metrics.methods.difference import read_groups
from vrn_metrics.methods.placebo import at_least

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

STEPS: Final = 60
SETTLED: Final = 1e-13


class _Collapsed(NamedTuple):
    """Events and exposure of each unit before the start, and since."""

    events: Floats  # units by two
    exposure: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class RatioOfRatios:
    """The treated units' rate ratio over the others', since the start against before.

    Parameters
    ----------
    value
        1 where both changed alike; `None`, with `reason`, where a side had no events before
        or since.
    log_error, clustered_log_error
        Standard errors of its logarithm: Poisson's, and the sandwich clustered by unit (CR0).
        The former is too small where counts vary beyond Poisson, the latter where fewer than
        about five units are treated.
    p_value, smallest_p_value
        By permutation over units, as in `difference.fit`.
    """

    value: float | None
    log_error: float | None
    clustered_log_error: float | None
    p_value: float | None
    smallest_p_value: float
    reason: str | None = None


def fit(
    counts: ArrayLike,
    exposure: ArrayLike,
    *,
    treated: Hashable | Iterable[Hashable],
    pre_periods: SupportsIndex,
) -> RatioOfRatios:
    """Difference-in-differences of counts on the scale of ratios: Poisson with unit effects.

    Parameters
    ----------
    counts
        One row a period, one column a unit; whole numbers.
    exposure
        People behind each count, in the same shape.
    treated, pre_periods
        As in `difference.fit`.

    Raises
    ------
    VrnMetricsError
        As `difference.fit`; and if a count is negative or an exposure not above zero.

    Notes
    -----
    Each unit's events are split between before and since with a chance that depends on its
    exposures and on one rate ratio a side (conditional Poisson). Where each unit's exposure is
    the same in all periods, that is the coefficient of a Poisson regression with unit and
    period dummies, and its closed form a ratio of sums.

    Examples
    --------
    >>> counts, people = [[30, 50, 50], [15, 50, 50]], [[1e5] * 3] * 2
    >>> round(fit(counts, people, treated=0, pre_periods=1).value, 3)
    0.5
    """
    events, mask, before = read_groups(counts, treated, pre_periods)
    people, _, _ = read_groups(exposure, treated, pre_periods)
    if people.shape != events.shape or (events < 0).any() or not (people > 0).all():
        raise VrnMetricsError(
            "expected counts of 0 or above and exposures above 0 in the same shape, found"
            f" shapes {events.shape[::-1]} and {people.shape[::-1]}, least count"
            f" {events.min():g}, least exposure {people.min():g}"
        )
    collapsed = _Collapsed(_two(events, before), _two(people, before))
    others, _ = assignments(len(events), mask)
    smallest = 1 / (1 + len(others))
    sides = _log_ratios(collapsed, np.stack([mask, ~mask]))
    if not np.isfinite(sides).all():
        return RatioOfRatios(
            value=None,
            log_error=None,
            clustered_log_error=None,
            p_value=None,
            smallest_p_value=smallest,
            reason="one side had no events before the start or none since",
        )
    own = float(sides[0] - sides[1])
    theirs = np.abs(_log_ratios(collapsed, others) - _log_ratios(collapsed, ~others))
    theirs = np.where(np.isfinite(theirs), theirs, np.inf)
    variance, clustered = 0.0, 0.0
    for side, ratio in zip((mask, ~mask), sides, strict=True):
        share = _share(collapsed, np.array([ratio]))[0, side]
        total = collapsed.events[side].sum(axis=1)
        information = float((total * share * (1 - share)).sum())
        variance += 1 / information
        clustered += float(((collapsed.events[side, 1] - total * share) ** 2).sum()) / (
            information**2
        )
    return RatioOfRatios(
        value=float(np.exp(own)),
        log_error=float(np.sqrt(variance)),
        clustered_log_error=float(np.sqrt(clustered)),
        p_value=(1 + at_least(abs(own), theirs)) / (1 + len(theirs)),
        smallest_p_value=smallest,
    )


def _two(values: Floats, before: int) -> Floats:
    return np.stack([values[:, :before].sum(axis=1), values[:, before:].sum(axis=1)], axis=1)


def _share(collapsed: _Collapsed, log_ratios: Floats) -> Floats:
    """The share of each unit's events that is to be expected since the start; rows by units."""
    later = collapsed.exposure[:, 1] * np.exp(log_ratios)[:, None]
    return np.asarray(later / (later + collapsed.exposure[:, 0]))


def _log_ratios(collapsed: _Collapsed, groups: Mask) -> Floats:
    """The logarithm of each group's common rate ratio, by Newton's method; one a row."""
    total = collapsed.events.sum(axis=1)
    sums = np.stack([groups @ collapsed.events[:, period] for period in (0, 1)])
    people = np.stack([groups @ collapsed.exposure[:, period] for period in (0, 1)])
    known = (sums > 0).all(axis=0)
    safe = np.where(known, sums, 1.0)
    found = np.log(safe[1] / safe[0]) - np.log(people[1] / people[0])
    for _ in range(STEPS):
        share = _share(collapsed, found)
        score = sums[1] - (groups * share) @ total
        information = (groups * share * (1 - share)) @ total
        step = np.where(known, score / np.where(known, information, 1.0), 0.0)
        found = found + np.clip(step, -1, 1)
        if np.abs(step).max() < SETTLED:
            break
    return np.where(known, found, np.nan)
