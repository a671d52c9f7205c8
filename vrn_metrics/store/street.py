"""Street-level counts by small area and by map point, each month from its newest release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Engine, Join, Select, and_, false, func, or_, select

from vrn_metrics.store.schema import (
    AREA_LINKS,
    DEPRIVATION,
    STREET_COUNTS,
    STREET_PLACES,
    STREET_SLICES,
)

OVERALL = "imd"


@dataclass(frozen=True)
class MonthOfRelease:
    """A month, and the release it is taken from."""

    month: date
    release_id: int


@dataclass(frozen=True)
class Street:
    """What counts of the street-level files on a day.

    Parameters
    ----------
    release_ids
        Of the files, the newest edition last: it replaces a month whole.
    lookup_id, deprivation_id
        The releases of the LSOA lookup and of the deprivation index, if any.
    """

    engine: Engine
    release_ids: tuple[int, ...]
    lookup_id: int | None
    deprivation_id: int | None

    def months(self) -> list[MonthOfRelease]:
        """Every month that is held, oldest first, each from its newest release."""
        if not self.release_ids:
            return []
        cut = STREET_SLICES.c
        query = (
            select(cut.release_id, cut.month).where(cut.release_id.in_(self.release_ids)).distinct()
        )
        place = {number: position for position, number in enumerate(self.release_ids)}
        newest: dict[date, int] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(query):
                known = newest.get(row.month)
                if known is None or place[row.release_id] > place[known]:
                    newest[row.month] = row.release_id
        return [MonthOfRelease(month, newest[month]) for month in sorted(newest)]

    def by_lsoa(self, chosen: Sequence[MonthOfRelease], crime_type: str) -> pd.DataFrame:
        """Events by LSOA over some months: `lsoa_code`, `district_code`, `count`."""
        place = STREET_PLACES.c
        query = (
            select(
                place.lsoa_code, place.district_code, func.sum(STREET_COUNTS.c.count).label("count")
            )
            .select_from(_joined())
            .where(_of(chosen), STREET_SLICES.c.crime_type == crime_type)
            .group_by(place.lsoa_code, place.district_code)
        )
        return _frame(self.engine, query, ("lsoa_code", "district_code", "count"), bool(chosen))

    def by_point(self, chosen: Sequence[MonthOfRelease], crime_type: str) -> pd.DataFrame:
        """Events by map point: `longitude`, `latitude`, `district_code`, `count`."""
        place = STREET_PLACES.c
        query = (
            select(
                place.longitude,
                place.latitude,
                place.district_code,
                func.sum(STREET_COUNTS.c.count).label("count"),
            )
            .select_from(_joined())
            .where(_of(chosen), STREET_SLICES.c.crime_type == crime_type)
            .group_by(place.longitude, place.latitude, place.district_code)
        )
        columns = ("longitude", "latitude", "district_code", "count")
        return _frame(self.engine, query, columns, bool(chosen))

    def lsoas(self) -> pd.DataFrame:
        """Every LSOA of the network with its name and district, from a lookup."""
        link = AREA_LINKS.c
        query = select(
            link.child_code.label("lsoa_code"),
            link.child_name.label("name"),
            link.parent_code.label("district_code"),
        ).where(link.release_id == self.lookup_id, link.relation == "lsoa-lad")
        columns = ("lsoa_code", "name", "district_code")
        return _frame(self.engine, query, columns, self.lookup_id is not None)

    def deprivation(self) -> pd.DataFrame:
        """Overall deprivation: `lsoa_code`, `rank` and `decile`, 1 the most deprived."""
        found = DEPRIVATION.c
        query = select(found.lsoa_code, found.rank, found.decile).where(
            found.release_id == self.deprivation_id, found.domain == OVERALL
        )
        columns = ("lsoa_code", "rank", "decile")
        return _frame(self.engine, query, columns, self.deprivation_id is not None)


def _joined() -> Join:
    slices, counts, places = STREET_SLICES, STREET_COUNTS, STREET_PLACES
    with_slices = counts.join(
        slices,
        and_(slices.c.release_id == counts.c.release_id, slices.c.slice == counts.c.slice),
    )
    return with_slices.join(
        places,
        and_(places.c.release_id == counts.c.release_id, places.c.place == counts.c.place),
    )


def _of(chosen: Sequence[MonthOfRelease]) -> ColumnElement[bool]:
    """The slices of these months, each from its own release."""
    by_release: dict[int, list[date]] = {}
    for each in chosen:
        by_release.setdefault(each.release_id, []).append(each.month)
    return or_(
        false(),
        *(
            and_(STREET_SLICES.c.release_id == number, STREET_SLICES.c.month.in_(days))
            for number, days in by_release.items()
        ),
    )


def _frame(engine: Engine, query: Select[Any], columns: tuple[str, ...], ask: bool) -> pd.DataFrame:
    if not ask:
        return pd.DataFrame(columns=list(columns))
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    return pd.DataFrame([tuple(row) for row in rows], columns=list(columns))
