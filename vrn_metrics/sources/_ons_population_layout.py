"""The two layouts of ONS mid-year population estimates, as one table of single years of age.

*Across*: one year of estimates, a column an age (sheets *MYE2 - Persons*, *Females*,
*Males*, or such a sheet saved as CSV). *Long*: a row an age and sex, a column a year
(sheets *MYEB1*).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd

from vrn_metrics import areas
from vrn_metrics.errors import Problem
from vrn_metrics.observations import ALL
from vrn_metrics.sources._document import Document, Row, text

OLDEST: Final = 90  # the last single year stands for 90 and over
AGES: Final = range(OLDEST + 1)
HEADER_WITHIN: Final = 15
SMALL: Final = 8 * 1024**2  # in larger workbooks only sheets named MYE… are opened
AS_PUBLISHED: Final = "Load the file exactly as published."

_CODE: Final = re.compile(r"code|ladcode\d*|lad\d*cd")
_NAME: Final = re.compile(r"name|laname\d*|ladname\d*|lad\d*nm")
_YEAR_COLUMN: Final = re.compile(r"population_((?:19|20)\d{2})")
_PART_OF_CODE: Final = re.compile(r"[A-Z]\d{1,8}")  # a file can be cut off inside a code
_MID_YEAR: Final = re.compile(r"\bmid[- ]?(?:year[- ])?((?:19|20)\d{2})\b", re.IGNORECASE)
_NAMED_YEARS: Final = (
    re.compile(r"mid[-_ ]?((?:19|20)\d{2})", re.IGNORECASE),
    re.compile(r"mye[-_ ]?((?:19|20)\d{2}|\d{2})(?!\d)", re.IGNORECASE),
    re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)"),
)
_SEXES: Final = {
    **dict.fromkeys(("m", "1", "male", "males"), "male"),
    **dict.fromkeys(("f", "2", "female", "females"), "female"),
}


@dataclass(frozen=True)
class Layout:
    """A sheet in one of the two layouts; `header` is the index of its header row."""

    sheet: str
    kind: Literal["across", "long"]
    header: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class SingleYears:
    """People by single year of age.

    `table` has `code`, `year`, `sex`, `row` and the columns 0 to 90; `set_aside` counts the
    rows that name no area.
    """

    table: pd.DataFrame
    matched: str = ""
    set_aside: int = 0
    problems: tuple[Problem, ...] = field(default=())


def layouts(document: Document) -> list[Layout]:
    """Every sheet of the document that is in one of the two layouts."""
    if document.kind in ("json", "zip"):
        return []
    sheets = document.sheets
    if document.size > SMALL and len(sheets) > 1:
        sheets = tuple(sheet for sheet in sheets if "mye" in sheet.lower())
    return [found for sheet in sheets if (found := _layout(sheet, document.head(sheet)))]


def _layout(sheet: str, head: list[Row]) -> Layout | None:
    for index, row in enumerate(head[:HEADER_WITHIN]):
        names = tuple(text(cell).lower() for cell in row)
        if not any(map(_CODE.fullmatch, names)):
            continue
        if {"all ages", "0", "1", "89"} <= set(names):
            return Layout(sheet, "across", index, names)
        if {"sex", "age"} <= set(names) and any(map(_YEAR_COLUMN.fullmatch, names)):
            return Layout(sheet, "long", index, names)
    return None


def single_years(document: Document, layout: Layout) -> SingleYears:
    """Read one sheet; what is wrong with it is in `problems`."""
    rows = list(enumerate(document.rows(layout.sheet), 1))[layout.header + 1 :]
    code = _place(layout.names, _CODE)
    filled = [(number, row) for number, row in rows if any(row)]
    kept = [
        (number, row)
        for number, row in filled
        if len(row) > code and _PART_OF_CODE.fullmatch(text(row[code]))
    ]
    width = len(layout.names)
    cut = [number for number, row in kept if len(row) < width or len(text(row[code])) < 9]
    if cut or not kept:
        expected = f"{width} columns in every row" if cut else "rows with the code of an area"
        fix = "The file is cut off here: download it again." if cut else AS_PUBLISHED
        first = cut[0] if cut else layout.header + 2
        problem = Problem(expected, "fewer" if cut else "none", fix, layout.sheet or None, first)
        return SingleYears(pd.DataFrame(), problems=(problem,))
    labels = pd.DataFrame(
        {
            "row": [number for number, _ in kept],
            "code": [text(row[code]) for _, row in kept],
            "name": [text(row[_place(layout.names, _NAME, code)]) for _, row in kept],
        }
    )
    lines = [row for _, row in kept]
    if layout.kind == "across":
        found = _across(document, layout, labels, lines)
    else:
        found = _long(layout, labels, lines)
    problems = (*_misnamed(labels, layout), *found.problems)
    return SingleYears(found.table, found.matched, len(filled) - len(kept), problems)


def _place(names: tuple[str, ...], pattern: re.Pattern[str], default: int = 0) -> int:
    return next((index for index, name in enumerate(names) if pattern.fullmatch(name)), default)


def _misnamed(labels: pd.DataFrame, layout: Layout) -> list[Problem]:
    """Districts of the network under another code."""
    ours = {each.name: each.code for each in areas.districts()}
    expected = labels["name"].map(ours)
    wrong = labels[expected.notna() & (expected != labels["code"])]
    return [
        Problem(
            f"the code {ours[str(name)]} for {name}",
            f"'{code}'",
            "Correct the code or the name.",
            layout.sheet or None,
            int(row),
        )
        for name, code, row in wrong.drop_duplicates("name")[["name", "code", "row"]].to_numpy()
    ]


def _numbers(lines: list[Row], columns: list[int]) -> np.ndarray:
    """People as numbers; not a number where a cell is blank or text."""
    cells = pd.DataFrame([[row[column] for column in columns] for row in lines], dtype=object)
    plain = cells.map(lambda cell: cell.replace(",", "") if isinstance(cell, str) else cell)
    numbers = np.asarray(plain.apply(pd.to_numeric, errors="coerce"), dtype=float)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _uncounted(people: np.ndarray, labels: pd.DataFrame, layout: Layout) -> list[Problem]:
    broken = ~((people >= 0) & (people % 1 == 0)).all(axis=1)
    if not broken.any():
        return []
    row = int(labels["row"].to_numpy()[broken][0])
    expected, found = "a whole number of people in every cell", "a blank or something else"
    times = int(broken.sum())
    return [Problem(expected, found, AS_PUBLISHED, layout.sheet or None, row, times)]


def _across(
    document: Document, layout: Layout, labels: pd.DataFrame, lines: list[Row]
) -> SingleYears:
    missing = [age for age in AGES if age < OLDEST and str(age) not in layout.names]
    last = next((name for name in ("90+", "90") if name in layout.names), None)
    if missing or last is None:
        problem = Problem(
            "a column for every age from 0 to 89, and 90+",
            f"none for {missing[0] if missing else '90+'}",
            AS_PUBLISHED,
            layout.sheet or None,
            layout.header + 1,
        )
        return SingleYears(pd.DataFrame(), problems=(problem,))
    ages = [layout.names.index(str(age)) for age in AGES if age < OLDEST]
    columns = [*ages, layout.names.index(last), layout.names.index("all ages")]
    people = _numbers(lines, columns)
    problems = _uncounted(people, labels, layout)
    apart = ~np.isclose(people[:, :-1].sum(axis=1), people[:, -1])
    if apart.any() and not problems:
        first = int(apart.argmax())
        problems.append(
            Problem(
                "single years that add up to all ages",
                f"{people[first, :-1].sum():,.0f} against {people[first, -1]:,.0f} "
                f"in {labels['name'].iloc[first]}",
                "Download the file again.",
                layout.sheet or None,
                int(labels["row"].iloc[first]),
                int(apart.sum()),
            )
        )
    year, said_year = _year(document, layout)
    sex, said_sex = _sex(document, layout)
    if year is None:
        problems.append(
            Problem(
                "the year of the estimates above the table or in the name of the file",
                f"none, or several, in '{document.name}'",
                "Put the year into the name, such as mid2024.csv, and load it again.",
                layout.sheet or None,
            )
        )
    table = labels.assign(year=year or 0, sex=sex)
    matched = f"single years of age across; {said_year}; {said_sex}"
    return SingleYears(_with_ages(table, people[:, :-1]), matched, problems=tuple(problems))


def _long(layout: Layout, labels: pd.DataFrame, lines: list[Row]) -> SingleYears:
    sheet, names = layout.sheet or None, layout.names
    years = {
        i: int(found[1]) for i, name in enumerate(names) if (found := _YEAR_COLUMN.fullmatch(name))
    }
    people = _numbers(lines, list(years))
    problems = _uncounted(people, labels, layout)
    sexes = [_SEXES.get(text(row[names.index("sex")]).lower(), "") for row in lines]
    ages = [text(row[names.index("age")]).rstrip("+") for row in lines]
    keyed = labels.assign(sex=sexes, age=pd.to_numeric(pd.Series(ages), errors="coerce"))
    order = keyed.sort_values(["code", "sex", "age"], kind="stable").index.to_numpy()
    ordered = keyed.loc[order]
    groups = ordered.groupby(["code", "sex"], sort=False)["age"]
    whole = groups.agg(tuple).map(lambda found: found == tuple(AGES))
    if not whole.all():
        code, of = whole.index[int((~whole).to_numpy().argmax())]
        problems.append(
            Problem(
                "one row for every age from 0 to 90, of M or F, in every area",
                f"another set of rows for {code}, {of or 'another sex'}",
                "Rows are missing or there twice: download the file again.",
                sheet,
                int(keyed.loc[(keyed["code"] == code) & (keyed["sex"] == of), "row"].iloc[0]),
                int((~whole).sum()),
            )
        )
    elif ordered.groupby("code")["sex"].nunique().min() < 2 or "" in sexes:
        seen = "one of them only, or another label, in some area"
        problems.append(Problem("M and F in every area", seen, AS_PUBLISHED, sheet))
    if problems:
        return SingleYears(pd.DataFrame(), problems=tuple(problems))
    cube = people[order].reshape(len(whole), len(AGES), len(years))
    heads = ordered.iloc[:: len(AGES)].drop(columns="age")
    table = pd.concat(
        [
            _with_ages(heads.assign(year=year), cube[:, :, i])
            for i, year in enumerate(years.values())
        ],
        ignore_index=True,
    )
    persons = table.groupby(["code", "year"], as_index=False)[[*AGES]].sum()
    rows = table.groupby(["code", "year"], as_index=False)["row"].min()["row"]
    table = pd.concat([table, persons.assign(sex=ALL, row=rows)], ignore_index=True)
    shown = f"{min(years.values())} to {max(years.values())}"
    matched = f"a row an age and sex, years {shown}; persons as male plus female"
    return SingleYears(table, matched)


def _with_ages(labels: pd.DataFrame, people: np.ndarray) -> pd.DataFrame:
    plain = labels.drop(columns="name").reset_index(drop=True)
    return pd.concat([plain, pd.DataFrame(people, columns=list(AGES))], axis=1)


def _year(document: Document, layout: Layout) -> tuple[int | None, str]:
    """The year, from the words above the table, the first sheet, or the file's name."""
    above = document.head(layout.sheet)[: layout.header]
    for place, rows in (("above the table", above), ("on the first sheet", _cover(document))):
        for words in _words(rows):
            if len(found := set(_MID_YEAR.findall(words))) == 1:
                return int(found.pop()), f"the year is stated {place}"
    for pattern in _NAMED_YEARS:
        named = set(pattern.findall(document.name))
        if len(named) == 1:
            year = int(named.pop())
            year = year if year > 99 else 2000 + year
            return year, f"the year {year} is taken from the file's name '{document.name}'"
        if named:
            break
    return None, "no year"


def _sex(document: Document, layout: Layout) -> tuple[str, str]:
    above = document.head(layout.sheet)[: layout.header]
    for place in (layout.sheet, *_words(above), document.name):
        words = set(re.findall(r"persons|females?|males?", place.lower()))
        if len(words) == 1:
            found = _SEXES.get(words.pop(), ALL)
            return found, f"{'persons' if found == ALL else found} as stated in '{place}'"
    return ALL, "taken as persons, for the sheet states no sex"


def _cover(document: Document) -> list[Row]:
    return document.head(document.sheets[0]) if len(document.sheets) > 1 else []


def _words(rows: Iterable[Row]) -> list[str]:
    return [text(cell) for row in rows for cell in row if isinstance(cell, str)]
