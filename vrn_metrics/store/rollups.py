"""Sums over districts, made once at load, so that a view reads only its answer.

Where a release gives every district of the network (or of the county) and no row for the
whole, the sum is stored beside them. Bounds add, and a sum is as good as its worst part.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Final

import pandas as pd

from vrn_metrics.areas import COUNTY, NETWORK, UNASSIGNED, members
from vrn_metrics.counts import Status
from vrn_metrics.observations import COLUMNS, KEY

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
    made = [_sums(base, code) for code in (COUNTY, NETWORK)]
    return pd.concat([observations, *(each for each in made if not each.empty)], ignore_index=True)


def _sums(observations: pd.DataFrame, code: str) -> pd.DataFrame:
    parts = observations[observations["area_code"].isin(members(code))]
    if parts.empty:
        return parts
    needed = len(set(members(code)) - {UNASSIGNED})
    assigned = parts[parts["area_code"] != UNASSIGNED]
    present = assigned.groupby(_WHOLE, sort=False)["area_code"].nunique()
    whole = present[present == needed].index
    published = observations.loc[observations["area_code"] == code, _WHOLE]
    whole = whole.difference(pd.MultiIndex.from_frame(published)) if len(published) else whole
    if whole.empty:
        return parts.iloc[:0]
    parts = parts[pd.MultiIndex.from_frame(parts[_WHOLE]).isin(whole)]
    ranked = parts.assign(rank=parts["status"].map(lambda status: Status(status).rank))
    sums = ranked.groupby(_GROUP, sort=False, as_index=False).agg(
        lower=("lower", "sum"),
        upper=("upper", "sum"),
        rank=("rank", "max"),
        provisional=("provisional", "max"),
    )
    sums.loc[sums["rank"] == Status.MISSING.rank, ["lower", "upper"]] = float("nan")
    sums["status"] = [str(Status.of_rank(rank)) for rank in sums.pop("rank")]
    return sums.assign(area_code=code)[list(COLUMNS)]
