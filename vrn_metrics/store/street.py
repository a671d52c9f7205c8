"""Street-level counts by small area and by map point, each month from its newest release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import pandas as pd
from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Engine,
    Join,
    Select,
    String,
    and_,
    bindparam,
    false,
    func,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
    union_all,
)

from vrn_metrics import areas
from vrn_metrics.periods import shift
from vrn_metrics.sources.police_street import series_key
from vrn_metrics.store.schema import (
    AREA_LINKS,
    DEPRIVATION,
    OBSERVATIONS,
    STREET_COUNTS,
    STREET_PLACES,
    STREET_SLICES,
    STREET_SQUARES,
    STREET_YEARS,
)
from vrn_metrics.store.street_rollups import ALL_TYPES, YEAR, Box

OVERALL = "imd"
MOST_STRETCHES = 200
_BY_LSOA = ("lsoa_code", "district_code", "count")


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

    def series(
        self, chosen: Sequence[MonthOfRelease], crime_type: str, districts: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Events by district (all of them if none is named) and month.

        Returns
        -------
        pandas.DataFrame
            `area_code`, `month`, `count`. Zeros are there; a district without any row in a month
            is not.
        """
        given = {"source_series": series_key(crime_type), "districts": list(districts)}
        rows: list[Any] = []
        with self.engine.connect() as connection:
            for number, days in _months_by_release(chosen).items():
                asked = {**given, "release": number, "days": days}
                rows += connection.execute(_series_of(bool(districts)), asked).all()
        as_dates = {each: date.fromisoformat(str(each)) for each in {row[1] for row in rows}}
        whole = [(code, as_dates[month], count) for code, month, count in rows]
        return _framed(whole, ("area_code", "month", "count"))

    def by_lsoa(self, chosen: Sequence[MonthOfRelease], crime_type: str) -> pd.DataFrame:
        """Events by LSOA over some months: `lsoa_code`, `district_code`, `count`.

        `crime_type` may be `ALL_TYPES`.
        """
        return _frame(self.engine, self._sums(chosen, crime_type), _BY_LSOA, bool(chosen))

    def largest(
        self, chosen: Sequence[MonthOfRelease], crime_type: str = ALL_TYPES, top: int = 20
    ) -> pd.DataFrame:
        """The LSOAs with most events over some months, largest first; columns as of `by_lsoa`."""
        sums = self._sums(chosen, crime_type).subquery()
        largest = select(sums).order_by(sums.c.count.desc(), sums.c.lsoa_code).limit(top)
        return _frame(self.engine, largest, _BY_LSOA, bool(chosen))

    def by_point(
        self,
        chosen: Sequence[MonthOfRelease],
        crime_type: str,
        *,
        box: Box | None = None,
        districts: Sequence[str] = (),
    ) -> pd.DataFrame:
        """Events by map point, in a box or everywhere.

        Returns
        -------
        pandas.DataFrame
            `longitude`, `latitude`, `district_code`, `count`.
        """
        place, columns = STREET_PLACES.c, ("longitude", "latitude", "district_code", "count")
        parts = [
            self._at_places(number, days, crime_type, box)
            for number, days in _months_by_release(chosen).items()
        ]
        found = [part for part in parts if part is not None]
        if not found:
            return pd.DataFrame(columns=list(columns))
        counted = union_all(*found).subquery()
        query = (
            select(
                place.longitude,
                place.latitude,
                place.district_code,
                func.sum(counted.c.count).label("count"),
            )
            .select_from(counted)
            .join(
                STREET_PLACES,
                and_(place.release_id == counted.c.release_id, place.place == counted.c.place),
            )
            .group_by(place.longitude, place.latitude, place.district_code)
        )
        if box is not None:
            query = query.where(
                place.longitude.between(box.west, box.east),
                place.latitude.between(box.south, box.north),
            )
        if districts:
            query = query.where(place.district_code.in_(districts))
        return _frame(self.engine, query, columns, True)

    def _at_places(
        self, release_id: int, days: Sequence[date], crime_type: str, box: Box | None
    ) -> CompoundSelect[Any] | Select[Any] | None:
        """Events of a release by place; of the stretches of places that a box can hold."""
        count, cut = STREET_COUNTS.c, STREET_SLICES.c
        with self.engine.connect() as connection:
            numbers = (
                connection.execute(
                    select(cut.slice).where(
                        cut.release_id == release_id,
                        cut.month.in_(days),
                        true() if crime_type == ALL_TYPES else cut.crime_type == crime_type,
                    )
                )
                .scalars()
                .all()
            )
        if not numbers:
            return None
        whole = (
            select(count.release_id, count.place, func.sum(count.count).label("count"))
            .where(count.release_id == release_id, count.slice.in_(numbers))
            .group_by(count.release_id, count.place)
        )
        stretches = self._stretches(release_id, box) if box is not None else None
        if stretches is None:
            return whole
        if not stretches:
            return None
        # a query for each stretch: SQLite reads a list of stretches as one long one
        return union_all(
            *(whole.where(count.place.between(first, last)) for first, last in stretches)
        )

    def _stretches(self, release_id: int, box: Box) -> list[tuple[int, int]] | None:
        """The first and last place of each row of squares that a box touches.

        `None` where they are no help: for places that were numbered without squares, and for a
        box that touches so many rows that to read all is as quick (SQLite allows 500 queries in
        one).
        """
        square = STREET_SQUARES.c
        if len(box.rows()) > MOST_STRETCHES:
            return None
        by_row = union_all(
            *(
                select(func.min(square.first_place), func.max(square.last_place)).where(
                    square.release_id == release_id, square.square.between(first, last)
                )
                for first, last in box.rows()
            )
        )
        with self.engine.connect() as connection:
            has = select(square.square).where(square.release_id == release_id).limit(1)
            if connection.execute(has).first() is None:
                return None
            rows = connection.execute(by_row).all()
        return [(first, last) for first, last in rows if first is not None]

    def _sums(self, chosen: Sequence[MonthOfRelease], crime_type: str) -> Select[Any]:
        """Events by LSOA: those that are kept, or else added up from the counts."""
        kept = self._year(chosen, crime_type)
        return self._counted(chosen, crime_type) if kept is None else kept

    def _year(self, chosen: Sequence[MonthOfRelease], crime_type: str) -> Select[Any] | None:
        """The kept sums of these months, if they are a year that their release ends with."""
        by_release = _months_by_release(chosen)
        if len(by_release) != 1 or len(chosen) != YEAR:
            return None
        ((release_id, days),) = by_release.items()
        kept, last = STREET_YEARS.c, max(days)
        if min(days) != shift(last, 1 - YEAR):
            return None
        known = select(kept.lsoa_code).where(kept.release_id == release_id, kept.last_month == last)
        with self.engine.connect() as connection:
            if connection.execute(known.limit(1)).first() is None:
                return None
        return select(kept.lsoa_code, kept.district_code, kept.count).where(
            kept.release_id == release_id,
            kept.last_month == last,
            # the index of all types is found only by a query that names them
            kept.crime_type
            == (literal_column(f"'{ALL_TYPES}'") if crime_type == ALL_TYPES else crime_type),
        )

    def _counted(self, chosen: Sequence[MonthOfRelease], crime_type: str) -> Select[Any]:
        """The sums of these months, from the counts."""
        place = STREET_PLACES.c
        return (
            select(
                place.lsoa_code, place.district_code, func.sum(STREET_COUNTS.c.count).label("count")
            )
            .select_from(_joined())
            .where(
                _in_releases(
                    STREET_SLICES.c.release_id, STREET_SLICES.c.month, _months_by_release(chosen)
                ),
                true() if crime_type == ALL_TYPES else STREET_SLICES.c.crime_type == crime_type,
            )
            .group_by(place.lsoa_code, place.district_code)
        )

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


@cache
def _series_of(some: bool) -> Select[Any]:
    """The query of `series`, put together once: building it costs as much as running it."""
    cell = OBSERVATIONS.c
    whole = areas.UNASSIGNED, areas.NETWORK, areas.COUNTY
    wanted = (
        cell.area_code.in_(bindparam("districts", expanding=True))
        if some
        else cell.area_code.not_in(whole)
    )
    # months as the engine has them: to make a date of each of many rows takes half the time
    month = type_coerce(cell.period_start, String)
    return select(cell.area_code, month, cell.lower).where(
        cell.series == bindparam("source_series"),
        cell.definition == "published",
        wanted,
        cell.release_id == bindparam("release"),
        cell.period_start.in_(bindparam("days", expanding=True)),
    )


def _months_by_release(chosen: Sequence[MonthOfRelease]) -> dict[int, list[date]]:
    found: dict[int, list[date]] = {}
    for each in chosen:
        found.setdefault(each.release_id, []).append(each.month)
    return found


def _in_releases(
    release_id: ColumnElement[int],
    month: ColumnElement[date],
    by_release: Mapping[int, Sequence[date]],
) -> ColumnElement[bool]:
    """These months, each from its own release."""
    return or_(
        false(),
        *(and_(release_id == number, month.in_(days)) for number, days in by_release.items()),
    )


def _frame(engine: Engine, query: Select[Any], columns: tuple[str, ...], ask: bool) -> pd.DataFrame:
    if not ask:
        return _framed([], columns)
    with engine.connect() as connection:
        return _framed(connection.execute(query).all(), columns)


def _framed(rows: Sequence[Any], columns: tuple[str, ...]) -> pd.DataFrame:
    """A frame column by column, which is quicker than row by row."""
    if not rows:
        return pd.DataFrame(columns=list(columns))
    by_column = map(list, zip(*rows, strict=True))
    return pd.DataFrame(dict(zip(columns, by_column, strict=True)))
