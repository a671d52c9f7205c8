"""Where does street-level crime gather, and which small areas rose by more than chance?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pandas as pd

from vrn_metrics import areas
from vrn_metrics.areas import NETWORK, Area
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.methods.disclosure import Published, publish
from vrn_metrics.methods.inequality import Inequality, inequality
from vrn_metrics.methods.small_area_change import Course, small_area_change
from vrn_metrics.periods import Period, shift
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import MonthOfRelease, Release, Store, Street

SOURCE: Final = "police-street"
VIOLENCE: Final = "Violence and sexual offences"
YEAR: Final = 12
CRIME_TYPES: Final = tuple(
    each.title.removesuffix(", street-level") for each in all_readers()[SOURCE].source.series
)
"""As data.police.uk names them."""
QUINTILES: Final = 5


@dataclass(frozen=True)
class SmallArea:
    """One LSOA in the two windows, and what became of it.

    `ratio` is its change beside the others', drawn towards none; `decile` that of deprivation,
    1 the most deprived tenth of England.
    """

    code: str
    name: str
    district: Area
    now: int
    before: int | None
    ratio: float | None
    lower: float | None
    upper: float | None
    p_value: float | None
    course: Course | None
    decile: int | None


@dataclass(frozen=True)
class ByDeprivation:
    """Events of the later window by fifth of LSOAs, the least deprived first; and the indices."""

    events: tuple[int, ...]
    areas: tuple[int, ...]
    index: Inequality


@dataclass(frozen=True)
class Hotspots:
    """One crime type over small areas and map points.

    `before` is the window of equal length that ends where `now` begins, `None` where too few
    months are held. `small_areas` holds the published counts of `found`, `points` those of map
    points in the later window; events without a point are in neither.
    """

    area: Area
    as_of: date
    crime_type: str
    source: Source
    now: Period
    before: Period | None
    small_areas: Published
    found: tuple[SmallArea, ...]
    points: Published
    by_district: tuple[tuple[Area, int], ...]
    dispersion: float | None
    by_deprivation: ByDeprivation | None
    releases: tuple[Release, ...]

    @property
    def is_demonstration(self) -> bool:
        """Whether any figure in it is made up."""
        return any(each.demonstration for each in self.releases)

    @property
    def same_season(self) -> bool:
        """Whether the two windows have the same calendar months."""
        return self.before is not None and self.now.months == YEAR

    @property
    def total(self) -> int:
        """Events of the later window in the area that is looked at."""
        return sum(number for _, number in self.by_district)

    def of_course(self, course: Course) -> list[SmallArea]:
        """The small areas with this course, the surest or largest first."""
        chosen = [each for each in self.found if each.course is course]
        if course is Course.EMERGING:
            return sorted(chosen, key=lambda each: -(each.lower or 0))
        if course is Course.FALLING:
            return sorted(chosen, key=lambda each: each.upper or 0)
        return sorted(chosen, key=lambda each: -each.now)


def hotspots(
    store: Store,
    *,
    crime_type: str = VIOLENCE,
    area: str = NETWORK,
    as_of: date | None = None,
) -> Hotspots | None:
    """Small areas and map points of one crime type, and what became of them in a year.

    Parameters
    ----------
    crime_type
        As data.police.uk names it.
    area
        Code of the network, the county or a district: which small areas are shown. All of the
        network's are tested together whichever is shown.
    as_of
        The day whose approved releases count; now when not given.

    Returns
    -------
    Hotspots or None
        `None` where no street-level file counts.

    Raises
    ------
    UnknownNameError
        For an area or crime type that does not exist.

    Notes
    -----
    The last twelve months that are held without a gap against the twelve before; where fewer
    are held, the later half against the earlier, and then seasons differ. Points are anonymised
    street centres, so no test is made of a point. LSOAs hold 1,000 to 3,000 residents each, by
    design, and no count of people is used; a town centre's visitors are in no denominator.
    """
    place = areas.area(area)
    if crime_type not in CRIME_TYPES:
        known = ", ".join(CRIME_TYPES)
        raise UnknownNameError(f"no crime type '{crime_type}'; there are {known}.")
    view = store.view(as_of)
    street = view.street
    held = _without_gap(street.months())
    if not held:
        return None
    length = YEAR if len(held) >= 2 * YEAR else max(len(held) // 2, 1)
    later = held[-length:]
    earlier = held[-2 * length : -length] if len(held) >= 2 * length else []
    table = _table(street, later, earlier, crime_type)
    changed = (
        small_area_change(table["now"].to_numpy(float), table["before"].to_numpy(float))
        if earlier
        else None
    )
    codes = areas.members(place.code)
    inside = np.flatnonzero(table["district_code"].isin(codes).to_numpy())
    points = street.by_point(later, crime_type, districts=codes)
    reader = all_readers()[SOURCE]
    ids = sorted({each.release_id for each in (*later, *earlier)})
    return Hotspots(
        area=place,
        as_of=as_of or date.today(),
        crime_type=crime_type,
        source=reader.source,
        now=_window(later),
        before=_window(earlier) if earlier else None,
        small_areas=_publish(
            table.iloc[inside].rename(columns={"now": "count"})[["lsoa_code", "name", "count"]],
            reader.source,
        ),
        found=tuple(_small_area(table, changed, int(row)) for row in inside),
        points=_publish(points[["longitude", "latitude", "count"]], reader.source),
        by_district=_by_district(table, codes),
        dispersion=changed.dispersion if changed else None,
        by_deprivation=_by_deprivation(table),
        releases=tuple(view.releases[number] for number in ids),
    )


def _without_gap(held: Sequence[MonthOfRelease]) -> list[MonthOfRelease]:
    """The months up to the latest, back to the first gap."""
    found: list[MonthOfRelease] = []
    for each in reversed(held):
        if found and shift(each.month, 1) != found[-1].month:
            break
        found.append(each)
    return found[::-1]


def _window(months: Sequence[MonthOfRelease]) -> Period:
    return Period.last_months(months[-1].month, len(months))


def _table(
    street: Street,
    later: Sequence[MonthOfRelease],
    earlier: Sequence[MonthOfRelease],
    crime_type: str,
) -> pd.DataFrame:
    """Every LSOA with its two counts, zeros included, its name and its deprivation."""
    key = ["lsoa_code", "district_code"]
    now, before = (street.by_lsoa(each, crime_type) for each in (later, earlier))
    table = now.rename(columns={"count": "now"}).merge(
        before.rename(columns={"count": "before"}), on=key, how="outer"
    )
    known = street.lsoas()
    table = table.merge(known[["lsoa_code", "name"]], on="lsoa_code", how="outer")
    homes = known.set_index("lsoa_code")["district_code"]
    table["district_code"] = table["district_code"].fillna(table["lsoa_code"].map(homes))
    table["name"] = table["name"].fillna(table["lsoa_code"])
    for column in ("now", "before"):
        table[column] = table[column].astype(float).fillna(0).astype(int)
    return table.merge(street.deprivation(), on="lsoa_code", how="left").sort_values(
        "lsoa_code", ignore_index=True
    )


def _small_area(table: pd.DataFrame, changed: Any, row: int) -> SmallArea:
    one = table.iloc[row]
    decile = one["decile"]
    return SmallArea(
        code=one["lsoa_code"],
        name=one["name"],
        district=areas.area(one["district_code"]),
        now=int(one["now"]),
        before=int(one["before"]) if changed else None,
        ratio=float(changed.ratio[row]) if changed else None,
        lower=float(changed.lower[row]) if changed else None,
        upper=float(changed.upper[row]) if changed else None,
        p_value=_number(changed.p_value[row]) if changed else None,
        course=changed.course[row] if changed else None,
        decile=None if pd.isna(decile) else int(decile),
    )


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _publish(table: pd.DataFrame, source: Source) -> Published:
    counts = table["count"].astype("float64")
    rows = table.drop(columns="count").assign(lower=counts, upper=counts, status="exact")
    return publish(rows, profile=source.profile)


def _by_district(table: pd.DataFrame, codes: Sequence[str]) -> tuple[tuple[Area, int], ...]:
    sums = table.groupby("district_code")["now"].sum()
    return tuple(
        (each, int(sums.get(each.code, 0))) for each in areas.districts() if each.code in codes
    )


def _by_deprivation(table: pd.DataFrame) -> ByDeprivation | None:
    """The network's LSOAs in fifths by rank; `None` where deprivation is not known."""
    known = table.dropna(subset=["rank"]).sort_values("rank", ascending=False)
    if len(known) < QUINTILES:
        return None
    parts = np.array_split(known["now"].to_numpy(float), QUINTILES)
    events, sizes = [each.sum() for each in parts], [len(each) for each in parts]
    return ByDeprivation(
        tuple(int(each) for each in events), tuple(sizes), inequality(events, sizes)
    )
