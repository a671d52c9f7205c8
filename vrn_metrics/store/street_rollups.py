"""How street-level counts lie in the store, so that a question reads little more than its answer.

Places are numbered by square, row of squares by row: what lies in a box is then a few stretches of
place numbers, and the counts, kept by slice and place, are a few stretches too. The sums of the
last twelve months of a release, and of the twelve before, are kept for each small area: for each
crime type and for all of them. Made with the release, in its own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Engine, Integer, case, cast, func, select
from sqlalchemy.sql.expression import Select

from vrn_metrics.periods import shift
from vrn_metrics.store.schema import STREET_COUNTS, STREET_SLICES, STREET_YEARS

ALL_TYPES: Final = "all"
SIDE: Final = 0.02  # degrees: some two kilometres
ACROSS: Final = 18_000  # squares in a row, around the world
YEAR: Final = 12

Numbers = npt.NDArray[np.int64]


class Box(NamedTuple):
    """A part of the map, in degrees; its edges are inside."""

    west: float
    south: float
    east: float
    north: float

    def rows(self) -> list[tuple[int, int]]:
        """The first and the last square of each row of squares that it touches."""
        first, last = (int(square_of(self.west, y)) for y in (self.south, self.north))
        width = int(square_of(self.east, self.south)) - first
        return [(square, square + width) for square in range(first, last + 1, ACROSS)]


def square_of(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> Numbers:
    """The square of each point: rows from the south, in each from the west."""
    column = np.floor((np.asarray(longitude, dtype=float) + 180) / SIDE)
    row = np.floor((np.asarray(latitude, dtype=float) + 90) / SIDE)
    return np.asarray(row * ACROSS + column, dtype=np.int64)


def arranged(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """What a reader made of street files, with places numbered by square, and the sums beside it.

    Parameters
    ----------
    tables
        `street_places`, `street_slices` and `street_counts` as the reader gives them; tables of
        another name, and all of a file without them, are left as they are.
    """
    if "street_counts" not in tables:
        return dict(tables)
    places, counts = tables["street_places"], tables["street_counts"]
    square = square_of(places["longitude"], places["latitude"])
    order = np.argsort(square, kind="stable")
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(len(order))
    position = np.full(int(places["place"].max()) + 1 if len(places) else 0, -1, dtype=np.int64)
    position[places["place"].to_numpy()] = number
    placed = places.iloc[order].assign(place=np.arange(len(order)))
    moved = counts.assign(place=position[counts["place"].to_numpy()])
    moved = moved.sort_values(["slice", "place"], ignore_index=True)
    return {
        **tables,
        "street_places": placed.reset_index(drop=True),
        "street_counts": moved,
        "street_squares": squares(square[order]),
        "street_years": years(placed, tables["street_slices"], moved),
    }


def squares(sorted_squares: Numbers) -> pd.DataFrame:
    """Each square with the first and the last place in it."""
    found, first, size = np.unique(sorted_squares, return_index=True, return_counts=True)
    return pd.DataFrame({"square": found, "first_place": first, "last_place": first + size - 1})


def years(places: pd.DataFrame, slices: pd.DataFrame, counts: pd.DataFrame) -> pd.DataFrame:
    """Events by small area of the years that the release ends with, by crime type and in all.

    A year is twelve months, each of which the release has; a year without one of them is left out.
    """
    held = sorted(set(slices["month"]))
    lsoas, lsoa_names = pd.factorize(places["lsoa_code"])
    home = dict(zip(places["lsoa_code"], places["district_code"], strict=True))
    found = [
        _year(lsoas, lsoa_names, slices, counts, months, home) for months in year_windows(held)
    ]
    columns = ["last_month", "crime_type", "lsoa_code", "district_code", "count"]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)


def year_windows(held: Sequence[date]) -> list[list[date]]:
    """The last twelve months, and the twelve before, as far as every month is held."""
    ends = [held[-1], shift(held[-1], -YEAR)] if held else []
    windows = [[shift(end, -back) for back in range(YEAR - 1, -1, -1)] for end in ends]
    return [each for each in windows if set(held).issuperset(each)]


def _year(
    lsoas: Numbers,
    lsoa_names: Iterable[str],
    slices: pd.DataFrame,
    counts: pd.DataFrame,
    months: Sequence[date],
    home: Mapping[str, str],
) -> pd.DataFrame:
    inside = slices[slices["month"].isin(months)]
    types, type_names = pd.factorize(inside["crime_type"], sort=True)
    of_slice = np.full(int(slices["slice"].max()) + 1, -1, dtype=np.int64)
    of_slice[inside["slice"].to_numpy()] = types
    kind = of_slice[counts["slice"].to_numpy()]
    names = np.array(list(lsoa_names), dtype=object)
    used = kind >= 0
    # the places are numbered from 0 on in the order of their rows
    cell = kind[used] * len(names) + lsoas[counts["place"].to_numpy()[used]]
    sums = np.bincount(
        cell, weights=counts["count"].to_numpy()[used], minlength=len(type_names) * len(names)
    ).reshape(len(type_names), len(names))
    made = np.concatenate([sums, sums.sum(axis=0, keepdims=True)])
    at_type, at_lsoa = np.nonzero(made)
    codes = names[at_lsoa]
    return pd.DataFrame(
        {
            "last_month": months[-1],
            "crime_type": np.array([*type_names, ALL_TYPES], dtype=object)[at_type],
            "lsoa_code": codes,
            "district_code": [home[code] for code in codes],
            "count": made[at_type, at_lsoa].astype(np.int64),
        }
    ).sort_values(["last_month", "crime_type", "lsoa_code"], ignore_index=True)


def faults(engine: Engine) -> list[str]:
    """Where the sums of a release are not those of its counts, in words; none when sound."""
    kept, found = STREET_YEARS.c, []
    with engine.connect() as connection:
        ends = connection.execute(select(kept.release_id, kept.last_month).distinct()).all()
        for release_id, last_month in ends:
            months = [shift(last_month, -back) for back in range(YEAR)]
            stored = select(
                func.sum(case((kept.crime_type == ALL_TYPES, 0), else_=kept.count)),
                func.sum(case((kept.crime_type == ALL_TYPES, kept.count), else_=0)),
            ).where(kept.release_id == release_id, kept.last_month == last_month)
            by_type, in_all = connection.execute(stored).one()
            facts = connection.execute(_events(release_id, months)).scalar() or 0
            if not by_type == in_all == facts:
                found.append(
                    f"release {release_id}: {facts} street-level events in the year ending "
                    f"{last_month:%B %Y}, but {by_type} in its sums by small area and type, and "
                    f"{in_all} in those of all types"
                )
    return found


def _events(release_id: int, months: Sequence[date]) -> Select[int]:
    counts, slices = STREET_COUNTS.c, STREET_SLICES.c
    chosen = select(slices.slice).where(slices.release_id == release_id, slices.month.in_(months))
    return select(cast(func.sum(counts.count), Integer)).where(
        counts.release_id == release_id, counts.slice.in_(chosen)
    )
