"""What a year of street-level crime costs to load, beside the usual way and the least possible.

Run `python benchmarks/street.py`. Every job runs in a process of its own, in turns; CPU is
user and system seconds of the job without its imports, memory is the most the process held.

- `scan` is DuckDB reading every character of every column and keeping nothing: the limit.
- `pandas` is `read_csv` and `to_sql` through SQLAlchemy into SQLite, unchecked: the naive way.
- `read` is our reader: opened, recognised, hashed, parsed, checked and counted.
- `load` is the same and stored as a release in a fresh SQLite store.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # a script sees its own folder only
REAL = ROOT.parent / "shared" / "real" / "police_uk"
ROWS_A_MONTH, MONTHS = 9_000, 12
# Of 1,000 incidents in Leicestershire, January to June 2025, in the order of `CRIME_TYPES`; how
# unevenly they fell on the map points is a log-normal of this width to within two per cent.
TYPES_IN_1000 = (132, 12, 41, 82, 29, 25, 65, 8, 90, 9, 86, 7, 61, 354)
POINTS, UNEVENNESS = 10_000, 1.22
MOST_SCANS, LEAST_PANDAS, MOST_MB = 4.0, 6.0, 300


def scan(path: Path) -> Callable[[], object]:
    """DuckDB touches all columns."""
    import duckdb

    from vrn_metrics.sources._street_rows import COLUMNS

    types = ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS)
    lengths = ", ".join(f'sum(length("{name}"))' for name in COLUMNS)
    query = (
        f"SELECT count(*), {lengths} FROM read_csv('{path}', header=true, auto_detect=false, "  # noqa: S608
        f"delim=',', quote='\"', escape='\"', columns={{{types}}})"
    )
    connection = duckdb.connect()
    return lambda: connection.execute(query).fetchall()


def pandas(path: Path) -> Callable[[], object]:
    """The naive way."""
    import pandas as pd
    from sqlalchemy import create_engine

    engine = create_engine(f"sqlite:///{path.with_name(f'pandas-{os.getpid()}.sqlite')}")
    return lambda: pd.read_csv(path).to_sql("street", engine, index=False)


def read(path: Path) -> Callable[[], object]:
    """Our reader without the store."""
    import pyarrow.csv  # noqa: F401 - imports are counted for nobody

    from vrn_metrics.sources import open_document, police_street

    def job() -> object:
        document = open_document(path)
        assert police_street.recognise(document)
        return document.sha256, police_street.read(document)

    return job


def load(path: Path) -> Callable[[], object]:
    """Our reader and the store."""
    import pyarrow.csv  # noqa: F401 - imports are counted for nobody

    from vrn_metrics.sources import all_readers
    from vrn_metrics.store import open_store

    all_readers()
    store = open_store(f"sqlite:///{path.with_name(f'store-{os.getpid()}.sqlite')}")
    return lambda: store.load(path)


JOBS = {job.__name__: job for job in (scan, pandas, read, load)}


def year_of_files(folder: Path, real: Path) -> Path:
    """Twelve months in one file: the real months again and again, or made-up ones."""
    target = folder / "street.csv"
    months = sorted(real.rglob("*-street.csv"))
    print("street:", f"{len(months)} real months" if months else "made-up months")
    rows = _repeated(months) if months else _made_up()
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        from vrn_metrics.sources._street_rows import COLUMNS

        writer.writerow(COLUMNS)
        for number, (has_id, cells) in enumerate(rows):
            unique = hashlib.sha256(str(number).encode()).hexdigest() if has_id else ""
            writer.writerow([unique, *cells])
    return target


def _repeated(months: list[Path]) -> Iterator[tuple[bool, list[str]]]:
    for number in range(MONTHS):
        with months[number % len(months)].open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            for crime_id, _, *rest in rows:
                yield bool(crime_id), [f"2024-{number + 1:02d}", *rest]


def _made_up() -> Iterator[tuple[bool, list[str]]]:
    from vrn_metrics.areas import districts
    from vrn_metrics.sources._street_checks import CRIME_TYPES

    draw = random.Random(1)  # noqa: S311 - rows to measure with, no secret
    names = [each.name for each in districts()]
    points = [
        (f"{draw.uniform(-1.5, -0.5):.6f}", f"{draw.uniform(52.4, 52.9):.6f}", place)
        for place in range(POINTS)
    ]
    busy = list(accumulate(draw.lognormvariate(0, UNEVENNESS) for _ in points))
    for number in range(MONTHS):
        drawn = draw.choices(points, cum_weights=busy, k=ROWS_A_MONTH)
        kinds = draw.choices(CRIME_TYPES, TYPES_IN_1000, k=ROWS_A_MONTH)
        for (longitude, latitude, place), kind in zip(drawn, kinds, strict=True):
            lsoa = place % 634
            yield (
                kind != CRIME_TYPES[0],
                [
                    f"2024-{number + 1:02d}",
                    "Leicestershire Police",
                    "Leicestershire Police",
                    longitude,
                    latitude,
                    f"On or near Street {place}",
                    f"E010{lsoa:05d}",
                    f"{names[lsoa % 9]} {lsoa:03d}A",
                    kind,
                    "Unable to prosecute suspect",
                    "",
                ],
            )


def measure(job: str, path: Path) -> tuple[float, float]:
    """CPU seconds of the job and the megabytes its process held at most."""
    child = subprocess.Popen(
        [sys.executable, __file__, "--job", job, "--file", str(path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{job} failed")
    return json.loads(said)["cpu"], used.ru_maxrss / 1024


def main() -> None:
    """Print CPU, memory and ratios of one run."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--job", choices=JOBS, help="one job, in this process")
    words.add_argument("--file", type=Path, help="measure on this file")
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--real", type=Path, default=REAL, help="months of data.police.uk")
    given = words.parse_args()
    if given.job:
        job = JOBS[given.job](given.file)
        before = time.process_time()
        job()
        print(json.dumps({"cpu": time.process_time() - before}))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = given.file or year_of_files(Path(folder), given.real)
        with path.open("rb") as file:
            rows = sum(1 for _ in file) - 1
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in JOBS}
        for _ in range(given.rounds):
            for name in JOBS:
                found[name].append(measure(name, path))
    cpu = {name: statistics.median(each[0] for each in runs) for name, runs in found.items()}
    memory = {name: max(each[1] for each in runs) for name, runs in found.items()}
    print(f"street: {rows:,} rows, median of {given.rounds} rounds")
    print(f"{'job':8}{'CPU s':>8}{'x scan':>8}{'pandas x':>10}{'MB':>6}")
    for name in JOBS:
        print(
            f"{name:8}{cpu[name]:8.3f}{cpu[name] / cpu['scan']:8.1f}"
            f"{cpu['pandas'] / cpu[name]:10.1f}{memory[name]:6.0f}"
        )
    met = (
        cpu["load"] <= MOST_SCANS * cpu["scan"]
        and cpu["pandas"] >= LEAST_PANDAS * cpu["load"]
        and memory["load"] < MOST_MB
    )
    print(
        f"goal for load: at most {MOST_SCANS:g} scans, {LEAST_PANDAS:g} times less than pandas, "
        f"under {MOST_MB} MB: {'met' if met else 'NOT met'}"
    )


if __name__ == "__main__":
    main()
