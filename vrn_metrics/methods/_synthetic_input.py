"""Can a synthetic control be asked of these numbers?"""

from __future__ import annotations

import operator
from collections.abc import Hashable
from typing import Any, NamedTuple, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.methods.estimates import as_numbers

Floats = NDArray[np.float64]

SHOWN = 5  # gaps in the data named one by one


class Panel(NamedTuple):
    """Outcomes by unit and period, which unit is treated, and where the start falls."""

    values: Floats
    treated: int
    pre_periods: int

    @property
    def donors(self) -> Floats:
        """The other units' outcomes, one row each."""
        return np.delete(self.values, self.treated, axis=0)


def read_pair(treated: ArrayLike, donors: ArrayLike, pre_periods: SupportsIndex) -> Panel:
    """The treated unit's series and the donors' as one panel, the treated unit first.

    Raises
    ------
    VrnMetricsError
        If the shapes do not fit, a number is missing, or no period lies before the start.
    """
    series, others = _numbers(treated, "the treated unit"), _numbers(donors, "the donors")
    if series.ndim != 1 or others.ndim != 2 or len(others) != len(series):
        turned = (
            " (turn the donors round)"
            if others.ndim == 2 and others.T.shape[0:1] == (series.shape[0:1])
            else ""
        )
        raise VrnMetricsError(
            "expected one number a period for the treated unit, and for the donors one row a"
            f" period and one column a donor, found shapes {series.shape} and"
            f" {others.shape}{turned}"
        )
    if others.shape[1] == 0:
        raise VrnMetricsError("expected at least one donor, found none")
    values = np.vstack([series, others.T])
    _complete(values, first="the treated unit", rest="donor", offset=1)
    return Panel(values, 0, read_pre_periods(pre_periods, len(series)))


def read_panel(
    panel: ArrayLike, treated: Hashable, pre_periods: SupportsIndex, *, fewest_donors: int = 1
) -> Panel:
    """A table of one row a period and one column a unit, turned to units by periods.

    Raises
    ------
    VrnMetricsError
        If it is no such table, a number is missing, or the treated unit is not in it.
    """
    columns = [*getattr(panel, "columns", ())]  # a data frame's units have names
    values = _numbers(panel, "the panel")
    if values.ndim != 2 or values.shape[1] < 1 + fewest_donors:
        raise VrnMetricsError(
            "expected a panel of one row a period and one column a unit, with at least"
            f" {fewest_donors} beside the treated one, found shape {values.shape}"
        )
    values = values.T
    _complete(values, first="unit 0", rest="unit", offset=0)
    return Panel(
        values,
        read_unit(treated, columns, len(values)),
        read_pre_periods(pre_periods, values.shape[1]),
    )


def read_unit(treated: Any, columns: list[Hashable], units: int) -> int:
    """Which column is meant, by its name or else its number from 0."""
    if treated in columns:
        return columns.index(treated)
    try:
        place = operator.index(treated)
    except TypeError:
        raise VrnMetricsError(
            f"expected the treated unit's column, a number from 0 to {units - 1}"
            f"{' or a column name' if columns else ''}, found {treated!r}"
        ) from None
    if not 0 <= place < units:
        raise VrnMetricsError(
            f"expected the treated unit's column, a number from 0 to {units - 1}, found {place}"
        )
    return place


def read_pre_periods(pre_periods: SupportsIndex, periods: int) -> int:
    """How many periods lie before the start: at least one, at most all."""
    try:
        before = operator.index(pre_periods)
    except TypeError:
        raise VrnMetricsError(
            f"pre_periods is the number of periods before the start, but {pre_periods!r} was given"
        ) from None
    if not 1 <= before <= periods:
        raise VrnMetricsError(
            f"expected 1 to {periods} periods before the start, found pre_periods = {before}"
        )
    return before


def need_post_periods(panel: Panel) -> None:
    """Refuse a panel that ends where the effect would begin."""
    if panel.pre_periods == panel.values.shape[1]:
        raise VrnMetricsError(
            f"expected at least one period from the start on, but all {panel.pre_periods} lie"
            " before it"
        )


def _numbers(values: ArrayLike, name: str) -> Floats:
    try:
        return as_numbers(values, name)
    except ValueError as error:
        raise VrnMetricsError(f"no synthetic control can be made: {error}") from error


def _complete(values: Floats, *, first: str, rest: str, offset: int) -> None:
    unknown = ~np.isfinite(values)
    if not unknown.any():
        return
    places = np.argwhere(unknown)
    named = [
        f"{first if unit == 0 else f'{rest} {unit - offset}'}, period {period}"
        for unit, period in places[:SHOWN]
    ]
    more = f" and {len(places) - SHOWN} more" if len(places) > SHOWN else ""
    raise VrnMetricsError(
        "expected a number for every unit and period, found none for"
        f" {'; '.join(named)}{more} (counted from 0). Leave such a donor or period out: a number"
        " that is missing or suppressed is not zero"
    )
