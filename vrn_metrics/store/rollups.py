"""Sums over districts, made once at load, so that a view reads only its answer.

Where a release gives every district of the network (or of the county) and no row for the
whole, the sum is stored beside them. Bounds add, and a sum is as good as its worst part.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from vrn_metrics.areas import COUNTY, NETWORK, UNASSIGNED, members
from vrn_metrics.counts import Status
from vrn_metrics.observations import KEY

IntArray = npt.NDArray[np.int64]

_WHOLE: Final = ["series", "definition", "period_start", "period_end"]
_GROUP: Final = [name for name in KEY if name != "area_code"]


def with_rollups(observations: pd.DataFrame, additive: Set[str]) -> pd.DataFrame:
    """The rows, and the network's and county's sums where these were not published.

    Parameters
    ----------
    observations
        The tidy table.
    additive
        Series whose values may be added over areas; rates may not.
    """
    if observations.empty:
        return observations
    base = observations[observations["series"].isin(additive)]
    if base.empty:
        return observations
    whole, cell = _numbered(base, _WHOLE), _numbered(base, _GROUP)
    made = [_sums(base, whole, cell, code) for code in (COUNTY, NETWORK)]
    return pd.concat([observations, *(each for each in made if not each.empty)], ignore_index=True)


def _numbered(rows: pd.DataFrame, names: list[str]) -> IntArray:
    """A number for each row, from 0 on and the same for rows alike in these columns."""
    number = np.zeros(len(rows), dtype=np.int64)
    for name in names:
        codes, values = pd.factorize(rows[name], use_na_sentinel=False)
        number, _ = pd.factorize(number * len(values) + codes)
    return number


def _sums(rows: pd.DataFrame, whole: IntArray, cell: IntArray, code: str) -> pd.DataFrame:
    """One row for each cell of an area that has all its districts and no row of its own."""
    areas = rows["area_code"]
    in_area = areas.isin(members(code)).to_numpy()
    in_district = in_area & (areas != UNASSIGNED).to_numpy()
    district, names = pd.factorize(areas)
    present = np.unique(whole[in_district] * len(names) + district[in_district]) // len(names)
    needed = len(set(members(code)) - {UNASSIGNED})
    complete = np.bincount(present, minlength=whole.max() + 1) == needed
    complete[whole[(areas == code).to_numpy()]] = False
    parts = np.flatnonzero(in_area & complete[whole])
    _, first, group = np.unique(cell[parts], return_index=True, return_inverse=True)
    statuses = [str(each) for each in Status]
    rank = np.zeros(len(first), dtype=np.int64)
    np.maximum.at(rank, group, pd.Index(statuses).get_indexer(pd.Index(rows["status"].iloc[parts])))

    # the bounds of a missing part are not a number, and so is their sum
    lower, upper, provisional = (
        np.bincount(group, rows[name].to_numpy(dtype=np.float64)[parts])
        for name in ("lower", "upper", "provisional")
    )
    return rows.iloc[parts[first]].assign(
        area_code=code,
        lower=lower,
        upper=upper,
        status=np.array(statuses, dtype=object)[rank],
        provisional=provisional > 0,
    )
