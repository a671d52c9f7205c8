"""What counted on a day: approved releases, the newest edition of each period on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

import pandas as pd
from sqlalchemy import Engine, case, func, select

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
        cell = OBSERVATIONS.c
        counted = (
            cell.setting.in_(settings) if settings is not None else cell.setting == cell.setting
        )
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
                cell.series == series,
                cell.definition == definition,
                cell.area_code == area_code,
                cell.release_id.in_(ids),
                cell.age_band.in_(age_bands),
                *([] if sexes is None else [cell.sex.in_(sexes)]),
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
        query = (
            select(ranked)
            .where(ranked.c.newest == 1)
            .order_by(ranked.c.period_start, ranked.c.period_end)
        )
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
                for row in connection.execute(query)
            ]


def window(points: Sequence[Point], period: Period) -> tuple[Count, tuple[Point, ...]]:
    """The count of a period put together from stored ones, and the parts used.

    The parts must tile the period without gap or overlap, else the count is missing: an
    absent month is not zero.
    """
    parts = tuple(each for each in points if period.contains(each.period))
    if not parts or sum(each.period.days for each in parts) != period.days:
        return Count.missing(), ()
    by_start = sorted(parts, key=lambda each: each.period.start)
    if any(a.period.overlaps(b.period) for a, b in pairwise(by_start)):
        return Count.missing(), ()
    return Count.total(each.count for each in parts), parts


def as_frame(points: Sequence[Point]) -> pd.DataFrame:
    """Points as the columns that `disclosure.publish` takes."""
    return pd.DataFrame(
        {
            "period_start": [each.period.start for each in points],
            "period_end": [each.period.end for each in points],
            "lower": [each.lower for each in points],
            "upper": [each.upper for each in points],
            "status": [str(each.status) for each in points],
            "provisional": [each.provisional for each in points],
        }
    )
