"""What the files really said, from the raw rows: to judge the attack, not to help it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd
from sqlalchemy import Engine, text

from tests.attacker.collect import Vintage
from tests.attacker.knowledge import LEAVES, Kinds, People, Places, Span, months_of

YOUNG = "0-24"


def people_of(engine: Engine) -> People:
    """The mid-year estimates, newest first."""
    query = text(
        "select area_code, age_band, period_start, lower from observations "
        "where series = 'population' and sex = 'all' order by release_id"
    )
    with engine.connect() as connection:
        rows = connection.execute(query).all()
    found: dict[tuple[str, bool], dict[int, float]] = {}
    for area, band, start, value in rows:
        if band in ("all", YOUNG):
            found.setdefault((area, band == YOUNG), {})[date.fromisoformat(str(start)).year] = value
    return People(found)


class Counted:
    """The events of one source by release, kind, district and month."""

    def __init__(self, engine: Engine, source: str) -> None:
        query = text(
            "select o.release_id, r.edition, o.series, o.area_code, o.period_start, o.age_band, "
            "o.setting, o.lower from observations o join releases r on r.id = o.release_id "
            "where r.source = :source and o.definition in ('extract', 'ons')"
        )
        with engine.connect() as connection:
            rows = pd.DataFrame(connection.execute(query, {"source": source}).mappings().all())
        rows = rows[rows["area_code"].isin(LEAVES)]
        rows["month"] = [date.fromisoformat(str(each)) for each in rows["period_start"]]
        self._editions = rows.groupby("release_id")["edition"].first().to_dict()
        self._months = {number: set(part["month"]) for number, part in rows.groupby("release_id")}
        self._tables = {number: _kinds(source, part) for number, part in rows.groupby("release_id")}
        self._found: dict[tuple[Vintage, Kinds, Places, Span], int | None] = {}

    def __call__(self, vintage: Vintage, kinds: Kinds, places: Places, span: Span) -> int | None:
        """How many events, each month from the newest release of the vintage that covers it."""
        key = (vintage, kinds, places, span)
        if key not in self._found:
            self._found[key] = self._sum(*key)
        return self._found[key]

    def _sum(self, vintage: Vintage, kinds: Kinds, places: Places, span: Span) -> int | None:
        numbers = [int(each.split()[0]) for each in vintage.split(" & ")]
        newest = sorted(numbers, key=lambda each: (str(self._editions[each]), each), reverse=True)
        total = 0
        for month in months_of(span):
            number = next((each for each in newest if month in self._months[each]), None)
            if number is None:
                return None
            table = self._tables[number]
            total += sum(table.get((kind, place, month), 0) for kind in kinds for place in places)
        return int(total)


def _kinds(source: str, rows: pd.DataFrame) -> Mapping[tuple[str, str, date], int]:
    """The events of each kind, of which none is in two."""
    young = rows["age_band"] == YOUNG
    is_of = {key: rows["series"] == key for key in rows["series"].unique()}
    nothing = pd.Series(False, index=rows.index)

    def of(series: str) -> pd.Series:
        return pd.Series(is_of.get(series, nothing))

    parts: dict[str, list[tuple[pd.Series, int]]] = {
        "vrn-admissions": {
            "sharp young": [(of("sharp-admissions") & young, 1)],
            "sharp old": [(of("sharp-admissions") & ~young, 1)],
            "not sharp": [(of("assault-admissions"), 1), (of("sharp-admissions"), -1)],
        },
        "vrn-offences": {
            "young public": [(of("knife-violence") & young & (rows["setting"] == "public"), 1)],
            "young elsewhere": [(of("knife-violence") & young & (rows["setting"] != "public"), 1)],
            "old": [(of("knife-violence") & ~young, 1)],
            "injury": [(of("violence-with-injury"), 1)],
            "robbery": [(of("robbery"), 1)],
            "possession": [(of("weapon-possession"), 1)],
        },
        "vrn-homicides": {
            "young with a knife": [(of("homicides-nondomestic-knife") & young, 1)],
            "other non-domestic": [
                (of("homicides-nondomestic"), 1),
                (of("homicides-nondomestic-knife") & young, -1),
            ],
            "domestic": [(of("homicides"), 1), (of("homicides-nondomestic"), -1)],
        },
    }[source]
    found: dict[tuple[str, str, date], int] = {}
    for kind, terms in parts.items():
        for mask, sign in terms:
            own = rows[mask]
            for place, month, value in zip(
                own["area_code"], own["month"], own["lower"], strict=True
            ):
                key = (kind, place, month)
                found[key] = found.get(key, 0) + sign * int(value)
    return found
