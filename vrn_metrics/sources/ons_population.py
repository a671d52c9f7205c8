"""ONS: mid-year population estimates of local authorities, regions and countries.

Single years of age are kept as the bands that measures need: everyone, under 25, 25 and
over, and the five-year bands of the European standard population.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics import areas, observations
from vrn_metrics.counts import Status
from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.observations import ALL, OVER_25, UNDER_25
from vrn_metrics.sources import Note, Reading, Series, Source, refuse
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._ons_population_layout import (
    AGES,
    OLDEST,
    Layout,
    SingleYears,
    layouts,
    single_years,
)

BROAD: Final = {ALL: AGES, UNDER_25: AGES[:25], OVER_25: AGES[25:]}
FIVE_YEARS: Final = {
    **{f"{first}-{first + 4}": AGES[first : first + 5] for first in range(0, OLDEST, 5)},
    f"{OLDEST}+": AGES[OLDEST:],
}
KEY: Final = ["code", "year", "sex"]
LOWEST_TIER: Final = re.compile(r"E0[6-9]|W06")
ONE_SEX_OF_ENGLAND: Final = (20e6, 40e6)  # persons have been above 40 million since 1948

SOURCE = Source(
    key="ons-population",
    title="Mid-year population estimates by single year of age",
    publisher="Office for National Statistics",
    kind="published",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address=(
        "https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/"
        "populationestimates/datasets/estimatesofthepopulationforenglandandwales"
    ),
    cadence="yearly, in July",
    series=(Series("population", "Usual residents at the middle of the year", "people"),),
    caveats=(
        "Estimates of earlier years are revised: two editions differ for the same year.",
        "Leicester and Charnwood have many students aged 18 to 22, counted where they study.",
    ),
)


def recognise(document: Document) -> bool:
    """Whether a sheet has single years of age in one of the two layouts."""
    try:
        return bool(layouts(document))
    except BadInputError:
        return False


def read(document: Document) -> Reading:
    """People at 30 June by age band, and by sex where the file has both.

    Raises
    ------
    BadInputError
        With every broken rule of every sheet.
    """
    found = layouts(document)
    sheets = [(layout, single_years(document, layout)) for layout in found]
    problems = [problem for _, sheet in sheets for problem in sheet.problems]
    if problems:
        raise refuse(document, *problems)
    stacked = pd.concat([sheet.table for _, sheet in sheets], ignore_index=True)
    table = stacked.drop_duplicates([*KEY, *AGES])
    if problems := [*_conflicts(table, stacked, len(sheets)), *_implausible(table)]:
        raise refuse(document, *problems)
    rows = _observations(table)
    notes = [*_notes(document, sheets, len(stacked) - len(table)), *_incomplete(table)]
    notes.append(Note("read", f"{table['code'].nunique()} areas, {_years(table)}", len(rows)))
    edition = date(int(table["year"].max()), 6, 30)
    return Reading(edition, observations.table(rows), notes=tuple(notes))


def _observations(table: pd.DataFrame) -> pd.DataFrame:
    """Five-year bands for everyone; only the broad ones for each sex."""
    people = table[[*AGES]].to_numpy(dtype=float)
    bands = BROAD | FIVE_YEARS
    member = np.array([[age in ages for ages in bands.values()] for age in AGES], dtype=float)
    sums = pd.DataFrame(people @ member, columns=list(bands))
    wide = pd.concat([table[KEY].reset_index(drop=True), sums], axis=1)
    long = wide.melt(KEY, var_name="age_band", value_name="lower")
    long = long[(long["sex"] == ALL) | long["age_band"].isin(list(BROAD))]
    middle = long["year"].map({year: date(year, 6, 30) for year in long["year"].unique()})
    return long.rename(columns={"code": "area_code"}).assign(
        series=SOURCE.series[0].key,
        period_start=middle,
        period_end=middle,
        upper=long["lower"],
        status=str(Status.EXACT),
    )


def _conflicts(table: pd.DataFrame, stacked: pd.DataFrame, sheets: int) -> list[Problem]:
    """One area, year and sex must be there once; sheets may repeat it with equal numbers."""
    again = table[table.duplicated(KEY)] if sheets > 1 else stacked[stacked.duplicated(KEY)]
    if again.empty:
        return []
    first = again.iloc[0]
    fix = "Remove the rows that are there twice."
    found = f"{first['code']} again, {first['year']}"
    expected = "every area once a year and sex"
    return [Problem(expected, found, fix, None, int(first["row"]), len(again))]


def _implausible(table: pd.DataFrame) -> list[Problem]:
    problems = []
    today = date.today()
    ahead = sorted(int(year) for year in table["year"].unique() if date(year, 6, 30) > today)
    if ahead:
        fix = "Projections are not estimates: load mid-year estimates."
        problems.append(Problem("mid-years up to today", f"{ahead[0]}", fix, times=len(ahead)))
    ours = {each.code: each.name for each in areas.districts()}
    held = set(table["code"]) & set(ours)
    if held and (lost := [name for code, name in ours.items() if code not in held]):
        fix = "Rows are missing: download the file again."
        found = f"none for {', '.join(lost)}"
        problems.append(Problem("all nine districts of the network", found, fix))
    persons = table[table["sex"] == ALL].set_index("code")[[*AGES]].sum(axis=1)
    least, most = ONE_SEX_OF_ENGLAND
    if persons[persons.index == areas.ENGLAND].between(least, most).any():
        found = f"{persons[areas.ENGLAND].min():,.0f} people in England"
        fix = "Load the sheet 'MYE2 - Persons', or put females or males into the file's name."
        problems.append(Problem("persons, that is both sexes", found, fix))
    sexes = table[table["sex"] != ALL].groupby(["code", "year"])[[*AGES]]
    both = sexes.sum()[sexes.size() == 2].sum(axis=1)
    everyone = table[table["sex"] == ALL].set_index(["code", "year"])[[*AGES]].sum(axis=1)
    apart = (both - everyone).dropna()
    if (apart != 0).any():
        code, year = apart.index[int((apart != 0).to_numpy().argmax())]
        found = f"another number in {code}, {year}"
        fix = "The sheets are of different editions: load the workbook as published."
        times = int((apart != 0).sum())
        problems.append(
            Problem("females and males that add up to persons", found, fix, times=times)
        )
    return problems


def _notes(
    document: Document, sheets: list[tuple[Layout, SingleYears]], repeated: int
) -> list[Note]:
    notes = []
    for layout, sheet in sheets:
        place = f"sheet '{layout.sheet}': " if layout.sheet else ""
        notes.append(Note("matched", place + sheet.matched))
        if sheet.set_aside:
            notes.append(
                Note("set-aside", f"{place}rows without the code of an area", sheet.set_aside)
            )
    used = {layout.sheet for layout, _ in sheets}
    if others := [sheet for sheet in document.sheets if sheet not in used]:
        names = ", ".join(others)
        notes.append(Note("set-aside", f"sheets without single years of age: {names}", len(others)))
    if repeated:
        reason = "estimates that a second sheet repeats with the same numbers"
        notes.append(Note("set-aside", reason, repeated))
    return notes


def _incomplete(table: pd.DataFrame) -> list[Note]:
    """A warning where the local authorities fall short of England and Wales."""
    people = table[table["sex"] == ALL].set_index(["code", "year"])[[*AGES]].sum(axis=1)
    codes = people.index.get_level_values("code")
    whole = people[codes == areas.ENGLAND_AND_WALES].droplevel("code")
    parts = people[codes.str.match(LOWEST_TIER)].groupby("year").sum()
    short = (whole - parts.reindex(whole.index, fill_value=0)).loc[lambda gap: gap != 0]
    if short.empty:
        return []
    text = f"the local authorities fall short of England and Wales by {short.iloc[0]:,.0f} people"
    return [Note("warning", f"{text}: some are not in this file", len(short))]


def _years(table: pd.DataFrame) -> str:
    first, last = int(table["year"].min()), int(table["year"].max())
    return f"mid-{first}" if first == last else f"mid-{first} to mid-{last}"
