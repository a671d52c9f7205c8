"""Every estimate can be made again from what is handed over, and says the same in every format."""

import csv
import io
import json
import subprocess
import sys
from datetime import date

import pytest

from tests.conftest import ROOT
from vrn_metrics.analyses.impact import impact
from vrn_metrics.analyses.impact_effects import ImpactMethod
from vrn_metrics.errors import BadInputError, VrnMetricsError
from vrn_metrics.exports import workbench
from vrn_metrics.exports.analysis_plan import plan_text, read_plan
from vrn_metrics.store import open_store


@pytest.fixture(scope="module")
def store(request):
    opened = open_store(request.getfixturevalue("demo_database"))
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def found(store):
    return impact(store, "knife-violence")


@pytest.mark.parametrize("method", ImpactMethod)
def test_the_script_alone_gives_the_same_numbers(method, store, tmp_path):
    one = impact(store, "knife-violence", method=method, curve=False)
    assert one.reason is None
    written = {path.suffix: path for path in workbench.write(one, tmp_path)}
    run = subprocess.run(
        [sys.executable, written[".py"].name],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    answer = json.loads(run.stdout)
    wanted = workbench.impact_json(one)["estimate"]
    for name in ("value", "lower", "upper", "p_value"):
        assert answer.pop(name) == wanted[name]
    shown = {force: weight for force, weight in answer.items() if weight}
    if method.has_donors and method is not ImpactMethod.DIFFERENCE:
        assert shown == {force: weight for force, weight in wanted["weights"].items() if weight}


def test_a_script_of_the_poorest_measure_runs_too(store, tmp_path):
    one = impact(store, "homicides", method="synthetic-control", curve=False)
    assert not one.gate.is_open
    names = {path.name for path in workbench.write(one, tmp_path)}
    assert "impact_homicides_synthetic_control.py" in names


def test_json_has_power_before_fit_before_the_estimate(found):
    content = workbench.impact_json(found)
    keys = list(content)
    assert keys.index("power") < keys.index("gate") < keys.index("estimate")
    assert json.loads(json.dumps(content, allow_nan=False)) == content
    estimate = content["estimate"]
    assert estimate["smallest_p_value"] == pytest.approx(1 / 23, abs=1e-4)
    assert sum(estimate["weights"].values()) == pytest.approx(1, abs=1e-3)
    assert len(content["donors"]) == 22
    assert content["demonstration_data"] is True
    assert "Made-up" in content["notice"]


def test_every_column_of_the_figures_is_described(found):
    rows = workbench.impact_rows(found)
    name = f"{workbench.stem(found)}.csv"
    about = json.loads(workbench.files(found)[f"{name}-metadata.json"])
    assert about["url"] == name
    assert [each["name"] for each in about["tableSchema"]["columns"]] == list(rows[0])
    assert all(each["dc:description"] for each in about["tableSchema"]["columns"])
    text = workbench.files(found)["impact-knife-violence-synthetic-control.csv"]
    read = list(csv.DictReader(io.StringIO(text)))
    assert len(read) == 23 * len(found.panel.periods)
    assert {row["status"] for row in read} == {"exact"}


def test_the_method_card_has_the_choices_the_donors_and_the_hashes(found):
    card = workbench.files(found)["impact-knife-violence-synthetic-control.md"]
    assert "- method: synthetic-control" in card
    assert "Northamptonshire" in card
    assert found.releases[0].sha256 in card
    assert "Made-up" in card


def test_without_an_estimate_there_is_a_card_that_says_why(store):
    none = impact(store, "homicides-nondomestic")
    files = workbench.files(none)
    assert list(files) == ["impact-homicides-nondomestic-synthetic-control.md"]
    assert "No approved release" in next(iter(files.values()))


def test_a_plan_comes_back_as_it_was_written(found):
    plan = read_plan(plan_text(found.choices, date(2026, 1, 2)))
    assert plan.choices == found.choices
    assert plan.written == date(2026, 1, 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda _: "no json", "a plan as JSON"),
        (lambda _: "[]", "form"),
        (lambda text: text.replace("synthetic-control", "guess"), "guess"),
        (lambda text: text.replace("knife-violence", "joy"), "catalogue"),
        (lambda text: text.replace("2026-01-02", "soon"), "soon"),
        (lambda text: text.replace('"months": null', '"months": 5'), "quarters"),
        (lambda text: text.replace('"drop": []', '"drop": ["X"]'), "force"),
        (lambda text: text + " " * 30_000, "characters"),
    ],
)
def test_a_damaged_plan_is_refused_in_one_line(found, change, said):
    text = change(plan_text(found.choices, date(2026, 1, 2)))
    with pytest.raises(BadInputError, match=said) as refused:
        read_plan(text)
    assert "\n" not in str(refused.value)


def test_a_plan_is_written_once(found, tmp_path):
    path = tmp_path / "plan.json"
    workbench.save_plan(found.choices, path)
    with pytest.raises(VrnMetricsError, match="written once"):
        workbench.save_plan(found.choices, path)
    assert workbench.load_plan(path).choices == found.choices
    with pytest.raises(VrnMetricsError, match="cannot read"):
        workbench.load_plan(tmp_path / "none.json")
