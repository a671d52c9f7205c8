"""The one tidy table: what was published or supplied, one row a cell.

A cell is a series, an area, a period, an age band, a sex and a setting. Its value is an
interval (`lower` to `upper`) with a status; what those bounds count is the series' unit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics.counts import Status

KEY: Final = (
    "series",
    "definition",
    "area_code",
    "period_start",
    "period_end",
    "age_band",
    "sex",
    "setting",
)
COLUMNS: Final = (*KEY, "lower", "upper", "status", "provisional")

ALL, UNDER_25, OVER_25, UNKNOWN = "all", "0-24", "25+", "unknown"
SEXES: Final = (ALL, "female", "male", UNKNOWN)
SETTINGS: Final = (ALL, "public", "dwelling", "hospitality", "education", "other", UNKNOWN)

TIMES: Final[Mapping[str, tuple[int, ...]]] = {
    "daytime": tuple(range(6, 15)),
    "after-school": (15, 16, 17),
    "evening": (18, 19, 20, 21),
    "night": (22, 23, *range(6)),
    UNKNOWN: (),
}
"""Times of day, each with the hours that begin within it."""
BY_TIME: Final = "by-time"
"""The definition of a series that holds the events of one time of day."""

_AGE_BAND = re.compile(r"all|unknown|\d{1,3}-\d{1,3}|\d{1,3}\+")


def series_at(series: str, time: str) -> str:
    """The key of a series' events at a time of day.

    Examples
    --------
    >>> series_at("knife-violence", "night")
    'knife-violence-night'
    """
    return f"{series}-{time}"


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """Fill in what a source leaves at its default, in the order of `COLUMNS`.

    Parameters
    ----------
    rows
        At least `series, area_code, period_start, period_end, lower, upper, status`;
        dates as `datetime.date`, bounds as numbers (not a number where missing).
        Defaults: `definition` "published", age, sex and setting "all", not provisional.
    """
    filled = rows.copy()
    defaults = {"definition": "published", "age_band": ALL, "sex": ALL, "setting": ALL}
    for column, value in (defaults | {"provisional": False}).items():
        if column not in filled:
            filled[column] = value
    filled = filled[list(COLUMNS)].reset_index(drop=True)
    filled[["lower", "upper"]] = filled[["lower", "upper"]].astype("float64")
    filled["status"] = filled["status"].astype(str)
    return filled


def broken_rules(rows: pd.DataFrame) -> list[str]:
    """Every rule of the table that these rows break, each once; none when it is sound.

    This is the last gate before the store: a source that returns a broken table has a bug.
    """
    if missing := [column for column in COLUMNS if column not in rows]:
        return [f"columns missing: {', '.join(missing)}"]
    if rows.empty:
        return ["no rows"]
    lower, upper = rows["lower"].to_numpy(float), rows["upper"].to_numpy(float)
    gone = (rows["status"] == Status.MISSING).to_numpy()
    checks = {
        "a status that is none of ours": ~rows["status"].isin(list(Status)).to_numpy(),
        "a bound that is not a number": (~np.isfinite(lower) | ~np.isfinite(upper)) & ~gone,
        "a bound beside the status 'missing'": (np.isfinite(lower) | np.isfinite(upper)) & gone,
        "a lower bound above the upper": np.nan_to_num(lower) > np.nan_to_num(upper),
        "an exact value with two bounds": (rows["status"] == Status.EXACT).to_numpy()
        & (lower != upper),
        "a period that ends before it starts": (
            rows["period_end"] < rows["period_start"]
        ).to_numpy(),
        "an age band that is none of ours": ~_all_match(rows["age_band"], _AGE_BAND),
        "a sex that is none of ours": ~rows["sex"].isin(SEXES).to_numpy(),
        "a setting that is none of ours": ~rows["setting"].isin(SETTINGS).to_numpy(),
        "an empty series, definition or area": (rows[["series", "definition", "area_code"]] == "")
        .any(axis=1)
        .to_numpy(),
        "two rows for one cell": rows.duplicated(list(KEY), keep=False).to_numpy(),
    }
    return [
        f"{rule}: {int(broken.sum())} rows, first at row {int(broken.argmax()) + 1}"
        for rule, broken in checks.items()
        if broken.any()
    ]


def _all_match(values: pd.Series, pattern: re.Pattern[str]) -> np.ndarray:
    codes, unique = pd.factorize(values)
    matches = np.array([bool(pattern.fullmatch(str(value))) for value in unique], dtype=bool)
    return matches[codes]
