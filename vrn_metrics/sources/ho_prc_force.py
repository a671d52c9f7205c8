"""Home Office: police recorded crime by offence, police force and quarter.

The series of a force is a sum of offence rows. Homicide comes as four rows of one label
(murder, manslaughter, corporate manslaughter, infanticide), which are added up.
"""

from __future__ import annotations

from typing import Final

from vrn_metrics.sources import Reading, Source
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._offence_rows import FindHeader
from vrn_metrics.sources._recorded_crime import (
    CAVEATS,
    SERIES,
    force_of,
    header_finder,
    is_recorded_crime,
    read_recorded_crime,
)

FIND_HEADER: Final[FindHeader] = header_finder(needed=(), barred=("csp",))

SOURCE = Source(
    key="ho-prc-force",
    title="Police recorded crime by police force area and quarter",
    publisher="Home Office",
    kind="published",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address=(
        "https://www.gov.uk/government/statistical-data-sets/"
        "police-recorded-crime-and-outcomes-open-data-tables"
    ),
    cadence="quarterly, in January, April, July and October",
    series=SERIES,
    caveats=CAVEATS,
)


def recognise(document: Document) -> bool:
    """Whether a sheet has the columns of this table, and it is not about knives."""
    return is_recorded_crime(document, FIND_HEADER)


def read(document: Document) -> Reading:
    """Each series by force and quarter, and for England and Wales where all 43 are there.

    Raises
    ------
    BadInputError
        With every broken rule.
    """
    return read_recorded_crime(document, FIND_HEADER, (("force",), force_of), national=True)
