"""The demonstration: the same bytes every time, and the truths that its README tells."""

import csv
import hashlib
import importlib.util

from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.sources import all_readers
from vrn_metrics.store import open_store
from vrn_metrics.store.releases import DEMO


def manifest(folder):
    with (folder / "MANIFEST.csv").open(newline="") as file:
        return {row["file"]: row["sha256"] for row in csv.DictReader(file)}


def test_the_committed_files_are_the_ones_in_the_manifest():
    for name, expected in manifest(DEMO).items():
        assert hashlib.sha256((DEMO / name).read_bytes()).hexdigest() == expected, name


def test_the_script_writes_the_same_bytes_again(tmp_path):
    spec = importlib.util.spec_from_file_location("demo_make", DEMO / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.Maker(tmp_path).make()
    assert manifest(tmp_path) == manifest(DEMO)


def test_it_stays_small():
    assert sum(path.stat().st_size for path in DEMO.iterdir()) < 3_500_000


def test_the_verdicts_are_the_truths(demo_database):
    card = scorecard(open_store(demo_database))
    found = {entry.measure.key: entry for entry in card.entries}
    assert card.demonstration_data
    assert found["knife-admissions"].verdict is Verdict.LOWER
    assert found["knife-admissions-under25"].verdict is Verdict.LOWER
    assert found["knife-violence"].verdict is Verdict.NO_CLEAR_CHANGE
    assert found["robbery"].verdict is Verdict.LOWER
    assert found["robbery"].comparator.verdict is Verdict.NO_CLEAR_CHANGE
    assert found["homicides-nondomestic"].verdict is Verdict.NO_CLEAR_CHANGE
    assert found["homicides-nondomestic-under25-knife"].verdict is Verdict.TOO_FEW


def test_the_figures_have_the_size_of_the_network(demo_database):
    card = scorecard(open_store(demo_database))
    now = {entry.measure.key: entry.current.count.upper for entry in card.entries}
    assert 50 <= now["knife-admissions"] <= 110
    assert 650 <= now["knife-violence"] <= 900
    assert 15 <= now["homicides-nondomestic"] <= 36
    assert 8_000 <= now["violence-with-injury"] <= 12_500


def test_every_release_of_it_is_marked_as_made_up(demo_database):
    releases = open_store(demo_database).releases()
    assert releases
    assert all(each.demonstration and each.state == "approved" for each in releases)
    assert {each.source for each in releases} <= set(all_readers())
