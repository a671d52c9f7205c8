"""The twenty statistical nearest neighbours of each local authority, from ONS."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd

from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.sources import Note, Reading, Source
from vrn_metrics.sources._document import Document, text
from vrn_metrics.sources._ons_table import AGAIN, CODE

SOURCE = Source(
    key="ons-neighbours",
    title="Statistical nearest neighbours of local authorities (ONS)",
    publisher="Office for National Statistics",
    kind="reference",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address="https://www.ons.gov.uk/explore-local-statistics/",
    cadence="irregular",
    caveats=(
        "Neighbours are alike in many statistics together; they were not chosen for violence, and "
        "are not the Home Office's most similar groups.",
    ),
)

NEIGHBOURS: Final = 20
_HEADER: Final = ("AREACD", *(str(rank) for rank in range(1, NEIGHBOURS + 1)))


def recognise(document: Document) -> bool:
    """Whether its header is `AREACD` and ranks from 1."""
    if document.kind != "csv" or not (head := document.head()):
        return False
    return _cells(head[0])[:2] == _HEADER[:2]


def read(document: Document) -> Reading:
    """Every area with its neighbours, nearest first.

    Notes
    -----
    Combined authorities have fewer than twenty: blanks at the end of a row are none, not
    missing values. The file bears no date, so the edition is the file's own.

    Raises
    ------
    BadInputError
        If an area comes twice, is its own neighbour, or a code is no ONS code.
    """
    header = _cells(document.head()[0])
    if header != _HEADER:
        raise document.refusal(
            f"the header {','.join(_HEADER)}", f"{','.join(header)[:120]}", AGAIN
        )
    seen: dict[str, int] = {}
    records: list[tuple[str, int, str]] = []
    broken: dict[str, list[tuple[int, str]]] = {}
    short = 0
    for number, row in enumerate(document.rows(), start=1):
        cells = _cells(row)
        if number == 1 or not any(cells):
            continue
        area, *neighbours = cells
        while neighbours and not neighbours[-1] and len(cells) == len(_HEADER):
            neighbours.pop()
        short += len(neighbours) < NEIGHBOURS
        for rule, found in _faults(cells, area, neighbours, seen):
            broken.setdefault(rule, []).append((number, found))
        seen.setdefault(area, number)
        records += [(area, rank, code) for rank, code in enumerate(neighbours, start=1)]
    problems = [
        Problem(rule, places[0][1], AGAIN, row=places[0][0], times=len(places))
        for rule, places in broken.items()
    ]
    if not records:
        problems.append(Problem("at least one area with neighbours", "none", AGAIN))
    if problems:
        raise BadInputError(document.name, problems)
    edition = min(date.fromtimestamp(document.path.stat().st_mtime), date.today())
    notes = [
        Note("matched", f"edition: {edition}, the date of the file, as it states none"),
        Note("read", f"neighbours of {len(seen)} areas", len(records)),
    ]
    if short:
        notes.append(Note("warning", f"areas with fewer than {NEIGHBOURS} neighbours", short))
    frame = pd.DataFrame(records, columns=["area_code", "rank", "neighbour_code"])
    return Reading(edition, pd.DataFrame(), {"neighbours": frame}, tuple(notes))


def _cells(row: tuple[object, ...]) -> tuple[str, ...]:
    return tuple(text(cell).lstrip("\ufeff") for cell in row)  # type: ignore[arg-type]


def _faults(
    cells: tuple[str, ...], area: str, neighbours: list[str], seen: dict[str, int]
) -> list[tuple[str, str]]:
    """The rules a row breaks, each with what was found."""
    if len(cells) != len(_HEADER):
        return [(f"{len(_HEADER)} cells in every row", f"{len(cells)} for '{area}'")]
    found = []
    if strange := [code for code in (area, *neighbours) if not CODE.fullmatch(code)]:
        found.append(("an ONS code such as E06000016", f"'{strange[0]}'"))
    if area in seen:
        found.append(("each area once", f"'{area}' again"))
    if area in neighbours:
        found.append(("neighbours that are other areas", f"'{area}' beside itself"))
    if len(set(neighbours)) < len(neighbours):
        found.append(("each neighbour of an area once", f"one twice for '{area}'"))
    return found
