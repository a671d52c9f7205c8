"""The programme leaves as it came: in its own layout, as a table, as JSON."""

import csv
import io
import json
from datetime import date

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics.analyses.programme import programme
from vrn_metrics.areas import districts
from vrn_metrics.cli import vrn
from vrn_metrics.exports import csvw
from vrn_metrics.exports.programme import (
    programme_dataset,
    programme_file,
    programme_json,
    programme_rows,
)
from vrn_metrics.exports.programme_layout import cells, programme_layout
from vrn_metrics.sources import identify, open_document
from vrn_metrics.sources.vrn_programme import EXPECTATIONS, PROJECTS, RATINGS
from vrn_metrics.store import Record, open_store


@pytest.fixture(scope="module")
def found(demo_database):
    return programme(open_store(demo_database))


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite'}")
    yield opened
    opened.engine.dispose()


def loaded_again(store, folder, text):
    path = folder / "again.csv"
    path.write_text(text, encoding="utf-8", newline="")
    store.load(path, approve=True)
    return store.view().programme()


def test_the_file_of_the_demonstration_is_loaded_again_as_the_same_records(found, store, tmp_path):
    assert loaded_again(store, tmp_path, programme_file(found)) == list(found.records)
    (release,) = store.releases()
    assert release.demonstration
    assert release.edition >= found.release.edition


words = st.text("abc £,;\"'éß–&<", min_size=1, max_size=20).map(lambda text: f"x{text}z")
days = st.dates(date(2015, 1, 1), date(2030, 1, 1))
maybe = st.none() | words
codes = st.lists(st.sampled_from([each.code for each in districts()]), min_size=1, unique=True)


def record(kind, **fields):
    """Records of a kind with some fields, and no others."""
    nothing = dict.fromkeys(Record.__dataclass_fields__, st.none())
    return st.builds(Record, **{**nothing, "record": st.just(kind), **fields})


records = st.one_of(
    record(
        "expectation",
        title=st.sampled_from(list(EXPECTATIONS)),
        status=st.sampled_from(["met", "in part", "not met"]),
        role=maybe,
        start_date=st.none() | days,
        evidence=maybe,
    ),
    record(
        "milestone",
        title=words,
        belongs_to=st.sampled_from(PROJECTS),
        end_date=days,
        status=st.sampled_from(["open", "done"]),
    ),
    record(
        "intervention",
        title=words,
        tier=st.sampled_from(["primary", "secondary", "tertiary"]),
        start_date=days,
        district_codes=st.just("all") | codes.map(" ".join),
        rating=st.none() | st.sampled_from(RATINGS),
        reach=st.none() | st.integers(5, 10**6),
        cost_pence=st.none() | st.integers(0, 10**10),
    ),
    record("agreement", title=words, belongs_to=words, organisation=words, start_date=days),
)


def key(one):
    return (one.record, one.title, one.belongs_to, one.start_date)


@given(st.lists(records, min_size=1, max_size=8, unique_by=key))
def test_any_programme_is_read_again_as_it_was_written(tmp_path_factory, kept):
    kept = [tidy(each) for each in kept]
    if len({key(each) for each in kept}) < len(kept):
        return
    path = tmp_path_factory.mktemp("layout") / "programme.csv"
    text = programme_layout(map(cells, kept), publisher="An office", day=date(2026, 11, 23))
    path.write_text(text, encoding="utf-8", newline="")
    document = open_document(path)
    table = identify(document).read(document).tables["programme_records"]
    again = [Record(**row) for row in table.drop(columns="position").to_dict("records")]
    assert again == kept


def tidy(one):
    """Blanks folded, as a reader of files folds them."""
    fields = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in vars(one).items()
    }
    return Record(**fields)


def test_a_file_written_today_is_never_older_than_the_one_it_replaces(store, tmp_path):
    row = {"record": "agreement", "title": "Sharing", "belongs_to": "vrn-offences"}
    row |= {"organisation": "Police", "start": "2019-10-01"}
    text = programme_layout(
        [row], publisher="x", day=date(2026, 11, 23), edition=date(2026, 10, 31)
    )
    assert "covers,2019-10,2026-10\r\n" in text
    text = programme_layout([row], publisher="x", day=date(2026, 2, 3), edition=date(2026, 3, 31))
    assert "covers,2019-10,2026-03\r\n" in text
    assert "demonstration" not in text


def test_rows_table_and_json_say_the_same(found):
    answer = programme_json(found)
    json.dumps(answer, allow_nan=False)
    table = list(csv.DictReader(io.StringIO(csvw.csv_text(programme_dataset(found)))))
    rows = programme_rows(found)
    assert len(answer["expectations"]) == len(table) == len(rows) == len(found.expectations)
    for said, line, row, one in zip(
        answer["expectations"], table, rows, found.expectations, strict=True
    ):
        assert said["state"] == str(one.state)
        assert line["state"] == one.state.words.lower()
        assert row["state"].endswith(one.state.words)
        assert said["evidence"] == line["evidence"] == row["evidence"]
        assert "Made-up demonstration data" in line["notice"]
    assert sum(one["overdue"] for each in answer["projects"] for one in each["milestones"]) == len(
        found.overdue
    )


@pytest.fixture
def run(demo_database):
    def command(*words):
        return CliRunner().invoke(vrn, ["programme", *words, "--database", demo_database])

    return command


@pytest.mark.parametrize("shape", ["table", "json", "csv"])
def test_the_command_says_it_in_every_shape_with_the_demonstration_mark(run, shape):
    answer = run("--format", shape)
    assert answer.exit_code == 0
    assert "Strategic Needs Assessment" in answer.stdout
    assert "Made-up demonstration data" in answer.stdout


def test_the_command_gives_the_layout(run, found):
    answer = run("--layout")
    assert answer.exit_code == 0
    assert answer.stdout.startswith("layout,vrn-programme,1")
    assert f"rows,{len(found.records)}" in answer.stdout


def test_an_earlier_day_has_what_counted_then(run):
    answer = json.loads(run("--as-of", "2001-01-01", "--format", "json").stdout)
    assert {each["state"] for each in answer["expectations"]} == {"not-known"}
    assert answer["without_agreement"] == ["vrn-admissions", "vrn-homicides", "vrn-offences"]
