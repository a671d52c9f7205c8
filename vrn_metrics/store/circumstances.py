"""Whether the network's events may be shown by kind of place or time of day: by year, whole or not.

Single settings and hours of districts are never shown and would be small; to carry them through
the system of all other figures would hide a tenth more of those. They need not be: what is shown
here are sums over the network of whole financial years, and where the network's totals are
shown too, such sums say nothing of any district's total (`methods.margins`). What is left to
be asked is whether they would give away a small count of one kind in one district or age.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

from vrn_metrics.areas import NETWORK, members
from vrn_metrics.counts import Status
from vrn_metrics.measures import CATALOGUE, DEFINITIONS, Measure, Numerator
from vrn_metrics.methods.margins import attainable
from vrn_metrics.methods.profiles import Profile
from vrn_metrics.observations import UNDER_25
from vrn_metrics.periods import Period
from vrn_metrics.store.quantities import Mask, Numbers, key_of

LOG: Final = logging.getLogger(__name__)
_MARCH: Final = 3


class _Margins(NamedTuple):
    """A table of which all row and column sums are known, and of some rows the first cell.

    `pinned` says which rows those are, `groups` which sums of rows a person could be told by.
    """

    cells: Numbers
    pinned: Mask
    groups: Mask


def by_circumstance(
    source: str, rows: pd.DataFrame, decided: pd.DataFrame, profile: Profile
) -> pd.DataFrame:
    """The figures by kind of place and by time of day, shown or hidden year by year.

    Parameters
    ----------
    rows
        The finest counts, as `askable` takes them.
    decided
        What was decided of all other figures of these releases: `quantity`, `area_code`,
        `period`, `status`.

    Returns
    -------
    pandas.DataFrame
        Rows like those of `decided`; empty where the source counts nothing so.

    Notes
    -----
    Sums by place and sums by time go together: any table of districts by place and any of
    districts by time with the same district totals are those of one common table. So the two
    are proven one by one, and as a third places by time over the network. For times more is
    taken as known than is: the events in public places of each district and age.
    """
    made: list[dict[str, object]] = []
    for measure in CATALOGUE.values():
        places = [each for _, each in measure.in_places()]
        if places and places[0].source == source:
            times = [each for _, each in measure.at_times()]
            made += _of_measure(measure, places, times, rows, decided, profile)
    return pd.DataFrame(made)


def _of_measure(
    measure: Measure,
    places: Sequence[Numerator],
    times: Sequence[Numerator],
    rows: pd.DataFrame,
    decided: pd.DataFrame,
    profile: Profile,
) -> Iterator[dict[str, object]]:
    timed = _whole_years(rows, times)
    for year in _whole_years(rows, places[:1]):
        by_place, provisional = _table(rows, year, places)
        hidden = _total_is_hidden(places[0], decided, year)
        why = hidden or _why_hidden([_by_place(by_place, _pinned_ages(measure))], profile)
        yield from _figures(year, places, by_place, provisional, why, profile)
        if year not in timed:
            continue
        both = [replace(time, settings=each.settings) for each in places for time in times]
        table, provisional = _table(rows, year, both)
        by_time = table.reshape(*by_place.shape, len(times))
        why = hidden or _of_other_files(by_time, by_place)
        why = why or _why_hidden([_by_time(by_time), _by_place_and_time(by_time)], profile)
        yield from _figures(year, times, by_time.sum(axis=2), provisional, why, profile)


def _figures(
    year: Period,
    kinds: Sequence[Numerator],
    table: Numbers,
    provisional: bool,
    why: str,
    profile: Profile,
) -> Iterator[dict[str, object]]:
    """A row a kind, all shown or all hidden."""
    if why:
        LOG.info("%s and its like, %s: hidden: %s", key_of(kinds[0]), year.label, why)
    low, high = profile.shown_bounds(table.sum(axis=(0, 1)))
    for numerator, least, most in zip(kinds, low, high, strict=True):
        shown = (least, most, Status.EXACT.rank if least == most else Status.ROUNDED.rank)
        lower, upper, status = (0.0, np.nan, Status.SUPPRESSED.rank) if why else shown
        yield {
            "quantity": key_of(numerator),
            "area_code": NETWORK,
            "period": year,
            "provisional": provisional,
            "lower": lower,
            "upper": upper,
            "status": status,
        }


def _whole_years(rows: pd.DataFrame, numerators: Sequence[Numerator]) -> list[Period]:
    """Financial years of which every district has every month of all of these."""
    years: list[set[Period]] = []
    for each in numerators:
        own = rows[(rows["series"] == each.series) & (rows["definition"] == each.definition)]
        found = own.groupby(["period_start", "area_code"]).size().unstack(fill_value=0)
        known = found.reindex(columns=list(members(NETWORK)), fill_value=0).all(axis=1)
        there: set[date] = set(known.index[known.to_numpy(bool)])
        ended = (Period.last_months(day, 12) for day in there if day.month == _MARCH)
        years.append({y for y in ended if there.issuperset(m.start for m in y.each_month())})
    return sorted(set.intersection(*years)) if years else []


def _table(rows: pd.DataFrame, year: Period, kinds: Sequence[Numerator]) -> tuple[Numbers, bool]:
    """Events by district, age (under 25, others) and kind; and whether any are provisional."""
    inside = rows[(rows["period_start"] >= year.start) & (rows["period_start"] <= year.end)]
    district = pd.Index(members(NETWORK)).get_indexer(pd.Index(inside["area_code"]))
    age = (inside["age_band"] != UNDER_25).to_numpy(int)
    value = inside["value"].to_numpy(float)
    counted = inside["provisional"].to_numpy(bool)
    table = np.zeros((len(members(NETWORK)), 2, len(kinds)))
    provisional = False
    for number, each in enumerate(kinds):
        own = (inside["series"] == each.series) & (inside["definition"] == each.definition)
        if each.settings is not None:
            own &= inside["setting"].isin(each.settings)
        chosen = own.to_numpy(bool)
        np.add.at(table[..., number], (district[chosen], age[chosen]), value[chosen])
        provisional |= bool(counted[chosen].any())
    return table, provisional


def _pinned_ages(measure: Measure) -> Mask:
    """Which ages have their count in public places on offer by district: under 25, or none."""
    young = [each for each in CATALOGUE.values() if each.age_band == UNDER_25]
    of_series = {each.series for each in measure.numerators}
    pinned = any(
        numerator.settings and numerator.series in of_series
        for each in young
        for reading in DEFINITIONS.values()
        for numerator in each.under(reading)
    )
    return np.array([pinned, False])


def _by_place(table: Numbers, pinned_ages: Mask) -> _Margins:
    """Districts and ages by place."""
    districts, ages, places = table.shape
    cells = table.reshape(districts * ages, places)
    groups = _groups((districts, ages), [(0, 1), (0,), (1,)])
    return _Margins(cells, np.tile(pinned_ages, districts), groups)


def _by_time(table: Numbers) -> _Margins:
    """Districts, ages, and whether in public, by time."""
    public, rest = table[:, :, :1], table[:, :, 1:].sum(axis=2, keepdims=True)
    split = np.concatenate([public, rest], axis=2)
    cells = split.reshape(-1, table.shape[-1])
    groups = _groups(split.shape[:3], [(0, 1, 2), (0, 1), (0,), (1,), (1, 2), (0, 2), (2,)])
    return _Margins(cells, np.zeros(len(cells), dtype=bool), groups)


def _by_place_and_time(table: Numbers) -> _Margins:
    """Ages and places over the network by time."""
    cells = table.sum(axis=0)
    groups = _groups(cells.shape[:2], [(0, 1), (0,), (1,)])
    flat = cells.reshape(-1, cells.shape[-1])
    return _Margins(flat, np.zeros(len(flat), dtype=bool), groups)


def _of_other_files(by_time: Numbers, by_place: Numbers) -> str:
    """Why times say nothing of the total: a newer file of some month may have none."""
    if np.array_equal(by_time.sum(axis=-1), by_place):
        return ""
    return "times and totals are of different files"


def _why_hidden(tables: Iterable[_Margins], profile: Profile) -> str:
    """Why a year may not be shown, nothing if it may."""
    for each in tables:
        totals = each.cells.sum(axis=0)
        if ((totals > 0) & (totals <= profile.hidden_up_to)).any():
            return "a kind has few events"
        if (each.cells < 0).any():
            return "a count is negative"
        if _is_narrowed(each, profile.hidden_up_to):
            return "a small count of one kind could be narrowed down"
    return ""


def _is_narrowed(table: _Margins, most_hidden: int) -> bool:
    """Whether the sums say of any small count that it cannot be any of the small numbers."""
    cells, pinned, groups = table
    first = np.where(pinned, cells[:, 0], np.nan)
    found = attainable(cells.sum(axis=1), first, cells.sum(axis=0), groups)
    inside = groups @ cells
    # A small sum, of all kinds or of all but the pinned one, and a small pinned cell are
    # themselves among the counts that the other figures leave open from 1 to one above the
    # threshold.
    held = groups @ np.nan_to_num(first)
    sums = np.repeat(inside.sum(axis=1, keepdims=True), cells.shape[1], axis=1)
    sums[:, 1:] -= held[:, None]
    is_open = (sums > 0) & (sums <= most_hidden)
    is_held_open = (held > 0) & (held <= most_hidden)
    is_open[:, 0] |= is_held_open
    lower = found.lower.copy()
    lower[is_held_open, 0] -= held[is_held_open] - 1
    upper = np.where(is_open, np.maximum(found.upper, most_hidden + 1.0), found.upper)
    small = (inside > 0) & (inside <= most_hidden)
    small[~(groups & ~pinned).any(axis=1), 0] = False  # decided with the rest
    return bool((small & ((lower > 1) | (upper <= most_hidden))).any())


def _total_is_hidden(asked: Numerator, decided: pd.DataFrame, year: Period) -> str:
    """Why kinds would say something of figures that are hidden, nothing if they do not."""
    family = f"{asked.series}/{asked.definition}/"
    over_network = decided[(decided["area_code"] == NETWORK) & (decided["period"] == year)]
    totals = over_network[over_network["quantity"].str.startswith(family)]
    if totals.empty or (totals["status"] == Status.SUPPRESSED.rank).any():
        return "a total of the network is hidden or not on offer"
    return ""


def _groups(shape: Sequence[int], by: Sequence[tuple[int, ...]]) -> Mask:
    """For each choice of axes, every set of rows that agree on them; rows in C order."""
    places = np.indices(shape).reshape(len(shape), -1)
    return np.array(
        [
            np.all(places[list(axes)] == np.array(value)[:, None], axis=0)
            for axes in by
            for value in product(*(range(shape[axis]) for axis in axes))
        ]
    )
