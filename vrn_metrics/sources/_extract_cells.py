"""From rows of an extract to cells of the tidy table, zeros included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from vrn_metrics import areas, observations
from vrn_metrics.counts import Status
from vrn_metrics.errors import Problem
from vrn_metrics.observations import OVER_25, UNDER_25, UNKNOWN
from vrn_metrics.sources import Note, Reading, refuse
from vrn_metrics.sources._extract import Extract
from vrn_metrics.sources._extract_columns import OUTSIDE, Columns

CELL = ["month", "area_code", "age_band", "sex", "setting"]
# Columns of which several words mean the same, and where what they mean stands.
MEANT = {"district": "area_code", "age_band": "age_band", "sex": "sex", "setting": "setting"}
BANDS = (UNDER_25, OVER_25, UNKNOWN)


def rows_of(columns: Columns, counts: Sequence[int], **more: Sequence[str]) -> pd.DataFrame:
    """The columns that every layout has, and this layout's own, one row a row.

    Raises
    ------
    BadInputError
        With every fault found in any column, and rows of counts that repeat.
    """
    extract = columns.extract
    rows = pd.DataFrame(
        {
            "month": columns.months(),
            "area_code": columns.areas(force_level=extract.has("offence_code")),
            "age_band": columns.age_bands(),
            "sex": columns.sexes(),
            "setting": columns.settings(),
            **more,
            "count": counts,
        }
    )
    columns.faults += _repeats(columns, rows) + _mixed_levels(rows)
    if columns.faults:
        raise refuse(extract.document, *columns.faults)
    return rows


def reading(
    extract: Extract,
    rows: pd.DataFrame,
    series: Iterable[tuple[str, str, pd.Series]],
    notes: Sequence[Note] = (),
) -> Reading:
    """The tidy table of an extract.

    Parameters
    ----------
    series
        Of each series its key, its definition, and which rows it counts.

    Notes
    -----
    Only cells with events are kept, and for every covered month, area and age band at least
    one row, so that zero is told from missing. Where no row has an age, under 25 is not
    known to be zero, and only the band *unknown* is given.
    """
    outside = rows["area_code"] == OUTSIDE
    inside = rows[~outside]
    network_only = len(inside) > 0 and (inside["area_code"] == areas.NETWORK).all()
    places = [areas.NETWORK] if network_only else list(areas.members(areas.NETWORK))
    ageless = len(inside) > 0 and (inside["age_band"] == UNKNOWN).all()
    bands = (UNKNOWN,) if ageless else BANDS
    tables = [
        _cells(extract, inside[chosen.loc[inside.index]], places, bands).assign(
            series=key, definition=definition
        )
        for key, definition, chosen in series
    ]
    said = [
        Note("read", f"{extract.covers.label}: rows of the network", int((~outside).sum())),
        *notes,
    ]
    if outside.any():
        said.append(Note("set-aside", "rows outside the network", int(outside.sum())))
    if ageless:
        said.append(Note("warning", "no row has an age: nothing is known of under-25s", len(rows)))
    return Reading(
        edition=extract.covers.end,
        observations=observations.table(pd.concat(tables, ignore_index=True)),
        notes=tuple(said),
        demonstration=extract.demonstration,
    )


def _cells(
    extract: Extract, rows: pd.DataFrame, places: Sequence[str], bands: Sequence[str]
) -> pd.DataFrame:
    months = extract.covers.each_month()
    sums = rows.groupby(CELL, sort=False, as_index=False)["count"].sum()
    sums = sums[sums["count"] != 0]
    every = pd.MultiIndex.from_product([[month.start for month in months], places, bands])
    have = pd.MultiIndex.from_frame(sums[CELL[:3]])
    zeros = every.difference(have, sort=False).to_frame(index=False)
    zeros.columns = pd.Index(CELL[:3])
    cells: pd.DataFrame = pd.concat(
        [sums, zeros.assign(sex=UNKNOWN, setting=UNKNOWN, count=0)], ignore_index=True
    )
    ends = {month.start: month.end for month in months}
    cells["period_end"] = cells["month"].map(ends)
    cells["provisional"] = (
        cells["month"] >= extract.provisional_from if extract.provisional_from else False
    )
    cells = cells.rename(columns={"month": "period_start"})
    return cells.assign(lower=cells["count"], upper=cells["count"], status=str(Status.EXACT))


def _repeats(columns: Columns, rows: pd.DataFrame) -> list[Problem]:
    """Rows of counts that name the same cell twice, however spelt; events may well repeat."""
    extract = columns.extract
    if not extract.has("count"):
        return []
    words = pd.DataFrame(
        {
            name: [word.casefold() for word in extract.columns[name]]
            for name in extract.columns
            if name != "count"
        }
    )
    if not columns.faults:  # words that were not understood would all seem to mean the same
        words = words.assign(**{name: rows[MEANT[name]] for name in words if name in MEANT})
    again = words.duplicated().to_numpy()
    if not again.any():
        return []
    first = int(again.argmax())
    return [
        Problem(
            "each combination of columns in one row of counts",
            "the same one again",
            "Add the rows up, or send one row an event without the column 'count'.",
            row=extract.rows[first],
            times=int(again.sum()),
        )
    ]


def _mixed_levels(rows: pd.DataFrame) -> list[Problem]:
    inside = rows[rows["area_code"] != OUTSIDE]
    whole = inside["area_code"] == areas.NETWORK
    if whole.any() and not whole.all():
        return [
            Problem(
                "either districts or the whole force area",
                "both in one file",
                "Send two files, or leave the rows of the whole out.",
            )
        ]
    return []
