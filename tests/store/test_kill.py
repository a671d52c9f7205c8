"""Kill a load anywhere, and nothing of it is there."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

from sqlalchemy import func, select

from tests.agreements import record_agreements
from vrn_metrics.store import audit, database, open_store
from vrn_metrics.store.schema import (
    GUARDED_COUNTS,
    GUARDED_SETS,
    OBSERVATIONS,
    RELEASE_EVENTS,
    RELEASES,
)

DECIDING = """
import sys
from vrn_metrics.store import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
store.approve(int(sys.argv[2]))
print("done", flush=True)
"""
OPENING = """
import sys
print("ready", flush=True)
from vrn_metrics.store import open_store
open_store(sys.argv[1]).engine.dispose()
"""
TIMES = int(os.environ.get("VRN_KILLS", "4"))
"""How often approval and migration are killed; `make test-faults` does it 50 times each."""

SCRIPT = """
import sys
from vrn_metrics.store import open_store
store = open_store(sys.argv[1])
print("ready", flush=True)
store.load(sys.argv[2], approve=True)
print("done", flush=True)
"""


def test_a_load_killed_at_any_moment_is_all_or_nothing(tmp_path, population_file):
    moments = random.Random(7)  # noqa: S311
    codes = [f"E{number:08d}" for number in range(9000001, 9000401)]
    for attempt in range(max(8, TIMES)):
        url = f"sqlite:///{tmp_path / f'{attempt}.sqlite'}"
        path = population_file(each_age=attempt + 1, codes=codes)
        process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT, url, str(path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout.readline() == "ready\n"
        time.sleep(moments.uniform(0.0, 0.8))
        process.send_signal(signal.SIGKILL)
        process.wait()
        store = open_store(url)
        with store.engine.connect() as connection:
            releases, events, cells = (
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (RELEASES, RELEASE_EVENTS, OBSERVATIONS)
            )
        assert (releases, events) in ((0, 0), (1, 2))
        assert (cells > 0) == (releases == 1)
        assert store.check() == []
        assert store.load(path, approve=True).release.state == "approved"
        store.engine.dispose()


def killed(script, *arguments, after):
    process = subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "ready\n"
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    process.wait()


def extract(path):
    """A year of admissions by month and district, which takes a moment to decide."""
    names = ("Leicester", "Charnwood", "Blaby", "Harborough", "Rutland")
    lines = ["layout,vrn-admissions,1", "covers,2024-04,2025-03", "publisher,A trust", ""]
    lines += ["month,district,icd10,age_band,sex,setting,count"]
    months = [f"2024-{month:02d}" for month in range(4, 13)] + [f"2025-{m:02d}" for m in (1, 2, 3)]
    lines += [
        f"{month},{name},X990,{band},male,public,{1 + (at * 7 + place * 5) % 11}"
        for at, month in enumerate(months)
        for place, name in enumerate(names)
        for band in ("0-24", "25+")
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_an_approval_killed_at_any_moment_is_all_or_nothing(tmp_path):
    moments = random.Random(8)  # noqa: S311
    first = tmp_path / "first.sqlite"
    store = open_store(f"sqlite:///{first}")
    record_agreements(store, tmp_path)
    number = store.load(extract(tmp_path / "extract.csv")).release.id
    store.engine.dispose()
    began = time.monotonic()
    trial = tmp_path / "trial.sqlite"
    shutil.copy(first, trial)
    again = open_store(f"sqlite:///{trial}")
    again.approve(number)
    again.engine.dispose()
    longest = (time.monotonic() - began) * 1.3
    ended = []
    for attempt in range(TIMES):
        path = tmp_path / f"{attempt}.sqlite"
        shutil.copy(first, path)
        killed(DECIDING, f"sqlite:///{path}", number, after=moments.uniform(0.0, longest))
        store = open_store(f"sqlite:///{path}")
        state = store.releases()[0].state
        with store.engine.connect() as connection:
            sets, figures = (
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (GUARDED_SETS, GUARDED_COUNTS)
            )
        assert (state, sets, figures > 0) in (("loaded", 0, False), ("approved", 1, True))
        assert store.check() == []
        assert store.approve(number).state == "approved"
        assert len(store.log()) == 4  # two of the agreement's file, two of the extract
        ended.append(state)
        store.engine.dispose()
    print(f"approval killed {TIMES} times: {ended.count('approved')} had been done")  # noqa: T201


def test_a_migration_killed_at_any_moment_is_all_or_nothing(tmp_path, population_file):
    moments = random.Random(9)  # noqa: S311
    first = tmp_path / "first.sqlite"
    store = open_store(f"sqlite:///{first}")
    store.load(population_file(), approve=True)
    with database.writing(store.engine) as connection:  # as version 0005 left it
        audit.allow_changes(connection)
        for column in ("counts_from", "seal"):
            connection.exec_driver_sql(f"ALTER TABLE release_events DROP COLUMN {column}")
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0005'")
    store.engine.dispose()
    done = 0
    for attempt in range(TIMES):
        path = tmp_path / f"{attempt}.sqlite"
        shutil.copy(first, path)
        killed(OPENING, f"sqlite:///{path}", after=moments.uniform(0.5, 3.0))
        with sqlite3.connect(path) as plain:
            version = plain.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            columns = {row[1] for row in plain.execute("PRAGMA table_info(release_events)")}
            triggers = plain.execute(
                "SELECT count(*) FROM sqlite_master WHERE type = 'trigger'"
            ).fetchone()[0]
        plain.close()
        whole = ("seal" in columns, "counts_from" in columns, triggers)
        assert (version, whole) in (("0005", (False, False, 0)), ("0006", (True, True, 2)))
        store = open_store(f"sqlite:///{path}")
        assert store.check() == []
        assert [each.event for each in store.log()] == ["loaded", "approved"]
        store.engine.dispose()
        done += version == "0006"
    print(f"migration killed {TIMES} times: {done} had been done")  # noqa: T201
