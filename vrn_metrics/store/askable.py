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
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from vrn_metrics.areas import COUNTY, NETWORK, UNASSIGNED, members
from vrn_metrics.measures import CATALOGUE, DEFINITIONS, Numerator, baselines
from vrn_metrics.methods.cube import Dimension, equations_of
from vrn_metrics.periods import Period, shift
from vrn_metrics.sources import Series

ENOUGH: Final = 10
"""Events that a quarter or a month must hold on average to be a figure of its own."""

CELL: Final = ("quantity", "area_code", "period")

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

_MONTH, _QUARTER, _YEAR = 1, 3, 12
_MARCH: Final = 3
_AREA_WORTH: Final = {NETWORK: 40.0, COUNTY: 8.0, UNASSIGNED: 0.2}  # a district's is 1
_WINDOW_WORTH: Final = 3.0  # times a quarter: verdicts hang on windows
_COMPARED_WORTH: Final = 4.0  # times another window: the latest, and the baselines


@dataclass(frozen=True)
class Quantity:
    """Events that are counted together, and over how many months a measure counts them."""

    numerator: Numerator
    months: frozenset[int]

    @property
    def key(self) -> str:
        """What the store calls it."""
        return key_of(self.numerator)


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


def key_of(numerator: Numerator) -> str:
    """The name under which the store keeps the figures of a numerator."""
    bands, settings = "+".join(numerator.age_bands), "+".join(numerator.settings or ("all",))
    return "/".join((numerator.series, numerator.definition, bands, settings))


def quantities(source: str) -> list[Quantity]:
    """What the catalogue asks of a source, under every definition of serious violence."""
    months: dict[Numerator, set[int]] = {}
    for measure in CATALOGUE.values():
        for reading in DEFINITIONS.values():
            for numerator in measure.under(reading):
                if numerator.source == source:
                    months.setdefault(numerator, set()).add(measure.window_months)
    return [Quantity(numerator, frozenset(spans)) for numerator, spans in months.items()]


def askable(
    rows: pd.DataFrame, asked: Sequence[Quantity], series: Sequence[Series]
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
    """
    for definition, part in rows.groupby("definition", sort=True):
        events = _disjoint(part, series)
        known = part.groupby(["series", "area_code", "period_start"])["value"].count() > 0
        own = [each for each in asked if each.numerator.definition == definition]
        for family in _families(own, events):
            yield _family(events, known, family)


def _disjoint(rows: pd.DataFrame, series: Sequence[Series]) -> pd.DataFrame:
    """The rows as events of which none is in two rows.

    Where one series lies within another, its events are taken out of the other. Should the
    counts contradict that anywhere, the two are kept apart. `counted_by` are the series
    that count a row, `needs` those without which it is not known.
    """
    place = ["area_code", "period_start", "age_band", "setting"]
    counts = rows.pivot_table(
        index=place, columns="series", values="value", aggfunc="sum", fill_value=0.0
    )
    within = {
        each.key: each.within
        for each in series
        if {each.key, each.within} <= set(counts)
        and (counts[each.key] <= counts[each.within]).all()
    }
    apart = counts.copy()
    counted_by, needs = {}, {key: frozenset({key}) for key in counts}
    for key in counts:
        chain = [key]
        while chain[-1] in within:
            chain.append(within[chain[-1]])
        counted_by[key] = frozenset(chain)
    for inner, outer in within.items():
        apart[outer] -= counts[inner]
        needs[outer] |= {inner}
    events = apart.melt(ignore_index=False, var_name="kind", value_name="value").reset_index()
    provisional = rows.groupby("period_start")["provisional"].max()
    return events.assign(
        counted_by=events["kind"].map(counted_by),
        needs=events["kind"].map(needs),
        provisional=events["period_start"].map(provisional).astype(bool),
    )


def _counts(quantity: Quantity, events: pd.DataFrame) -> Mask:
    """Which events the quantity counts."""
    asked = quantity.numerator
    counted = np.array([asked.series in by for by in events["counted_by"]], dtype=bool)
    counted &= events["age_band"].isin(asked.age_bands).to_numpy()
    if asked.settings is not None:
        counted &= events["setting"].isin(asked.settings).to_numpy()
    return counted


def _families(asked: Sequence[Quantity], events: pd.DataFrame) -> Iterator[list[Quantity]]:
    """The quantities in groups of which no two count the same event; empty ones are left out."""
    counted = {each: _counts(each, events) for each in asked}
    left = [each for each in asked if counted[each].any()]
    while left:
        family = [left.pop(0)]
        for member in family:  # grows while it is walked
            near = [each for each in left if (counted[each] & counted[member]).any()]
            family += near
            left = [each for each in left if each not in near]
        yield family


def _family(events: pd.DataFrame, known: pd.Series, family: Sequence[Quantity]) -> Askable:
    counted = np.array([_counts(each, events) for each in family])
    inside = np.asarray(counted.any(axis=0), dtype=bool)
    events, counted = events.loc[inside], counted[:, inside]
    # Events that the same quantities count are one part, and a quantity is a sum of parts.
    shares, part = np.unique(counted, axis=1, return_inverse=True)
    groups, areas = _groups(family, shares), _areas()
    months = [Period.span(each, 1) for each in sorted(events["period_start"].unique())]
    events = events.assign(part=part.ravel())
    table = _table(events, known, areas.leaves, months)
    quarters = _whole_quarters(months)
    inside_quarters = [month for quarter in quarters for month in quarter.each_month()]
    by_area = _block(
        (groups, areas, _time(_windows(quarters, family), quarters)),
        _summed(table, months, quarters),
    )
    over_network = _block(
        (groups, Dimension("area_code", (NETWORK,)), _time(quarters, inside_quarters)),
        _summed(table, months, inside_quarters).sum(axis=1, keepdims=True),
    )
    unsettled = set(events.loc[events["provisional"], "period_start"])
    return _joined([by_area, over_network], family, unsettled)


def _joined(
    blocks: Sequence[tuple[pd.DataFrame, sparse.csr_array]],
    family: Sequence[Quantity],
    unsettled: Set[date],
) -> Askable:
    """One table of the blocks' figures, without those that nothing on offer hangs on."""
    cells = pd.concat([cells for cells, _ in blocks], ignore_index=True)
    periods = {name: _period(name) for name in cells["period"].unique()}
    cells["provisional"] = cells["period"].map(
        {name: _touches(each, unsettled) for name, each in periods.items()}
    )
    cells["months"] = cells["period"].map({name: each.months for name, each in periods.items()})
    cells["offered"] = _offered(cells, family, periods)
    cells["worth"] = _worth(cells, periods)
    known = cells["value"].notna()
    is_month = cells["months"] == _MONTH
    by_month = is_month & bool((is_month & cells["offered"]).any())
    keep = (known & (cells["offered"] | (cells["months"] == _QUARTER) | by_month)).to_numpy()

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
    cells: pd.DataFrame, family: Sequence[Quantity], periods: Mapping[str, Period]
) -> Mask:
    """Which cells may be asked for.

    For a quantity that measures count over so many months, windows of that length: over the
    network those that end with any quarter; elsewhere those that end with a financial year
    and the latest, and those of every quarter where quarters are offered. The baselines.
    Over the network each financial year. A quarter in areas that have `ENOUGH` events in
    one on average, and a month over the network if it has.
    """
    quantity = cells["quantity"].to_numpy()
    over_network = (cells["area_code"] == NETWORK).to_numpy()
    short = cells["months"].isin((_MONTH, _QUARTER)).to_numpy()
    average = cells.groupby(["quantity", "area_code", "months"])["value"].transform("mean")
    is_often = (average >= ENOUGH).to_numpy()
    quarterly = cells[is_often & (cells["months"] == _QUARTER)]
    has_quarters = pd.MultiIndex.from_frame(cells[["quantity", "area_code"]]).isin(
        pd.MultiIndex.from_frame(quarterly[["quantity", "area_code"]])
    )
    latest = _latest_ends(cells, periods)
    compared = {_name(each.period) for each in baselines().values()}
    ends = cells["period"].map({name: each.end for name, each in periods.items()})
    closes_year = ends.map(lambda each: each.month == _MARCH).to_numpy(bool)
    offered = np.zeros(len(cells), dtype=bool)
    for each in family:
        own = quantity == each.key
        measured = cells["months"].isin(each.months).to_numpy() & ~short
        offered |= own & measured & (closes_year | ends.isin(latest) | has_quarters | over_network)
        offered |= own & (cells["months"] == _YEAR).to_numpy() & closes_year & over_network
        offered |= own & cells["period"].isin(compared).to_numpy()
        offered |= own & short & is_often
    return offered


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


def _table(
    events: pd.DataFrame, known: pd.Series, areas: Sequence[str], months: Sequence[Period]
) -> Numbers:
    """Events by part, area and month; not a number where a series they hang on has no row."""
    columns = [each.start for each in months]
    parts = sorted(events["part"].unique())
    sums = events.pivot_table(
        index=["part", "area_code"], columns="period_start", values="value", aggfunc="sum"
    )
    rows = pd.MultiIndex.from_product([parts, areas])
    flat = sums.reindex(index=rows, columns=columns).fillna(0.0).to_numpy(float)
    table = flat.reshape(len(parts), len(areas), len(months)).copy()
    is_known = known.unstack(fill_value=False)
    for part in parts:
        for series in frozenset().union(*events.loc[events["part"] == part, "needs"]):
            there = is_known.loc[[series]].droplevel("series")
            there = there.reindex(index=list(areas), columns=columns, fill_value=False)
            table[part][~there.to_numpy(bool)] = np.nan
    return table


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


def _name(period: Period) -> str:
    return f"{period.start}/{period.end}"


def _worth(cells: pd.DataFrame, periods: Mapping[str, Period]) -> Numbers:
    """What hiding a figure loses, in whole numbers.

    More where verdicts hang on it, and more for large counts: a district of few events is
    the better company for another.
    """
    latest = max(_latest_ends(cells, periods), default=None)
    compared = {_name(each.period) for each in baselines().values()}
    compared |= {name for name, each in periods.items() if each.end == latest}
    is_window = (cells["months"] > _QUARTER).to_numpy()
    worth = cells["area_code"].map(_AREA_WORTH).fillna(1.0).to_numpy(float)
    worth = np.where(is_window, _WINDOW_WORTH, 1.0) * worth
    worth = np.where(is_window & cells["period"].isin(compared), _COMPARED_WORTH, 1.0) * worth
    events = np.nan_to_num(cells["value"].to_numpy(float))
    return np.asarray(np.ceil(worth * np.sqrt(1 + np.abs(events))))


def _latest_ends(cells: pd.DataFrame, periods: Mapping[str, Period]) -> set[date]:
    """The ends of the latest quarter, and of the latest that is not provisional."""
    quarters = cells[cells["months"] == _QUARTER]
    ends = [quarters, quarters[~quarters["provisional"]]]
    return {max(periods[name].end for name in part["period"]) for part in ends if len(part)}


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


def _period(name: str) -> Period:
    start, end = name.split("/")
    return Period(date.fromisoformat(start), date.fromisoformat(end))
