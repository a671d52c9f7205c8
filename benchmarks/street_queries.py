"""Questions of street-level data at national density, beside pandas with everything in memory.

Run `python -m benchmarks.street_queries [--rows N]`; 12 million incidents unless told otherwise:
36 months, 331 districts, 35,672 small areas of twenty map points each, fourteen crime types. All
of it is made up, by seed, and as uneven as Leicestershire's. The store's reader keeps one force,
so the counts are written through the store's own tables and rollups, without a file: reading is
measured by `benchmarks.street`.

- `store` is this project's queries through SQLAlchemy on SQLite, in a process of its own.
- `naive` is pandas with one row an incident in memory, its words as `read_csv` gives them, asked as
  the question is said: `groupby` what it names, then pick. The viewport is filtered first.
- `skilled` is pandas with words as categories, filtered before it is grouped.

CPU is the median of some runs, each warm; both must find the same, by a checksum. Memory is the
most that the reading process held.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

ROOT: Final = Path(__file__).resolve().parents[1]
ROWS, SEED = 12_000_000, 20261123
DISTRICTS, LSOAS, POINTS, TYPES, MONTHS = 331, 35_672, 20, 14, 36
TYPES_IN_1000 = (132, 12, 41, 82, 29, 25, 65, 8, 90, 9, 86, 7, 61, 354)
UNEVENNESS: Final = 1.22  # of map points, the width of a log-normal, as `benchmarks.street` has it
KIND, BIG_KIND = 3, 13
LAST: Final = date(2026, 3, 1)
BOX: Final = (-1.25, 52.5, -1.0, 52.7)
GOALS: Final = {
    "one district's series": 200,
    "all districts' series": 40,
    "points in a viewport": 5,
    "20 largest small areas, all types": 100,
}
RUNS: Final = 7
Floats = npt.NDArray[np.float64]


def made_up(rows: int) -> pd.DataFrame:
    """One row a cell of month, type and point, with its count."""
    draw = np.random.default_rng(SEED)
    points = LSOAS * POINTS
    weight = draw.lognormal(0, UNEVENNESS, points)
    months = draw.integers(0, MONTHS, rows, dtype=np.int8).astype(np.int64)
    kinds = draw.choice(TYPES, rows, p=np.array(TYPES_IN_1000) / sum(TYPES_IN_1000))
    at = np.searchsorted(np.cumsum(weight) / weight.sum(), draw.random(rows))
    cells, counts = np.unique((months * TYPES + kinds) * points + at, return_counts=True)
    slices, place = np.divmod(cells, points)
    return pd.DataFrame({"slice": slices, "place": place, "count": counts})


def places() -> pd.DataFrame:
    """Where each map point is: small areas in squares over a country, districts in order."""
    draw = np.random.default_rng(SEED + 1)
    points = LSOAS * POINTS
    lsoa = np.repeat(np.arange(LSOAS), POINTS)
    across = int(np.sqrt(LSOAS)) + 1
    west, south = -5.0 + 6.0 * (lsoa % across) / across, 50.2 + 4.8 * (lsoa // across) / across
    return pd.DataFrame(
        {
            "place": np.arange(points),
            "longitude": np.round(west + draw.random(points) * 6.0 / across, 6),
            "latitude": np.round(south + draw.random(points) * 4.8 / across, 6),
            "lsoa_code": np.array([f"E{each:08}" for each in range(LSOAS)], dtype=object)[lsoa],
            "district_code": np.array(districts(), dtype=object)[lsoa * DISTRICTS // LSOAS],
        }
    )


def districts() -> list[str]:
    """Invented codes."""
    return [f"E07{each:06}" for each in range(DISTRICTS)]


def month_of(number: int) -> date:
    """The month of this number, from 0 on."""
    from vrn_metrics.periods import shift

    return shift(LAST, number + 1 - MONTHS)


def kind_of(number: int) -> str:
    """The crime type of this number."""
    from vrn_metrics.sources._street_checks import CRIME_TYPES

    return str(CRIME_TYPES[number])


def fill(url: str, folder: Path, rows: int) -> None:
    """Write the store, and the same incidents one a row for pandas."""
    from sqlalchemy import insert

    from vrn_metrics.periods import Period
    from vrn_metrics.sources.police_street import series_key
    from vrn_metrics.store import database, open_store
    from vrn_metrics.store.schema import (
        OBSERVATIONS,
        REFERENCE_TABLES,
        RELEASE_EVENTS,
        RELEASES,
    )
    from vrn_metrics.store.street_rollups import arranged

    where, counts = places(), made_up(rows)
    slices = pd.DataFrame(
        [(m * TYPES + k, month_of(m), kind_of(k)) for m in range(MONTHS) for k in range(TYPES)],
        columns=["slice", "month", "crime_type"],
    )
    each = counts.loc[counts.index.repeat(counts["count"]), ["slice", "place"]]
    lsoa = (each["place"] // POINTS).to_numpy()
    codes = where["lsoa_code"].to_numpy()[::POINTS]
    incidents = pd.DataFrame(
        {
            "month": pd.to_datetime([month_of(m) for m in range(MONTHS)])[each["slice"] // TYPES],
            "crime_type": pd.Categorical.from_codes(
                (each["slice"] % TYPES).to_numpy(), [kind_of(k) for k in range(TYPES)]
            ),
            "lsoa_code": pd.Categorical.from_codes(lsoa, codes),
            "district_code": pd.Categorical.from_codes(lsoa * DISTRICTS // LSOAS, districts()),
            "longitude": where["longitude"].to_numpy()[each["place"]],
            "latitude": where["latitude"].to_numpy()[each["place"]],
        }
    )
    shuffled = incidents.sample(frac=1, random_state=SEED, ignore_index=True)
    shuffled.sort_values("month", kind="stable", ignore_index=True).to_pickle(folder / "rows.pkl")
    by_month = incidents.groupby(["crime_type", "district_code", "month"], observed=False).size()
    del each, incidents, shuffled
    cells = by_month.rename("lower").reset_index()
    ends = {m: Period.month(m.year, m.month).end for m in map(month_of, range(MONTHS))}
    starts = cells["month"].dt.date
    observations = pd.DataFrame(
        {
            "series": cells["crime_type"].map(series_key).astype(str),
            "definition": "published",
            "area_code": cells["district_code"].astype(str),
            "release_id": 1,
            "period_start": starts,
            "period_end": starts.map(ends),
            "age_band": "all",
            "sex": "all",
            "setting": "all",
            "lower": cells["lower"].astype(float),
            "upper": cells["lower"].astype(float),
            "status": 0,
            "provisional": False,
        }
    ).sort_values(["series", "area_code", "period_start"])
    store = open_store(url)
    head = {
        "source": "police-street",
        "sha256": "0" * 64,
        "file_name": "made-up.zip",
        "size": 0,
        "edition": ends[LAST],
        "rows": rows,
        "demonstration": True,
    }
    tables = {"street_places": where, "street_slices": slices, "street_counts": counts}
    with database.writing(store.engine) as connection:
        connection.execute(insert(RELEASES).values(id=1, **head))
        at = {"at": pd.Timestamp("2026-04-01").to_pydatetime(), "by": "benchmark", "reason": ""}
        for event in ("loaded", "approved"):
            connection.execute(insert(RELEASE_EVENTS).values(release_id=1, event=event, **at))
        database.insert_frame(connection, OBSERVATIONS, observations)
        for name, table in arranged(tables).items():
            for start in range(0, len(table), 1_000_000):
                part = table.iloc[start : start + 1_000_000].assign(release_id=1)
                database.insert_frame(connection, REFERENCE_TABLES[name], part)


def by_store(url: str) -> dict[str, Callable[[], pd.DataFrame]]:
    """The questions, asked of the store."""
    from vrn_metrics.store import open_store
    from vrn_metrics.store.street import MonthOfRelease
    from vrn_metrics.store.street_rollups import Box

    street = open_store(url).view().street
    months = [MonthOfRelease(month_of(m), 1) for m in range(MONTHS)]
    return {
        "one district's series": lambda: street.series(months, kind_of(KIND), [districts()[100]]),
        "all districts' series": lambda: street.series(months, kind_of(KIND)),
        "points in a viewport": lambda: street.by_point(
            months[-12:], kind_of(BIG_KIND), box=Box(*BOX)
        ),
        "20 largest small areas, all types": lambda: street.largest(months[-12:]),
    }


def by_pandas(folder: Path, *, skilled: bool) -> dict[str, Callable[[], pd.DataFrame]]:
    """The questions, asked of one row an incident."""
    rows = pd.read_pickle(folder / "rows.pkl")  # noqa: S301 - our own file, made above
    year: Any = pd.Timestamp(month_of(MONTHS - 12))
    if not skilled:
        for name in ("crime_type", "lsoa_code", "district_code"):
            rows[name] = rows[name].astype("str")
        rows["month"] = rows["month"].dt.strftime("%Y-%m").astype("str")
        year = str(month_of(MONTHS - 12))[:7]
    west, south, east, north = BOX
    kind, district = kind_of(KIND), districts()[100]

    def one() -> pd.DataFrame:
        if not skilled:
            found = rows.groupby(["district_code", "crime_type", "month"]).size()
            return found.loc[district, kind].rename("count").reset_index()
        chosen = rows[(rows["crime_type"] == kind) & (rows["district_code"] == district)]
        return chosen.groupby("month").size().rename("count").reset_index()

    def every() -> pd.DataFrame:
        if not skilled:
            found = rows.groupby(["crime_type", "district_code", "month"]).size()
            return found.loc[kind].rename("count").reset_index()
        chosen = rows[rows["crime_type"] == kind]
        grouped = chosen.groupby(["district_code", "month"], observed=True)
        return grouped.size().rename("count").reset_index()

    def viewport() -> pd.DataFrame:
        chosen = rows[
            (rows["month"] >= year)
            & (rows["crime_type"] == kind_of(BIG_KIND))
            & rows["longitude"].between(west, east)
            & rows["latitude"].between(south, north)
        ]
        return chosen.groupby(["longitude", "latitude"]).size().rename("count").reset_index()

    def largest() -> pd.DataFrame:
        grouped = rows[rows["month"] >= year].groupby("lsoa_code", observed=True)
        return grouped.size().rename("count").nlargest(20).reset_index()

    return {
        "one district's series": one,
        "all districts' series": every,
        "points in a viewport": viewport,
        "20 largest small areas, all types": largest,
    }


def measure(jobs: dict[str, Callable[[], pd.DataFrame]], runs: int) -> None:
    """Print CPU seconds and a checksum of each job, and the process's memory."""
    found: dict[str, Any] = {}
    for name, job in jobs.items():
        answer, seconds = job(), []
        gc.collect()
        gc.freeze()  # as the server does at its start
        for _ in range(runs):
            began = time.process_time()
            answer = job()
            seconds.append(time.process_time() - began)
        counts = answer["count"][answer["count"] > 0].to_numpy(dtype=np.int64)
        checksum = [len(counts), int(counts.sum()), int((np.sort(counts) ** 2).sum())]
        found[name] = {"cpu": statistics.median(seconds), "checksum": checksum}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"jobs": found, "mb": peak}))


def main() -> None:
    """Fill a store, ask both, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument(
        "--part", choices=["fill", "store", "naive", "skilled"], help=argparse.SUPPRESS
    )
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    folder = given.folder or Path()
    url = f"sqlite:///{folder / 'national.sqlite'}"
    if given.part == "fill":
        fill(url, folder, given.rows)
    elif given.part == "store":
        measure(by_store(url), RUNS)
    elif given.part:
        measure(by_pandas(folder, skilled=given.part == "skilled"), 3)
    else:
        compare(given.rows)


def compare(rows: int) -> None:
    """Each part in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        began = time.perf_counter()
        _run("fill", name, rows)
        size = (Path(name) / "national.sqlite").stat().st_size / 2**20
        print(f"{rows:,} incidents made up and stored in {time.perf_counter() - began:.0f} s, ")
        print(f"{size:,.0f} MB with all that is kept beside them\n")
        store, naive, skilled = (
            json.loads(_run(part, name, rows)) for part in ("store", "naive", "skilled")
        )
    print(f"{'question':36}{'store, ms':>10}{'naive':>9}{'ratio':>7}{'goal':>6}", end="")
    print(f"{'skilled':>13}{'ratio':>7}")
    for job, goal in GOALS.items():
        ours, *others = (each["jobs"][job] for each in (store, naive, skilled))
        line = f"{job:36}{1000 * ours['cpu']:10.2f}"
        for other, width in zip(others, (9, 13), strict=True):
            if ours["checksum"] != other["checksum"]:
                raise SystemExit(f"{job}: {ours['checksum']} of the store, {other['checksum']}")
            line += f"{1000 * other['cpu']:{width}.0f}{other['cpu'] / ours['cpu']:7.0f}"
            line += f"{goal:6}" if width == 9 else ""
        print(line)
    print(
        f"{'memory, MB':36}{store['mb']:10.0f}{naive['mb']:9.0f}{'':7}{'':6}{skilled['mb']:13.0f}"
    )


def _run(part: str, folder: str, rows: int) -> str:
    command = [sys.executable, "-m", "benchmarks.street_queries", "--part", part]
    made = subprocess.run(
        [*command, "--folder", folder, "--rows", str(rows)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return made.stdout


if __name__ == "__main__":
    main()
