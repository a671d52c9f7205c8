"""Home Office: offences involving knives or sharp instruments, by police force and quarter.

The header of this table could not be checked against a published file, so the reader looks
for the columns by their names on every sheet, says what it took, and refuses when unsure.
The measure is the seven selected offences; possession is another thing and is not in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import isnan
from typing import Final

from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.sources import Note, Reading, Series, Source, refuse
from vrn_metrics.sources._document import Cell, Document, Row, text
from vrn_metrics.sources._offence_rows import (
    ALIASES,
    AS_PUBLISHED,
    Fault,
    Header,
    Offence,
    OffenceRows,
    header_of,
    heads,
    plain,
    read_rows,
)
from vrn_metrics.sources._offence_sums import add_up, named
from vrn_metrics.sources._offences import (
    KNIFE_OFFENCES,
    POSSESSION,
    TOTAL,
    knife_offence,
    names_knives,
)
from vrn_metrics.sources._published_counts import count_of, stated_date, words_of
from vrn_metrics.sources._recorded_crime import force_of

SOURCE = Source(
    key="ho-knife",
    title="Offences involving knives or sharp instruments by police force area and quarter",
    publisher="Home Office",
    kind="published",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address=(
        "https://www.gov.uk/government/statistical-data-sets/"
        "police-recorded-crime-and-outcomes-open-data-tables"
    ),
    cadence="quarterly, in January, April, July and October",
    series=(
        Series(
            "knife-offences",
            "Selected offences involving a knife or sharp instrument",
            "offences",
        ),
    ),
    caveats=(
        "Official statistics, not accredited official statistics.",
        "Recorded is not occurred: the figures change with reporting and recording practice.",
        "NDQIS, which classifies the free text of a record, replaces flags set by hand; forces "
        "changed at different dates, so a force is not comparable across its own change, nor "
        "with forces that have not changed.",
        "Victims of all ages; domestic offences and offences in dwellings are in it.",
        "Possession of a knife is not in it. Greater Manchester was left out of earlier totals.",
        "A negative figure is real: transfers and cancellations count in the quarter they happen.",
    ),
)

ASIDE: Final = {
    POSSESSION: "possession of a knife, which is not one of the seven selected offences",
    TOTAL: "totals of the table itself, which would count twice",
}
COMPILATION: Final = {"qtrnum", "knifeenabled", "forcename"}
KEYS: Final = {"year", "quarter", "force"}
NOT_COUNTS: Final = ("unnamed", "population", "rate", "code", "index", "sheet")


def recognise(document: Document) -> bool:
    """Whether a sheet has year, quarter and force, and the file speaks of knives.

    A table of nothing but the seven selected offences is claimed too, whatever it calls
    itself, and so is an analyst's known compilation: `read` then says why not.
    """
    titles: list[str] = []
    try:
        for sheet, head in heads(document):
            titles.append(sheet)
            header = _keyed(head)
            if header is None:
                titles.append(next((line for line in map(words_of, head) if line), ""))
                continue
            titles += [*map(words_of, head[: header.row - 1]), *header.names]
            return _claims(header, head, titles)
    except BadInputError:
        return False
    return False


def read(document: Document) -> Reading:
    """The sum of the seven selected offences by force and quarter.

    Raises
    ------
    BadInputError
        When it is not sure that this is the table, or with every broken rule.
    """
    _refuse_when_unsure(document)
    coded = all("code" in header.at for _, _, header in _keyed_sheets(document))
    roles = ("description", "code") if coded else ("description",)
    rows = read_rows(document, _table_header, (("force",), force_of), (roles, _offence))
    if not names_knives([*document.sheets, *rows.lines, *_words(rows)]):
        raise refuse(document, _UNNAMED)
    table, aside = add_up(document, rows, national=True)
    edition = stated_date(rows.lines) or table["period_end"].max()
    quarters, places = table["period_start"].nunique(), table["area_code"].nunique()
    notes = [
        *_matched(rows),
        *aside,
        *_absent(rows),
        Note("read", f"{places} areas in {quarters} quarters", len(rows.table)),
    ]
    return Reading(edition, table, notes=tuple(notes))


_UNNAMED: Final = Problem(
    "the words knife or sharp instrument in a title, sheet name, header or offence name",
    "none of them",
    "Load the workbook with its title rows, as the Home Office publishes it; without them this "
    "cannot be told from other tables of offences.",
)


def _claims(header: Header, head: Sequence[Row], titles: Iterable[str]) -> bool:
    if _is_compilation(header):
        return True
    if "csp" in header.at:
        return False
    knives = names_knives(titles)
    if {"group", "subgroup", "code", "count"} <= set(header.at):
        return knives  # else it is the table of all offences, or its outcomes
    if knives or "description" not in header.at:
        return knives
    named_here = _offence_names(header, head)
    return names_knives(named_here) or (
        bool(named_here)
        and all(map(knife_offence, named_here))
        and not any(map(_is_outcome, header.names))
    )


def _refuse_when_unsure(document: Document) -> None:
    """Refuse what must not be read, before any row of it is."""
    problems = [
        replace(doubt, sheet=sheet or None, row=header.row)
        for sheet, head, header in _keyed_sheets(document)
        if (doubt := _doubt(header, head))
    ]
    if problems:
        raise refuse(document, *problems)


def _doubt(header: Header, head: Sequence[Row]) -> Problem | None:
    """Why this cannot be the table, if there is a reason."""
    if _is_compilation(header):
        return Problem(
            "the table of the Home Office",
            "an analyst's compilation of it, with groups and rates of its own",
            "Load the table of the Home Office itself, or convert this to the local layout "
            "vrn-offences at force level (docs/layouts.md).",
        )
    if outcomes := [name for name in header.names if _is_outcome(name)]:
        return Problem(
            "counts of offences",
            f"columns of outcomes: {named(outcomes)}",
            "Load the table of offences, not the one of their outcomes.",
        )
    if "description" not in header.at:
        return Problem(
            "a column of offences, such as Offence Description",
            f"the columns {named(header.names)}",
            AS_PUBLISHED,
        )
    counts = _count_columns(header, head)
    if len(counts) == 1:
        return None
    return Problem(
        "one column of numbers, the count of offences",
        named([header.names[at] for at in counts]) or "none",
        "Leave only the number of offences beside the labels.",
    )


def _keyed(head: Sequence[Row]) -> Header | None:
    """The first row that names a financial year, a quarter and a force."""
    headers = (header_of(number, row) for number, row in enumerate(head, 1))
    return next((header for header in headers if set(header.at) >= KEYS), None)


def _keyed_sheets(document: Document) -> Iterator[tuple[str, list[Row], Header]]:
    for sheet, head in heads(document):
        if header := _keyed(head):
            yield sheet, head, header


def _table_header(head: Sequence[Row]) -> Header | None:
    """The header with the one column of numbers as the count, whatever it is called."""
    header = _keyed(head)
    if header is None:
        return None
    return replace(header, at={**header.at, "count": _count_columns(header, head)[0]})


def _count_columns(header: Header, head: Sequence[Row]) -> list[int]:
    """Columns called a count, or of numbers that are no label, rate, population or index."""
    labels = {at for role, at in header.at.items() if role != "count"}
    rows = [row for row in head[header.row :] if any(cell is not None for cell in row)]
    return [
        at
        for at, name in enumerate(header.names)
        if at not in labels
        and (
            plain(name) in ALIASES["count"]
            or (
                not plain(name).startswith(NOT_COUNTS)
                and not plain(name).endswith("code")
                and _are_counts([row[at] for row in rows if len(row) > at])
            )
        )
    ]


def _are_counts(cells: Iterable[Cell]) -> bool:
    try:
        return not all(isnan(count_of(cell)) for cell in cells)
    except ValueError:
        return False


def _is_compilation(header: Header) -> bool:
    return {plain(name) for name in header.names} >= COMPILATION


def _is_outcome(name: str) -> bool:
    return "outcome" in plain(name)


def _offence_names(header: Header, head: Sequence[Row]) -> list[str]:
    at = header.at["description"]
    return [text(row[at]) for row in head[header.row :] if len(row) > at and row[at] is not None]


def _offence(description: str, code: str = "") -> Offence | Fault:
    selected = knife_offence(description)
    if not selected:
        expected = f"one of the selected offences ({', '.join(KNIFE_OFFENCES)})"
        fix = "If the Home Office has added an offence, add its wording to offence_series.csv."
        return Fault(expected, f"'{description}'", fix)
    if aside := ASIDE.get(selected, ""):
        return Offence(description, code, frozenset(), selected, aside)
    return Offence(description, code, frozenset({SOURCE.series[0].key}), selected)


def _words(rows: OffenceRows) -> list[str]:
    names = [name for header in rows.headers.values() for name in header.names]
    return names + [offence.name for offence in rows.offences]


def _matched(rows: OffenceRows) -> list[Note]:
    return [
        Note(
            "matched",
            f"{f'sheet {sheet!r}, ' if sheet else ''}row {header.row}: "
            f"{header.named('year', 'quarter', 'force', 'description', 'code')}; "
            f"{header.named('count')} as the count"
            + (f"; not used: {named(header.unused)}" if header.unused else ""),
        )
        for sheet, header in rows.headers.items()
    ]


def _absent(rows: OffenceRows) -> list[Note]:
    held = {offence.group for offence in rows.offences}
    if absent := [offence for offence in KNIFE_OFFENCES if offence not in held]:
        words = f"selected offences that the file does not list: {', '.join(absent)}"
        return [Note("warning", words)]
    return []
