"""The sheets of NHS Digital's tabulation with regions across and months down."""

from __future__ import annotations

import pandas as pd

from vrn_metrics.observations import ALL
from vrn_metrics.periods import Period
from vrn_metrics.sources._document import Row, text
from vrn_metrics.sources._nhs_labels import (
    NOT_A_REGION,
    SEXES,
    dimension,
    filled_right,
    financial_year,
    group,
    label,
    measure,
    month,
    region_codes,
    year_label,
)
from vrn_metrics.sources._nhs_table import Lines, Table

CUT = "Rows are missing: load the table exactly as published."


def is_header(row: Row) -> bool:
    """Whether a row starts with *Year, Month*."""
    return [text(cell).lower() for cell in row[:2]] == ["year", "month"]


def read_by_month(sheet: str, title: str, rows: list[Row], header: int) -> Table:
    """Lay a sheet out as raw cells; `header` is the index of the row *Year, Month, …*."""
    names = rows[header]
    measures = {column: found for column, cell in enumerate(names) if (found := measure(cell))}
    first = min(measures, default=len(names))
    by = dimension(text(names[2])) if first > 2 else "none"
    regions, sexes = _over_columns(rows[max(0, header - 3) : header], first)
    columns = pd.DataFrame(
        {
            "series": list(measures.values()),
            "area": [regions[column] if column < len(regions) else "" for column in measures],
        }
    )
    if sexes:
        columns["sex"] = [sexes[column] if column < len(sexes) else "" for column in measures]
    lines = Lines(sheet, columns, list(measures))
    _check_columns(lines, header)
    mislabelled: list[str] = []
    if not lines.problems and by != "ethnicity":
        mislabelled = _gather(lines, rows, header, by)
        if not lines.labels:
            lines.broken(header + 2, "months with counts", "none")
    cells = lines.long() if lines.labels else pd.DataFrame()
    if lines.labels:
        cells["area_code"] = region_codes(cells["area"])
        _check_months(lines, cells)
    return Table(
        sheet,
        title,
        monthly=True,
        dimension="sex" if sexes else by,
        rows=len(rows) - header - 1,
        cells=cells,
        problems=tuple(lines.problems),
        mislabelled=tuple(mislabelled),
    )


def _over_columns(above: list[Row], first: int) -> tuple[list[str], list[str]]:
    """Regions and, in the gender sheet, sexes over the columns, from the rows above them."""
    regions: list[str] = []
    sexes: list[str] = []
    for row in reversed(above):
        labels = {text(cell).lower() for cell in row[first:] if cell}
        if not labels or any(row[:first]):
            break
        if labels <= set(SEXES) and len(labels) > 1:
            sexes = [SEXES.get(words.lower(), "") for words in filled_right(row)]
        else:
            regions = filled_right(row)
    return regions, sexes


def _gather(lines: Lines, rows: list[Row], header: int, by: str) -> list[str]:
    """Read the rows below the header; return the total rows that bear another year's label."""
    mislabelled = []
    year: Period | None = None
    at: Period | None = None
    for number, row in enumerate(rows[header + 1 :], header + 2):
        if not any(row):
            continue
        words, name = label(row[0]), label(row[1]) if len(row) > 1 else ""
        stated = financial_year(words)
        if words and stated is None and not any(lines.cells(row)):
            break  # the source line, and whatever is written below it
        if lines.is_cut(number, row):
            continue
        if "total" in words.lower() and year is not None:
            if stated != year:
                mislabelled.append(f"row {number} '{words}' is the total of {year_label(year)}")
            lines.keep(number, row, _labels(year, ALL, ALL, total=True))
            continue
        if words:
            year, at = stated, None
        if name:
            at = month(year, name)
        if at is None:
            expected = "a financial year such as 2018-19 and a month such as April"
            lines.broken(number, expected, f"'{words}', '{name}'", "Correct the labels.")
            continue
        found = group(dimension(by), label(row[2]))
        if found is None:
            expected = "an age group such as 10 to 19" if by == "age" else "female or male"
            lines.broken(number, expected, f"'{label(row[2])}'", "Correct the label of the group.")
            continue
        lines.keep(number, row, _labels(at, *found))
    return mislabelled


def _labels(period: Period, band: str, sex: str, *, total: bool = False) -> dict[str, object]:
    return {
        "period_start": period.start,
        "period_end": period.end,
        "age_band": band,
        "sex": sex,
        "total": total,
        "opened_since": False,
    }


def _check_columns(lines: Lines, header: int) -> None:
    names = list(dict.fromkeys(lines.columns["area"]))
    if not names or "" in names:
        found = "columns without one" if names else "no FAEs or FCEs"
        lines.broken(header + 1, "the name of a region above every pair of FAEs and FCEs", found)
    if "sex" in lines.columns and (lines.columns["sex"] == "").any():
        lines.broken(header, "female or male above every pair of FAEs and FCEs", "neither")
    codes = dict(zip(names, region_codes(pd.Series(names, dtype=object)), strict=True))
    for name in names:
        if name and not codes[name] and not any(word in name.lower() for word in NOT_A_REGION):
            expected = "a region of England, England, unspecified, foreign, other UK or unknown"
            lines.broken(header, expected, f"'{name}'", "Correct the name of the region.")


def _check_months(lines: Lines, cells: pd.DataFrame) -> None:
    """Months must follow each other from April, and every year must end in its total row.

    The total row shows that a year was not cut off: an age group that is absent from a
    month counts as zero, so a lost tail would silently become zeros.
    """
    ended = {start.year for start in cells.loc[cells["total"], "period_start"]}
    months = cells.loc[~cells["total"]].drop_duplicates("period_start")
    years = pd.Series([day.year - (day.month < 4) for day in months["period_start"]])
    for first in sorted(years.unique()):
        held = months[years.to_numpy() == first]
        year, row = year_label(Period.financial_year(first)), int(held["row"].min())
        numbers = sorted((day.month - 4) % 12 for day in held["period_start"])
        whole = 12 if first < years.max() else len(numbers)
        if numbers != list(range(whole)):
            expected = "every month of a year, from April on"
            lines.broken(row, expected, f"{len(numbers)} months in {year}", CUT)
        if first not in ended:
            lines.broken(
                row, "a row with the total at the end of every year", f"none in {year}", CUT
            )
