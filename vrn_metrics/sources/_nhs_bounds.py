"""What a cell of NHS Digital's tabulation means, under its own disclosure rule.

Footnote 12: below national level 1 to 7 is `*`, zero is unchanged, all else is rounded to
the nearest 5, so that a published 10 is 8 to 12. National counts are not rounded.
Since 2021 zeros have been left blank; a blank is only a zero where something confirms it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vrn_metrics import areas
from vrn_metrics.counts import Status
from vrn_metrics.errors import Problem

HIDDEN = "*"
HIDDEN_FROM, HIDDEN_TO = 1, 7
STEP, REACH = 5, 2  # nearest 5: two either way


def with_bounds(cells: pd.DataFrame, *, monthly: bool) -> pd.DataFrame:
    """The cells with `lower`, `upper` and `status`; `was_blank` marks blanks of any reading."""
    raw = cells["raw"].to_numpy(dtype=object)
    blank, hidden = raw == "", raw == HIDDEN
    value = pd.to_numeric(cells["raw"].where(~(blank | hidden), "0"), errors="coerce")
    rounded = ~blank & ~hidden & (cells["area_code"] != areas.ENGLAND) & (value > 0)
    lower = np.where(rounded, np.maximum(value - REACH, HIDDEN_TO + 1), value)
    upper = np.where(rounded, value + REACH, value)
    bounded = cells.assign(
        lower=np.where(hidden, HIDDEN_FROM, lower).astype(float),
        upper=np.where(hidden, HIDDEN_TO, upper).astype(float),
        status=np.select(
            [hidden, rounded], [str(Status.SUPPRESSED), str(Status.ROUNDED)], str(Status.EXACT)
        ),
        was_blank=blank,
    )
    unknown = blank & ~(confirmed_by_england(bounded) if monthly else _between_years(bounded))
    bounded.loc[unknown, ["lower", "upper"]] = np.nan
    bounded.loc[unknown, "status"] = str(Status.MISSING)
    return bounded


def broken_counts(cells: pd.DataFrame, sheet: str) -> list[Problem]:
    """Cells that the disclosure rule cannot have let through, each rule once."""
    shown = cells.loc[~cells["raw"].isin(["", HIDDEN])]
    value = pd.to_numeric(shown["raw"], errors="coerce")
    odd = value.isna() | (value < 0) | (value % 1 != 0)
    grand = shown["total"] & (shown["area_code"] == "")  # below all places: national
    local = (shown["area_code"] != areas.ENGLAND) & ~grand & (value > 0) & ~odd
    rules = (
        (odd, "a whole number, or * for 1 to 7", "Correct the cell."),
        (
            local & ((value % STEP != 0) | (value <= HIDDEN_TO)),
            "below national level a multiple of 5 from 10 on, 0 or *",
            "Do not load unrounded counts as published ones: load the file as published.",
        ),
    )
    return [
        Problem(expected, f"'{first['raw']}'", fix, sheet or None, int(first["row"]), len(broken))
        for mask, expected, fix in rules
        if not (broken := shown[mask]).empty
        for first in [broken.iloc[0]]
    ]


def confirmed_by_england(cells: pd.DataFrame) -> np.ndarray:
    """Whether England's count lies in what the row adds up to with its blanks as zeros.

    A blank is a zero if so. It may also be a formula that was saved without its value, and
    then England's count is blank too, or above what is left.
    """
    key = ["row", "series", "sex"]
    england = cells["area_code"] == areas.ENGLAND
    known = cells[england & ~cells["was_blank"]].set_index(key)[["lower", "upper"]]
    parts = cells[~england].groupby(key)[["lower", "upper"]].sum().add_suffix("_parts")
    both = known.join(parts, how="inner")
    agrees = (both["lower"] <= both["upper_parts"]) & (both["upper"] >= both["lower_parts"])
    rows = pd.MultiIndex.from_frame(cells[key])
    return agrees.reindex(rows, fill_value=False).to_numpy(dtype=bool)


def _between_years(cells: pd.DataFrame) -> np.ndarray:
    """Whether a row of years says anything before, or at all.

    A place created since April 2021 has blanks for the years before it existed.
    """
    row = cells.groupby(["row", "series"], sort=False)
    said = (~cells["was_blank"]).groupby(cells["row"]).transform("any")
    begun = row["was_blank"].transform(lambda blanks: (~blanks).cumsum() > 0).astype(bool)
    return (said & (begun | ~cells["opened_since"])).to_numpy(dtype=bool)


def absent_groups(cells: pd.DataFrame) -> pd.DataFrame:
    """Zeros for the age groups and sexes that a month or a place has no row for.

    Where another group of the same place and time is missing, so is the absent one.
    """
    kept = cells[~cells["total"]]
    place = ["area", "area_code", "series", "period_start", "period_end"]
    every = kept[place].drop_duplicates()
    groups = kept[["age_band", "sex"]].drop_duplicates()
    grid = every.merge(groups, how="cross")
    present = pd.MultiIndex.from_frame(kept[[*place, "age_band", "sex"]])
    absent = grid[~pd.MultiIndex.from_frame(grid[[*place, "age_band", "sex"]]).isin(present)]
    gaps = pd.MultiIndex.from_frame(kept.loc[kept["status"] == Status.MISSING, place])
    missing = pd.MultiIndex.from_frame(absent[place]).isin(gaps)
    bound = np.where(missing, np.nan, 0.0)
    status = np.where(missing, str(Status.MISSING), str(Status.EXACT))
    labels = {"row": 0, "total": False, "was_blank": False}
    return absent.assign(lower=bound, upper=bound, status=status, **labels)


def unequal_totals(cells: pd.DataFrame) -> list[str]:
    """Totals that the months of their year cannot add up to within the rounding."""
    totals = cells[cells["total"]]
    key = ["area", "series", "year"] + (["sex"] if totals["sex"].nunique() > 1 else [])
    years = {day: day.year - (day.month < 4) for day in cells["period_start"].unique()}
    keyed = cells.assign(year=cells["period_start"].map(years))
    months = keyed[~keyed["total"]].fillna({"lower": 0.0, "upper": np.inf})
    sums = months.groupby(key)[["lower", "upper"]].sum().add_suffix("_of_months")
    both = keyed[keyed["total"]].join(sums, on=key, how="inner")
    apart = (both["lower"] > both["upper_of_months"]) | (both["upper"] < both["lower_of_months"])
    return [
        f"row {cell.row}, {cell.area}: total {cell.raw}, months "
        f"{cell.lower_of_months:.0f} to {cell.upper_of_months:.0f}"
        for cell in both[apart].itertuples()
    ]
