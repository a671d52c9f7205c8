"""NHS Digital: hospital admissions in England for assault by sharp object (ICD-10 X99).

A tabulation made on request, by region and month and by local authority or police force
and year. Sheets are found by their titles: the sheet names of real copies differ.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics import areas, observations
from vrn_metrics.counts import Status
from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.sources import Note, Reading, Series, Source, refuse
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._nhs_bounds import (
    absent_groups,
    broken_counts,
    confirmed_by_england,
    unequal_totals,
    with_bounds,
)
from vrn_metrics.sources._nhs_by_month import is_header as is_month_header
from vrn_metrics.sources._nhs_by_month import read_by_month
from vrn_metrics.sources._nhs_by_year import is_header as is_year_header
from vrn_metrics.sources._nhs_by_year import read_by_year
from vrn_metrics.sources._nhs_labels import FAE, FCE, title_of
from vrn_metrics.sources._nhs_table import AS_PUBLISHED, Table

LARGEST = 20 * 1024**2  # the tabulation is under 1 MB; never parse a giant to say no
REGIONS: Final = {each.code for each in areas.all_areas().values() if each.kind == "region"}

SOURCE = Source(
    key="nhs-sharp-admissions",
    title="Hospital admissions for assault by sharp object",
    publisher="NHS England (formerly NHS Digital), Hospital Episode Statistics",
    kind="published",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address=(
        "https://digital.nhs.uk/supplementary-information/2022/"
        "hospital-admissions-for-assault-by-sharp-object-from-2012-13-to-march-2022"
    ),
    cadence="on request; last published for the year to March 2022",
    series=(
        Series(FAE, "Admissions for assault by sharp object (X99)", "admissions"),
        Series(FCE, "Consultant episodes for assault by sharp object (X99)", "episodes"),
    ),
    caveats=(
        "Admissions, not people; attendances at A&E that did not lead to one are not counted.",
        "By where the patient lives, not where the assault or the hospital was.",
        "Only the first external cause code counts, and coding one is not mandatory.",
        "Below national level 1 to 7 is hidden and all else rounded to the nearest 5.",
        "Ages are ten-year bands: nothing here is exactly under 25.",
        "Admissions (FAEs) and consultant episodes (FCEs) must never be mixed.",
    ),
)


def recognise(document: Document) -> bool:
    """Whether a sheet has the title of the tabulation."""
    if document.kind in ("json", "zip") or document.size > LARGEST:
        return False
    try:
        return any(title_of(document, sheet) for sheet in document.sheets)
    except BadInputError:
        return False


def read(document: Document) -> Reading:
    """Every cell below the titles as an interval; what was left out is in the notes.

    Raises
    ------
    BadInputError
        With every broken rule of every sheet.
    """
    titles = {sheet: title_of(document, sheet) for sheet in document.sheets}
    tables = [_table(document, sheet, title) for sheet, title in titles.items() if title]
    read_in = [table for table in tables if not table.cells.empty]
    problems = [problem for table in tables for problem in table.problems]
    for table in read_in:
        problems += broken_counts(table.cells, table.sheet) + _repeated(table)
        problems += _future(table)
    if not read_in and not problems:
        problems = [
            Problem("a table by age, sex or in total", "tables by ethnicity only", AS_PUBLISHED)
        ]
    if problems:
        raise refuse(document, *problems)
    notes = [
        Note("set-aside", f"sheet '{sheet}': no table of the tabulation", _length(document, sheet))
        for sheet, title in titles.items()
        if not title
    ]
    notes += [
        Note("set-aside", f"sheet '{table.sheet}': ethnicity is not used here", table.rows)
        for table in tables
        if table.dimension == "ethnicity"
    ]
    frames = []
    for table in read_in:
        frame, said = _meaning(table)
        frames.append(frame)
        notes += said
    kept = observations.table(pd.concat(frames, ignore_index=True))
    if kept.empty:
        found = "only places without a code"
        raise refuse(document, Problem("places with an ONS code", found, AS_PUBLISHED))
    if kept.duplicated(list(observations.KEY)).any():
        raise refuse(document, _overlap(kept))
    notes += [
        Note(
            "read",
            f"{series}: cells with a count or its bounds",
            int((kept["series"] == series).sum()),
        )
        for series in (FAE, FCE)
    ]
    return Reading(edition=kept["period_end"].max(), observations=kept, notes=tuple(notes))


def _table(document: Document, sheet: str, title: str) -> Table:
    rows = list(document.rows(sheet))
    for index, row in enumerate(rows):
        if is_month_header(row):
            return read_by_month(sheet, title, rows, index)
        if index and is_year_header(rows[index - 1], row):
            return read_by_year(sheet, title, rows, index)
    problem = Problem(
        "a header 'Year, Month, FAEs, FCEs', or financial years under FAEs and FCEs",
        "neither",
        AS_PUBLISHED,
        sheet or None,
    )
    return Table(sheet, title, True, "none", len(rows), pd.DataFrame(), (problem,))


def _length(document: Document, sheet: str) -> int:
    return sum(1 for row in document.rows(sheet) if any(row))


def _repeated(table: Table) -> list[Problem]:
    cells = table.cells[~table.cells["total"]]
    key = ["area", "area_code", "series", "period_start", "age_band", "sex"]
    again = cells[cells.duplicated(key)].drop_duplicates("row")
    if again.empty:
        return []
    row = int(again["row"].iloc[0])
    found = "the same month or place and group again"
    fix = "Remove the rows that are there twice."
    return [Problem("every row once", found, fix, table.sheet or None, row, len(again))]


def _overlap(kept: pd.DataFrame) -> Problem:
    again = kept[kept.duplicated(list(observations.KEY))]
    first = again.iloc[0]
    found = f"{first['area_code']} at {first['period_start']} in two sheets"
    return Problem("every cell in one sheet", found, "Remove the copied sheet.", times=len(again))


def _future(table: Table) -> list[Problem]:
    ahead = table.cells[table.cells["period_start"] > date.today()]
    if ahead.empty:
        return []
    first = ahead.iloc[0]
    rows = ahead["row"].nunique()
    found = f"a period from {first['period_start']}"
    fix = "Correct the year."
    return [
        Problem("nothing after today", found, fix, table.sheet or None, int(first["row"]), rows)
    ]


def _meaning(table: Table) -> tuple[pd.DataFrame, list[Note]]:
    """The observations of one sheet, and what is to be said of it."""
    cells = with_bounds(table.cells, monthly=table.monthly)
    absent = absent_groups(cells)
    notes = [
        Note("matched", _matched(table)),
        *_warnings(table, cells, int((absent["lower"] == 0).sum())),
    ]
    body = pd.concat([cells[~cells["total"]], absent], ignore_index=True)
    elsewhere = body[body["area_code"] == ""]
    if not elsewhere.empty:
        names = ", ".join(sorted(elsewhere["area"].unique())[:6])
        reason = f"{_at(table)}no area with a code: {names} (cells)"
        notes.append(Note("set-aside", reason, len(elsewhere)))
    if totals := int(cells.loc[cells["total"], "row"].nunique()):
        reason = f"{_at(table)}total rows, which the other rows add up to"
        notes.append(Note("set-aside", reason, totals))
    kept = body[body["area_code"] != ""].copy()
    kept["provisional"] = False
    if "provisional" in table.title.lower():
        last = kept["period_end"].max()
        starts = date(last.year - (last.month < 4), 4, 1)
        kept["provisional"] = (kept["period_start"] >= starts).to_numpy(dtype=bool)
        text = f"{_at(table)}the year from {starts} is provisional; its last months read low"
        notes.append(Note("warning", text, int(kept["provisional"].sum())))
    return kept, notes


def _matched(table: Table) -> str:
    shape = "regions by month" if table.monthly else "places by financial year"
    groups = {"none": "all ages and sexes", "age": "by age", "sex": "by sex"}
    return f"{_at(table)}{shape}, {groups.get(table.dimension, '')}"


def _at(table: Table) -> str:
    return f"sheet '{table.sheet}': " if table.sheet else ""


def _warnings(table: Table, cells: pd.DataFrame, absent: int) -> list[Note]:
    said: list[tuple[str, int]] = [
        (f"mislabelled total: {words}", 1) for words in table.mislabelled
    ]
    blank = cells["was_blank"] & ~cells["total"]
    missing = blank & (cells["status"] == Status.MISSING)
    zeros = int((blank & ~missing).sum())
    why = "England's count confirms it" if table.monthly else "the publisher leaves zeros blank"
    said += [(f"blank cells read as zero: {why}", zeros)] if zeros else []
    if missing.any():
        said.append(
            ("blank cells that nothing confirms as zero, kept as missing", int(missing.sum()))
        )
    said += [("cells of age groups or sexes without a row, read as zero", absent)] if absent else []
    if table.monthly:
        unequal = unequal_totals(cells)
        shown = "; ".join(unequal[:3])
        said += (
            [(f"totals that their months cannot add up to: {shown}", len(unequal))]
            if unequal
            else []
        )
        apart = _apart_from_england(cells)
        text = "rows whose areas cannot add up to England's count, both kept as published"
        said += [(f"{text}; first row {apart[0]}", len(apart))] if apart else []
    return [Note("warning", _at(table) + text, rows) for text, rows in said]


def _apart_from_england(cells: pd.DataFrame) -> list[int]:
    if not set(cells["area_code"]) >= REGIONS:
        return []
    stated = (cells["area_code"] == areas.ENGLAND) & ~cells["was_blank"] & ~cells["total"]
    apart = cells[stated & ~np.asarray(confirmed_by_england(cells))]
    return sorted(int(row) for row in apart["row"].unique())
