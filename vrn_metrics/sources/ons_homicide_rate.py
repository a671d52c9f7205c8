"""ONS: homicides per million people by police force area, over rolling three years.

From *Explore local statistics*. It is the only open series of homicide by force; it counts
all homicides, domestic ones included, for victims of all ages.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import pandas as pd

from vrn_metrics import areas, observations
from vrn_metrics.counts import Status
from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.periods import Period
from vrn_metrics.sources import Note, Reading, Series, Source, refuse
from vrn_metrics.sources._document import Document, Row, text

COLUMNS: Final = {
    *("areacd", "areanm", "geography", "indicator"),
    *("period", "observation", "unit", "status"),
}
KINDS: Final = ("police force area", "region", "nation", "country")
SOUTH_YORKSHIRE: Final = "E23000011"
SIDECAR, LARGEST_SIDECAR = "ess-beta-metadata", 100_000
PER_MILLION: Final = re.compile(r"per (?:1,000,000|million)", re.IGNORECASE)
WINDOW: Final = re.compile(r"((?:19|20)\d{2})-(\d{2})-01/P3Y")
PEOPLE: Final = 1_000_000
AS_PUBLISHED: Final = "Load the CSV exactly as published."

SOURCE = Source(
    key="ons-homicide-rate",
    title="Homicide offences per million people, three-year rates by police force area",
    publisher="Office for National Statistics (Explore local statistics)",
    kind="published",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/explore-local-statistics/indicators/homicide-offences",
    cadence="yearly, in February",
    series=(
        Series(
            "homicide-rate-per-million",
            "Homicides per million people over three years",
            "rate per million",
        ),
    ),
    caveats=(
        "All homicides: domestic ones are not separated, nor victims under 25.",
        "The windows overlap, so neighbouring values are not independent.",
        "The year is when the police recorded it, and figures are revised as cases end.",
        "One-off events distort single forces: Hillsborough, Manchester Arena, the Essex lorry.",
    ),
)


def recognise(document: Document) -> bool:
    """Whether it is this table for homicide, or the description that comes beside it."""
    try:
        if document.kind == "json":
            return document.size < LARGEST_SIDECAR and _is_description(document.json)
        return document.kind == "csv" and _is_homicide(document.head())
    except BadInputError:
        return False


def read(document: Document) -> Reading:
    """Every rate with its three-year window; South Yorkshire's are set aside.

    Raises
    ------
    BadInputError
        With every broken rule; also for the description (JSON) that comes beside the table.
    """
    if document.kind == "json":
        raise document.refusal(
            "the table of rates",
            "the description of the table (JSON)",
            "Load the CSV that has the same name.",
        )
    table = _table(document)
    if problems := _problems(table):
        raise refuse(document, *problems)
    aside, reasons = _set_aside(table)
    kept = table[~aside]
    if kept.empty:
        problem = Problem("rates of police force areas", "none that can be used", AS_PUBLISHED)
        raise refuse(document, problem)
    missing = kept["rate"].isna()
    rows = pd.DataFrame(
        {
            "series": SOURCE.series[0].key,
            "area_code": kept["areacd"],
            "period_start": [window.start for window in kept["window"]],
            "period_end": [window.end for window in kept["window"]],
            "lower": kept["rate"],
            "upper": kept["rate"],
            "status": missing.map({True: str(Status.MISSING), False: str(Status.EXACT)}),
            "provisional": kept["status"].str.lower() == "p",
        }
    )
    windows = rows["period_start"].nunique()
    notes = [
        Note("matched", "'observation' as rate per million, 'period' as a three-year window"),
        *reasons,
        Note(
            "read", f"rates of {rows['area_code'].nunique()} areas in {windows} windows", len(rows)
        ),
    ]
    if missing.any():
        named = ", ".join(kept.loc[missing, "areanm"].unique())
        notes.append(Note("warning", f"no value published: {named}", int(missing.sum())))
    if windows > 1:
        overlap = "three-year windows overlap: compare only those that share no year"
        notes.append(Note("warning", overlap, len(rows)))
    return Reading(rows["period_end"].max(), observations.table(rows), notes=tuple(notes))


def _is_description(content: object) -> bool:
    about = content.get(SIDECAR) if isinstance(content, dict) else None
    return isinstance(about, dict) and "homicide" in str(about.get("label", "")).lower()


def _is_homicide(head: list[Row]) -> bool:
    names = [text(cell).lower() for cell in head[0]] if head else []
    if len(head) < 2 or not set(names) >= COLUMNS:
        return False
    place = names.index("indicator")
    return len(head[1]) > place and "homicide" in text(head[1][place]).lower()


def _table(document: Document) -> pd.DataFrame:
    """The rows as text, with `row`, and with `window` and `rate` where they can be read."""
    rows = document.rows()
    names = [text(cell).lower() for cell in next(rows)]
    lines = [(number, row) for number, row in enumerate(rows, 2) if any(row)]
    cut = [number for number, row in lines if len(row) != len(names)]
    if cut:
        found = "another number"
        fix = "The file is cut off or damaged here: download it again."
        problem = Problem(f"{len(names)} columns in every row", found, fix, None, cut[0], len(cut))
        raise refuse(document, problem)
    table = pd.DataFrame([[text(cell) for cell in row] for _, row in lines], columns=names)
    table["row"] = [number for number, _ in lines]
    table["rate"] = pd.to_numeric(table["observation"], errors="coerce")
    windows = {words: _window(words) for words in table["period"].unique()}
    table["window"] = table["period"].map(windows).astype(object)
    return table


def _window(words: str) -> Period | None:
    found = WINDOW.fullmatch(words)
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    return Period.span(date(int(found[1]), int(found[2]), 1), 36)


def _problems(table: pd.DataFrame) -> list[Problem]:
    homicide = table[table["indicator"].str.lower().str.contains("homicide")]
    ahead = homicide["window"].map(
        lambda window: isinstance(window, Period) and window.end > date.today()
    )
    ours = homicide["areanm"].map(lambda name: areas.force_code(name) or "")
    force = homicide["geography"].str.lower() == KINDS[0]
    held = homicide.groupby("areacd")["period"].transform("nunique")
    rules = (
        (
            ~homicide["rate"].between(0, PEOPLE) & (homicide["observation"] != ""),
            "observation",
            "a rate, or a blank",
            "Correct the cell.",
        ),
        (homicide["window"].isna(), "period", "three years such as 2022-04-01/P3Y", AS_PUBLISHED),
        (
            ahead.astype(bool),
            "period",
            "a window that has ended",
            "Correct the period: a rate cannot be known before its window ends.",
        ),
        (
            ~homicide["unit"].str.contains(PER_MILLION),
            "unit",
            "rates per 1,000,000 people",
            AS_PUBLISHED,
        ),
        (
            homicide.duplicated(["areacd", "period"]),
            "period",
            "every area and window once",
            "Remove the rows that are there twice.",
        ),
        (
            force & (ours != "") & (ours != homicide["areacd"]),
            "areacd",
            "the code of the police force named beside it",
            "Correct the code or the name.",
        ),
        (
            held < homicide["period"].nunique(),
            "areanm",
            "the same windows for every area",
            "Rows are missing: download the file again.",
        ),
    )
    return [
        Problem(expected, f"'{first[column]}'", fix, None, int(first["row"]), len(broken))
        for mask, column, expected, fix in rules
        if not (broken := homicide[mask]).empty
        for first in [broken.iloc[0]]
    ]


def _set_aside(table: pd.DataFrame) -> tuple[pd.Series, list[Note]]:
    """Which rows are not kept, and why."""
    kind = table["geography"].str.lower()
    unknown_force = (kind == KINDS[0]) & ~table["areacd"].isin([f.code for f in areas.forces()])
    # About 25 to 84 per million where other forces have 5 to 16: it looks like the sum of
    # three years that was not divided by three.
    reasons = {
        "South Yorkshire: about three times too high throughout, as if three years had been "
        "added up and not divided": table["areacd"] == SOUTH_YORKSHIRE,
        "indicators other than homicide": ~table["indicator"].str.lower().str.contains("homicide"),
        "areas that are no force, region or nation": ~kind.isin(KINDS),
        "police force codes that this project does not know": unknown_force,
    }
    aside = pd.Series(False, index=table.index)
    notes = []
    for reason, rows in reasons.items():
        if count := int((rows & ~aside).sum()):
            notes.append(Note("set-aside", reason, count))
        aside |= rows
    return aside, notes
