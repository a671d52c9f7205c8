"""ONS: police recorded crime by Community Safety Partnership, over one year.

*Table C2* of the police force area data tables, as a workbook or as that sheet saved as CSV.
A district stands under its own code where it is the one partnership of its district; a
partnership that is part of a district, or joins several, keeps its partnership code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

import numpy as np
import pandas as pd

from vrn_metrics import areas, observations
from vrn_metrics.counts import Status
from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.periods import Period
from vrn_metrics.sources import Note, Reading, Series, Source, refuse
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._offence_rows import heads
from vrn_metrics.sources._published_counts import stated_date
from vrn_metrics.sources._table_c2 import (
    CSP,
    CSP_CODE,
    FORCE,
    FORCE_CODE,
    LAD_CODE,
    Table,
    contents_of,
    header_row,
    series_key,
)

TITLES: Final = (
    "Total recorded crime (excluding fraud)",
    "Violence against the person",
    "Homicide",
    "Death or serious injury caused by illegal driving",
    "Violence with injury",
    "Violence without injury",
    "Stalking and harassment",
    "Sexual offences",
    "Robbery",
    "Theft offences",
    "Burglary",
    "Residential burglary",
    "Non-residential burglary",
    "Vehicle offences",
    "Theft from the person",
    "Bicycle theft",
    "Shoplifting",
    "All other theft offences",
    "Criminal damage and arson",
    "Drug offences",
    "Possession of weapons offences",
    "Public order offences",
    "Miscellaneous crimes against society",
)

_LAD = re.compile(r"[EW]0[6-9]\d{6}")

SOURCE = Source(
    key="ons-table-c2",
    title="Police recorded crime by Community Safety Partnership (Table C2)",
    publisher="Office for National Statistics",
    kind="published",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address=(
        "https://www.ons.gov.uk/peoplepopulationandcommunity/crimeandjustice/datasets/"
        "policeforceareadatatables"
    ),
    cadence="quarterly, in January, April, July and October",
    series=tuple(Series(series_key(title), title, "offences") for title in TITLES),
    caveats=(
        "Official statistics, not accredited official statistics.",
        "Recorded is not occurred: the figures change with reporting and recording practice.",
        "Years that end in different quarters overlap and are not independent.",
        "Columns hold each other: violence with injury is part of violence against the person.",
        "Crimes without a known partnership are Unassigned: 4.8% in Leicestershire in the year "
        "ending June 2025.",
    ),
)


def recognise(document: Document) -> bool:
    """Whether a sheet has the columns of force, partnership and district, and total crime."""
    try:
        return any(header_row(head) is not None for _, head in heads(document))
    except BadInputError:
        return False


def read(document: Document) -> Reading:
    """Every column by district, partnership and force.

    Raises
    ------
    BadInputError
        With every broken rule; among them a Leicestershire whose partnerships do not add up.
    """
    found = contents_of(document)
    if found.problems:
        raise refuse(document, *found.problems)
    parts, notes = [], found.notes
    for table in found.tables:
        rows, about = _observations(document, table)
        parts.append(rows)
        notes += about
    rows = observations.table(pd.concat(parts, ignore_index=True))
    edition = stated_date(found.lines) or rows["period_end"].max()
    read_areas, read_series = rows["area_code"].nunique(), rows["series"].nunique()
    notes.append(Note("read", f"{read_areas} areas, {read_series} series", len(rows)))
    return Reading(edition, rows, notes=tuple(notes))


def _observations(document: Document, table: Table) -> tuple[pd.DataFrame, list[Note]]:
    """One row a cell, after the rules that look at a whole force."""
    labels, moved = _with_corrected_forces(table.labels)
    where = table.sheet or None
    force = labels[FORCE_CODE]
    by_name = _named_force(labels[FORCE])
    ours = (force == areas.NETWORK) | (by_name == areas.NETWORK)
    aside = ~force.isin([each.code for each in areas.forces()]) | (
        (by_name != "") & (by_name != force)
    )
    codes = _area_codes(labels)
    problems = [
        *_at(
            ours & aside,
            f"Leicestershire under {areas.NETWORK}",
            labels[FORCE_CODE] + " " + labels[FORCE],
            "Correct the code or the name of the police force.",
            where,
        ),
        *_at(
            ours & ~aside & ~codes.isin(_ours()),
            "one of the nine districts, Unassigned or the total of Leicestershire",
            labels[LAD_CODE] + " " + labels[CSP],
            "Correct the code, or tell the maintainers that the districts have changed.",
            where,
        ),
        *_at(
            codes[~aside].duplicated(),
            "every area once",
            labels[FORCE] + " " + labels[CSP],
            "Remove the rows that are there twice.",
            where,
        ),
    ]
    if absent := sorted(_ours() - {areas.UNASSIGNED} - set(codes[~aside])):
        expected = "Leicestershire and its nine districts"
        found = "no row for " + ", ".join(areas.area(code).name for code in absent)
        problems.append(Problem(expected, found, "Download the file again.", where))
    labels, counts, codes = labels[~aside], table.counts[~aside], codes[~aside]
    unequal = {} if problems else _unequal(labels, counts, codes)
    last = labels[FORCE_CODE].iloc[-1] if len(labels) else ""
    for code, words in unequal.items():
        if code in (areas.NETWORK, last):  # the last: the file may be cut off
            expected = f"partnerships and Unassigned that add up to {_name(labels, code)}"
            fix = "Rows are missing or changed: download the file again."
            problems.append(Problem(expected, words, fix, where))
    if problems:
        raise refuse(document, *problems)
    notes = [
        Note("matched", f"{table.period.label}: {len(counts.columns)} columns of counts"),
        *_row_notes(
            "warning",
            "the code of another force stood beside the name, which was followed",
            table.labels.loc[moved],
        ),
        *_row_notes(
            "set-aside",
            "force codes that this project does not know or that contradict the name",
            table.labels[aside],
        ),
        *(
            Note("warning", f"{_name(labels, code)}: the partnerships do not add up: {words}")
            for code, words in unequal.items()
        ),
    ]
    return _long(table.period, labels, counts, codes, notes), notes


def _named_force(names: pd.Series) -> pd.Series:
    return names.map(lambda name: areas.force_code(name) or "")


def _with_corrected_forces(labels: pd.DataFrame) -> tuple[pd.DataFrame, pd.Index]:
    """The labels with the force that unassigned rows name twice, and the rows changed.

    In the table for the year ending June 2025 *Unassigned Gwent* bears the code of South
    Wales, and Gwent adds up only with it. The network's rows are never corrected.
    """
    unassigned = labels[CSP].str.replace(r"(?i)^unassigned\s+", "", regex=True)
    named = _named_force(labels[FORCE])
    wrong = (
        (unassigned != labels[CSP])
        & (_named_force(unassigned) == named)
        & (named != "")
        & (named != labels[FORCE_CODE])
        & (named != areas.NETWORK)
        & (labels[FORCE_CODE] != areas.NETWORK)
    )
    corrected = labels[FORCE_CODE].mask(wrong, named)
    return labels.assign(**{FORCE_CODE: corrected}), labels.index[wrong]


def _ours() -> set[str]:
    return {areas.NETWORK, areas.UNASSIGNED, *(each.code for each in areas.districts())}


def _at(
    mask: pd.Series, expected: str, found: pd.Series, fix: str, where: str | None
) -> list[Problem]:
    """One problem for all the rows of a mask, at the first of them."""
    broken = mask.index[mask]
    if broken.empty:
        return []
    return [Problem(expected, f"'{found[broken[0]]}'", fix, where, int(broken[0]), len(broken))]


def _area_codes(labels: pd.DataFrame) -> pd.Series:
    """The code each row stands under."""
    lad = labels[LAD_CODE]
    alone = lad.str.fullmatch(_LAD) & ~lad.duplicated(keep=False)
    unassigned = labels[CSP].map(areas.csp_code)
    ours = labels[FORCE_CODE] == areas.NETWORK
    codes = labels[CSP_CODE].where(labels[CSP_CODE] != "", unassigned)
    codes = codes.mask(alone, lad)
    codes = codes.mask((labels[CSP_CODE] == "") & (labels[CSP] == ""), labels[FORCE_CODE])
    return codes.where(ours | (codes != areas.UNASSIGNED), "csp:unassigned-" + labels[FORCE_CODE])


def _unequal(labels: pd.DataFrame, counts: pd.DataFrame, codes: pd.Series) -> Mapping[str, str]:
    """By force: which columns of its partnerships do not add up to its total."""
    is_total = codes == labels[FORCE_CODE]
    totals = counts[is_total].set_axis(codes[is_total])
    parts = counts[~is_total].groupby(labels[FORCE_CODE]).sum(min_count=0)
    partial = counts[~is_total].isna().groupby(labels[FORCE_CODE]).any()
    parts = parts.mask(partial).reindex(totals.index)
    differs = (parts != totals) & parts.notna() & totals.notna()
    return {
        str(code): "; ".join(
            f"{column} {parts.loc[code, column]:,.0f} against {totals.loc[code, column]:,.0f}"
            for column in differs.columns[row]
        )
        for code, row in zip(differs.index, differs.to_numpy(), strict=True)
        if row.any()
    }


def _name(labels: pd.DataFrame, code: str) -> str:
    return str(labels.loc[labels[FORCE_CODE] == code, FORCE].iloc[0])


def _row_notes(kind: Literal["set-aside", "warning"], why: str, labels: pd.DataFrame) -> list[Note]:
    """A note that names each of these rows; none when there are none."""
    if labels.empty:
        return []
    rows = [
        f"row {number} ({' '.join(filter(None, row))})"
        for number, row in zip(labels.index, labels[[FORCE_CODE, FORCE, CSP]].values, strict=True)
    ]
    return [Note(kind, f"{why}: {', '.join(rows)}", len(labels))]


def _long(
    period: Period,
    labels: pd.DataFrame,
    counts: pd.DataFrame,
    codes: pd.Series,
    notes: list[Note],
) -> pd.DataFrame:
    """One row a cell; a force that is one row, as the City of London, stands under both codes."""
    totals = set(codes) & set(labels[FORCE_CODE])
    rows_of = labels[FORCE_CODE].map(labels[FORCE_CODE].value_counts())
    both = ~labels[FORCE_CODE].isin(totals) & (rows_of == 1)
    wide = pd.concat([counts.set_axis(codes), counts[both].set_axis(labels.loc[both, FORCE_CODE])])
    long = wide.rename_axis("area_code").reset_index().melt("area_code", var_name="series")
    missing = long["value"].isna()
    if missing.any():
        named = ", ".join(sorted(set(long.loc[missing, "area_code"])))
        notes.append(Note("warning", f"not published: {named}", int(missing.sum())))
    without = sorted(set(labels[FORCE_CODE]) - totals - set(labels.loc[both, FORCE_CODE]))
    if without:
        named = ", ".join(_name(labels, code) for code in without)
        notes.append(Note("warning", f"no total of the force: {named}"))
    return pd.DataFrame(
        {
            "series": long["series"],
            "area_code": long["area_code"],
            "period_start": period.start,
            "period_end": period.end,
            "lower": long["value"],
            "upper": long["value"],
            "status": np.where(missing, str(Status.MISSING), str(Status.EXACT)),
        }
    )
