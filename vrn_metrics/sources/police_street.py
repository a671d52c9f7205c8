"""Street-level crime of data.police.uk: district × month × crime type, LSOAs and map points."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Literal

import numpy as np
import pandas as pd

from vrn_metrics import areas
from vrn_metrics.counts import Status
from vrn_metrics.errors import BadInputError
from vrn_metrics.observations import table
from vrn_metrics.periods import Period, parse_month
from vrn_metrics.sources import Note, Reading, Series, Source
from vrn_metrics.sources._document import Document
from vrn_metrics.sources._street_checks import CRIME_TYPES, MEMBER, broken_rules
from vrn_metrics.sources._street_rows import (
    COLUMNS,
    DEGREES,
    FORCE,
    LONGITUDE,
    LSOA,
    LSOA_NAME,
    MONTH,
    TYPE,
    BoolArray,
    IntArray,
    StreetRows,
    count_rows,
    read_rows,
    repeated_ids,
)

OUR_FORCE, OUR_SLUG = "Leicestershire Police", "leicestershire"


def series_key(crime_type: str) -> str:
    """The series of a crime type.

    Examples
    --------
    >>> series_key("Violence and sexual offences")
    'street-violence-and-sexual-offences'
    """
    return "street-" + re.sub(r"[^a-z]+", "-", crime_type.lower())


SOURCE = Source(
    key="police-street",
    title="Street-level crime (data.police.uk)",
    publisher="Single Online Home National Digital Team, for the police forces",
    kind="published",
    profile="none_public",
    licence="Open Government Licence v3.0",
    address="https://data.police.uk/data/",
    cadence="monthly, about two months after the month",
    series=tuple(
        Series(series_key(each), f"{each}, street-level", "events") for each in CRIME_TYPES
    ),
    caveats=(
        "A point is never the true place: each incident is moved to the nearest of about 750,000 "
        "map points, so supermarkets, stations and nightclubs look worse than they are.",
        "'Violence and sexual offences' mixes homicide, injury, harassment and sexual offences; "
        "it has no knife flag and no age of the victim.",
        "Files are reissued later with changes; a month without a file is missing, not zero.",
    ),
)

_LSOA_NAME = re.compile(r"(.+) \d{3}[A-Z]")


@dataclass(frozen=True)
class _Verdicts:
    """What becomes of each row: exactly one of these; `district` is a position, -1 for none."""

    district: IntArray
    kept: BoolArray
    unlocated: BoolArray
    outside: BoolArray
    other_force: BoolArray
    repeated: BoolArray


def recognise(document: Document) -> bool:
    """Whether it is a street file, or a zip that holds one of any force."""
    if document.kind == "zip":
        return any(_is_street(name) for name in document.members)
    if document.kind != "csv" or not (head := document.head()):
        return False
    cells = {str(cell).strip() for cell in head[0] if cell is not None}
    return {MONTH, FORCE, LSOA, TYPE} <= cells and "Outcome type" not in cells


def read(document: Document) -> Reading:
    """Every incident of the force, counted; nothing is guessed for absent months.

    Returns
    -------
    Reading
        Observations by district, month and crime type (with zeros for types that did not
        occur in a month that is there, and *Unassigned* for rows without a location), and
        the tables `street_places`, `street_slices` and `street_counts` with located rows of
        the nine districts.

    Raises
    ------
    BadInputError
        If a line is cut, a header differs, a value is impossible, or one Crime ID stands for
        two different rows of a month.
    """
    members, notes = _members(document)
    rows = read_rows(document, members)
    repeats = repeated_ids(document, rows)
    extra = repeats.duplicated(list(COLUMNS))
    if problems := broken_rules(rows, repeats[~extra]):
        raise BadInputError(document.name, problems)
    verdicts = _verdicts(rows, repeats.index[extra].to_numpy(dtype=np.int64))
    _need_our_force(document, rows, verdicts)
    observations, silent = _observations(rows, verdicts)
    notes += _said(rows, verdicts, silent)
    last = parse_month(rows.columns[MONTH].values[-1]).end
    return Reading(
        edition=min(last, date.today()),
        observations=observations,
        tables=_tables(rows, verdicts),
        notes=tuple(notes),
    )


def _is_street(member: str) -> bool:
    found = MEMBER.fullmatch(PurePosixPath(member).name)
    return found is not None and found[3] == "street"


def _members(document: Document) -> tuple[list[str], list[Note]]:
    """Our force's street files in the order of months, and notes on the other members."""
    if document.kind != "zip":
        return [""], []
    ours: dict[str, str] = {}
    others: dict[str, int] = {}
    rows_of_others = 0
    for member in sorted(document.members):
        found = MEMBER.fullmatch(PurePosixPath(member).name)
        if found is None or found[3] != "street":
            kind = found[3] if found else "unknown"
            others[kind] = others.get(kind, 0) + 1
        elif found[2] != OUR_SLUG:
            others["other-force"] = others.get("other-force", 0) + 1
            rows_of_others += count_rows(document, member)
        elif found[1] in ours:
            raise document.refusal(
                "one street file of the force for each month",
                f"'{ours[found[1]]}' and '{member}'",
                "Remove one of the two and load the zip again.",
            )
        else:
            ours[found[1]] = member
    if not ours:
        raise document.refusal(
            f"a member such as 2025-01/2025-01-{OUR_SLUG}-street.csv",
            "street files of other forces only",
            "Tick Leicestershire Police on data.police.uk and download again.",
        )
    words = {
        "outcomes": "files of outcomes: not used",
        "stop-and-search": "files of stops and searches: not used",
        "unknown": "files that are none of data.police.uk's tables",
    }
    notes = [
        Note("set-aside", f"{others[kind]} {text}")
        for kind, text in words.items()
        if kind in others
    ]
    if "other-force" in others:
        notes.append(
            Note(
                "set-aside",
                f"{others['other-force']} street files of other forces: outside the network",
                rows_of_others,
            )
        )
    return list(ours.values()), notes


def _verdicts(rows: StreetRows, repeated: IntArray) -> _Verdicts:
    name, force = rows.columns[LSOA_NAME], rows.columns[FORCE]
    district = _district_positions(name.values)[name.codes]
    is_new = np.ones(len(rows), dtype=bool)
    is_new[repeated] = False
    is_ours = is_new & force.where([value == OUR_FORCE for value in force.values])
    nowhere = rows.columns[LSOA].is_blank & np.isnan(rows.degrees[LONGITUDE])
    return _Verdicts(
        district=district,
        kept=is_ours & (district >= 0),
        unlocated=is_ours & nowhere,
        outside=is_ours & ~nowhere & (district < 0),
        other_force=is_new & ~is_ours,
        repeated=~is_new,
    )


def _district_positions(lsoa_names: Sequence[str]) -> IntArray:
    """Which of our districts each LSOA name begins with, -1 when none."""
    matches = [_LSOA_NAME.fullmatch(name) for name in lsoa_names]
    districts = [found[1] if found else "" for found in matches]
    ours = [each.code for each in areas.districts()]
    known = {name: areas.district_code(name) for name in set(districts)}
    positions = {name: ours.index(code) if code in ours else -1 for name, code in known.items()}
    return np.array([positions[name] for name in districts], dtype=np.int64)


def _need_our_force(document: Document, rows: StreetRows, verdicts: _Verdicts) -> None:
    if verdicts.kept.any() or verdicts.unlocated.any():
        return
    forces = ", ".join(rows.columns[FORCE].values)
    raise document.refusal(
        f"incidents of {OUR_FORCE} in the nine districts",
        f"{len(rows):,} rows of {forces} and none of these",
        "Download the files of Leicestershire Police.",
    )


def _observations(rows: StreetRows, verdicts: _Verdicts) -> tuple[pd.DataFrame, list[str]]:
    """The grid of months, areas and types, and the district-months that have no row at all."""
    ours = list(areas.districts())
    codes = np.array([*(each.code for each in ours), areas.UNASSIGNED], dtype=object)
    month, kind = rows.columns[MONTH], rows.columns[TYPE]
    use = verdicts.kept | verdicts.unlocated
    area = np.where(verdicts.unlocated, len(ours), verdicts.district)
    types = np.array([CRIME_TYPES.index(value) for value in kind.values], dtype=np.int64)
    shape = (len(month.values), len(codes), len(CRIME_TYPES))
    cell = np.ravel_multi_index((month.codes[use], area[use], types[kind.codes[use]]), shape)
    total = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)
    silent = total.sum(axis=2) == 0
    silent[:, len(ours)] = False  # no row without a location is a true zero
    present = [p.start for p in map(parse_month, month.values)]
    at_month, at_area, at_type = np.nonzero(np.broadcast_to(~silent[:, :, None], shape))
    values = total[at_month, at_area, at_type]
    series = np.array([series_key(each) for each in CRIME_TYPES], dtype=object)
    starts = np.array(present, dtype=object)
    ends = np.array([Period.month(day.year, day.month).end for day in present], dtype=object)
    frame = pd.DataFrame(
        {
            "series": series[at_type],
            "area_code": codes[at_area],
            "period_start": starts[at_month],
            "period_end": ends[at_month],
            "lower": values,
            "upper": values,
            "status": str(Status.EXACT),
        }
    )
    names = [
        f"{ours[where].name} in {Period.month(present[when].year, present[when].month).label}"
        for when, where in np.argwhere(silent)
    ]
    return table(frame), names


def _tables(rows: StreetRows, verdicts: _Verdicts) -> dict[str, pd.DataFrame]:
    """Counts by slice (a month and a crime type) and place (a map point in an LSOA).

    In the order of the store's keys, which is the fastest to store.
    """
    at = np.flatnonzero(verdicts.kept)
    month, kind, lsoa = (rows.columns[name] for name in (MONTH, TYPE, LSOA))
    # whole millionths of a degree, the precision that is published
    east, north = (np.rint(rows.degrees[name][at] * 1e6).astype(np.int64) for name in DEGREES)
    point, _ = pd.factorize(east * 10**9 + north)
    place, places = pd.factorize(point * len(lsoa.values) + lsoa.codes[at])
    first = np.empty(len(places), dtype=np.int64)
    first[place[::-1]] = np.arange(len(at))[::-1]
    slices = month.codes[at] * len(kind.values) + kind.codes[at]
    cells, counts = np.unique(slices * len(places) + place, return_counts=True)
    cell_slice, cell_place = np.divmod(cells, max(len(places), 1))
    starts = [parse_month(value).start for value in month.values]
    districts = np.array([each.code for each in areas.districts()], dtype=object)
    return {
        "street_places": pd.DataFrame(
            {
                "place": np.arange(len(places)),
                "longitude": east[first] / 1e6,
                "latitude": north[first] / 1e6,
                "lsoa_code": np.array(lsoa.values, dtype=object)[lsoa.codes[at][first]],
                "district_code": districts[verdicts.district[at][first]],
            }
        ),
        "street_slices": pd.DataFrame(
            [
                (position, *words)
                for position, words in enumerate(itertools.product(starts, kind.values))
            ],
            columns=["slice", "month", "crime_type"],
        ),
        "street_counts": pd.DataFrame({"slice": cell_slice, "place": cell_place, "count": counts}),
    }


def _said(rows: StreetRows, verdicts: _Verdicts, silent: list[str]) -> list[Note]:
    months = rows.columns[MONTH]
    kinds: tuple[tuple[Literal["read", "warning", "set-aside"], str, BoolArray], ...] = (
        ("read", "incidents in the nine districts", verdicts.kept),
        (
            "warning",
            "no location; counted for the force as Unassigned, on no map",
            verdicts.unlocated,
        ),
        ("set-aside", "placed outside Leicester, Leicestershire and Rutland", verdicts.outside),
        ("set-aside", "recorded by another force", verdicts.other_force),
        ("set-aside", "exact repeats of a row with the same Crime ID", verdicts.repeated),
    )
    counted = [
        np.bincount(months.codes[chosen], minlength=len(months.values)) for _, _, chosen in kinds
    ]
    notes = [
        Note(kind, f"{parse_month(value).label}: {words}", int(counts[position]))
        for position, value in enumerate(months.values)
        for (kind, words, _), counts in zip(kinds, counted, strict=True)
        if counts[position] or kind == "read"
    ]
    if silent:
        words = f"no incident at all, taken as missing and not as zero: {'; '.join(silent)}"
        notes.append(Note("warning", words))
    return notes
