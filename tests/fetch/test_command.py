"""`vrn fetch`: the list, the files, the releases, and one line for each refusal."""

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.fetch.conftest import KNIFE, NAME, PLACE
from tests.fetch.site import File, web_page
from vrn_metrics.cli import vrn

CATALOGUE = """
[[publisher]]
key = "ho-knife"
title = "Knife offences"
source = "ho-knife"
publisher = "Home Office"
kind = "govuk-content"
address = "{address}"
named = "knife"
hosts = ["127.0.0.1"]
types = ["csv", "ods"]
megabytes = 5

[[publisher]]
key = "another"
title = "Another"
publisher = "Somebody"
kind = "fingertips-csv"
address = "{address}/nothing"
hosts = ["127.0.0.1"]
types = ["csv"]
megabytes = 5
"""


@pytest.fixture
def run(knife, tmp_path):
    """`vrn fetch` on a catalogue of two, and other commands on the same database."""
    file = tmp_path / "publishers.toml"
    file.write_text(CATALOGUE.format(address=knife.address))
    place = ["--catalogue", str(file), "--to", str(tmp_path / "fetched")]

    def command(*words):
        given = [*words, *(place if words[0] == "fetch" else [])]
        url = f"sqlite:///{tmp_path / 'store.sqlite'}"
        return CliRunner().invoke(vrn, [*given, "--database", url])

    return command


def test_without_a_key_it_lists_and_asks_nobody(run, site):
    listed = json.loads(run("fetch", "--format", "json").stdout)
    assert [each["key"] for each in listed] == ["ho-knife", "another"]
    assert {each["held"] for each in listed} == {None}
    assert site.asked == []


def test_a_fetched_file_is_listed_and_no_release(run):
    (found,) = json.loads(run("fetch", "ho-knife", "--format", "json").stdout)
    assert (found["what"], found["file"], found["release"]) == ("first", NAME, None)
    assert json.loads(run("releases", "--format", "json").stdout) == []
    listed = json.loads(run("fetch", "--format", "json").stdout)[0]
    assert (listed["held"], listed["published"], listed["release"]) == (NAME, "2026-07-23", None)
    assert listed["sha256"] == found["sha256"]


def test_loaded_it_is_a_release_that_does_not_count_by_itself(run):
    (found,) = json.loads(run("fetch", "ho-knife", "--load", "--format", "json").stdout)
    assert (found["release"], found["state"], found["already_loaded"]) == (1, "loaded", False)
    (release,) = json.loads(run("releases", "--format", "json").stdout)
    assert (release["source"], release["state"], release["file"]) == ("ho-knife", "loaded", NAME)
    (again,) = json.loads(run("fetch", "ho-knife", "--load", "--format", "json").stdout)
    assert (again["what"], again["already_loaded"]) == ("not-changed", True)
    assert json.loads(run("fetch", "--format", "json").stdout)[0]["release"] == 1


def test_the_hash_and_what_is_new_are_told_in_words(run):
    said = run("fetch", "ho-knife")
    assert "Fetched for the first time" in said.stdout
    assert "SHA-256 " in said.stdout
    assert "asking for what is newest" in said.stderr


def test_what_cannot_be_had_leaves_the_others_alone(run, site):
    result = run("fetch", "another", "ho-knife", "--format", "json")
    assert result.exit_code == 3
    assert [each["key"] for each in json.loads(result.stdout)] == ["ho-knife"]
    (line,) = [each for each in result.stderr.splitlines() if each.startswith("another: ")]
    assert "404 Not Found" in line
    assert "Traceback" not in result.output


def test_a_file_without_a_reader_is_kept_and_not_loaded(run, site, knife):
    site.pages[f"{knife.address.removeprefix(site.url)}/nothing"] = File(b"a,b\n1,2\n")
    result = run("fetch", "another", "--load")
    assert result.exit_code == 3
    assert "one that is only kept" in result.stderr
    assert json.loads(run("releases", "--format", "json").stdout) == []


def test_a_file_that_its_reader_refuses_is_no_release(run, site):
    site.pages[PLACE] = File(KNIFE.replace(b"Q1", b"Q9"))
    result = run("fetch", "ho-knife", "--load")
    assert result.exit_code == 3
    assert "Traceback" not in result.output
    assert json.loads(run("releases", "--format", "json").stdout) == []


@pytest.mark.parametrize(
    ("words", "code"), [(["nobody"], 2), (["ho-knife", "--format", "xml"], 2), (["ho-knife"], 3)]
)
def test_exit_codes(run, site, words, code):
    site.pages[PLACE] = web_page
    result = run("fetch", *words)
    assert result.exit_code == code
    assert "Traceback" not in result.output


def test_nothing_else_of_the_command_brings_a_network():
    """The pages' process never imports what fetches."""
    asked = (
        "import sys, vrn_metrics.exports, vrn_metrics.analyses.scorecard, vrn_metrics.store.demo; "
        "print('vrn_metrics.fetch' in sys.modules or 'requests' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
