"""The demonstration: the same bytes every time, and the truths that its README tells."""

import csv
import hashlib
import subprocess
import sys
from datetime import date

import pytest

from vrn_metrics import areas
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.areas import NETWORK
from vrn_metrics.sources import all_readers, identify, open_document
from vrn_metrics.store import open_store
from vrn_metrics.store.releases import DEMO


def manifest(folder):
    with (folder / "MANIFEST.csv").open(newline="") as file:
        return {row["file"]: row["sha256"] for row in csv.DictReader(file)}


def test_the_committed_files_are_the_ones_in_the_manifest():
    for name, expected in manifest(DEMO).items():
        assert hashlib.sha256((DEMO / name).read_bytes()).hexdigest() == expected, name


def test_the_script_writes_the_same_bytes_again(tmp_path):
    # A process of its own: which XML writer openpyxl takes is settled when it is first imported.
    subprocess.run([sys.executable, DEMO / "make.py", tmp_path], check=True)
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


def last_year(name, area=NETWORK):
    """Every series of a demonstration file in the last financial year."""
    document = open_document(DEMO / name)
    rows = identify(document).read(document).observations
    rows = rows[rows["period_start"] >= date(2025, 4, 1)]
    area_codes = areas.members(NETWORK) if area is None else (area,)
    rows = rows[rows["area_code"].isin(area_codes)]
    return rows.groupby("series")["lower"].sum().to_dict()


def test_published_tables_tell_one_story():
    """Force, partnership and quarter are the same crimes, or two pages would contradict."""
    by_force = last_year("ho-prc-force.csv")
    for found in (last_year("ons-table-c2.csv"), last_year("ho-prc-csp.csv", area=None)):
        for series in ("homicide", "violence-with-injury", "robbery", "weapon-possession"):
            assert found[series] == by_force[series], series


def test_published_tables_agree_with_the_extracts():
    by_force = last_year("ho-prc-force.csv")
    document = open_document(DEMO / "vrn-homicides.csv")
    rows = identify(document).read(document).observations
    victims = rows[(rows["series"] == "homicides") & (rows["period_start"] >= date(2025, 4, 1))]
    assert victims["lower"].sum() == by_force["homicide"]


@pytest.mark.parametrize(
    "name",
    [
        "ons-population.csv", "vrn-admissions.csv", "vrn-offences.csv", "vrn-homicides.csv",
        "ho-prc-force.csv", "ho-prc-csp.csv", "ho-knife.csv", "ons-table-c2.csv",
        "ons-homicide-rate.csv", "nhs-sharp-admissions.xlsx", "ons-boundaries.geojson",
        "street.zip", "vrn-programme.csv",
    ],
)  # fmt: skip
def test_a_file_with_a_place_for_words_says_that_it_is_made_up(name):
    assert b"Made-up demonstration data" in (DEMO / name).read_bytes()


def test_an_early_police_baseline_reads_misleadingly_low():
    """Recording rose in between, so the years before cannot stand for the violence of then."""
    document = open_document(DEMO / "vrn-offences.csv")
    rows = identify(document).read(document).observations
    injury = rows[rows["series"] == "violence-with-injury"]
    early = injury[injury["period_start"] < date(2017, 4, 1)]["lower"].sum() / 3
    later = injury[injury["period_start"].between(date(2019, 4, 1), date(2020, 3, 1))]
    assert later["lower"].sum() > 1.2 * early


def test_rates_are_over_the_people_there_are(demo_database):
    """About 1.19 million residents at mid-2025, 0.37 million under 25, counted once."""
    card = scorecard(open_store(demo_database))
    for entry in card.entries:
        people = 1_188_000 if entry.measure.age_band == "all" else 369_000
        years = entry.measure.window_months / 12
        assert abs(entry.current.person_years / years / people - 1) < 0.02, entry.measure.key
