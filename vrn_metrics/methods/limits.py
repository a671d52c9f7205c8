"""The lines that a steady series stays between, and when there is none to draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.methods.estimates import as_numbers

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Texts = NDArray[np.str_]

FEWEST_POINTS: Final = 12  # NHS Making Data Count: limits from fewer are trial limits
RANGE_TO_SIGMA: Final = 1.128  # the mean range of two normal values is so many sigmas
RANGE_LIMIT: Final = 3.267  # Nelson 1982: a larger multiple of the mean moving range is an outlier

NO_RANGE: Final = "no two neighbouring points are known"
SCREENED_AWAY: Final = "screening drops half or more of the differences between points"
NO_VARIATION: Final = "the points do not differ"


@dataclass(frozen=True)
class Limits:
    """The centre line of a series and the limits round it.

    For one series each field is a plain number. For several it is an array with a last axis
    of length 1, and where the lines differ from point to point, of the length of the series.
    Either way it broadcasts against the values.

    Parameters
    ----------
    centre, lower, upper
        The centre line and the process limits, three sigmas away. A lower limit may be below
        zero on a chart of single values, where nothing says that they are counts.
    near_lower, near_upper
        Where the outer third begins, two sigmas away.
    trial
        Whether fewer than 12 known points lie behind the lines, which will still move.
    usable
        Whether a point may be judged by them. Lines that are not usable are still what the
        formula gives, NaN included, and are not to be drawn.
    reason
        Why they are not usable; `None` where they are.
    starts
        The first point of each stretch that has lines of its own. No rule looks across.
    """

    centre: Floats
    lower: Floats
    upper: Floats
    near_lower: Floats
    near_upper: Floats
    trial: Flags
    usable: Flags
    reason: Any
    starts: tuple[int, ...] = (0,)


class Stretch(NamedTuple):
    """Points that share their lines, and those among them that the lines come from."""

    points: slice
    basis: slice


class Spread(NamedTuple):
    """What one stretch gives; the last axis is 1 or the length of the stretch."""

    centre: Floats
    middle: Floats  # of the limits: the centre line, save on a chart that draws the median
    width: Floats  # from the middle to either limit
    known: NDArray[np.int64]  # points behind it
    reason: Texts  # empty where it can be used


def as_series(values: ArrayLike, name: str) -> Floats:
    """Numbers along the last axis, NaN where missing.

    Raises
    ------
    ValueError
        If there is no axis, no point, an infinite one, or one that is no number.
    """
    numbers = as_numbers(values, name)
    if numbers.ndim == 0 or numbers.shape[-1] == 0:
        raise ValueError(f"{name} are a series along the last axis, with a point or more")
    if np.isinf(numbers).any():
        raise ValueError(f"{name} are finite, or NaN where missing, but an infinite one was given")
    return numbers


def lines(
    points: int,
    spread_of: Callable[[Stretch], Spread],
    *,
    baseline: slice | None,
    rebase_at: Sequence[int],
) -> Limits:
    """The limits of a series of so many points, a stretch at a time.

    Parameters
    ----------
    points
        The length of the series.
    spread_of
        Finds centre and width of a stretch.
    baseline
        The points that the lines of their stretch come from; they are then frozen for the
        rest of it. Any other stretch has its own.
    rebase_at
        Where new lines begin, for changes that are known from elsewhere.

    Raises
    ------
    ValueError
        If the baseline has fewer than 12 points, crosses a rebase or leaves points out, or
        a rebase is not a position in the series or not after the one before.
    """
    stretches = _stretches(points, baseline, rebase_at)
    spreads = [spread_of(stretch) for stretch in stretches]
    if len(stretches) > 1:
        sizes = [stretch.points.stop - stretch.points.start for stretch in stretches]
        spreads = [_widened(spread, size) for spread, size in zip(spreads, sizes, strict=True)]
    centre, middle, width, known, reason = (
        np.concatenate(parts, axis=-1) for parts in zip(*spreads, strict=True)
    )
    near = 2 * (width / 3)
    return Limits(
        centre=plain(centre),
        lower=plain(middle - width),
        upper=plain(middle + width),
        near_lower=plain(middle - near),
        near_upper=plain(middle + near),
        trial=plain(known < FEWEST_POINTS),
        usable=plain(reason == ""),
        reason=plain(_none_for_empty(reason)),
        starts=tuple(stretch.points.start for stretch in stretches),
    )


def mapped(limits: Limits, change: Callable[[Floats], Floats]) -> Limits:
    """The same limits with each of the five lines changed by a rising function."""
    names = ("centre", "lower", "upper", "near_lower", "near_upper")
    changed = {name: plain(np.atleast_1d(change(getattr(limits, name)))) for name in names}
    return replace(limits, **changed)


def plain(array: NDArray[Any]) -> Any:
    """A number where there is only one, for one series; otherwise the array."""
    return array.item() if array.shape == (1,) else array


def mean_of(values: Floats, kept: Flags) -> Floats:
    """The mean along the last axis, which is kept; NaN where nothing is.

    The second pass is R's: it makes the mean of equal values that very value, and so keeps
    a point on the centre line on it.
    """
    count = kept.sum(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):  # 0 / 0 where nothing is kept
        first: Floats = np.where(kept, values, 0).sum(axis=-1, keepdims=True) / count
        rest: Floats = np.where(kept, values - first, 0).sum(axis=-1, keepdims=True) / count
    return first + rest


def mean_range(values: Floats, *, screen_outliers: bool) -> tuple[Floats, Texts]:
    """The mean moving range along the last axis, and why it cannot be used, if so.

    A missing point has no range to either neighbour: the two are not joined over the gap.
    """
    ranges = np.abs(np.diff(values))
    kept = ~np.isnan(ranges)
    size = mean_of(ranges, kept)
    differ, left_out = kept & (ranges > 0), np.zeros(size.shape, dtype=bool)
    if screen_outliers:
        kept = kept & (ranges < RANGE_LIMIT * size)
        dropped = differ & ~kept
        left_out = 2 * dropped.sum(axis=-1, keepdims=True) >= differ.sum(axis=-1, keepdims=True)
        unscreened, size = size, mean_of(ranges, kept)
    else:
        unscreened = size
    reason = first_reason(
        (np.isnan(unscreened), NO_RANGE),
        (unscreened == 0, NO_VARIATION),
        (left_out, SCREENED_AWAY),
    )
    return size, reason


def first_reason(*cases: tuple[Flags, str]) -> Texts:
    """For each element the text of the first case that holds, or an empty one."""
    return np.select([holds for holds, _ in cases], [text for _, text in cases], default="")


def _stretches(
    points: int, baseline: slice | None, rebase_at: Sequence[int]
) -> tuple[Stretch, ...]:
    inner = [at for at in rebase_at if at != 0]  # one at the first point changes nothing
    edges = [0, *inner, points]
    if any(before >= after for before, after in pairwise(edges)):
        raise ValueError(
            f"rebase_at are rising positions within the {points} points, but"
            f" {list(rebase_at)} was given"
        )
    whole = [slice(start, stop) for start, stop in pairwise(edges)]
    if baseline is None:
        return tuple(Stretch(each, each) for each in whole)
    start, stop, step = baseline.indices(points)
    if step != 1 or stop - start < FEWEST_POINTS:
        raise ValueError(
            f"a baseline is {FEWEST_POINTS} or more points in a row, but {baseline} was given"
            f" of {points}"
        )
    holds = [each.start <= start and stop <= each.stop for each in whole]
    if not any(holds):
        raise ValueError(f"the baseline {baseline} lies across a rebase at {list(rebase_at)}")
    return tuple(
        Stretch(each, slice(start, stop) if held else each)
        for each, held in zip(whole, holds, strict=True)
    )


def _widened(spread: Spread, size: int) -> Spread:
    """The same with a value a point of its stretch, so that stretches can be joined."""
    parts: list[Any] = [np.broadcast_to(part, (*part.shape[:-1], size)) for part in spread]
    return Spread(*parts)


def _none_for_empty(reason: Texts) -> NDArray[np.object_]:
    reasons = reason.astype(object)
    reasons[reason == ""] = None
    return reasons
