"""How each kind of publisher lists its files, one module a kind.

`listing` finds the newest file; `paged` is for services that give a table in pages, which are put
together here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.newest import Candidate
from vrn_metrics.fetch.publishers import arcgis, fingertips, govuk, nomis, ons, police
from vrn_metrics.fetch.web import Web

Find = Callable[[Entry, Web], Candidate]
Assemble = Callable[[Entry, Candidate, Web, Path], None]

FIND: Final[Mapping[str, Find]] = {
    "govuk-content": govuk.find,
    "ons-dataset": ons.find,
    "police-archive": police.find,
    "arcgis-query": arcgis.find,
    "fingertips-csv": fingertips.find,
    "nomis": nomis.find,
}
ASSEMBLE: Final[Mapping[str, Assemble]] = {
    "arcgis-query": arcgis.assemble,
    "nomis": nomis.assemble,
}
