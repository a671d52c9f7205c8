"""What ran where, and when: context for a series or a map, and no more than that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vrn_metrics import areas
from vrn_metrics.areas import NETWORK, Area
from vrn_metrics.store import Record, Release, View

SOURCE = "vrn-programme"


@dataclass(frozen=True)
class Intervention:
    """One entry of the register.

    `districts` is empty for the whole network. `reach` is a number of people, `cost_pence`
    whole pence, `rating` the Youth Endowment Fund's of that kind of intervention.
    """

    title: str
    tier: str
    start: date
    end: date | None
    districts: tuple[Area, ...]
    reach: int | None
    cost_pence: int | None
    rating: str | None
    organisation: str | None

    def is_in(self, area_code: str) -> bool:
        """Whether it ran in any part of an area."""
        if not self.districts or area_code == NETWORK:
            return True
        parts = areas.members(area_code)
        return any(each.code in parts for each in self.districts)


@dataclass(frozen=True)
class Register:
    """The interventions of an area as the programme office states them, oldest first."""

    interventions: tuple[Intervention, ...] = ()
    release: Release | None = None


def interventions(view: View, area_code: str = NETWORK) -> Register:
    """What ran in an area; an empty register where no `vrn-programme` release counts.

    Notes
    -----
    A start beside a turn in a series says that both happened. What else happened then, and
    whether the series was high by chance before, the register does not know.
    """
    number = view.newest(SOURCE)
    if number is None:
        return Register()
    found = [
        entry
        for record in view.programme()
        if record.record == "intervention" and (entry := _intervention(record)).is_in(area_code)
    ]
    found.sort(key=lambda each: (each.start, each.title))
    return Register(tuple(found), view.releases[number])


def _intervention(record: Record) -> Intervention:
    assert record.start_date is not None  # noqa: S101 - the reader refuses one without
    codes = [] if record.district_codes == "all" else (record.district_codes or "").split()
    return Intervention(
        title=record.title,
        tier=record.tier or "",
        start=record.start_date,
        end=record.end_date,
        districts=tuple(areas.area(code) for code in codes),
        reach=record.reach,
        cost_pence=record.cost_pence,
        rating=record.rating,
        organisation=record.organisation,
    )
