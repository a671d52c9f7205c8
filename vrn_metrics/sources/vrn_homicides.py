"""Local extract: homicide victims, from the police."""

from __future__ import annotations

import pandas as pd

from vrn_metrics.errors import Problem
from vrn_metrics.observations import UNKNOWN
from vrn_metrics.sources import Document, Note, Reading, Series, Source, refuse
from vrn_metrics.sources._extract import SEE, Extract, is_layout, read_extract
from vrn_metrics.sources._extract_cells import reading, rows_of
from vrn_metrics.sources._extract_columns import Columns

SOURCE = Source(
    key="vrn-homicides",
    title="Homicide victims (local extract)",
    publisher="Leicestershire Police, under an information-sharing agreement",
    kind="local",
    profile="gss_lt5",
    licence="Not for publication: held under an information-sharing agreement",
    address="docs/layouts.md",
    cadence="monthly",
    series=(
        Series("homicides", "Victims of homicide"),
        Series("homicides-nondomestic", "Victims of non-domestic homicide", within="homicides"),
        Series(
            "homicides-nondomestic-knife",
            "Victims of non-domestic homicide with a knife",
            within="homicides-nondomestic",
        ),
    ),
    caveats=("Relationship is to the principal suspect and is revised as cases conclude.",),
)

ONS, WITHOUT_CHILDREN = "ons", "excluding-family-under-16"
ADULT = 16  # domestic homicide, as ONS defines it, has a victim of this age or over

FAMILY, NOT_FAMILY = "family", "not family"
_RELATIONSHIPS = {
    **dict.fromkeys(
        (
            "partner",
            "ex partner",
            "spouse",
            "cohabitant",
            "parent",
            "child",
            "son or daughter",
            "sibling",
            "other relative",
            "other family",
            "family",
        ),
        FAMILY,
    ),
    **dict.fromkeys(
        ("friend", "acquaintance", "friend or acquaintance", "stranger", "other", "no suspect"),
        NOT_FAMILY,
    ),
}
_METHODS = {
    **dict.fromkeys(("sharp instrument", "sharp", "knife"), "yes"),
    **dict.fromkeys(("other", "blunt instrument", "shooting", "hitting or kicking"), "no"),
}
_COLUMNS = (
    "month",
    "date",
    "district",
    "age",
    "age_band",
    "sex",
    "relationship",
    "domestic",
    "method",
    "knife",
    "setting",
    "count",
)


def recognise(document: Document) -> bool:
    """Whether the file says that it is this layout."""
    return is_layout(document, SOURCE.key)


def read(document: Document) -> Reading:
    """The victims by month, district, age band, sex and setting, domestic ones told apart.

    Raises
    ------
    BadInputError
        With every broken rule.

    Notes
    -----
    Domestic follows ONS: the victim is 16 or over and the principal suspect a partner,
    ex-partner or relative. Not known counts as non-domestic, as ONS counts it, so
    non-domestic homicides are, if anything, overstated while cases are open. Children under
    16 killed by a relative are non-domestic in definition `ons` and left out in definition
    `excluding-family-under-16`, which needs the relationship: an answer *domestic, no* does not
    say who killed a child.
    """
    extract = read_extract(
        document,
        required=("district",),
        one_of=(
            ("month", "date"),
            ("age", "age_band"),
            ("relationship", "domestic"),
            ("method", "knife"),
        ),
        known=_COLUMNS,
    )
    _age_is_needed(extract)
    columns = Columns(extract)
    if extract.has("relationship"):
        related = columns.choices("relationship", _RELATIONSHIPS)
    else:
        answers = {"yes": FAMILY, "no": NOT_FAMILY}
        related = [answers.get(each, UNKNOWN) for each in columns.answers("domestic")]
    knives = (
        columns.choices("method", _METHODS) if extract.has("method") else columns.answers("knife")
    )
    rows = rows_of(columns, columns.counts(), related=related, knife=knives)
    family = rows["related"] == FAMILY
    child = _is_child(extract, rows) if extract.has("relationship") else family & False
    domestic = family & ~child
    by_knife = rows["knife"] == "yes"
    everyone = pd.Series(True, index=rows.index)
    series = [
        ("homicides", ONS, everyone),
        ("homicides-nondomestic", ONS, ~domestic),
        ("homicides-nondomestic-knife", ONS, ~domestic & by_knife),
    ]
    if extract.has("relationship"):
        series += [
            ("homicides-nondomestic", WITHOUT_CHILDREN, ~family),
            ("homicides-nondomestic-knife", WITHOUT_CHILDREN, ~family & by_knife),
        ]
    return reading(extract, rows, series, _notes(extract, rows))


def _notes(extract: Extract, rows: pd.DataFrame) -> list[Note]:
    """What was assumed where the file does not know."""
    said = {"relationship not known: counted as non-domestic": rows["related"] == UNKNOWN}
    if extract.has("relationship"):
        ageless = (rows["related"] == FAMILY) & (rows["age_band"] == UNKNOWN)
        said["killed by family and age not known: taken as 16 or over, so domestic"] = ageless
    notes = [Note("warning", text, int(met.sum())) for text, met in said.items() if met.any()]
    if not extract.has("relationship"):
        text = f"without 'relationship' the definition {WITHOUT_CHILDREN} cannot be given"
        notes.append(Note("warning", text))
    return notes


def _age_is_needed(extract: Extract) -> None:
    """A relationship says nothing of *domestic* without knowing who is under 16."""
    if extract.has("relationship") and not extract.has("age"):
        raise refuse(
            extract.document,
            Problem(
                "the column 'age' beside 'relationship'",
                "age bands only",
                "Domestic homicide has victims of 16 and over: send the age, or the column "
                f"'domestic' as ONS defines it. {SEE}",
            ),
        )


def _is_child(extract: Extract, rows: pd.DataFrame) -> pd.Series:
    ages = pd.to_numeric(pd.Series(extract.columns["age"], index=rows.index), errors="coerce")
    return ages < ADULT
