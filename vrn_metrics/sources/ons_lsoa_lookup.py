"""Which LSOA lies in which ward and district."""

from __future__ import annotations

from typing import Final

import pandas as pd

from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import Note, Reading, Source
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._ons_table import (
    broken_links,
    code_and_name,
    end_of_year,
    has_columns,
    latest_vintage,
    links,
    read_table,
)

SOURCE = Source(
    key="ons-lsoa-lookup",
    title="LSOA to ward to district (ONS best-fit lookup)",
    publisher="Office for National Statistics",
    kind="reference",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    cadence="yearly",
    caveats=("Best fit: an LSOA is given whole to the ward that holds most of its residents.",),
)

LSOA, WARD, DISTRICT = "LSOA", "ward", "district"
COLUMNS: Final = (
    code_and_name(LSOA, "LSOA")
    | code_and_name(WARD, "WD|WARD")
    | code_and_name(DISTRICT, "LAD|LTLA")
)
RELATIONS: Final = (
    ("lsoa-ward", LSOA, WARD),
    ("ward-lad", WARD, DISTRICT),
    ("lsoa-lad", LSOA, DISTRICT),
)


def recognise(document: Document) -> bool:
    """Whether it has codes and names of LSOAs, wards and districts."""
    return document.kind != "zip" and has_columns(document, COLUMNS)


def read(document: Document) -> Reading:
    """The three relations, each pair once.

    Raises
    ------
    BadInputError
        If an LSOA comes twice, or a ward lies in two districts.
    """
    codes = [role for role in COLUMNS if role.endswith("code")]
    found = read_table(document, COLUMNS, codes, key=[f"{LSOA} code"])
    problems = [*broken_links(found, LSOA, WARD), *broken_links(found, WARD, DISTRICT)]
    if problems:
        raise BadInputError(document.name, list(dict.fromkeys(problems)))
    made = [links(found, relation, child, parent) for relation, child, parent in RELATIONS]
    return Reading(
        edition=end_of_year(latest_vintage(found, COLUMNS)),
        observations=pd.DataFrame(),
        tables={"area_links": pd.concat(made, ignore_index=True)},
        notes=(
            found.matched(),
            Note(
                "read",
                f"{len(made[0])} LSOAs in {len(made[1])} wards and "
                f"{made[2]['parent_code'].nunique()} districts",
                len(found.cells),
            ),
        ),
    )
