"""Make the demonstration: made-up figures in the published layouts, the same bytes every time.

    python data/demo/make.py [FOLDER]

What is true of them is known, and README.md beside this file says it: one real fall, one
measure that is noise, one fall that is only the nation's.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from ledger import lines as ledger_lines  # noqa: E402
from programme import PROGRAMME  # noqa: E402

from vrn_metrics import areas  # noqa: E402
from vrn_metrics.periods import Period, shift  # noqa: E402

REFERENCE = ROOT / "data" / "reference"
SEED = 20260335
MARK = "Made-up demonstration data"
MONTHS = [Period.span(shift(Period.month(2014, 4).start, step), 1) for step in range(144)]
YEARS = range(2014, 2026)  # financial years by the year they start in

# Shares of violence, and mid-2024 residents: all, under 25 (sized like the true ones).
DISTRICTS = {
    "Leicester": (0.600, 388_300, 145_200),
    "Blaby": (0.055, 108_200, 29_100),
    "Charnwood": (0.120, 188_400, 60_500),
    "Harborough": (0.030, 104_700, 27_100),
    "Hinckley and Bosworth": (0.060, 116_700, 29_600),
    "Melton": (0.020, 54_100, 13_600),
    "North West Leicestershire": (0.065, 111_900, 30_000),
    "Oadby and Wigston": (0.040, 61_700, 18_900),
    "Rutland": (0.010, 41_400, 10_700),
}
COUNTRIES = {
    "K04000001": ("ENGLAND AND WALES", 61_800_000, 18_000_000),
    "E92000001": ("ENGLAND", 58_600_000, 17_100_000),
    "W92000004": ("WALES", 3_200_000, 900_000),
}
# Partnerships of two other forces, with their codes and the codes and names of their districts.
NORTH, WEST = ("E06000061", "North Northamptonshire"), ("E06000062", "West Northamptonshire")
ELSEWHERE = {
    "Lincolnshire": {
        "Boston": ("E22000173", "E07000136", "Boston"),
        "East Lindsey": ("E22000174", "E07000137", "East Lindsey"),
        "Lincoln": ("E22000175", "E07000138", "Lincoln"),
        "North Kesteven": ("E22000176", "E07000139", "North Kesteven"),
        "South Holland": ("E22000177", "E07000140", "South Holland"),
        "South Kesteven": ("E22000178", "E07000141", "South Kesteven"),
        "West Lindsey": ("E22000179", "E07000142", "West Lindsey"),
    },
    "Northamptonshire": {
        "Corby": ("E22000233", *NORTH),
        "Daventry and South Northamptonshire": ("E22000357", *WEST),
        "East Northamptonshire": ("E22000235", *NORTH),
        "Kettering": ("E22000236", *NORTH),
        "Northampton": ("E22000237", *WEST),
        "Wellingborough": ("E22000239", *NORTH),
    },
}
# People in Lincolnshire's districts, and of them under 25, about as many as there are.
NEIGHBOURS = {
    "Boston": (72_000, 20_000),
    "East Lindsey": (145_000, 32_000),
    "Lincoln": (105_000, 36_000),
    "North Kesteven": (122_000, 31_000),
    "South Holland": (98_000, 24_000),
    "South Kesteven": (146_000, 37_000),
    "West Lindsey": (98_000, 24_000),
}
# Offence, group, subgroup and code as the Home Office writes them, and the nation's yearly number.
OFFENCES = {
    "homicide": (*("Homicide", "Violence against the person", "Homicide", "1/4.1/4.10/4.2", 620),),
    "injury": (
        *("Assault with injury", "Violence against the person", "Violence with injury", "8N"),
        520_000,
    ),
    "robbery": (
        *("Robbery of personal property", "Robbery", "Robbery of personal property", "34B"),
        85_000,
    ),
    "possession": (
        *("Possession of article with blade or point", "Possession of weapons offences"),
        *("Possession of weapons offences", "10D", 24_000),
    ),
}
STREET_FORCE = "Leicestershire Police"
STREET_HEADER = (
    *("Crime ID", "Month", "Reported by", "Falls within", "Longitude", "Latitude"),
    *("Location", "LSOA code", "LSOA name", "Crime type", "Last outcome category", "Context"),
)
# What is true of street-level crime: one small area is always high, one has doubled.
PERSISTENT, EMERGING = "E01090003", "E01090008"
# Shares of knife-enabled violence by time of day.
TIME_WORDS = ("daytime", "after school", "evening", "night", "")
TIMES = {"0-24": (0.20, 0.24, 0.29, 0.24, 0.03), "25+": (0.24, 0.13, 0.28, 0.32, 0.03)}
LOST = 0.03  # offences that the published tables can give to no partnership
GROWTH = 1.01
ROBBERY_AT_THE_END = 0.75  # of its level before, in every force
ADMISSIONS_AT_THE_END = 0.66  # of their level before, per head

Rows = list[Sequence[object]]


class Maker:
    """Draws figures and writes files; the order of calls decides the numbers."""

    def __init__(self, folder: Path, seed: int = SEED) -> None:
        self.folder = folder
        self.draw = np.random.default_rng(seed)
        self.draw_times = np.random.default_rng(seed + 1)  # leaves all other figures as they were
        self.local: dict[str, np.ndarray] = {}  # what the extracts hold, by quarter and district
        self.national: dict[str, dict[tuple[str, int, str], int]] = {}  # by year, quarter, force

    def make(self) -> None:
        """Write every file, and the manifest of their hashes."""
        files = {
            "vrn-programme.csv": programme(),  # its agreements let the extracts count
            "ons-population.csv": self.population(),
            "vrn-admissions.csv": self.admissions(),
            "vrn-offences.csv": self.offences(),
            "vrn-homicides.csv": self.homicides(),
            "ho-prc-force.csv": self.recorded_crime(),
            "ho-knife.csv": self.knife(),
            "ons-table-c2.csv": self.table_c2(),
            "ons-homicide-rate.csv": self.homicide_rate(),
            "nhs-sharp-admissions.xlsx": self.nhs(),
            "ho-prc-csp.csv": self.partnerships(),
            "ons-area-lookup.csv": area_lookup(),
            "ons-lsoa-lookup.csv": lsoa_lookup(),
            "imd-2025.csv": self.deprivation(),
            "ons-neighbours.csv": neighbours(),
            "vrn-spend.csv": spend(),
            "ons-boundaries.geojson": boundaries(),
            "street.zip": self.street(),
        }
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
        manifest = [(name, hashlib.sha256(files[name]).hexdigest()) for name in files]
        (self.folder / "MANIFEST.csv").write_bytes(text([("file", "sha256"), *manifest]))

    def expected(self, yearly: float, *, level: Sequence[float], police: bool) -> np.ndarray:
        """Mean events by month and district: level per head, growth, season, Covid, recording."""
        shares = np.array([share for share, _, _ in DISTRICTS.values()])
        months = np.array([yearly / 12 * each for each in level])
        for step, month in enumerate(MONTHS):
            months[step] *= GROWTH ** ((month.start.year - 2018) + (month.start.month - 6) / 12)
            months[step] *= 1 + 0.12 * np.cos(2 * np.pi * (month.start.month - 7) / 12)
            months[step] *= covid(month)
            months[step] *= recording(month) if police else 1.0
        return np.outer(months, shares)

    def population(self) -> bytes:
        """Mid-2013 to mid-2025 in the long layout of the ONS, by sex and single year of age."""
        years = range(2013, 2026)
        places = [
            (code_of(name), name, everyone, young)
            for name, (_, everyone, young) in DISTRICTS.items()
        ]
        places += [
            (ELSEWHERE["Lincolnshire"][name][1], name, *people)
            for name, people in NEIGHBOURS.items()
        ]
        places += [(code, *rest) for code, rest in COUNTRIES.items()]
        rows: Rows = [
            (f"MYEB1: population estimates by sex and single year of age. {MARK}",),
            ("ladcode23", "laname23", "country", "sex", "age", *(f"population_{y}" for y in years)),
        ]
        for code, name, everyone, young in places:
            for sex in ("F", "M"):
                for age in range(91):
                    share = young / 25 if age < 25 else (everyone - young) / 66
                    counts = [round(share / 2 * GROWTH ** (year - 2024)) for year in years]
                    rows.append((code, name, code[0], sex, age, *counts))
        return text(rows)

    def admissions(self) -> bytes:
        """The true fall: knife admissions go down from April 2019 on, in both age groups."""
        falling = [
            1 - (1 - ADMISSIONS_AT_THE_END) * min(max(step - 60, 0) / 72, 1.0)
            for step in range(144)
        ]
        sharp = self.expected(102, level=falling, police=False)
        other = self.expected(500, level=[1.0] * 144, police=False)
        rows = self.cells(sharp, ["X99.4", "X99.9"], (0.7, 0.3), young=0.45)
        rows += self.cells(other, ["Y04.0", "Y00.8"], (0.85, 0.15), young=0.38)
        self.local["sharp"] = self.by_quarter(row for row in rows if str(row[2]).startswith("X99"))
        header = ("month", "district", "icd10", "age_band", "sex", "setting", "count")
        return extract("vrn-admissions", "Made-up hospital trust", header, rows)

    def offences(self) -> bytes:
        """Noise (knife) and the nation's fall (robbery), with the recording rise before."""
        flat = [1.0] * 144
        flags = [1.0 if step < 60 else 0.92 for step in range(144)]  # NDQIS from April 2019
        down = [national_robbery(step) for step in range(144)]
        knife = self.expected(590, level=flags, police=True)
        knife_robbery = self.expected(230, level=np.multiply(flags, down).tolist(), police=True)
        knife += self.expected(230, level=[f - f * d for f, d in zip(flags, down, strict=True)],
                               police=True)  # fmt: skip
        parts = (
            (knife, ["8N", "3B", "5D"], (0.78, 0.14, 0.08), "yes", 0.42),
            (knife_robbery, ["34B"], (1.0,), "yes", 0.42),
            (self.expected(9_500, level=flat, police=True), ["8N"], (1.0,), "no", 0.30),
            (self.expected(680, level=down, police=True), ["34B"], (1.0,), "no", 0.40),
            (self.expected(750, level=flat, police=True), ["10D"], (1.0,), "yes", 0.50),
        )
        rows: Rows = []
        for mean, codes, shares, flag, young in parts:
            settings = flag == "yes" and codes != ["10D"]
            drawn = self.cells(mean, codes, shares, young=young, settings=settings)
            rows += [(*row[:3], flag, *row[3:6], "unknown", row[6]) for row in drawn]
        timed = [part for row in rows for part in self.at_times(row)]
        wanted = {
            "knife": lambda row: row[3] == "yes" and row[2] != "10D",
            "robbery": lambda row: row[2] == "34B",
            "injury": lambda row: row[2] in ("8N", "5D"),
            "possession": lambda row: row[2] == "10D",
        }
        for name, holds in wanted.items():
            self.local[name] = self.by_quarter(row for row in rows if holds(row))
        header = (
            *("month", "district", "offence_code", "knife", "age_band"),
            *("sex", "setting", "domestic", "time", "count"),
        )
        return extract("vrn-offences", "Made-up police force", header, timed)

    def at_times(self, row: Sequence[Any]) -> Rows:
        """A row's events by time of day, if they are knife-enabled; a third more after school
        of those under 25.
        """
        if row[3] != "yes" or row[2] == "10D":
            return [(*row[:-1], "", row[-1])]
        drawn = self.draw_times.multinomial(row[-1], TIMES["0-24" if row[4] == "0-24" else "25+"])
        return [
            (*row[:-1], time, n) for time, n in zip(TIME_WORDS, drawn.tolist(), strict=True) if n
        ]

    def homicides(self) -> bytes:
        """About eleven a year and no change; two in three not domestic."""
        mean = self.expected(10.5, level=[1.0] * 144, police=False)
        rows: Rows = []
        for step, place in zip(*np.nonzero(mean), strict=True):
            for _ in range(self.draw.poisson(mean[step, place])):
                domestic = self.draw.random() < 0.34
                age = int(self.draw.integers(17, 80) if domestic else self.draw.integers(14, 52))
                related = self.draw.choice(
                    ["partner", "ex-partner", "parent", "child"]
                    if domestic
                    else ["acquaintance", "stranger", "friend", "not known"]
                )
                sharp = self.draw.random() < (0.75 if age < 25 else 0.4)
                rows.append(
                    (
                        str(MONTHS[step].start)[:7],
                        list(DISTRICTS)[place],
                        age,
                        "female" if domestic and self.draw.random() < 0.7 else "male",
                        related,
                        "sharp instrument" if sharp else "other",
                        "dwelling" if domestic else "public",
                        1,
                    )
                )
        self.local["homicide"] = self.by_quarter(rows)
        header = ("month", "district", "age", "sex", "relationship", "method", "setting")
        return extract("vrn-homicides", "Made-up police force", header, [row[:-1] for row in rows])

    def recorded_crime(self) -> bytes:
        """Four offences in 43 forces; Leicestershire as in its extract."""
        header = (
            *("Financial Year", "Financial Quarter", "Force Name", "Offence Description"),
            *("Offence Group", "Offence Subgroup", "Offence Code", "Number of Offences"),
        )
        rows: Rows = [(f"Police recorded crime by police force area. {MARK}",), (), header]
        for key, (*labels, yearly) in OFFENCES.items():
            for (year, quarter, force), count in self.nation(key, float(yearly)).items():
                rows.append((year, f"Q{quarter}", force, *labels, count))
        return text(rows)

    def knife(self) -> bytes:
        """Selected offences with a knife in 43 forces; Leicestershire as in its extract."""
        offence = "Assault with injury and assault with intent to cause serious harm"
        header = ("Financial Year", "Financial Quarter", "Force Name", "Offence", "Offences")
        title = f"Offences involving knives or sharp instruments, by police force area. {MARK}"
        rows: Rows = [(title,), (), header]
        for (year, quarter, force), count in self.nation("knife", 48_000.0).items():
            rows.append((year, f"Q{quarter}", force, offence, count))
        return text(rows)

    def nation(self, key: str, yearly: float) -> dict[tuple[str, int, str], int]:
        """Counts by year, quarter and force; robbery falls everywhere by the same factor."""
        weights = force_weights()
        found = {}
        for year in YEARS:
            for quarter in range(1, 5):
                step = 12 * (year - 2014) + 3 * (quarter - 1)
                level = national_robbery(step + 1) if key == "robbery" else 1.0
                level *= float(np.mean([covid(month) for month in MONTHS[step : step + 3]]))
                for force, weight in weights.items():
                    mean = yearly / 4 * weight * level * GROWTH ** (year - 2018)
                    drawn = int(self.draw.poisson(mean))
                    ours = force == "Leicestershire"
                    count = int(self.local[key][step // 3].sum()) if ours else drawn
                    found[financial_year(year), quarter, force] = count
        self.national[key] = found
        return found

    def of_year(self, key: str, year: int, force: str | None = None) -> int:
        """The published number of a financial year, of a force or of all."""
        return sum(
            count
            for (named, _, of), count in self.national[key].items()
            if named == financial_year(year) and force in (None, of)
        )

    @cached_property
    def placed(self) -> dict[str, np.ndarray]:
        """The last four quarters by district, with a last column of what no district is known of.

        They add up to the force, as the published tables do; no homicide is without a place.
        """
        found = {}
        for key in OFFENCES:
            counts = self.local[key][-4:]
            lost = self.draw.binomial(counts, 0 if key == "homicide" else LOST)
            found[key] = np.column_stack([counts - lost, lost.sum(axis=1)])
        return found

    def table_c2(self) -> bytes:
        """One year of three forces by partnership, with the unassigned rows that make them add up.

        Leicestershire is as in its extracts, and each force as in the table by force.
        """
        titles = {
            "total": "Total recorded crime\n (excluding fraud)",
            "homicide": "Homicide",
            "injury": "Violence with injury",
            "robbery": "Robbery",
            "possession": "Possession of weapons offences",
        }
        header = (
            *("Police Force\nArea code", "Police Force\nArea name"),
            *("Community Safety\nPartnership code", "Community Safety\nPartnership name"),
            *("Local Authority code", "Local Authority name"),
            *titles.values(),
        )
        ours = {name: areas.area(code_of(name)) for name in DISTRICTS}
        forces = {"Leicestershire": {n: (a.csp_code, a.code, n) for n, a in ours.items()}}
        body: Rows = []
        for force, places in (forces | ELSEWHERE).items():
            counts = self.year_of(force, len(places))
            code = areas.NETWORK if force == "Leicestershire" else force_of(force)
            names = [
                *((csp, name, *district) for name, (csp, *district) in places.items()),
                ("", f"Unassigned {force}", "", ""),
            ]
            body.append((code, force, "", "", "", "", *map(spaced, counts.sum(axis=0))))
            body += [
                (code, force, *name, *map(spaced, row))
                for name, row in zip(names, counts, strict=True)
            ]
        title = "Table C2: Number of police recorded crimes, year ending March 2026 [note 1]"
        notes = [
            (title,),
            (f"{MARK}; not official statistics",),
            ("This worksheet contains one table.",),
            ("Some shorthand is used. [x] indicates data are unavailable.",),
            ("Link to Notes page",),
            ("Link to Table of contents",),
            ("Source: none",),
        ]
        return text([*notes, header, *body])

    def year_of(self, force: str, places: int) -> np.ndarray:
        """The last year of a force by partnership, the last of them none: all crime, then each."""
        if force == "Leicestershire":
            shares = [share for share, _, _ in DISTRICTS.values()]
            counts = [self.placed[key].sum(axis=0) for key in OFFENCES]
        else:
            shares = [1 / places] * places
            counts = [
                self.draw.multinomial(
                    self.of_year(key, YEARS[-1], force),
                    [(1 - LOST) * share for share in shares] + [LOST],
                )
                for key in OFFENCES
            ]
        everything = 9 * counts[1].sum() * np.array([*((1 - LOST) * s for s in shares), LOST])
        return np.column_stack([self.draw.poisson(everything), *counts])

    def partnerships(self) -> bytes:
        """Recorded crime of one year by partnership and quarter, as in the table of the year."""
        header = (
            *("Financial Year", "Financial Quarter", "Police Force", "CSP Name"),
            *("Offence Description", "Offence Group", "Offence Subgroup", "Offence Code"),
            "Offence Count",
        )
        title = f"Police recorded crime by Community Safety Partnership. {MARK}"
        rows: Rows = [(title,), (), header]
        for quarter in range(4):
            for place, name in enumerate([*DISTRICTS, "Unassigned Leicestershire"]):
                for key, (*labels, _) in OFFENCES.items():
                    start = (financial_year(YEARS[-1]), f"Q{quarter + 1}", "Leicestershire", name)
                    rows.append((*start, *labels, int(self.placed[key][quarter, place])))
        return text(rows)

    def deprivation(self) -> bytes:
        """Scores, ranks and deciles of the made-up LSOAs, by short column names."""
        domains = ("IMD", "Income", "Employment", "Education", "Health", "Crime",
                   "Housing_and_Services", "Environment")  # fmt: skip
        header = (
            "lsoa21_code",
            *(f"{domain}_decile" for domain in domains),
            *(f"{domain}_rank" for domain in domains),
            *(f"{domain}_score" for domain in domains),
            *("lsoa21_name", "ltla24_code", "ltla24_name"),
        )
        rows: Rows = [header]
        for code, name, district in lsoas():
            ranks = self.draw.integers(1, 33_755, len(domains))
            deciles = [min(10, 1 + int(10 * (rank - 1) / 33_755)) for rank in ranks]
            scores = [round(60 * (1 - float(rank) / 33_755), 3) for rank in ranks]
            ends = (name, code_of(district), district)
            rows.append((code, *deciles, *map(int, ranks), *scores, *ends))
        return text(rows)

    def homicide_rate(self) -> bytes:
        """Rolling three-year rates per million: the nation's and ours as counted, two made up."""
        windows = range(2014, 2023)
        everyone = {areas.NETWORK: sum(all_ages for _, all_ages, _ in DISTRICTS.values())}
        everyone[areas.ENGLAND_AND_WALES] = COUNTRIES[areas.ENGLAND_AND_WALES][1]
        counted = {
            areas.ENGLAND_AND_WALES: ("England and Wales", "Country", None),
            areas.NETWORK: ("Leicestershire", "Police force area", "Leicestershire"),
        }
        places = {}
        for code, (name, kind, force) in counted.items():
            rates = []
            for year in windows:
                events = sum(self.of_year("homicide", year + step, force) for step in range(3))
                people = everyone[code] * GROWTH ** (year + 1 - 2024)
                rates.append(events / 3 / people * 1_000_000)
            places[code] = (name, kind, rates)
        for name, rate in (("Nottinghamshire", 10.8), ("South Yorkshire", 31.0)):
            drawn = (rate * self.draw.normal(1, 0.08, len(windows))).tolist()
            places[force_of(name)] = (name, "Police force area", drawn)
        header = (
            *("areacd", "areanm", "geography", "indicator", "period", "observation"),
            *("measure", "unit", "lci_95", "uci_95", "status", "notes"),
        )
        rows: Rows = [header]
        for code, (name, kind, rates) in places.items():
            for year, rate in zip(windows, rates, strict=True):
                value = round(rate, 6)
                period = f"{year}-04-01/P3Y"
                measure = "Homicide Offences (rate per million population)"
                unit = "Rate per 1,000,000 population"
                words = (code, name, kind, "Homicide Offences", period, value, measure, unit)
                rows.append((*words, "", "", "", MARK))
        return text(rows)

    def nhs(self) -> bytes:
        """Admissions by police force and year, hidden and rounded as NHS England does."""
        # With lxml, where that happens to be installed, the same cells are other bytes.
        os.environ.setdefault("OPENPYXL_LXML", "False")
        import openpyxl

        labels = [f"{year}-{(year + 1) % 100:02d}" for year in YEARS]
        title = (
            "Count of Finished Admissions Episodes (FAEs)1 and Finished Consultant Episodes "
            "(FCEs)2 where the external cause code3 was X994 - Assault with sharp object by police "
            f"force area of residence4. {MARK}"
        )
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = "PFA-Data-Totals"
        gap = [None] * (len(labels) - 1)
        ours = self.local["sharp"].reshape(len(YEARS), -1).sum(axis=1).tolist()
        others = {
            force_of(name): (name, mean)
            for name, mean in (("Nottinghamshire", 130), ("Northamptonshire", 60))
        }
        sheet.append([title])
        sheet.append(["Activity in English NHS Hospitals"])
        sheet.append([])
        sheet.append([None, None, "FAEs", *gap, "FCEs", *gap])
        sheet.append(["Code", "Police Force Area", *labels, *labels])
        rows = {areas.NETWORK: ("Leicestershire", ours)}
        rows |= {
            code: (name, self.draw.poisson(mean, len(labels)).tolist())
            for code, (name, mean) in others.items()
        }
        for code, (name, counts) in rows.items():
            shown = [hidden(count) for count in counts]
            sheet.append([code, name, *shown, *(hidden(round(1.04 * count)) for count in counts)])
        saved = io.BytesIO()
        book.save(saved)
        return same_bytes(saved.getvalue())

    def street(self) -> bytes:
        """Two years of street-level crime in a zip, a file a month, at made-up points."""
        kinds = {
            "Violence and sexual offences": 0.40, "Anti-social behaviour": 0.16,
            "Shoplifting": 0.11, "Public order": 0.08, "Criminal damage and arson": 0.08,
            "Other theft": 0.06, "Vehicle crime": 0.05, "Burglary": 0.03, "Drugs": 0.02,
            "Robbery": 0.004, "Possession of weapons": 0.003, "Bicycle theft": 0.002,
            "Other crime": 0.001,
        }  # fmt: skip
        draw = np.random.default_rng(SEED + 24)  # its own, so that no other file hangs on it
        shares = np.array(list(kinds.values()))
        weights = np.array([DISTRICTS[district][0] / 11 for _, _, district in lsoas()])
        weights[[code for code, _, _ in lsoas()].index(PERSISTENT)] *= 3
        points = {code: points_in(draw, shape) for code, shape in cells().items()}
        members = {}
        for month in MONTHS[-24:]:
            now = weights.copy()
            if month.start >= MONTHS[-12].start:
                now[[code for code, _, _ in lsoas()].index(EMERGING)] *= 2
            name = f"{month.start:%Y-%m}"
            rows: Rows = [STREET_HEADER]
            for _ in range(450):
                kind = str(draw.choice(list(kinds), p=shares / shares.sum()))
                crime = "" if kind == "Anti-social behaviour" else draw.bytes(32).hex()
                outcome = "Under investigation" if crime else ""
                place: tuple[object, ...] = ("", "", "No location", "", "")
                if draw.random() >= 0.03:
                    code, lsoa, _ = lsoas()[int(draw.choice(len(now), p=now / now.sum()))]
                    x, y = points[code][int(draw.integers(len(points[code])))]
                    place = (f"{x:.6f}", f"{y:.6f}", "On or near Made-up Street", code, lsoa)
                rows.append((crime, name, STREET_FORCE, STREET_FORCE, *place, kind, outcome, MARK))
            members[f"{name}/{name}-leicestershire-street.csv"] = text(rows)
        return zipped(members)

    def cells(
        self,
        mean: np.ndarray,
        codes: Sequence[str],
        shares: Sequence[float],
        *,
        young: float,
        settings: bool = True,
    ) -> Rows:
        """Poisson counts of month x district x code x age x sex x setting, those above zero."""
        places = {"public": 0.45, "dwelling": 0.35, "hospitality": 0.08, "other": 0.12}
        where = places if settings else {"unknown": 1.0}
        parts = [
            (code, band, sex, setting, share * of_age * of_sex * of_place)
            for code, share in zip(codes, shares, strict=True)
            for band, of_age in (("0-24", young), ("25+", 0.97 - young), ("unknown", 0.03))
            for sex, of_sex in (("male", 0.75), ("female", 0.25))
            for setting, of_place in where.items()
        ]
        drawn = self.draw.poisson(mean[:, :, None] * np.array([part[-1] for part in parts]))
        names = list(DISTRICTS)
        return [
            (
                str(MONTHS[step].start)[:7],
                names[place],
                *parts[part][:4],
                int(drawn[step, place, part]),
            )
            for step, place, part in zip(*np.nonzero(drawn), strict=True)
        ]

    @staticmethod
    def by_quarter(rows: Iterable[Sequence[object]]) -> np.ndarray:
        """Sums of rows (month and district first, count last) by quarter and district."""
        sums = np.zeros((len(MONTHS) // 3, len(DISTRICTS)), dtype=int)
        quarters = {str(month.start)[:7]: step // 3 for step, month in enumerate(MONTHS)}
        places = {name: place for place, name in enumerate(DISTRICTS)}
        for row in rows:
            sums[quarters[str(row[0])], places[str(row[1])]] += int(str(row[-1]))
        return sums


def covid(month: Period) -> float:
    """Less violence in the months of lockdown."""
    locked = {(2020, 4): 0.6, (2020, 5): 0.7, (2020, 6): 0.85, (2020, 11): 0.8,
              (2021, 1): 0.7, (2021, 2): 0.75, (2021, 3): 0.85}  # fmt: skip
    return locked.get((month.start.year, month.start.month), 1.0)


def recording(month: Period) -> float:
    """The share of violence recorded, over that of today: 0.78 until September 2017, then up."""
    gone = (month.start.year - 2017) * 12 + month.start.month - 9
    return 1 / 1.28 + (1 - 1 / 1.28) * min(max(gone / 16, 0.0), 1.0)


def national_robbery(step: int) -> float:
    """Down from April 2019 on, the same everywhere."""
    return 1 - (1 - ROBBERY_AT_THE_END) * min(max(step - 60, 0) / 72, 1.0)


def force_weights() -> dict[str, float]:
    """Made-up shares of the nation's offences, the largest forces first."""
    large = {"Metropolitan Police": 0.20, "West Midlands": 0.08, "Greater Manchester": 0.08,
             "West Yorkshire": 0.05}  # fmt: skip
    names = ["Leicestershire" if each.kind == "network" else each.name for each in areas.forces()]
    rest = (1 - sum(large.values())) / (len(names) - len(large))
    return {name: large.get(name, rest) for name in sorted(names)}


def lsoas() -> list[tuple[str, str, str]]:
    """Code, name and district of eleven made-up LSOAs a district."""
    return [
        (f"E0109{place}{number:03d}", f"{district} {number:03d}A", district)
        for place, district in enumerate(DISTRICTS)
        for number in range(1, 12)
    ]


def area_lookup() -> bytes:
    """The nine districts and Lincolnshire's, partnerships and forces; the codes are true ones."""
    header = ("LAD24CD", "LAD24NM", "CSP24CD", "CSP24NM", "PFA24CD", "PFA24NM")
    force = (areas.NETWORK, "Leicestershire")
    rows = [(each.code, each.name, each.csp_code, each.name, *force) for each in areas.districts()]
    there = (force_of("Lincolnshire"), "Lincolnshire")
    lincolnshire = ELSEWHERE["Lincolnshire"].items()
    rows += [(code, name, csp, name, *there) for name, (csp, code, _) in lincolnshire]
    return text([header, *rows])


def lsoa_lookup() -> bytes:
    """Each made-up LSOA in a made-up ward of its own."""
    header = (
        *("lsoa21_name", "lsoa21_code", "ward24_name", "ward24_code"),
        *("ltla24_name", "ltla24_code"),
    )
    rows = [
        (name, code, f"Ward {name}", f"E0509{code[5:]}", district, code_of(district))
        for code, name, district in lsoas()
    ]
    return text([header, *rows])


def neighbours() -> bytes:
    """Fifteen neighbours a district: Lincolnshire's seven, then the other eight."""
    codes = [each.code for each in areas.districts()]
    there = [code for _, code, _ in ELSEWHERE["Lincolnshire"].values()]
    rows = [
        (code, *there, *(other for other in codes if other != code), *[""] * 5) for code in codes
    ]
    return text([("AREACD", *range(1, 21)), *rows])


@cache
def cells() -> dict[str, shapely.Geometry]:
    """A made-up shape for each made-up LSOA: its district's schematic one, cut into eleven."""
    drawn = json.loads((REFERENCE / "schematic_boundaries.geojson").read_text(encoding="utf-8"))
    shapes = {
        each["properties"]["name"]: shapely.from_geojson(json.dumps(each["geometry"]))
        for each in drawn["features"]
    }
    found = {}
    for district, shape in shapes.items():
        codes = [code for code, _, home in lsoas() if home == district]
        seeds = shapely.MultiPoint(spread(shape, len(codes)))
        parts = shapely.voronoi_polygons(seeds, ordered=True)
        for code, part in zip(codes, parts.geoms, strict=True):
            inside = shapely.set_precision(part.intersection(shape), 1e-4)
            found[code] = max(shapely.get_parts(inside), key=shapely.area)
    return found


def points_in(
    draw: np.random.Generator, shape: shapely.Geometry, number: int = 6
) -> list[tuple[float, float]]:
    """Some map points inside a shape."""
    west, south, east, north = shape.bounds
    found: list[tuple[float, float]] = []
    while len(found) < number:
        x, y = draw.uniform(west, east), draw.uniform(south, north)
        if shapely.contains_xy(shape, x, y):
            found.append((x, y))
    return found


def spread(shape: shapely.Geometry, number: int) -> list[tuple[float, float]]:
    """Points of a grid inside a shape, each as far from those before as can be."""
    west, south, east, north = shape.bounds
    grid = [(x, y) for x in np.linspace(west, east, 60) for y in np.linspace(south, north, 60)]
    inside = np.array([point for point in grid if shapely.contains_xy(shape, *point)])
    scaled = inside * (0.6, 1.0)
    chosen = [0]
    away = ((scaled - scaled[0]) ** 2).sum(axis=1)
    while len(chosen) < number:
        chosen.append(int(away.argmax()))
        away = np.minimum(away, ((scaled - scaled[chosen[-1]]) ** 2).sum(axis=1))
    return [tuple(inside[place]) for place in chosen]


def boundaries() -> bytes:
    """The made-up LSOAs; districts have none here, so that the map of them stays schematic."""
    features = [
        {
            "type": "Feature",
            "properties": {"LSOA21CD": code, "LSOA21NM": name},
            "geometry": json.loads(shapely.to_geojson(shapely.normalize(cells()[code]))),
        }
        for code, name, _ in lsoas()
    ]
    found = {"type": "FeatureCollection", "name": MARK, "features": features}
    return json.dumps(found, separators=(",", ":")).encode()


def spend() -> bytes:
    """The made-up ledger of eight years."""
    header = (
        *("date", "year", "line", "project", "category", "amount", "kind", "funding_stream"),
        *("classified_by", "reason", "doubtful"),
    )
    rows = list(ledger_lines())
    return extract("vrn-spend", "Made-up programme office", header, rows, ("2019-04", "2026-10"))


def programme() -> bytes:
    """The programme's state: made-up dates and reaches under the projects' true names."""
    header = (
        *("record", "title", "belongs_to", "status", "role", "start", "end", "district"),
        *("tier", "rating", "reach", "cost", "organisation", "evidence"),
    )
    rows = [
        {"record": kind, **dict(zip(fields, row, strict=True))}
        for kind, (fields, records) in PROGRAMME.items()
        for row in records
    ]
    return extract(
        "vrn-programme",
        "Made-up programme office",
        header,
        [[row.get(name, "") for name in header] for row in rows],
    )


def code_of(name: str) -> str:
    """The ONS code of a district."""
    code = areas.district_code(name)
    if code is None:
        raise SystemExit(f"no district '{name}' in data/reference/areas.csv")
    return code


def force_of(name: str) -> str:
    """The ONS code of a police force."""
    code = areas.force_code(name)
    if code is None:
        raise SystemExit(f"no police force '{name}' in data/reference/areas.csv")
    return code


def financial_year(start: int) -> str:
    """As the Home Office writes it."""
    return f"{start}/{(start + 1) % 100:02d}"


def spaced(count: int) -> str:
    """A count as ONS writes it into this table: with commas, and a blank behind."""
    return f"{count:,} "


def hidden(count: int) -> object:
    """NHS England's rule: 1 to 7 hidden, others to the nearest 5."""
    return "*" if 1 <= count <= 7 else 5 * ((count + 2) // 5)


def extract(
    layout: str,
    publisher: str,
    header: Sequence[str],
    rows: Rows,
    covers: tuple[str, str] = ("2014-04", "2026-03"),
) -> bytes:
    """A local extract with its preamble."""
    return text(
        [
            ("layout", layout, 1),
            ("covers", *covers),
            ("publisher", f"{publisher}. {MARK}"),
            ("demonstration", "yes"),
            ("rows", len(rows)),
            (),
            header,
            *rows,
        ]
    )


def text(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive that says what it is, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = MARK.encode()
        for name, content in members.items():
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def same_bytes(workbook: bytes) -> bytes:
    """A workbook without its times of writing, stored and not packed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-04-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 0, 0, 0)), content)
    return out.getvalue()


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    Maker(target).make()
