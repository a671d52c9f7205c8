"""Local extract: hospital admissions for assault, from the trust or an information-sharing tool."""

from __future__ import annotations

import re
from typing import Final

from vrn_metrics.errors import UnknownNameError
from vrn_metrics.sources import Document, Note, Reading, Series, Source
from vrn_metrics.sources._extract import is_layout, read_extract
from vrn_metrics.sources._extract_cells import reading, rows_of
from vrn_metrics.sources._extract_columns import Columns

SOURCE = Source(
    key="vrn-admissions",
    title="Hospital admissions for assault (local extract)",
    publisher="Hospital trust, under an information-sharing agreement",
    kind="local",
    profile="gss_lt5",
    licence="Not for publication: held under an information-sharing agreement",
    address="docs/layouts.md",
    cadence="monthly",
    series=(
        Series("sharp-admissions", "Assault by sharp object (X99)", within="assault-admissions"),
        Series("assault-admissions", "Any assault (X85 to Y09)"),
    ),
    caveats=("Recording the cause of an injury is not mandatory and varies between hospitals.",),
)

SHARP, ASSAULT, OTHER = "sharp", "assault", "other"
_COLUMNS = ("month", "district", "icd10", "age", "age_band", "sex", "setting", "count")
_CODE: Final = re.compile(r"([A-Z])(\d{2})\.?[0-9X]{0,2}")


def recognise(document: Document) -> bool:
    """Whether the file says that it is this layout."""
    return is_layout(document, SOURCE.key)


def read(document: Document) -> Reading:
    """The admissions by month, district, age band, sex and setting.

    Raises
    ------
    BadInputError
        With every broken rule.
    """
    extract = read_extract(
        document,
        required=("month", "district", "icd10"),
        one_of=(("age", "age_band"),),
        known=_COLUMNS,
    )
    columns = Columns(extract)
    causes = columns.words("icd10", cause, "an ICD-10 code of an external cause such as X99.4")
    rows = rows_of(columns, columns.counts(), cause=causes)
    other = int((rows["cause"] == OTHER).sum())
    notes = (
        [Note("set-aside", "causes that are no assault (not X85 to Y09)", other)] if other else []
    )
    return reading(
        extract,
        rows,
        (
            ("sharp-admissions", "extract", rows["cause"] == SHARP),
            ("assault-admissions", "extract", rows["cause"].isin([SHARP, ASSAULT])),
        ),
        notes,
    )


def cause(code: str) -> str:
    """Assault by sharp object, another assault, or another cause.

    Accidents with sharp objects (W25, W26), self-harm (X78) and undetermined intent (Y28)
    are no assaults; Y87.1, the late effects of one, is another admission for an old event.

    Raises
    ------
    UnknownNameError
        If it is no code of an external cause (V to Y).

    Examples
    --------
    >>> cause("X99.4"), cause("Y04"), cause("W26")
    ('sharp', 'assault', 'other')
    """
    found = _CODE.fullmatch(code.upper().strip())
    if not found or found[1] not in "VWXY":
        raise UnknownNameError(code)
    number = int(found[2])
    if found[1] == "X" and number == 99:
        return SHARP
    if (found[1] == "X" and number >= 85) or (found[1] == "Y" and number <= 9):
        return ASSAULT
    return OTHER
