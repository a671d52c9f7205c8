"""Local extract: recorded offences, from the police."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache

import pandas as pd

from vrn_metrics.areas import REFERENCE
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.observations import BY_TIME, TIMES, series_at
from vrn_metrics.sources import Document, Note, Reading, Series, Source
from vrn_metrics.sources._extract import Extract, is_layout, read_extract
from vrn_metrics.sources._extract_cells import reading, rows_of
from vrn_metrics.sources._extract_columns import Columns

KNIFE = "knife-violence"
_MIDNIGHT = ("00:00", "0:00", "00:00:00", "00.00")

SOURCE = Source(
    key="vrn-offences",
    title="Recorded offences (local extract)",
    publisher="Leicestershire Police, under an information-sharing agreement",
    kind="local",
    profile="gss_lt5",
    licence="Not for publication: held under an information-sharing agreement",
    address="docs/layouts.md",
    cadence="monthly",
    series=(
        Series(KNIFE, "Selected offences with a knife or sharp instrument"),
        Series("violence-with-injury", "Violence with injury"),
        Series("robbery", "Robbery"),
        Series("weapon-possession", "Possession of weapons"),
        *(
            Series(series_at(KNIFE, time), f"Knife-enabled violence, {time.replace('-', ' ')}")
            for time in TIMES
        ),
    ),
    caveats=("An extract may differ from published tables, which are frozen at a later date.",),
)

_COLUMNS = (
    "month",
    "district",
    "offence_code",
    "knife",
    "age",
    "age_band",
    "sex",
    "setting",
    "time",
    "domestic",
    "count",
)


def recognise(document: Document) -> bool:
    """Whether the file says that it is this layout."""
    return is_layout(document, SOURCE.key)


def read(document: Document) -> Reading:
    """The offences by month, district (or force area), victim's age band and sex, setting.

    Where the file has times, knife-enabled violence is also given for each time of day.
    Negative counts are kept: transfers and cancellations are netted when they happen.

    Raises
    ------
    BadInputError
        With every broken rule.
    """
    extract = read_extract(
        document,
        required=("month", "district", "offence_code", "knife"),
        one_of=(),
        known=_COLUMNS,
    )
    columns = Columns(extract)
    codes = columns.words("offence_code", _code, "a Home Office offence code such as 8N or 34B")
    knives = columns.answers("knife")
    if extract.has("domestic"):
        columns.answers("domestic")
    more = {"time": columns.times()} if extract.has("time") else {}
    counts = columns.counts(may_be_negative=True)
    rows = rows_of(columns, counts, code=codes, knife=knives, **more)
    series = rows["code"].map({code: row["series"] for code, row in _codes().items()})
    selected = rows["code"].map({code: row["knife"] == "yes" for code, row in _codes().items()})
    counted = tuple(
        (key, "extract", series == key)
        for key in ("violence-with-injury", "robbery", "weapon-possession")
    )
    by_knife = selected.fillna(False).astype(bool) & (rows["knife"] == "yes")
    unsure = int((selected.fillna(False).astype(bool) & (rows["knife"] == "unknown")).sum())
    notes = (
        [Note("warning", "knife not known: not counted as knife-enabled", unsure)] if unsure else []
    )
    used = by_knife | series.isin([key for key, _, _ in counted])
    if unused := int((~used).sum()):
        notes.append(Note("set-aside", "offences that no measure counts", unused))
    if more:
        counted += tuple(
            (series_at(KNIFE, time), BY_TIME, by_knife & (rows["time"] == time)) for time in TIMES
        )
        notes += _midnight(extract, by_knife)
    return reading(extract, rows, ((KNIFE, "extract", by_knife), *counted), notes)


def _midnight(extract: Extract, by_knife: pd.Series) -> list[Note]:
    """Systems write midnight where nobody knows the time: that may not pass unseen."""
    exactly = pd.Series(extract.columns["time"]).isin(_MIDNIGHT) & by_knife.to_numpy()
    said = "time is exactly midnight: counted at night; send 'unknown' where it is not known"
    return [Note("warning", said, int(exactly.sum()))] if exactly.any() else []


def _code(word: str) -> str:
    plain = word.upper().replace(" ", "").lstrip("0")
    if plain not in _codes():
        raise UnknownNameError(word)
    return plain


@cache
def _codes() -> Mapping[str, Mapping[str, str]]:
    with (REFERENCE / "offence_codes.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["code"]: row for row in rows}
