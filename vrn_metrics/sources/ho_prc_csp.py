"""Home Office: police recorded crime by offence, Community Safety Partnership and quarter.

The table has names only. Ours become district codes; the partnerships of other forces keep
their names as keys. Crimes that no partnership could be given are *Unassigned*, a real place
here: without it the districts would not add up to the force.
"""

from __future__ import annotations

from typing import Final

from vrn_metrics import areas
from vrn_metrics.sources import Reading, Source
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._offence_rows import Fault, FindHeader, Place
from vrn_metrics.sources._recorded_crime import (
    CAVEATS,
    SERIES,
    force_of,
    header_finder,
    is_recorded_crime,
    read_recorded_crime,
)

FIND_HEADER: Final[FindHeader] = header_finder(needed=("csp",))

SOURCE = Source(
    key="ho-prc-csp",
    title="Police recorded crime by Community Safety Partnership and quarter",
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
    caveats=(
        *CAVEATS,
        "Crimes without a known partnership are Unassigned: 4.8% in Leicestershire in the year "
        "ending June 2025.",
        "Partnerships outside the network are known by name only.",
    ),
)


def recognise(document: Document) -> bool:
    """Whether a sheet has the columns of this table, the partnership included."""
    return is_recorded_crime(document, FIND_HEADER)


def read(document: Document) -> Reading:
    """Each series by partnership and quarter, districts of the network by their own code.

    Raises
    ------
    BadInputError
        With every broken rule; among them a partnership of Leicestershire that is not ours.
    """
    place = (("force", "csp"), partnership_of)
    return read_recorded_crime(document, FIND_HEADER, place, national=False)


def partnership_of(force: str, name: str) -> Place | Fault:
    """The place of a partnership, told by its police force as well as its name."""
    of_force = force_of(force)
    if isinstance(of_force, Fault) or of_force.aside:
        return of_force
    if not name:
        return Fault("the name of a partnership", "a blank", "Correct the cell.")
    ours = areas.district_code(name)
    if of_force.code == areas.NETWORK:
        if ours is None:
            fix = "Correct the name, or tell the maintainers that the districts have changed."
            return Fault("one of the nine districts or Unassigned", f"'{name}'", fix)
        return Place(ours, name)
    if ours == areas.UNASSIGNED:  # "Unassigned" alone would be ours
        name = f"Unassigned {force}"
    elif ours is not None:
        fix = "Correct the police force or the partnership."
        return Fault(f"{name} under the force Leicestershire", f"'{force}'", fix)
    return Place(areas.csp_code(name), name)
