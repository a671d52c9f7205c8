"""What the labels in NHS Digital's tabulation mean; they drift from year to year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import pandas as pd

from vrn_metrics import areas
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.observations import ALL, UNKNOWN
from vrn_metrics.periods import MONTHS, Period, parse_financial_year
from vrn_metrics.sources._document import Cell, Document, Row, text

Dimension = Literal["none", "age", "sex", "ethnicity"]

FAE, FCE = "sharp-admissions", "sharp-admissions-fces"
SEXES = {"female": "female", "male": "male", "unknown": UNKNOWN, "not known": UNKNOWN}
NOT_A_REGION = ("not otherwise specified", "foreign", "other uk", "unknown")
TITLE_ROWS = 6

# As published: "Finished Admissions Episodes (FAEs)1 ... was X994 - Assault with sharp
# object": the 1 and the 4 are footnote marks that lost their raised type.
_TITLE = re.compile(r"count of finished admissions? episodes.*\bX99\d*\b", re.IGNORECASE)
_MEASURE = re.compile(r"(FAE|FCE)s?\d*", re.IGNORECASE)
_AGES = re.compile(r"(\d{1,3})(?:\s*(?:to|-|–)\s*(\d{1,3})|\s*(?:\+|and over|or over|plus))")
_DIMENSIONS: tuple[tuple[str, Dimension], ...] = (
    (r"\bethnic", "ethnicity"),
    (r"\bage\b", "age"),
    (r"\bgender|\bsex\b", "sex"),
)


def title_of(document: Document, sheet: str) -> str | None:
    """The title of the tabulation at the head of a sheet, or `None` if it is another table."""
    cells = (text(cell) for row in document.head(sheet)[:TITLE_ROWS] for cell in row if cell)
    return next((words for words in cells if _TITLE.search(words)), None)


def label(cell: Cell) -> str:
    """A label as words; a dash stands for a blank in one year of the ethnicity sheet."""
    words = text(cell)
    return "" if words == "-" else words


def filled_right(row: Row) -> list[str]:
    """The labels of merged cells, repeated over the columns they span."""
    filled: list[str] = []
    for cell in row:
        filled.append(text(cell) or (filled[-1] if filled else ""))
    return filled


def measure(cell: Cell) -> str | None:
    """The series of a column headed FAEs or FCEs."""
    found = _MEASURE.fullmatch(text(cell))
    return None if found is None else {"FAE": FAE, "FCE": FCE}[found[1].upper()]


def financial_year(words: str) -> Period | None:
    """The year of a label such as *2018-19*, *2012 - 2013* or *2020-21 Total*."""
    try:
        return parse_financial_year(re.sub(r"\(.*|\btotal.*", "", words, flags=re.IGNORECASE))
    except (UnknownNameError, ValueError):  # a year that no calendar has
        return None


def year_label(year: Period) -> str:
    """A financial year as the publisher writes it."""
    return f"{year.start.year}-{year.end.year % 100:02d}"


def month(year: Period | None, name: str) -> Period | None:
    """The month of a financial year by its long or short name."""
    number = MONTHS.get(name.lower())
    if year is None or number is None:
        return None
    return Period.month(year.start.year if number >= 4 else year.end.year, number)


def age_band(words: str) -> str | None:
    """The age band of a label.

    Examples
    --------
    >>> [age_band(words) for words in ("10 to 19", "10-19", "Under 10", "80 and over", "80+")]
    ['10-19', '10-19', '0-9', '80+', '80+']
    >>> age_band("Unknown Age"), age_band("White")
    ('unknown', None)
    """
    words = words.lower().strip()
    if words in ("unknown", "unknown age", "age unknown", "not known"):
        return UNKNOWN
    if under := re.fullmatch(r"under (\d{1,3})", words):
        return f"0-{int(under[1]) - 1}"
    if found := _AGES.fullmatch(words):
        return f"{int(found[1])}-{int(found[2])}" if found[2] else f"{int(found[1])}+"
    return None


def dimension(header: str, values: Sequence[str] = ()) -> Dimension:
    """What a column of labels breaks the counts down by, from its header or else its labels."""
    for pattern, found in _DIMENSIONS:
        if re.search(pattern, header, re.IGNORECASE):
            return found
    if values and all(value.lower() in SEXES for value in values):
        return "sex"
    return "age" if values and all(map(age_band, values)) else "none"


def group(by: Dimension, words: str) -> tuple[str, str] | None:
    """The age band and the sex of a row; `None` if its label is neither."""
    if by == "age":
        band = age_band(words)
        return (band, ALL) if band else None
    if by == "sex":
        sex = SEXES.get(words.lower())
        return (ALL, sex) if sex else None
    return ALL, ALL


def region_code(name: str) -> str:
    """The code of a region or of England; blank for a column that is neither."""
    plain = " ".join(name.lower().replace("&", "and").split())
    for each in areas.all_areas().values():
        if plain == each.name.lower() and (each.kind == "region" or each.code == areas.ENGLAND):
            return each.code
    return ""


def region_codes(names: pd.Series) -> pd.Series:
    """The codes of a column of names."""
    return names.map({name: region_code(name) for name in names.unique()})
