"""The command line: its answers, its exit codes, and one line when it refuses."""

import json

import pytest
from click.testing import CliRunner

from vrn_metrics.cli import vrn
from vrn_metrics.measures import CATALOGUE


@pytest.fixture
def run(tmp_path):
    """Run a command on an empty database of its own, or on another."""

    def command(*words, database=None):
        url = database or f"sqlite:///{tmp_path / 'cli.sqlite'}"
        return CliRunner().invoke(vrn, [*map(str, words), "--database", url])

    return command


def test_the_scorecard_keeps_its_contract(run, demo_database):
    result = run("scorecard", "--format", "json", database=demo_database)
    assert result.exit_code == 0
    card = json.loads(result.stdout)
    assert card["area"] == {"code": "E23000021", "name": "Leicester, Leicestershire and Rutland"}
    assert card["demonstration_data"] is True
    assert "Made-up demonstration data" in card["notice"]
    assert [each["measure"] for each in card["measures"]] == list(CATALOGUE)
    for each in card["measures"]:
        assert {
            "measure", "title", "definition", "source_kind", "period", "count", "rate", "baseline",
            "rate_ratio", "verdict", "sentence", "smallest_detectable_fall", "sensitivity",
            "caveats", "releases",
        } <= set(each)  # fmt: skip
        assert each["verdict"] in (
            "lower", "higher", "no-clear-change", "too-few", "not-comparable", "no-data",
        )  # fmt: skip
        assert each["sentence"].endswith(".")
        assert set(each["count"]) == {"lower", "upper", "status"}
        assert set(each["rate"]) == {"value", "lower", "upper", "per", "confidence", "method"}


def test_the_demonstration_tells_its_three_truths(run, demo_database):
    """One true fall, one measure of noise only, one fall that is only the nation's."""
    card = json.loads(run("scorecard", "--format", "json", database=demo_database).stdout)
    found = {each["measure"]: each for each in card["measures"]}
    assert found["knife-admissions"]["verdict"] == "lower"
    assert found["knife-violence"]["verdict"] == "no-clear-change"
    assert found["robbery"]["verdict"] == "lower"
    assert found["robbery"]["comparator"]["verdict"] == "no-clear-change"
    assert "cannot be told apart from the national change" in found["robbery"]["sentence"]


def test_every_format_carries_the_demonstration_mark(run, demo_database):
    for shape in ("table", "json", "csv"):
        result = run("scorecard", "--format", shape, database=demo_database)
        assert "Made-up demonstration data" in result.stdout


def test_an_empty_database_answers_no_data(run):
    card = json.loads(run("scorecard", "--format", "json").stdout)
    assert {each["verdict"] for each in card["measures"]} == {"no-data"}
    assert card["demonstration_data"] is False


def test_a_district_and_a_baseline_can_be_asked_for(run, demo_database):
    result = run(
        "scorecard", "--area", "E07000130", "--baseline", "ye-2020-03", "--format", "json",
        database=demo_database,
    )  # fmt: skip
    card = json.loads(result.stdout)
    assert card["area"]["name"] == "Charnwood"
    assert {each["baseline"]["key"] for each in card["measures"]} == {"ye-2020-03"}


@pytest.mark.parametrize(
    "words",
    [
        ("scorecard", "--area", "E99"),
        ("scorecard", "--baseline", "then"),
        ("scorecard", "--definition", "mine"),
        ("scorecard", "--as-of", "yesterday"),
        ("scorecard", "--format", "xml"),
        ("approve", "7"),
        ("nonsense",),
    ],
)
def test_wrong_usage_is_exit_code_2(run, words):
    result = run(*words)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_bad_input_is_exit_code_3_with_one_line_and_nothing_changed(run, tmp_path):
    path = tmp_path / "letter.csv"
    path.write_text("Dear all,\nno data here\n")
    result = run("load", path)
    assert result.exit_code == 3
    assert result.stderr.count("\n") == len(result.stderr.splitlines())
    refusal = [line for line in result.stderr.splitlines() if "letter.csv: expected" in line]
    assert len(refusal) == 1
    assert json.loads(run("releases", "--format", "json").stdout) == []


def test_a_good_file_beside_a_bad_one_is_still_loaded(run, tmp_path):
    from vrn_metrics.store.releases import DEMO

    bad = tmp_path / "bad.csv"
    bad.write_text("x\n1\n")
    good = next(DEMO.glob("vrn-admissions*"))
    result = run("load", bad, good)
    assert result.exit_code == 3
    assert [each["file"] for each in json.loads(run("releases", "--format", "json").stdout)] == [
        good.name
    ]


def test_loading_twice_says_so_and_changes_nothing(run):
    from vrn_metrics.store.releases import DEMO

    path = next(DEMO.glob("vrn-admissions*"))
    assert run("load", path).exit_code == 0
    before = run("releases", "--format", "csv").stdout
    again = run("load", path)
    assert again.exit_code == 0
    assert "already loaded, nothing changed" in again.stdout
    assert run("releases", "--format", "csv").stdout == before


def test_approve_and_withdraw_are_logged_with_who(run):
    from vrn_metrics.store.releases import DEMO

    run("load", DEMO / "vrn-programme.csv", DEMO / "vrn-admissions.csv", "--by", "an analyst")
    run("approve", 1)
    approved = json.loads(run("approve", 2, "--by", "a chair", "--format", "json").stdout)[0]
    assert (approved["state"], approved["changed_by"]) == ("approved", "a chair")
    withdrawn = json.loads(run("withdraw", 2, "--by", "a chair", "--format", "json").stdout)[0]
    assert withdrawn["state"] == "withdrawn"


def test_without_an_agreement_an_extract_is_loaded_and_not_approved(run):
    from vrn_metrics.store.releases import DEMO

    assert run("load", DEMO / "vrn-admissions.csv").exit_code == 0
    refused = run("approve", 1)
    assert refused.exit_code == 3
    assert refused.stderr.splitlines()[-1].startswith("Release 1 (vrn-admissions.csv) is loaded")
    assert "no agreement for vrn-admissions is recorded" in refused.stderr
    assert [each["state"] for each in json.loads(run("releases", "--format", "json").stdout)] == [
        "loaded"
    ]


@pytest.mark.parametrize("command", ["sources", "measures", "releases"])
@pytest.mark.parametrize("shape", ["table", "json", "csv"])
def test_every_list_comes_in_every_format(run, demo_database, command, shape):
    result = run(command, "--format", shape, database=demo_database)
    assert result.exit_code == 0
    if shape == "json":
        assert json.loads(result.stdout)
    else:
        assert len(result.stdout.splitlines()) > 2


def test_the_demonstration_passes_its_own_check_and_is_built_only_once(run, demo_database):
    assert "Sound" in run("check", database=demo_database).stdout
    again = run("demo", "--format", "json", database=demo_database)
    assert all(each["already_loaded"] for each in json.loads(again.stdout))


def test_made_up_figures_are_not_put_beside_real_ones(run, tmp_path):
    ages = [*map(str, range(90)), "90+"]
    codes = ["E06000016", *(f"E0700{number}" for number in range(129, 136)), "E06000017"]
    codes = [code if len(code) == 9 else f"E07000{code[-3:]}" for code in codes]
    lines = ["Code,Name,Geography,All ages," + ",".join(ages)]
    lines += [f"{code},Place,Unitary Authority,910," + ",".join(["10"] * 91) for code in codes]
    path = tmp_path / "mye24.csv"
    path.write_text("\n".join(lines) + "\n")
    assert run("load", path).exit_code == 0
    result = run("demo")
    assert result.exit_code == 3
    assert "real releases" in result.stderr


def test_a_trend_gives_every_point_with_its_label(run, demo_database):
    result = run("trend", "robbery", "--format", "json", database=demo_database)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["method"]["key"] == "xmr"
    assert len(found["points"]) == 144
    assert all({"count", "centre", "special_cause"} <= set(each) for each in found["points"])
    assert any(each["special_cause"] for each in found["points"])
    assert "Made-up demonstration data" in found["notice"]
    for shape in ("table", "csv"):
        said = run("trend", "robbery", "--format", shape, database=demo_database)
        assert "Made-up demonstration data" in said.stdout


def test_every_measure_has_a_trend_or_a_reason(run, demo_database):
    for key in CATALOGUE:
        for area in ("E23000021", "E06000017"):
            answer = run("trend", key, "--area", area, "--format", "json", database=demo_database)
            assert answer.exit_code == 0, answer.output
            assert json.loads(answer.stdout)["sentence"].endswith(".")


@pytest.mark.parametrize(
    "words",
    [
        ("trend", "knives"),
        ("trend", "robbery", "--method", "by-eye"),
        ("trend",),
        ("trend", "robbery", "--years", "0"),
    ],
)
def test_a_trend_of_what_does_not_exist_is_wrong_usage(run, words):
    assert run(*words).exit_code == 2


def test_districts_to_look_at_first_are_listed_with_what_chance_would_do(run, demo_database):
    result = run("attention", "--format", "json", database=demo_database)
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["cells"] == 54
    assert "outside 99.8% limits" in found["sentence"]


def test_everything_of_the_demonstration_is_decided(run, demo_database):
    assert "Everything is decided" in run("protect", database=demo_database).stdout


def test_every_hidden_mark_says_why_in_every_format(run, demo_database):
    asked = ("trend", "knife-admissions-under25", "--area", "E06000017")
    for words in (("scorecard", "--area", "E06000017"), asked):
        for shape in ("json", "csv", "table"):
            said = run(*words, "--format", shape, database=demo_database).stdout
            assert "hidden" in said
            assert "small enough to point at a person" in said
    card = json.loads(run("scorecard", "--format", "json", database=demo_database).stdout)
    for each in card["measures"]:
        counts = [each["count"], each["baseline"]["count"], *(w["count"] for w in each["trail"])]
        if any(count["status"] == "suppressed" for count in counts):
            assert each["why_hidden"]


def test_a_database_moves_to_another_address(run, tmp_path):
    path = tmp_path / "copy.sqlite"
    result = run("migrate", "--to", f"sqlite:///{path}", "--format", "json")
    assert result.exit_code == 0, result.output
    assert {each["table"] for each in json.loads(result.stdout)} >= {"releases", "release_events"}
    assert path.exists()
