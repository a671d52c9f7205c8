"""Which district belongs to which Community Safety Partnership and police force area."""

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
    key="ons-area-lookup",
    title="District to Community Safety Partnership to police force area (ONS lookup)",
    publisher="Office for National Statistics",
    kind="reference",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address="https://geoportal.statistics.gov.uk/",
    cadence="yearly",
    caveats=("Local government reorganisation changes these codes: mind the vintage.",),
)

DISTRICT, CSP, FORCE = "district", "partnership", "force"
COLUMNS: Final = (
    code_and_name(DISTRICT, "LAD|LTLA") | code_and_name(CSP, "CSP") | code_and_name(FORCE, "PFA")
)
RELATIONS: Final = (
    ("lad-csp", DISTRICT, CSP),
    ("csp-pfa", CSP, FORCE),
    ("lad-pfa", DISTRICT, FORCE),
)


def recognise(document: Document) -> bool:
    """Whether it has codes and names of districts, partnerships and forces."""
    return document.kind != "zip" and has_columns(document, COLUMNS)


def read(document: Document) -> Reading:
    """The three relations, each pair once.

    Raises
    ------
    BadInputError
        If a pair comes twice, or a district or partnership lies in two forces.
    """
    codes = [role for role in COLUMNS if role.endswith("code")]
    found = read_table(document, COLUMNS, codes, key=[f"{DISTRICT} code", f"{CSP} code"])
    # districts made by a merger keep several partnerships, so that relation is not checked
    problems = [*broken_links(found, CSP, FORCE), *broken_links(found, DISTRICT, FORCE)]
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
                f"{len(made[2])} districts in {len(made[1])} partnerships and "
                f"{made[2]['parent_code'].nunique()} police force areas",
                len(found.cells),
            ),
        ),
    )
