"""What counted on a day: approved releases, the newest edition of each period on top."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import pairwise, takewhile
from typing import Any

from sqlalchemy import BindParameter, Engine, Select, bindparam, case, func, select, true

from vrn_metrics.counts import Count, Status
from vrn_metrics.observations import ALL
from vrn_metrics.periods import Period
from vrn_metrics.store.releases import APPROVED, Release, releases
from vrn_metrics.store.schema import OBSERVATIONS, RELEASES


@dataclass(frozen=True)
class Point:
    """One stored period of a series in an area, summed over the bands asked for."""

    period: Period
    lower: float | None
    upper: float | None
    status: Status
    provisional: bool
    release_id: int

    @property
    def count(self) -> Count:
        """The value as a count of events."""
        if self.lower is None or self.upper is None or self.status is Status.MISSING:
            return Count.missing()
        return Count(int(self.lower), int(self.upper), self.status)


@dataclass(frozen=True)
class View:
    """The approved figures as they stood at the end of a day, or now.

    Demonstration releases of a source stop counting once a real release of that source
    is approved.
    """

    engine: Engine
    as_of: date | None = None

    @cached_property
    def releases(self) -> dict[int, Release]:
        """The releases that count, by number."""
        approved = [each for each in releases(self.engine, self.as_of) if each.state == APPROVED]
        real = {each.source for each in approved if not each.demonstration}
        return {
            each.id: each for each in approved if not each.demonstration or each.source not in real
        }

    def of_source(self, source: str) -> list[int]:
        """Numbers of the releases of one source that count."""
        return [each.id for each in self.releases.values() if each.source == source]

    def points(
        self,
        source: str,
        series: str,
        definition: str,
        area_code: str,
        *,
        age_bands: Sequence[str],
        sexes: Sequence[str] | None = (ALL,),
        settings: Sequence[str] | None = None,
    ) -> list[Point]:
        """Every period of a series in an area, oldest first, each from its newest release.

        Parameters
        ----------
        age_bands
            Disjoint bands that are added; a period without any row for them is left out.
        sexes
            Disjoint too: *all* by default, as published tables have it beside female and
            male. `None` adds up whatever there is, for extracts that have no *all*.
        settings
            Only these, when given; a period that has rows of other settings only is zero.

        Notes
        -----
        A newer release replaces a period whole, never cell by cell: an extract leaves
        empty cells out, and an old cell must not show through them.
        """
        ids = self.of_source(source)
        if not ids:
            return []
        query = _newest_of_each_period(sexes is not None, settings is not None)
        asked = {
            "source_series": series,
            "source_definition": definition,
            "area": area_code,
            "ids": ids,
            "bands": list(age_bands),
            **({} if sexes is None else {"sexes": list(sexes)}),
            **({} if settings is None else {"settings": list(settings)}),
        }
        with self.engine.connect() as connection:
            return [
                Point(
                    Period(row.period_start, row.period_end),
                    row.lower if row.status < Status.MISSING.rank else None,
                    row.upper if row.status < Status.MISSING.rank else None,
                    Status.of_rank(row.status),
                    bool(row.provisional),
                    row.release_id,
                )
                for row in connection.execute(query, asked)
            ]


@cache
def _newest_of_each_period(by_sex: bool, by_setting: bool) -> Select[Any]:
    """The query of `points`, put together once: building it costs as much as running it."""
    cell = OBSERVATIONS.c
    counted = cell.setting.in_(_several("settings")) if by_setting else true()
    sums = (
        select(
            cell.period_start,
            cell.period_end,
            cell.release_id,
            RELEASES.c.edition,
            func.sum(case((counted, cell.lower), else_=0.0)).label("lower"),
            func.sum(case((counted, cell.upper), else_=0.0)).label("upper"),
            func.max(case((counted, cell.status), else_=0)).label("status"),
            func.max(case((cell.provisional, 1), else_=0)).label("provisional"),
        )
        .join(RELEASES, RELEASES.c.id == cell.release_id)
        .where(
            cell.series == bindparam("source_series"),
            cell.definition == bindparam("source_definition"),
            cell.area_code == bindparam("area"),
            cell.release_id.in_(_several("ids")),
            cell.age_band.in_(_several("bands")),
            *([cell.sex.in_(_several("sexes"))] if by_sex else []),
        )
        .group_by(cell.period_start, cell.period_end, cell.release_id, RELEASES.c.edition)
    ).subquery()
    newest = (
        func.row_number()
        .over(
            partition_by=(sums.c.period_start, sums.c.period_end),
            order_by=(sums.c.edition.desc(), sums.c.release_id.desc()),
        )
        .label("newest")
    )
    ranked = select(sums, newest).subquery()
    return (
        select(ranked)
        .where(ranked.c.newest == 1)
        .order_by(ranked.c.period_start, ranked.c.period_end)
    )


def _several(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


def window(points: Sequence[Point], period: Period) -> tuple[Count, tuple[Point, ...]]:
    """The count of a period put together from stored ones, and the parts used.

    `points` are in the order of their start, as `View.points` gives them. The parts must
    tile the period without gap or overlap, else the count is missing: an absent month is
    not zero.
    """
    first = bisect_left(points, period.start, key=lambda each: each.period.start)
    started = takewhile(lambda each: each.period.start <= period.end, points[first:])
    parts = tuple(each for each in started if each.period.end <= period.end)
    if not parts or sum(each.period.days for each in parts) != period.days:
        return Count.missing(), ()
    if any(a.period.overlaps(b.period) for a, b in pairwise(parts)):
        return Count.missing(), ()
    return Count.total(each.count for each in parts), parts
