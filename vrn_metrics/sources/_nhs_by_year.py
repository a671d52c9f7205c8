"""The sheets of NHS Digital's tabulation with places down and financial years across."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from vrn_metrics import areas
from vrn_metrics.periods import Period
from vrn_metrics.sources._document import Row, text
from vrn_metrics.sources._nhs_labels import (
    Dimension,
    dimension,
    filled_right,
    financial_year,
    group,
    label,
    measure,
)
from vrn_metrics.sources._nhs_table import Lines, Table

_ONS_CODE = re.compile(r"[A-Z]\d{8}")


def is_header(above: Row, row: Row) -> bool:
    """Whether a row holds financial years and the row above it FAEs or FCEs."""
    return min(_years(row), default=0) > 0 and any(measure(cell) for cell in above)


def read_by_year(sheet: str, title: str, rows: list[Row], header: int) -> Table:
    """Lay a sheet out as raw cells; `header` is the index of the row with the years."""
    above, years = rows[header - 1], _years(rows[header])
    first = min(years)
    series = [measure(words) for words in filled_right(above)]
    columns = pd.DataFrame(
        {
            "series": [series[column] if column < len(series) else None for column in years],
            "period_start": [year.start for year in years.values()],
            "period_end": [year.end for year in years.values()],
        }
    )
    lines = Lines(sheet, columns, list(years))
    if columns["series"].isna().any():
        lines.broken(header, "FAEs or FCEs above every year", "a year under neither")
    body = [(number, row) for number, row in enumerate(rows[header + 1 :], header + 2) if any(row)]
    by = _dimension(above, rows[header], body, first, title)
    if not lines.problems and by != "ethnicity":
        _gather(lines, body, first, by)
        if not lines.labels:
            lines.broken(header + 2, "places with counts", "none")
    return Table(
        sheet,
        title,
        monthly=False,
        dimension=by,
        rows=len(body),
        cells=lines.long() if lines.labels else pd.DataFrame(),
        problems=tuple(lines.problems),
    )


def _years(row: Row) -> dict[int, Period]:
    found = ((column, financial_year(text(cell))) for column, cell in enumerate(row) if cell)
    return {column: year for column, year in found if column and year}


def _dimension(
    above: Row, header: Row, body: list[tuple[int, Row]], first: int, title: str
) -> Dimension:
    """What the last of the left columns breaks the counts down by."""
    if re.search(r"\bethnic", title, re.IGNORECASE):
        return "ethnicity"
    if first < 2:
        return "none"
    names = " ".join(text(row[first - 1]) for row in (above, header) if len(row) >= first)
    values = [label(row[first - 1]) for _, row in body if len(row) > first and row[first - 1]]
    return dimension(names, values)


def _gather(lines: Lines, body: list[tuple[int, Row]], first: int, by: Dimension) -> None:
    placed = first - (by != "none")
    codes = [
        sum(bool(_ONS_CODE.fullmatch(label(row[column]))) for _, row in body if len(row) > column)
        for column in range(placed)
    ]
    coded = int(np.argmax(codes)) if any(codes) else None
    place: dict[str, object] = {}
    for number, row in body:
        labels = [label(cell) for cell in row[:first]]
        if not any(lines.cells(row)) and labels[0] and not any(labels[1:]):
            break  # the source line, and whatever is written below it
        if lines.is_cut(number, row):
            continue
        # One block a place: a closed authority has a name but no new code, and must not
        # inherit the code of the place above it.
        if any(labels[:placed]):
            place = _place(labels[:placed], coded)
        found = group(by, labels[-1])
        if not place:
            lines.broken(number, "a code and a name before the counts", "blanks")
        elif found is None:
            expected = "an age group such as 10 to 19" if by == "age" else "female or male"
            lines.broken(number, expected, f"'{labels[-1]}'", "Correct the label of the group.")
        elif code := _other_code(place):
            fix = "Correct the code or the name."
            lines.broken(number, code, f"'{place['area_code']}'", fix)
        else:
            lines.keep(number, row, place | {"age_band": found[0], "sex": found[1]})


def _place(labels: list[str], coded: int | None) -> dict[str, object]:
    """The code and name of a place, and whether it had no code before April 2021."""
    name, code = labels[-1], labels[coded] if coded is not None else ""
    if not _ONS_CODE.fullmatch(code):
        force = areas.force_code(name) if coded is None else None
        code = areas.ENGLAND if name.lower() == "england" else force or ""
    older = [words for column, words in enumerate(labels[:-1]) if column != coded]
    return {
        "area": name,
        "area_code": code,
        "total": any("total" in words.lower() for words in labels),
        "opened_since": bool(older) and all(words.lower() in ("", "null") for words in older),
    }


def _other_code(place: dict[str, object]) -> str | None:
    """Which code was expected, where the name is one of ours and the code is not."""
    name, code = str(place["area"]), str(place["area_code"])
    ours = areas.force_code(name) if code.startswith(("E23", "W15")) else areas.district_code(name)
    if not code or ours is None or ours in (code, areas.UNASSIGNED):
        return None
    return f"the code {ours} for {name}"
