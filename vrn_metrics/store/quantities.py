"""What is counted together, and the events behind it, each of them in one place only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from vrn_metrics.measures import CATALOGUE, DEFINITIONS, Numerator
from vrn_metrics.periods import Period
from vrn_metrics.sources import Series

Numbers = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Quantity:
    """Events that are counted together, and over how many months a measure counts them."""

    numerator: Numerator
    months: frozenset[int]

    @property
    def key(self) -> str:
        """What the store calls it."""
        return key_of(self.numerator)


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


def disjoint(rows: pd.DataFrame, series: Sequence[Series]) -> pd.DataFrame:
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


def counts(quantity: Quantity, events: pd.DataFrame) -> Mask:
    """Which events the quantity counts."""
    asked = quantity.numerator
    counted = np.array([asked.series in by for by in events["counted_by"]], dtype=bool)
    counted &= events["age_band"].isin(asked.age_bands).to_numpy()
    if asked.settings is not None:
        counted &= events["setting"].isin(asked.settings).to_numpy()
    return counted


def families(asked: Sequence[Quantity], events: pd.DataFrame) -> Iterator[list[Quantity]]:
    """The quantities in groups of which no two count the same event; empty ones are left out."""
    counted = {each: counts(each, events) for each in asked}
    left = [each for each in asked if counted[each].any()]
    while left:
        family = [left.pop(0)]
        for member in family:  # grows while it is walked
            near = [each for each in left if (counted[each] & counted[member]).any()]
            family += near
            left = [each for each in left if each not in near]
        yield family


def by_month(
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
