"""Made-up extracts and populations in the real layouts, small enough to load in a test.

Most districts have few events, as in life, so most of what there is must be protected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from vrn_metrics.areas import districts
from vrn_metrics.periods import Period, shift

PEOPLE_OF_AN_AGE = {
    "Leicester": 4_000,
    "Charnwood": 2_000,
    "Rutland": 450,
    "Melton": 600,
}
OTHERS = 1_100

# Events a month: a city with hundreds a year, districts with a handful, Rutland with one or two.
SIZE = {"Leicester": 9.0, "Charnwood": 2.2, "Blaby": 1.0, "Rutland": 0.12, "Melton": 0.3, "": 0.15}
ELSEWHERE = 0.7

Kind = tuple[Any, ...]
"""The words that tell a row from others of its month and district."""


@dataclass(frozen=True)
class Files:
    """Writes files of one folder; the same seed gives the same events.

    `extra` are events added in a later release: revisions of months long past.
    """

    folder: Path
    first: date = date(2017, 4, 1)

    def population(self, years: Sequence[int] = range(2016, 2021)) -> list[Path]:
        """Mid-year estimates, one file a year, in the layout of the ONS sheet saved as CSV."""
        paths = []
        for year in years:
            ages = [*map(str, range(90)), "90+"]
            lines = ["Code,Name,Geography,All ages," + ",".join(ages)]
            for area in districts():
                each = PEOPLE_OF_AN_AGE.get(area.name, OTHERS) + year - 2016
                numbers = ",".join([str(each)] * 91)
                lines.append(f"{area.code},{area.name},District,{91 * each},{numbers}")
            paths.append(self._write(f"mye{year % 100:02d}.csv", lines))
        return paths

    def admissions(
        self, months: int, seed: int, *, name: str = "admissions", extra: int = 0
    ) -> Path:
        """Sharp-object and other admissions by district, age band and setting."""
        kinds = {("X99.4", "0-24"): 0.35, ("X99.4", "25+"): 0.5, ("Y04.0", "25+"): 1.0}
        rows = [
            f"{month},{district},{code},{band},male,public,{count}"
            for (month, district, (code, band)), count in self._events(
                months, seed, kinds, extra
            ).items()
        ]
        header = "month,district,icd10,age_band,sex,setting,count"
        return self._extract("vrn-admissions", months, header, rows, name)

    def offences(self, months: int, seed: int, *, name: str = "offences", extra: int = 0) -> Path:
        """Knife-enabled assaults of both ages in and out of public places, and robbery without."""
        kinds = {
            ("8N", "yes", "0-24", "public"): 0.25,
            ("8N", "yes", "0-24", "dwelling"): 0.25,
            ("8N", "yes", "25+", "public"): 0.7,
            ("34B", "no", "25+", "public"): 0.6,
        }
        rows = [
            f"{month},{district},{code},{knife},{band},male,{setting},{count}"
            for (month, district, (code, knife, band, setting)), count in self._events(
                months, seed, kinds, extra
            ).items()
        ]
        header = "month,district,offence_code,knife,age_band,sex,setting,count"
        return self._extract("vrn-offences", months, header, rows, name)

    def homicides(self, months: int, seed: int, *, name: str = "homicides", extra: int = 0) -> Path:
        """One row a victim."""
        kinds = {
            (19, "acquaintance", "sharp instrument"): 0.02,
            (40, "stranger", "other"): 0.04,
            (41, "partner", "other"): 0.02,
        }
        rows = [
            f"{month},{district},{age},male,{relationship},{method},public"
            for (month, district, (age, relationship, method)), count in self._events(
                months, seed, kinds, extra
            ).items()
            for _ in range(count)
        ]
        header = "month,district,age,sex,relationship,method,setting"
        return self._extract("vrn-homicides", months, header, rows, name)

    def _events(
        self, months: int, seed: int, kinds: Mapping[Kind, float], extra: int
    ) -> dict[tuple[str, str, Kind], int]:
        """Positive counts by month, district and kind.

        Each month has its own generator, so that a longer file begins as a shorter one did.
        """
        names = [*(each.name for each in districts()), ""]
        found: dict[tuple[str, str, Kind], int] = {}
        for number in range(months):
            month = f"{shift(self.first, number):%Y-%m}"
            chance = np.random.default_rng((seed, number))
            for name in names:
                for kind, share in kinds.items():
                    found[month, name, kind] = int(
                        chance.poisson(SIZE.get(name, ELSEWHERE) * share)
                    )
        keys, chance = list(found), np.random.default_rng((seed, extra))
        for place in chance.choice(len(keys), extra, replace=False):
            found[keys[place]] += 1
        return {key: count for key, count in found.items() if count}

    def _extract(
        self, layout: str, months: int, header: str, rows: Sequence[str], name: str
    ) -> Path:
        covers = Period.span(self.first, months)
        lines = [
            f"layout,{layout},1",
            f"covers,{covers.start:%Y-%m},{covers.end:%Y-%m}",
            f"rows,{len(rows)}",
            "",
            header,
            *rows,
        ]
        return self._write(f"{name}.csv", lines)

    def _write(self, name: str, lines: Sequence[str]) -> Path:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path
