"""What the Home Office's two recorded-crime tables, by force and by partnership, share."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics import areas
from vrn_metrics.errors import BadInputError
from vrn_metrics.sources import Note, Reading, Series
from vrn_metrics.sources._document import Document, Row
from vrn_metrics.sources._offence_rows import (
    Fault,
    FindHeader,
    Header,
    Offence,
    OffenceRows,
    Place,
    header_of,
    heads,
    plain,
    read_rows,
)
from vrn_metrics.sources._offence_sums import add_up, named
from vrn_metrics.sources._offences import (
    FRAUD,
    all_groups,
    group_series,
    names_knives,
    subgroup_series,
)
from vrn_metrics.sources._published_counts import stated_date, words_of

SERIES: Final = (
    Series("total-crime", "All recorded crime, fraud excluded", "offences"),
    Series("violence-against-the-person", "Violence against the person", "offences"),
    Series("homicide", "Homicide", "offences"),
    Series("violence-with-injury", "Violence with injury", "offences"),
    Series("violence-without-injury", "Violence without injury", "offences"),
    Series("sexual-offences", "Sexual offences", "offences"),
    Series("robbery", "Robbery", "offences"),
    Series("weapon-possession", "Possession of weapons offences", "offences"),
)
CAVEATS: Final = (
    "Official statistics, not accredited official statistics.",
    "Recorded is not occurred: the figures change with reporting and with recording practice, "
    "and recording improved after the inspections of 2014 to 2019.",
    "Every release revises earlier quarters, so take all quarters from one release.",
    "A negative figure is real: transfers and cancellations count in the quarter they happen.",
    "Violence with injury held deaths and serious injuries by driving in earlier taxonomies.",
)
OFFENCE_ROLES: Final = ("description", "group", "subgroup", "code")
TOTAL, VIOLENCE, INJURY = "total-crime", "violence-against-the-person", "violence-with-injury"

_KEYS: Final = frozenset(series.key for series in SERIES)
_DRIVING: Final = ("driving", "vehicle taking")


def header_finder(needed: Iterable[str], barred: Iterable[str] = ()) -> FindHeader:
    """A function that finds the row with all the needed roles and none of the barred."""
    wanted = {"year", "quarter", "force", "count", *OFFENCE_ROLES, *needed}

    def find(head: Sequence[Row]) -> Header | None:
        for number, row in enumerate(head, 1):
            header = header_of(number, row)
            if wanted <= set(header.at) and not set(barred) & set(header.at):
                outcomes = any("outcome" in plain(name) for name in header.names)
                return None if outcomes else header
        return None

    return find


def is_recorded_crime(document: Document, find: FindHeader) -> bool:
    """Whether a sheet has the header and nothing above it says that it is about knives."""
    titles: list[str] = []
    try:
        for sheet, head in heads(document):
            titles.append(sheet)
            if header := find(head):
                titles += [*map(words_of, head[: header.row - 1]), *header.names]
                return not names_knives(titles)
            titles.append(next((line for line in map(words_of, head) if line), ""))
    except BadInputError:
        return False
    return False


def force_of(name: str) -> Place | Fault:
    """The place of a police force; what has no territory is set aside."""
    if code := areas.force_code(name):
        return Place(code, name)
    if not name:
        return Fault("the name of a police force", "a blank", "Correct the cell.")
    if "leicester" in name.lower():
        fix = "Correct the name as the Home Office writes it: Leicestershire."
        return Fault("the name of a police force", f"'{name}'", fix)
    return Place(name, name, "no territorial police force of England and Wales")


def offence_of(description: str, group: str, subgroup: str, code: str) -> Offence | Fault:
    """What an offence counts towards; fraud counts towards nothing."""
    if not (description and group):
        fix = "Download the file again."
        return Fault("an offence description and group", "a blank", fix)
    of_group = group_series(group)
    if of_group == FRAUD:
        aside = "fraud, which total crime leaves out"
        return Offence(description, code, frozenset(), of_group, aside)
    level = subgroup_series(subgroup) if of_group == VIOLENCE else ""
    series = {TOTAL, *({of_group, level} & _KEYS)}
    known = bool(of_group and (level or of_group != VIOLENCE))
    return Offence(description, code, frozenset(series), of_group, known=known)


def read_recorded_crime(
    document: Document,
    find: FindHeader,
    place: tuple[Sequence[str], Callable[..., Place | Fault]],
    *,
    national: bool,
) -> Reading:
    """All series by quarter and place.

    Raises
    ------
    BadInputError
        With every broken rule.
    """
    rows = read_rows(document, find, place, (OFFENCE_ROLES, offence_of))
    table, aside = add_up(document, rows, national=national)
    table, withheld = _without_partial_totals(rows, table)
    edition = stated_date(rows.lines) or table["period_end"].max()
    notes = [_matched(rows), *aside, *withheld, *_warnings(rows)]
    quarters, places = table["period_start"].nunique(), table["area_code"].nunique()
    notes.append(Note("read", f"{places} areas in {quarters} quarters", len(rows.table)))
    return Reading(edition, table, notes=tuple(notes))


def _matched(rows: OffenceRows) -> Note:
    sheets = [name for name in rows.headers if name]
    header = next(iter(rows.headers.values()))
    where = f"sheets {named(sheets)}: " if sheets else ""
    return Note(
        "matched",
        f"{where}{header.named('year', 'quarter', 'force', 'csp', *OFFENCE_ROLES)}; "
        f"{header.named('count')} as the count",
    )


def _without_partial_totals(
    rows: OffenceRows, table: pd.DataFrame
) -> tuple[pd.DataFrame, list[Note]]:
    """The table without total crime where a group of offences is not in the file.

    A table that somebody filtered would give a total that is far too low.
    """
    pairs = rows.table[["period", "offence"]].drop_duplicates()
    held: defaultdict[date, set[str]] = defaultdict(set)
    for period, offence in pairs.itertuples(index=False):
        held[rows.periods[period].start].add(rows.offences[offence].group)
    lacking = {start: all_groups() - groups for start, groups in held.items()}
    partial = {start for start, groups in lacking.items() if groups}
    drop = (table["series"] == TOTAL) & table["period_start"].isin(partial)
    if not drop.any():
        return table, []
    absent = sorted(set().union(*lacking.values()))
    words = f"no total crime, because the file lacks offence groups: {', '.join(absent)}"
    return table[~drop].reset_index(drop=True), [Note("warning", words, int(drop.sum()))]


def _warnings(rows: OffenceRows) -> list[Note]:
    """What a reader of these figures should mind."""
    offences = [offence for offence in rows.offences if not offence.aside]
    strange = [offence for offence in offences if not offence.known]
    driving = [o for o in offences if INJURY in o.series and _is_driving(o.name)]
    shared = [offence for offence in offences if offence.parts > 1]
    notes = []
    if strange:
        words = "counted in the totals only, as their group or subgroup is not known: "
        words += named(sorted(each.name for each in strange))
        notes.append(Note("warning", words, len(_met(rows, strange))))
    if driving:
        met = sorted(rows.periods[at] for at in _met(rows, driving)["period"].unique())
        words = (
            "violence with injury includes deaths and serious injuries by driving from "
            f"{met[0].start:%B %Y} to {met[-1].end:%B %Y}; where a table counts them apart the two "
            "are not like for like"
        )
        notes.append(Note("warning", words, len(_met(rows, driving))))
    repeated = _met(rows, shared)
    if repeated.duplicated(["period", "place", "offence"]).any():
        words = "several rows of one label, one for each of its codes, are added up: "
        words += named(sorted({each.name for each in shared}))
        notes.append(Note("matched", words, len(repeated)))
    if unused := sorted({name for header in rows.headers.values() for name in header.unused}):
        notes.append(Note("set-aside", f"columns that are not needed: {named(unused)}"))
    return notes


def _met(rows: OffenceRows, offences: Sequence[Offence]) -> pd.DataFrame:
    """The rows of these offences."""
    wanted = np.array([offence in offences for offence in rows.offences])
    return rows.table[wanted[rows.table["offence"]]]


def _is_driving(name: str) -> bool:
    return any(words in name.lower() for words in _DRIVING)
