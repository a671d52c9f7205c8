"""Whether the network's events may be shown by kind of place: all kinds of a year, or none.

Single settings of districts are never shown and would be small; to carry them through the
system of all other figures would hide a tenth more of those. They need not be: what is shown
here are sums over the network of whole financial years, and where the network's totals are
shown too, such sums say nothing of any district's total (`methods.margins`). What is left to
be asked is whether they would give away a small count of one setting in one district or age.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

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


def by_place(
    source: str, rows: pd.DataFrame, decided: pd.DataFrame, profile: Profile
) -> pd.DataFrame:
    """The figures by kind of place, shown or hidden year by year.

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
        Rows like those of `decided`; empty where the source counts nothing by place.
    """
    measures = [each for each in CATALOGUE.values() if _source(each) == source]
    made = [row for each in measures for row in _of_measure(each, rows, decided, profile)]
    return pd.DataFrame(made)


def _source(measure: Measure) -> str:
    places = measure.in_places()
    return places[0][1].source if places else ""


def _of_measure(
    measure: Measure, rows: pd.DataFrame, decided: pd.DataFrame, profile: Profile
) -> Iterator[dict[str, object]]:
    places = measure.in_places()
    asked = places[0][1]
    own = rows[(rows["series"] == asked.series) & (rows["definition"] == asked.definition)]
    for year in _whole_years(own):
        table, provisional = _table(own, year, [each.settings or () for _, each in places])
        totals = table.sum(axis=(0, 1))
        why = _total_is_hidden(asked, decided, year) or _why_hidden(
            table, totals, _pinned_ages(measure), profile
        )
        if why:
            LOG.info("%s by place, %s: hidden: %s", measure.key, year.label, why)
        low, high = profile.shown_bounds(totals)
        for (_, numerator), least, most in zip(places, low, high, strict=True):
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


def _whole_years(own: pd.DataFrame) -> list[Period]:
    """Financial years of which every district has every month."""
    found = own.groupby(["period_start", "area_code"]).size().unstack(fill_value=0)
    known = found.reindex(columns=list(members(NETWORK)), fill_value=0).all(axis=1)
    there: set[date] = set(known.index[known.to_numpy(bool)])
    years = {Period.last_months(each, 12) for each in there if each.month == _MARCH}
    return sorted(year for year in years if there.issuperset(m.start for m in year.each_month()))


def _table(
    own: pd.DataFrame, year: Period, places: Sequence[tuple[str, ...]]
) -> tuple[Numbers, bool]:
    """Events by district, age (under 25, others) and place; and whether any are provisional."""
    inside = own[(own["period_start"] >= year.start) & (own["period_start"] <= year.end)]
    of_place = {setting: number for number, each in enumerate(places) for setting in each}
    table = np.zeros((len(members(NETWORK)), 2, len(places)))
    district = pd.Index(members(NETWORK)).get_indexer(pd.Index(inside["area_code"]))
    age = (inside["age_band"] != UNDER_25).to_numpy(int)
    place = inside["setting"].map(of_place).to_numpy(int)
    np.add.at(table, (district, age, place), inside["value"].to_numpy(float))
    return table, bool(inside["provisional"].any())


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


def _why_hidden(table: Numbers, totals: Numbers, pinned: Mask, profile: Profile) -> str:
    """Why a year may not be shown by place, nothing if it may."""
    most_hidden = profile.hidden_up_to
    if ((totals > 0) & (totals <= most_hidden)).any():
        return "a place has few events"
    if (table < 0).any():
        return "a count is negative"
    districts, ages, places = table.shape
    cells = table.reshape(districts * ages, places)
    first = np.where(np.tile(pinned, districts), cells[:, 0], np.nan)
    groups = _groups(districts, ages)
    found = attainable(cells.sum(axis=1), first, totals, groups)
    inside = groups @ cells
    # A small sum, of all places or of all but the pinned one, and a small pinned cell are
    # themselves among the counts that the other figures leave open from 1 to one above the
    # threshold.
    held = groups @ np.nan_to_num(first)
    sums = np.repeat(inside.sum(axis=1, keepdims=True), places, axis=1)
    sums[:, 1:] -= held[:, None]
    is_open = (sums > 0) & (sums <= most_hidden)
    is_held_open = (held > 0) & (held <= most_hidden)
    is_open[:, 0] |= is_held_open
    lower = found.lower.copy()
    lower[is_held_open, 0] -= held[is_held_open] - 1
    upper = np.where(is_open, np.maximum(found.upper, most_hidden + 1.0), found.upper)
    small = (inside > 0) & (inside <= most_hidden)
    small[~(groups & ~np.tile(pinned, districts)).any(axis=1), 0] = False  # decided with the rest
    if (small & ((lower > 1) | (upper <= most_hidden))).any():
        return "a small count of one place could be narrowed down"
    return ""


def _total_is_hidden(asked: Numerator, decided: pd.DataFrame, year: Period) -> str:
    """Why places would say something of figures that are hidden, nothing if they do not."""
    family = f"{asked.series}/{asked.definition}/"
    over_network = decided[(decided["area_code"] == NETWORK) & (decided["period"] == year)]
    totals = over_network[over_network["quantity"].str.startswith(family)]
    if totals.empty or (totals["status"] == Status.SUPPRESSED.rank).any():
        return "a total of the network is hidden or not on offer"
    return ""


def _groups(districts: int, ages: int) -> Mask:
    """Every cell of district and age, every district, every age."""
    single = np.eye(districts * ages, dtype=bool)
    by_district = np.repeat(np.eye(districts, dtype=bool), ages, axis=1)
    by_age = np.tile(np.eye(ages, dtype=bool), (1, districts))
    return np.concatenate([single, by_district, by_age])
