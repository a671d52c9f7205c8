"""Offence rows added up to series by quarter and place, after the rules that need them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from vrn_metrics import areas, observations
from vrn_metrics.counts import Status
from vrn_metrics.errors import Problem
from vrn_metrics.sources import Note, refuse
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._offence_rows import AS_PUBLISHED, OffenceRows

SHOWN: Final = 6  # names in a note; the rest is counted
_WHOLE: Final = frozenset({areas.NETWORK, *(district.code for district in areas.districts())})
_OURS: Final = _WHOLE | {areas.UNASSIGNED}


def add_up(
    document: Document, rows: OffenceRows, *, national: bool
) -> tuple[pd.DataFrame, list[Note]]:
    """The tidy table of every series, and what was set aside on the way.

    A quarter of a place is kept only if it holds every offence that the quarter has: the
    publisher writes nil as 0, so a row that is not there is not nil.

    Parameters
    ----------
    national
        Also add up England and Wales, where all territorial forces are there.

    Raises
    ------
    BadInputError
        If rows are there twice, or the network's are not all there.
    """
    table, notes = _keep(rows)
    if table.empty:
        problem = Problem("rows of police force areas", "none that can be used", AS_PUBLISHED)
        raise refuse(document, problem)
    gaps = _quarters_without_ours(rows, table)
    problems = [*_repeats(rows, table), *(gap for code, gap in gaps.items() if code in _WHOLE)]
    partial, partial_problems = _partial(rows, table)
    if problems := [*problems, *partial_problems]:
        raise refuse(document, *problems)
    if partial.any():
        notes.append(_partial_note(rows, table[partial]))
        table = table[~partial]
    sums = _sums(rows, table)
    if national:
        sums = pd.concat([sums, _england_and_wales(sums)], ignore_index=True)
    notes += _missing_notes(sums)
    # A force without unassigned offences may have no such row, so this is no refusal.
    notes += [Note("warning", str(gap)) for code, gap in gaps.items() if code not in _WHOLE]
    return observations.table(sums), notes


def named(names: Sequence[str]) -> str:
    """The first few of these names, and how many more there are."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _keep(rows: OffenceRows) -> tuple[pd.DataFrame, list[Note]]:
    """The rows of places and offences that count, and notes on the others."""
    table, notes = rows.table, []
    for column, labels in (("place", rows.places), ("offence", rows.offences)):
        reasons = np.array([label.aside for label in labels], dtype=object)
        aside = (reasons != "")[table[column]]
        met = table.loc[aside, column]
        for reason in dict.fromkeys(reasons[met.unique()]):
            found = met[reasons[met] == reason]
            names = sorted(labels[position].name for position in found.unique())
            notes.append(Note("set-aside", f"{reason}: {named(names)}", len(found)))
        table = table[~aside]
    return table, notes


def _cell_of(rows: OffenceRows, table: pd.DataFrame) -> np.ndarray:
    """One number for each quarter of a place.

    Places are told apart by code: a force may be spelt in two ways in one file.
    """
    codes = pd.factorize(np.array([place.code for place in rows.places]))[0]
    return table["period"].to_numpy(np.int64) * len(rows.places) + codes[table["place"]]


def _repeats(rows: OffenceRows, table: pd.DataFrame) -> list[Problem]:
    """Rows that are there more often than their label has parts."""
    wide = len(rows.offences)
    label = _cell_of(rows, table) * wide + table["offence"].to_numpy()
    keys, first, times = np.unique(label, return_index=True, return_counts=True)
    parts = np.array([offence.parts for offence in rows.offences])[keys % wide]
    years = np.array([each.start.year - (each.start.month < 4) for each in rows.periods])
    year = years[table["period"].to_numpy()[first]]
    # Where a label of several parts comes as several rows, it does so everywhere: one place
    # that has more of them has a row twice, one that has fewer has lost one.
    usual = pd.Series(times).groupby([keys % wide, year]).transform("median").to_numpy()
    wrong = (times > parts) | ((parts > 1) & (times != usual))
    if not wrong.any():
        return []
    met = rows.met(int(table.index[first[wrong].min()]))
    return [
        Problem(
            "each offence once for a quarter and a place",
            f"rows too many or too few for {met.place.name}, {met.period.label}, "
            f"{met.offence.name}",
            "Remove the rows that are there twice, or download the file again.",
            met.sheet,
            met.row,
            int(wrong.sum()),
        )
    ]


def _quarters_without_ours(rows: OffenceRows, table: pd.DataFrame) -> dict[str, Problem]:
    """By place of the network: the quarters that lack it and that other places have."""
    gaps = {}
    quarters = set(table["period"].unique())
    for code in sorted({place.code for place in rows.places} & _OURS):
        positions = [at for at, place in enumerate(rows.places) if place.code == code]
        present = set(table.loc[table["place"].isin(positions), "period"].unique())
        if absent := sorted(quarters - present):
            gaps[code] = Problem(
                f"{areas.area(code).name} in every quarter of the file",
                f"none in {named([rows.periods[each].label for each in absent])}",
                "Rows are missing: download the file again.",
                times=len(absent),
            )
    return gaps


def _partial(rows: OffenceRows, table: pd.DataFrame) -> tuple[np.ndarray, list[Problem]]:
    """Rows of a quarter of a place that lacks offences, and those that refuse the file.

    Where most quarters of places are not complete the publisher leaves nil out, and
    nothing can be said of the others.
    """
    cell = _cell_of(rows, table)
    held = table["offence"].groupby(cell).transform("nunique")
    expected = table.groupby("period")["offence"].transform("nunique")
    short = (held < expected).to_numpy()
    cells = pd.Series(short).groupby(cell).first()
    if not short.any() or cells.mean() > 0.5:
        return np.zeros(len(table), dtype=bool), []
    ours = np.array([place.code in _OURS for place in rows.places])[table["place"]]
    refused = short & (ours | (cell == cell[-1]))
    if not refused.any():
        return short, []
    at = int(refused.argmax())
    met = rows.met(int(table.index[at]))
    return short, [
        Problem(
            f"{int(expected.iloc[at])} offences for every place in {met.period.label}",
            f"{int(held.iloc[at])} for {met.place.name}",
            "The file is cut off or rows were removed: download it again.",
            met.sheet,
            met.row,
            len(np.unique(cell[refused])),
        )
    ]


def _partial_note(rows: OffenceRows, table: pd.DataFrame) -> Note:
    pairs = table[["place", "period"]].drop_duplicates().itertuples(index=False)
    names = [f"{rows.places[p].name} {rows.periods[q].label}" for p, q in pairs]
    return Note("set-aside", f"offences are missing, so no sum: {named(names)}", len(table))


def _sums(rows: OffenceRows, table: pd.DataFrame) -> pd.DataFrame:
    """Every series of every quarter and place; missing where any part is."""
    cell = _cell_of(rows, table)
    keys, first, position = np.unique(cell, return_index=True, return_inverse=True)
    period = [rows.periods[each] for each in table["period"].to_numpy()[first]]
    place = [rows.places[each].code for each in table["place"].to_numpy()[first]]
    labels = pd.DataFrame(
        {
            "area_code": place,
            "period_start": [each.start for each in period],
            "period_end": [each.end for each in period],
        }
    )
    offence, count = table["offence"].to_numpy(), table["count"].to_numpy()
    series = sorted({each for label in rows.offences for each in label.series})
    parts = []
    for each in series:
        member = np.array([each in label.series for label in rows.offences])[offence]
        there = np.bincount(position[member], minlength=len(keys)) > 0
        total = np.bincount(position[member], weights=count[member], minlength=len(keys))
        parts.append(_with_bounds(labels[there].assign(series=each), total[there]))
    return pd.concat(parts, ignore_index=True)


def _with_bounds(labels: pd.DataFrame, total: np.ndarray) -> pd.DataFrame:
    status = np.where(np.isnan(total), str(Status.MISSING), str(Status.EXACT))
    return labels.assign(lower=total, upper=total, status=status)


def _england_and_wales(sums: pd.DataFrame) -> pd.DataFrame:
    """The sum of all territorial forces, only where all of them are there."""
    forces = {force.code for force in areas.forces()}
    grouped = sums[sums["area_code"].isin(forces)].groupby(
        ["series", "period_start", "period_end"], as_index=False
    )
    totals = grouped.agg(
        total=("lower", lambda values: values.sum(skipna=False)), there=("area_code", "nunique")
    )
    whole = totals[totals["there"] == len(forces)].drop(columns="there")
    labels = whole.drop(columns="total").assign(area_code=areas.ENGLAND_AND_WALES)
    return _with_bounds(labels, whole["total"].to_numpy(float))


def _missing_notes(sums: pd.DataFrame) -> list[Note]:
    missing = sums[sums["status"] == Status.MISSING]
    if missing.empty:
        return []
    often = Counter(missing["area_code"])
    words = "a part is blank or marked as not available, so the sum is missing: "
    return [Note("warning", words + named(sorted(often)), len(missing))]
