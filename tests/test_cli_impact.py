"""`vrn impact`: the same answer as the page, and one line where there is none."""

import json

import pytest
from click.testing import CliRunner

from vrn_metrics.cli import vrn


@pytest.fixture
def ask(demo_database):
    def run(*given):
        return CliRunner().invoke(vrn, ["impact", *given, "--database", demo_database])

    return run


def test_json_is_the_contract(ask):
    answer = ask("knife-violence", "--no-curve", "--format", "json")
    assert answer.exit_code == 0
    content = json.loads(answer.stdout)
    assert content["measure"] == "knife-violence"
    assert content["choices"]["method"] == "synthetic-control"
    assert content["estimate"]["smallest_p_value"] == pytest.approx(1 / 23, abs=1e-4)
    assert content["specification_curve"] == []


def test_the_words_begin_with_what_could_be_found(ask):
    answer = ask("homicides", "--no-curve")
    assert answer.exit_code == 0
    assert "Not to be used" in answer.stdout
    assert "-0.98 per 1,000,000" in answer.stdout


def test_figures_as_csv(ask):
    answer = ask("robbery", "--method", "difference", "--no-curve", "--format", "csv")
    assert answer.stdout.startswith("force,role,start,end,count")


def test_a_plan_is_saved_before_and_held_against_after(ask, tmp_path):
    plan, folder = tmp_path / "plan.json", tmp_path / "out"
    saved = ask("robbery", "--drop", "Surrey", "--save-plan", str(plan))
    assert saved.exit_code == 0
    assert plan.exists()
    kept = ask("robbery", "--drop", "Surrey", "--no-curve", "--plan", str(plan))
    assert "follows the plan" in kept.stdout
    other = ask("robbery", "--no-curve", "--plan", str(plan), "--out", str(folder))
    assert "drop was E23000031, is none" in other.stdout
    assert len(list(folder.iterdir())) == 4


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["joy"], 2, "no measure 'joy'"),
        (["robbery", "--method", "guess"], 2, "no method 'guess'"),
        (["robbery", "--drop", "Camelot"], 2, "no police force 'Camelot'"),
        (["robbery", "--start", "2019-05-05"], 3, "first day of a quarter"),
        (["robbery", "--plan", "nowhere.json"], 3, "cannot read"),
    ],
)
def test_what_makes_no_sense_is_one_line(ask, given, code, said):
    answer = ask(*given)
    assert answer.exit_code == code
    assert said in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1
