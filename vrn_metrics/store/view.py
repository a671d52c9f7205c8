"""What counted on a day: approved releases, the newest edition of each period on top."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from typing import Any

from sqlalchemy import BindParameter, Engine, Select, bindparam, case, func, select

from vrn_metrics.access import OWNER, Access
from vrn_metrics.areas import districts
from vrn_metrics.counts import Count, Status
from vrn_metrics.errors import StoreError
from vrn_metrics.measures import Numerator
from vrn_metrics.observations import ALL
from vrn_metrics.periods import Period
from vrn_metrics.sources import all_readers
from vrn_metrics.store import geography, guard, ledger, programme
from vrn_metrics.store.geography import Shapes
from vrn_metrics.store.ledger import LedgerLine
from vrn_metrics.store.programme import Record
from vrn_metrics.store.quantities import key_of
from vrn_metrics.store.releases import Release, counting, releases
from vrn_metrics.store.schema import GUARDED_COUNTS, OBSERVATIONS, RELEASES
from vrn_metrics.store.street import Street
from vrn_metrics.store.timeline import Guarded, Point, Seen, Tiled, Timeline


@dataclass(frozen=True)
class View:
    """The approved figures as they stood at the end of a day, or now.

    Demonstration releases of a source stop counting once a real release of that source
    is approved. `access` says whose view it is: local figures beyond it are as if not loaded.
    """

    engine: Engine
    as_of: date | None = None
    access: Access = OWNER

    @cached_property
    def releases(self) -> dict[int, Release]:
        """The releases that count and may be seen, by number."""
        found = counting(releases(self.engine, self.as_of))
        return {each.id: each for each in found if self._is_seen(each)}

    def _is_seen(self, release: Release) -> bool:
        """Whether anything of a release may be seen; a partner is given no ledger or programme."""
        if not release.is_local or self.access.sees_all_local:
            return True
        return release.is_guarded and self.access.sees_some_local

    def of_source(self, source: str) -> list[int]:
        """Numbers of the releases of one source that count."""
        return [each.id for each in self.releases.values() if each.source == source]

    def newest(self, source: str) -> int | None:
        """The number of the newest edition of a source that counts."""
        found = [each for each in self.releases.values() if each.source == source]
        return max(found, key=lambda each: (each.edition, each.id)).id if found else None

    def shapes(self, layer: str) -> Shapes:
        """The boundaries of a layer: of districts schematic ones until official ones count."""
        found = [each for each in self.releases.values() if each.source == "ons-boundaries"]
        found.sort(key=lambda each: (each.edition, each.id), reverse=True)
        is_district = layer == geography.DISTRICTS
        wanted = [each.code for each in districts()] if is_district else []
        shapes = geography.shapes(self.engine, [each.id for each in found], layer, wanted)
        return geography.schematic() if is_district and not shapes.shapes else shapes

    def neighbours(self, area_code: str) -> list[str]:
        """Codes of the area's statistical nearest neighbours, nearest first, never itself."""
        number = self.newest("ons-neighbours")
        if number is None:
            return []
        found = geography.neighbours(self.engine, number, area_code)
        return [each for each in found if each != area_code]

    def names(self, codes: Iterable[str]) -> dict[str, str]:
        """Names of districts anywhere, as far as a lookup that counts knows them."""
        number = self.newest("ons-area-lookup")
        return {} if number is None else geography.names(self.engine, number, codes)

    def ledger(self) -> list[LedgerLine]:
        """The lines of the ledger, each financial year whole from its newest release."""
        return ledger.lines(self.engine, self._editions("vrn-spend"))

    def ledger_history(self) -> list[LedgerLine]:
        """The lines of every release of the ledger that counts, oldest edition first."""
        return ledger.history(self.engine, self._editions("vrn-spend"))

    def _editions(self, source: str) -> list[int]:
        """The releases of a source that count, the newest edition last."""
        found = [each for each in self.releases.values() if each.source == source]
        return [each.id for each in sorted(found, key=lambda each: (each.edition, each.id))]

    def programme(self) -> list[Record]:
        """Every record of the programme's newest release that counts."""
        number = self.newest("vrn-programme")
        return [] if number is None else programme.records(self.engine, number)

    @cached_property
    def street(self) -> Street:
        """Street-level counts by small area and map point."""
        found = [each for each in self.releases.values() if each.source == "police-street"]
        found.sort(key=lambda each: (each.edition, each.id))
        return Street(
            self.engine,
            tuple(each.id for each in found),
            self.newest("ons-lsoa-lookup"),
            self.newest("imd-2025"),
        )

    def timeline(self, numerator: Numerator, area_code: str) -> Timeline:
        """The counts of a numerator in an area, as far as they may be seen.

        Raises
        ------
        StoreError
            If its releases count but nothing was decided of what may be seen of them.
        """
        return self.timelines(numerator, [area_code])[area_code]

    def timelines(self, numerator: Numerator, area_codes: Sequence[str]) -> dict[str, Timeline]:
        """`timeline` of several areas, asked for at once."""
        profile = all_readers()[numerator.source].source.profile
        if guard.is_guarded(numerator.source):
            seen = [code for code in area_codes if self.access.sees_local(code)]
            decided = self._decided(numerator, seen) if seen else {}
            return {code: Guarded(decided.get(code, {}), profile) for code in area_codes}
        points = self.points_of(
            numerator.source,
            numerator.series,
            numerator.definition,
            area_codes,
            age_bands=numerator.age_bands,
            sexes=numerator.sexes or (ALL,),
        )
        return {code: Tiled(points.get(code, ()), profile) for code in area_codes}

    def points(
        self,
        source: str,
        series: str,
        definition: str,
        area_code: str,
        *,
        age_bands: Sequence[str],
        sexes: Sequence[str] = (ALL,),
    ) -> list[Point]:
        """Every period of a series in an area, oldest first, each from its newest release.

        Parameters
        ----------
        age_bands
            Disjoint bands that are added; a period without any row for them is left out.
        sexes
            Disjoint too: *all* by default, as published tables have it beside female and male.

        Notes
        -----
        A newer release replaces a period whole, never cell by cell.

        Raises
        ------
        StoreError
            For a source whose counts may be seen only as the guard decided.
        """
        found = self.points_of(
            source, series, definition, [area_code], age_bands=age_bands, sexes=sexes
        )
        return found.get(area_code, [])

    def points_of(
        self,
        source: str,
        series: str,
        definition: str,
        area_codes: Sequence[str],
        *,
        age_bands: Sequence[str],
        sexes: Sequence[str] = (ALL,),
    ) -> dict[str, list[Point]]:
        """`points` of several areas at once, by area; those without any are left out."""
        if guard.is_guarded(source):
            raise StoreError(
                f"expected a public source, found '{source}', whose counts may be seen only as "
                f"decided for disclosure: ask View.timeline() for them."
            )
        ids = self.of_source(source)
        if not ids:
            return {}
        asked = {
            "source_series": series,
            "source_definition": definition,
            "areas": list(area_codes),
            "ids": ids,
            "bands": list(age_bands),
            "sexes": list(sexes),
        }
        found: dict[str, list[Point]] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(_newest_of_each_period(), asked):
                known = row.status < Status.MISSING.rank
                point = Point(
                    Period(row.period_start, row.period_end),
                    row.lower if known else None,
                    row.upper if known else None,
                    Status.of_rank(row.status),
                    bool(row.provisional),
                    row.release_id,
                )
                found.setdefault(row.area_code, []).append(point)
        return found

    def _decided(
        self, numerator: Numerator, area_codes: Sequence[str]
    ) -> dict[str, dict[Period, Seen]]:
        """The guard's figures of a numerator by area and period."""
        ids = self.of_source(numerator.source)
        if not ids:
            return {}
        number = self._sets[numerator.source]
        if number is None:
            raise StoreError(
                f"releases {ids} of '{numerator.source}' count, but what may be seen of them "
                f"was not decided. Run 'vrn protect'."
            )
        kept = GUARDED_COUNTS.c
        query = (
            select(
                kept.area_code,
                kept.period_start,
                kept.period_end,
                kept.lower,
                kept.upper,
                kept.status,
                kept.provisional,
            )
            .where(
                kept.set_id == number,
                kept.quantity == key_of(numerator),
                kept.area_code.in_(area_codes),
            )
            .order_by(kept.period_start, kept.period_end)
        )
        releases_used = frozenset(ids)
        found: dict[str, dict[Period, Seen]] = {}
        with self.engine.connect() as connection:
            for row in connection.execute(query):
                count = (
                    Count.hidden()
                    if row.upper is None
                    else Count(int(row.lower), int(row.upper), Status.of_rank(row.status))
                )
                period = Period(row.period_start, row.period_end)
                seen = Seen(count, bool(row.provisional), releases_used)
                found.setdefault(row.area_code, {})[period] = seen
        return found

    @cached_property
    def _sets(self) -> dict[str, int | None]:
        """The guard's set of each guarded source, looked up once a view."""
        sources = {each.source for each in self.releases.values()}
        return {
            source: guard.set_id(self.engine, source, self.of_source(source))
            for source in sources
            if guard.is_guarded(source)
        }


@cache
def _newest_of_each_period() -> Select[Any]:
    """The query of `points`, put together once: building it costs as much as running it."""
    cell = OBSERVATIONS.c
    sums = (
        select(
            cell.area_code,
            cell.period_start,
            cell.period_end,
            cell.release_id,
            RELEASES.c.edition,
            func.sum(cell.lower).label("lower"),
            func.sum(cell.upper).label("upper"),
            func.max(cell.status).label("status"),
            func.max(case((cell.provisional, 1), else_=0)).label("provisional"),
        )
        .join(RELEASES, RELEASES.c.id == cell.release_id)
        .where(
            cell.series == bindparam("source_series"),
            cell.definition == bindparam("source_definition"),
            cell.area_code.in_(_several("areas")),
            cell.release_id.in_(_several("ids")),
            cell.age_band.in_(_several("bands")),
            cell.sex.in_(_several("sexes")),
        )
        .group_by(
            cell.area_code,
            cell.period_start,
            cell.period_end,
            cell.release_id,
            RELEASES.c.edition,
        )
    ).subquery()
    newest = (
        func.row_number()
        .over(
            partition_by=(sums.c.area_code, sums.c.period_start, sums.c.period_end),
            order_by=(sums.c.edition.desc(), sums.c.release_id.desc()),
        )
        .label("newest")
    )
    ranked = select(sums, newest).subquery()
    return (
        select(ranked)
        .where(ranked.c.newest == 1)
        .order_by(ranked.c.area_code, ranked.c.period_start, ranked.c.period_end)
    )


def _several(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)
