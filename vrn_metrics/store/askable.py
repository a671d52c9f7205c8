"""Which figures of a local extract may be asked for: a short list, fixed before anyone asks.

What is not in the list is never shown, whoever asks and however. Few and coarse figures
protect more and say more than tens of thousands of small cells: the list is in `_offered`,
and METHODS.md, "Disclosure", has the reasoning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

from vrn_metrics.areas import COUNTY, NETWORK, UNASSIGNED, members
from vrn_metrics.measures import baselines
from vrn_metrics.methods.cube import Dimension, equations_of
from vrn_metrics.periods import Period, shift
from vrn_metrics.sources import Series
from vrn_metrics.store.quantities import (
    Mask,
    Numbers,
    Quantity,
    by_month,
    counts,
    disjoint,
    families,
)

ENOUGH: Final = 10
"""Events for each quarter, or month, that a financial year must hold for it to be a figure."""

CELL: Final = ("quantity", "area_code", "period")

_MONTH, _QUARTER, _YEAR = 1, 3, 12
_MARCH: Final = 3
_AREA_WORTH: Final = {NETWORK: 40.0, COUNTY: 0.5, UNASSIGNED: 0.2}  # a district's is 1
_WINDOW_WORTH: Final = 3.0  # times a quarter: verdicts hang on windows
_COMPARED_WORTH: Final = 4.0  # times another window: the latest, and the baselines


@dataclass(frozen=True)
class Askable:
    """The figures of quantities that share events, and every sum that ties them.

    Parameters
    ----------
    cells
        One row a figure: `quantity`, `area_code`, `period`, `value`, `provisional`, `offered`
        (the others cannot be asked for, but might be worked out from those that can) and
        `worth` (what hiding it loses).
    equations
        One row a sum among the rows of `cells`, that comes to zero.
    """

    cells: pd.DataFrame
    equations: sparse.csr_array


def askable(
    rows: pd.DataFrame,
    asked: Sequence[Quantity],
    series: Sequence[Series],
    *,
    by_quarter: bool = False,
) -> Iterator[Askable]:
    """The figures that may be asked for, in parts that share no event.

    Parameters
    ----------
    rows
        The finest counts: `series`, `definition`, `area_code`, `period_start` (the first
        of a month), `age_band`, `setting`, `value` and `provisional`. A series without any
        row for an area in a month is not known there; a band without one has no events.
    asked
        What is counted.
    series
        The source's series, which say which lies within which.
    by_quarter
        Whether to have every quarter in the table, on offer or not. Else longer stretches
        do where no quarter is on offer. Tables of several sets of releases need the same
        stretches: what did not change in a quarter ties them.
    """
    for definition, part in rows.groupby("definition", sort=True):
        own = [each for each in asked if each.numerator.definition == definition]
        if not own:
            continue
        events = disjoint(part, series)
        known = part.groupby(["series", "area_code", "period_start"])["value"].count() > 0
        for family in families(own, events):
            yield _family(events, known, family, by_quarter=by_quarter)


def _family(
    events: pd.DataFrame, known: pd.Series, family: Sequence[Quantity], *, by_quarter: bool
) -> Askable:
    counted = np.array([counts(each, events) for each in family])
    inside = np.asarray(counted.any(axis=0), dtype=bool)
    events, counted = events.loc[inside], counted[:, inside]
    # Events that the same quantities count are one part, and a quantity is a sum of parts.
    shares, part = np.unique(counted, axis=1, return_inverse=True)
    groups, areas = _groups(family, shares), _areas()
    months = [Period.span(each, 1) for each in sorted(events["period_start"].unique())]
    table = by_month(events.assign(part=part.ravel()), known, areas.leaves, months)
    quarters = _whole_quarters(months)
    unsettled = set(events.loc[events["provisional"], "period_start"])
    latest = _latest_ends(quarters, unsettled)
    windows = _windows(quarters, family)
    leaves = quarters
    if not _is_often(_summed(table, months, quarters), quarters):
        windows = [each for each in windows if _is_fixed(each, latest)]
        leaves = quarters if by_quarter else _between(quarters, windows)
    whole = [month for quarter in quarters for month in quarter.each_month()]
    by_area = _block((groups, areas, _time(windows, leaves)), _summed(table, months, leaves))
    over_network = _block(
        (groups, Dimension("area_code", (NETWORK,)), _time(quarters, whole)),
        _summed(table, months, whole).sum(axis=1, keepdims=True),
    )
    return _joined([by_area, over_network], family, set(leaves), latest, unsettled)


def _is_often(by_quarter: Numbers, quarters: Sequence[Period]) -> bool:
    """Whether any quantity of any area could hold enough events for quarters."""
    whole = np.nansum(by_quarter, axis=(0, 1))
    years: dict[int, list[float]] = {}
    for quarter, events in zip(quarters, whole, strict=True):
        years.setdefault(shift(quarter.start, -3).year, []).append(float(events))
    full = [sum(each) for each in years.values() if len(each) == _YEAR // _QUARTER]
    return bool(full) and min(full) >= ENOUGH * _YEAR / _QUARTER


def _is_fixed(window: Period, latest: Set[date]) -> bool:
    """Whether a window is on offer where quarters are not."""
    return (
        window.end.month == _MARCH
        or window.end in latest
        or window in {each.period for each in baselines().values()}
    )


def _between(quarters: Sequence[Period], windows: Sequence[Period]) -> list[Period]:
    """The stretches between the ends of windows: where no quarter is on offer none is needed."""
    cuts = {each.start for each in windows} | {shift(each.start, each.months) for each in windows}
    stretches: list[Period] = []
    for quarter in quarters:
        if stretches and quarter.start not in cuts and _follows(quarter, stretches[-1]):
            stretches[-1] = Period(stretches[-1].start, quarter.end)
        else:
            stretches.append(quarter)
    return stretches


def _follows(later: Period, earlier: Period) -> bool:
    return shift(earlier.start, earlier.months) == later.start


def _latest_ends(quarters: Sequence[Period], unsettled: Set[date]) -> set[date]:
    """The ends of the latest quarter, and of the latest that is not provisional."""
    settled = [each for each in quarters if not _touches(each, unsettled)]
    return {part[-1].end for part in (quarters, settled) if part}


def _joined(
    blocks: Sequence[tuple[pd.DataFrame, sparse.csr_array]],
    family: Sequence[Quantity],
    leaves: Set[Period],
    latest: Set[date],
    unsettled: Set[date],
) -> Askable:
    """One table of the blocks' figures, without those that nothing on offer hangs on."""
    cells = pd.concat([cells for cells, _ in blocks], ignore_index=True)
    periods = {name: _period(name) for name in cells["period"].unique()}
    cells["provisional"] = cells["period"].map(
        {name: _touches(each, unsettled) for name, each in periods.items()}
    )
    cells["months"] = cells["period"].map({name: each.months for name, each in periods.items()})
    cells["offered"] = _offered(cells, family, periods, latest)
    cells["worth"] = _worth(cells, periods, latest)
    known = cells["value"].notna()
    is_month = cells["months"] == _MONTH
    by_month = is_month & bool((is_month & cells["offered"]).any())
    is_leaf = cells["period"].isin([_name(each) for each in leaves])
    # Where one quantity is on offer its difference from another could be worked out.
    beside = cells.groupby(["area_code", "period"])["offered"].transform("any")
    keep = (known & (beside | is_leaf | by_month)).to_numpy()

    sums = sparse.csr_array(sparse.block_diag([each for _, each in blocks], format="csr"))
    dropped = np.asarray(abs(sums) @ (~keep).astype(float)) > 0
    # The quarters of the network are in both blocks: one figure, whichever block it is from.
    figure, first = pd.factorize(pd.MultiIndex.from_frame(cells.loc[keep, list(CELL)]))
    columns = sparse.csr_array(
        (np.ones(len(figure)), (np.arange(len(figure)), figure)), shape=(len(figure), len(first))
    )
    kept = cells[keep].drop_duplicates(list(CELL)).reset_index(drop=True)
    return Askable(
        kept.assign(period=kept["period"].map(periods)).drop(columns="months"),
        sparse.csr_array(sums[~dropped][:, keep] @ columns),
    )


def _offered(
    cells: pd.DataFrame,
    family: Sequence[Quantity],
    periods: Mapping[str, Period],
    latest: Set[date],
) -> Mask:
    """Which cells may be asked for.

    For a quantity that measures count over so many months, windows of that length that end
    with a financial year and the latest, and those of every quarter where quarters are
    offered. The baselines. Over the network each financial year. Quarters, and over the
    network months, where `_holds_enough`.
    """
    quantity = cells["quantity"].to_numpy()
    over_network = (cells["area_code"] == NETWORK).to_numpy()
    short = cells["months"].isin((_MONTH, _QUARTER)).to_numpy()
    ends = cells["period"].map({name: each.end for name, each in periods.items()})
    closes_year = ends.map(lambda each: each.month == _MARCH).to_numpy(bool)
    is_often = _holds_enough(cells, closes_year)
    quarterly = cells[is_often & (cells["months"] == _QUARTER)]
    has_quarters = pd.MultiIndex.from_frame(cells[["quantity", "area_code"]]).isin(
        pd.MultiIndex.from_frame(quarterly[["quantity", "area_code"]])
    )
    compared = {_name(each.period) for each in baselines().values()}
    offered = np.zeros(len(cells), dtype=bool)
    for each in family:
        own = quantity == each.key
        measured = cells["months"].isin(each.months).to_numpy() & ~short
        offered |= own & measured & (closes_year | ends.isin(latest) | has_quarters)
        offered |= own & (cells["months"] == _YEAR).to_numpy() & closes_year & over_network
        offered |= own & cells["period"].isin(compared).to_numpy()
        offered |= own & short & is_often
    return offered


def _holds_enough(cells: pd.DataFrame, closes_year: Mask) -> Mask:
    """Where every whole financial year holds `ENOUGH` events for each of its quarters or months.

    It hangs on the years alone, which are on offer themselves: what is on offer then says of
    a year that it is large, or that one of several is not, and of no shorter stretch anything.
    """
    years = cells[closes_year & (cells["months"] == _YEAR).to_numpy() & cells["value"].notna()]
    least = years.groupby(["quantity", "area_code"])["value"].min()
    place = pd.MultiIndex.from_frame(cells[["quantity", "area_code"]])
    needed = ENOUGH * _YEAR / cells["months"].to_numpy(float)
    return np.asarray(least.reindex(place).fillna(0.0).to_numpy() >= needed)


def _worth(cells: pd.DataFrame, periods: Mapping[str, Period], latest: Set[date]) -> Numbers:
    """What hiding a figure loses, in whole numbers.

    More where verdicts hang on it, and more for large counts: a district of few events is
    the better company for another.
    """
    compared = {_name(each.period) for each in baselines().values()}
    compared |= {name for name, each in periods.items() if each.end in latest}
    is_window = (cells["months"] > _QUARTER).to_numpy()
    worth = cells["area_code"].map(_AREA_WORTH).fillna(1.0).to_numpy(float)
    worth = np.where(is_window, _WINDOW_WORTH, 1.0) * worth
    worth = np.where(is_window & cells["period"].isin(compared), _COMPARED_WORTH, 1.0) * worth
    events = np.nan_to_num(cells["value"].to_numpy(float))
    return np.asarray(np.ceil(worth * np.sqrt(1 + np.abs(events))))


def _groups(family: Sequence[Quantity], shares: Mask) -> Dimension:
    """The quantities, and the parts that they are sums of, named by who counts them."""
    keys = [each.key for each in family]
    names = ["only " + " & ".join(np.array(keys)[column]) for column in shares.T]
    for key, share in zip(keys, shares, strict=True):
        if share.sum() == 1 and names[share.argmax()].startswith("only "):
            names[share.argmax()] = key  # it has no part but itself
    sums = tuple(
        (key, tuple(np.array(names)[share]))
        for key, share in zip(keys, shares, strict=True)
        if key not in names
    )
    return Dimension("quantity", (*names, *(key for key, _ in sums)), sums)


def _areas() -> Dimension:
    """Districts, *Unassigned*, county and network; the city and Rutland are districts."""
    districts = members(NETWORK)
    return Dimension(
        "area_code",
        (*districts, COUNTY, NETWORK),
        ((COUNTY, members(COUNTY)), (NETWORK, districts)),
    )


def _whole_quarters(months: Sequence[Period]) -> list[Period]:
    """The quarters of financial years of which every month is there."""
    there = set(months)
    quarters = [Period.span(each.start, 3) for each in months if each.start.month % 3 == 1]
    return [each for each in quarters if there.issuperset(each.each_month())]


def _summed(by_month: Numbers, months: Sequence[Period], periods: Sequence[Period]) -> Numbers:
    place = {each: number for number, each in enumerate(months)}
    inside = [[place[month] for month in each.each_month()] for each in periods]
    sums = [by_month[..., each].sum(axis=-1) for each in inside]
    return np.stack(sums, axis=-1) if sums else np.empty((*by_month.shape[:-1], 0))


def _windows(quarters: Sequence[Period], family: Sequence[Quantity]) -> list[Period]:
    """Every stretch of whole quarters that could be asked for as one figure."""
    there = set(quarters)
    lengths = {_YEAR, *(months for each in family for months in each.months)}
    wanted = [Period.last_months(q.end, length) for length in sorted(lengths) for q in quarters]
    wanted += [each.period for each in baselines().values()]
    return [each for each in dict.fromkeys(wanted) if there.issuperset(_quarters_of(each))]


def _quarters_of(window: Period) -> list[Period]:
    return [Period.span(shift(window.start, 3 * n), 3) for n in range(window.months // 3)]


def _block(
    dimensions: tuple[Dimension, ...], leaves: Numbers
) -> tuple[pd.DataFrame, sparse.csr_array]:
    """A cube's cells with their values, not a number where a part is not known; and its sums."""
    cube = equations_of(dimensions)
    unknown = np.isnan(leaves)
    values = cube.complete(np.where(unknown, 0.0, leaves))
    values[cube.complete(unknown) > 0] = np.nan
    places = np.unravel_index(np.arange(cube.size), cube.shape)
    named = {
        each.name: np.array(each.members, dtype=object)[place]
        for each, place in zip(cube.dimensions, places, strict=True)
    }
    return pd.DataFrame({**named, "value": values}), cube.equations


def _time(totals: Sequence[Period], leaves: Sequence[Period]) -> Dimension:
    totals = [each for each in totals if each not in leaves]
    return Dimension(
        "period",
        tuple(_name(each) for each in (*leaves, *totals)),
        tuple(
            (_name(total), tuple(_name(leaf) for leaf in leaves if total.contains(leaf)))
            for total in totals
        ),
    )


def _touches(period: Period, months: Set[date]) -> bool:
    return any(each.start in months for each in period.each_month())


def _name(period: Period) -> str:
    return f"{period.start}/{period.end}"


def _period(name: str) -> Period:
    start, end = name.split("/")
    return Period(date.fromisoformat(start), date.fromisoformat(end))
