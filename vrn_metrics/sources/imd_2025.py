"""Index of Multiple Deprivation 2025 by LSOA: score, rank and decile of eight domains."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.sources import Note, Reading, Source
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._ons_table import OnsTable, has_columns, read_table

SOURCE = Source(
    key="imd-2025",
    title="English indices of deprivation 2025 (File 7, by LSOA)",
    publisher="Ministry of Housing, Communities and Local Government",
    kind="reference",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address="https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025",
    cadence="about every five years",
    caveats=(
        "The crime domain is built from police-recorded crime, violence included: to explain "
        "violence by it would be circular.",
        "An index describes areas, not the people in them.",
    ),
)

PUBLISHED: Final = date(2025, 10, 30)
ENGLISH_LSOAS: Final = 33_755
DOMAINS: Final = {  # the long name in File 7, and the short one of tables made from it
    "imd": ("Index of Multiple Deprivation (IMD)", "IMD"),
    "income": ("Income", "Income"),
    "employment": ("Employment", "Employment"),
    "education": ("Education, Skills and Training", "Education"),
    "health": ("Health Deprivation and Disability", "Health"),
    "crime": ("Crime", "Crime"),
    "housing": ("Barriers to Housing and Services", "Housing_and_Services"),
    "environment": ("Living Environment", "Environment"),
}
PARTS: Final = ("score", "rank", "decile")
_CODE, _NAME, _DISTRICT = "LSOA code", "LSOA name", "district code"


def _any_year(long: str, short: str) -> re.Pattern[str]:
    return re.compile(rf"{long} \(20\d\d\)|{short}", re.IGNORECASE)


PLACES: Final = {
    _CODE: _any_year("LSOA code", r"lsoa\d\d_?(?:code|cd)"),
    _NAME: _any_year("LSOA name", r"lsoa\d\d_?(?:name|nm)"),
    _DISTRICT: _any_year("Local Authority District code", r"(?:ltla|lad)\d\d_?(?:code|cd)"),
}
VALUES: Final = {
    f"{domain} {part}": re.compile(
        rf"{re.escape(long)} {part}(?: \(.*\))?|{short}_{part}", re.IGNORECASE
    )
    for domain, (long, short) in DOMAINS.items()
    for part in PARTS
}
_LSOA_2011 = re.compile(r"LSOA code \(2011\)|lsoa11_?(?:code|cd)", re.IGNORECASE)


def recognise(document: Document) -> bool:
    """Whether it has LSOA codes of any census and the index; `read` refuses the old ones."""
    marks = {_CODE: PLACES[_CODE], "imd decile": VALUES["imd decile"]}
    return document.kind != "zip" and has_columns(document, marks)


def read(document: Document) -> Reading:
    """Eight rows an LSOA, of all areas in the file.

    Raises
    ------
    BadInputError
        If it is the 2019 edition, a column is missing, an LSOA comes twice, or a value is
        out of its range.
    """
    if has_columns(document, {_CODE: _LSOA_2011}):
        raise document.refusal(
            "the 2025 indices, on LSOAs of the 2021 census",
            "an edition on LSOAs of 2011",
            "The two sets of LSOAs do not match (88 of the network's are new), so their deciles "
            "cannot be joined to street-level crime; load File 7 of 2025.",
        )
    wanted = PLACES | VALUES
    if absent := [role for role, name in wanted.items() if not has_columns(document, {role: name})]:
        raise document.refusal(
            "score, rank and decile of eight domains for each LSOA",
            f"no column for: {', '.join(absent)}",
            "Load File 7 (all ranks, scores, deciles) of the 2025 indices.",
        )
    found = read_table(document, wanted, [_CODE, _DISTRICT], key=[_CODE])
    values = found.cells[list(VALUES)].apply(pd.to_numeric, errors="coerce")
    if problems := _out_of_range(found, values):
        raise BadInputError(document.name, problems)
    frames = [
        pd.DataFrame(
            {
                "lsoa_code": found.cells[_CODE],
                "lsoa_name": found.cells[_NAME],
                "district_code": found.cells[_DISTRICT],
                "domain": domain,
                "score": values[f"{domain} score"],
                "rank": values[f"{domain} rank"].astype("int64"),
                "decile": values[f"{domain} decile"].astype("int64"),
            }
        )
        for domain in DOMAINS
    ]
    districts = found.cells[_DISTRICT].nunique()
    return Reading(
        edition=PUBLISHED,
        observations=pd.DataFrame(),
        tables={"deprivation": pd.concat(frames, ignore_index=True)},
        notes=(
            Note("matched", f"LSOA: '{found.headers[_CODE]}'; {len(VALUES)} columns of domains"),
            Note("read", f"{len(found.cells):,} LSOAs in {districts} districts", len(found.cells)),
        ),
    )


def _out_of_range(found: OnsTable, values: pd.DataFrame) -> list[Problem]:
    problems = []
    for role in VALUES:
        value, part = values[role], role.rpartition(" ")[2]
        if part == "score":
            broken, expected = ~pd.Series(np.isfinite(value), index=value.index), "a number"
        else:
            most = 10 if part == "decile" else ENGLISH_LSOAS
            broken = ~(value.between(1, most) & (value % 1 == 0))
            expected = f"a whole number from 1 to {most:,}"
        if broken.any():
            problems.append(found.problem(broken, expected, role))
    return problems
