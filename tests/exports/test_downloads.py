"""What can be taken away from a table or a chart, read back by other programs than wrote it."""

import io
import json
import re
import struct
import zipfile
from datetime import date, datetime
from xml.etree.ElementTree import fromstring

import pytest
from csvw import CSVW
from openpyxl import load_workbook

from vrn_metrics import charts, narrative
from vrn_metrics.analyses.attention import attention
from vrn_metrics.analyses.changes import changes
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.trend import trend
from vrn_metrics.areas import NETWORK, RUTLAND
from vrn_metrics.exports import csvw, datasets, downloads, workbook
from vrn_metrics.exports.changes import changes_dataset
from vrn_metrics.exports.contract import scorecard_json
from vrn_metrics.exports.dataset import Column, Mark, count_values, dataset
from vrn_metrics.exports.pictures import Caption, picture
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.exports.series import trend_json
from vrn_metrics.store import open_store

HIDDEN = "homicides-nondomestic"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def store(demo_database):
    return open_store(demo_database)


@pytest.fixture(scope="module")
def tables(store):
    return {
        "scorecard": datasets.scorecard_dataset(scorecard(store)),
        "rutland": datasets.scorecard_dataset(scorecard(store, area=RUTLAND)),
        "robbery": datasets.trend_dataset(trend(store, "robbery")),
        "hidden": datasets.trend_dataset(trend(store, HIDDEN)),
        "attention": datasets.attention_dataset(attention(store)),
        "changes": changes_dataset(changes(store)),
    }


NAMES = ("scorecard", "rutland", "robbery", "hidden", "attention", "changes")


def unpacked(table, folder):
    """The CSV and its metadata beside one another, as the archive has them."""
    with zipfile.ZipFile(io.BytesIO(csvw.zipped(table))) as archive:
        archive.extractall(folder)
    return folder / f"{table.name}.csv-metadata.json"


@pytest.mark.parametrize("name", NAMES)
def test_another_programs_validator_finds_csv_and_metadata_valid(name, tables, tmp_path):
    assert CSVW(str(unpacked(tables[name], tmp_path)), validate=True).is_valid


@pytest.mark.parametrize(
    "break_it",
    [
        lambda text: text.replace("2025-04-01", "1 April", 1),
        lambda text: text.replace(",69,69,69,", ",[??],69,69,", 1),
        lambda text: text.replace("area_code,", "other,", 1),
    ],
    ids=["a date", "a number", "a column"],
)
def test_the_validator_would_have_noticed(break_it, tables, tmp_path):
    metadata = unpacked(tables["scorecard"], tmp_path)
    path = metadata.with_name(metadata.name.removesuffix("-metadata.json"))
    text = path.read_text(encoding="utf-8")
    assert break_it(text) != text
    path.write_text(break_it(text), encoding="utf-8")
    assert not CSVW(str(metadata), validate=True).is_valid


@pytest.mark.parametrize("name", NAMES)
def test_metadata_say_what_each_column_means_and_how_it_may_be_used(name, tables):
    table = tables[name]
    said = csvw.metadata(table)
    header = csvw.csv_text(table).splitlines()[0].split(",")
    columns = said["tableSchema"]["columns"]
    assert [each["name"] for each in columns] == header
    assert all(each["dc:description"] and each["datatype"] for each in columns)
    assert set(said["tableSchema"]["primaryKey"]) <= set(header)
    assert said["url"] == f"{table.name}.csv"
    assert any("[c] means confidential" in each for each in said["rdfs:comment"])
    if name != "changes":  # nothing had counted before, so it is empty
        assert "dc:rights" in said or "dc:license" in said
        assert re.match(r"Release \d+:", said["dc:provenance"][0])
        assert narrative.demonstration_notice() in said["rdfs:comment"]


def test_a_scorecard_of_open_data_alone_names_the_open_government_licence(tables):
    origin = tables["scorecard"].provenance
    open_only = (
        tuple(each for each in origin.sources if each.kind == "published") or _published_sources()
    )
    table = dataset(
        "open",
        "Open",
        [Column("a", "A", "It.")],
        [],
        ["a"],
        Provenance(origin.area, origin.as_of, open_only, (), (), (), ""),
    )
    assert csvw.metadata(table)["dc:license"] == {"@id": csvw.OPEN_GOVERNMENT_ADDRESS}


def _published_sources():
    from vrn_metrics.sources import all_readers

    return (all_readers()["ho-prc-force"].source,)


def test_the_rows_are_the_json(store, tables):
    answer = scorecard_json(scorecard(store))
    for row, measure in zip(tables["scorecard"].rows, answer["measures"], strict=True):
        assert row["measure"] == measure["measure"]
        assert row["verdict"] == measure["verdict"]
        for name, node in (("count", measure), ("baseline_count", measure["baseline"])):
            for end in ("lower", "upper"):
                bound = node["count"][end]
                assert row[f"{name}_{end}"] == (Mark.HIDDEN if bound is None else bound)
        for part in ("lower", "upper", "p_value"):
            known = measure["rate_ratio"] and measure["rate_ratio"][part]
            assert known is None or row[f"rate_ratio_{part}"] == known
    points = trend_json(trend(store, "robbery"))["points"]
    assert [row["value"] for row in tables["robbery"].rows] == [each["value"] for each in points]


def test_a_hidden_count_is_marked_and_never_a_number(tables):
    hidden = [row for row in tables["hidden"].rows if row["count_status"] == "suppressed"]
    assert hidden
    assert {row["count"] for row in hidden} == {Mark.HIDDEN}
    assert {row["value"] for row in hidden} == {Mark.HIDDEN}


@pytest.mark.parametrize(
    ("count", "said"),
    [
        ({"lower": 5, "upper": 5, "status": "exact"}, [5, 5, 5]),
        ({"lower": 8, "upper": 12, "status": "rounded"}, ["[range]", 8, 12]),
        ({"lower": 1, "upper": 7, "status": "suppressed"}, ["[c]", 1, 7]),
        ({"lower": 3, "upper": 3, "status": "suppressed"}, ["[c]", 3, 3]),
        ({"lower": None, "upper": None, "status": "suppressed"}, ["[c]", "[c]", "[c]"]),
        ({"lower": None, "upper": None, "status": "missing"}, ["[x]", "[x]", "[x]"]),
    ],
)
def test_a_count_of_every_status_has_its_cells(count, said):
    assert list(count_values("n", count).values()) == [*said, count["status"]]


def test_a_cell_that_would_run_as_a_formula_is_led_by_an_apostrophe(tables):
    origin = tables["scorecard"].provenance
    row = {"a": "=1+1"}
    table = dataset("x", "X", [Column("a", "A", "It.")], [row], ["a"], origin)
    assert csvw.csv_text(table).splitlines()[1].startswith("'=1+1,")
    sheet = load_workbook(io.BytesIO(workbook.xlsx(table)))[workbook.DATA]
    assert sheet.cell(6, 1).data_type == "s"


def read(table):
    return load_workbook(io.BytesIO(workbook.xlsx(table)))


@pytest.mark.parametrize("name", NAMES)
def test_a_spreadsheet_read_back_has_the_rows_of_the_table(name, tables):
    table = tables[name]
    sheet = read(table)[workbook.DATA]
    rows = list(sheet.iter_rows(min_row=5, values_only=True))
    assert list(rows[0]) == [each.title for each in table.columns]
    wanted = [
        [datetime(*v.timetuple()[:3]) if isinstance(v, date) else v for v in row]
        for row in table.values()
    ] or [[Mark.NOT_APPLICABLE] * len(table.columns)]
    assert [list(row) for row in rows[1:]] == wanted


@pytest.mark.parametrize("name", NAMES)
def test_a_spreadsheet_is_as_the_analysis_function_asks(name, tables):
    table = tables[name]
    book = read(table)
    assert book.sheetnames == [workbook.COVER, workbook.DATA, workbook.COLUMNS]
    assert book.properties.title == table.title
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].value  # a title first, for who hears it read
    for sheet in (book[workbook.DATA], book[workbook.COLUMNS]):
        (real,) = sheet.tables.values()
        assert real.ref == f"A5:{sheet.dimensions.split(':')[1]}"
        assert sheet.freeze_panes == "A6"
        assert all(cell.value not in (None, "") for row in sheet[real.ref] for cell in row)
    cover = "\n".join(str(row[0]) for row in book[workbook.COVER].iter_rows(values_only=True))
    assert all(f"{mark} means {mark.words}" in cover for mark in Mark)
    assert table.provenance.vintage in cover
    used = {value for row in table.values() for value in row if isinstance(value, Mark)}
    assert all(str(mark) in cover for mark in used)


@pytest.mark.parametrize("name", NAMES)
def test_the_same_figures_give_the_same_bytes(name, tables):
    for each in downloads.of_table(tables[name]):
        assert each.make() == each.make()


@pytest.fixture(scope="module", params=["robbery", HIDDEN])
def drawn(store, request):
    found = trend(store, request.param)
    origin = Provenance.of(found.area, found.as_of, [found.entry])
    spec = charts.trend_chart(found, narrative.describe_chart(found))
    return found, spec, Caption.of(narrative.trend_sentence(found), origin)


def parsed(svg):
    return fromstring(svg)  # noqa: S314 - made by us a moment ago


def words_of(svg):
    """Everything an SVG draws as letters, joined over its lines."""
    return " ".join(" ".join(each.itertext()) for each in parsed(svg).iter(f"{SVG}text"))


def test_a_picture_says_what_it_is_where_from_and_that_it_is_made_up(drawn):
    found, spec, caption = drawn
    svg = picture(spec, caption, "svg")
    said = re.sub(r"\s+", " ", words_of(svg))
    assert caption.title in said
    assert narrative.demonstration_notice() in said
    assert f"as of {found.as_of.day} {found.as_of:%B %Y}" in said
    assert re.search(r"Releases: \d+, ", said)
    assert found.entry.source.title in said
    root = parsed(svg)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}desc").text == narrative.describe_chart(found)


def test_a_picture_asks_nothing_of_the_network(drawn):
    svg = picture(drawn[1], drawn[2], "svg").decode()
    assert not re.findall(r"(?:href|src)=\"(?!#)|url\((?!#)|@import", svg)


def test_a_png_is_large_and_not_empty(drawn):
    content = picture(drawn[1], drawn[2], "png")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    assert width > 1600
    assert height > 800
    assert len(content) > 50_000


def test_pictures_leave_the_pages_own_chart_as_it_was(drawn):
    before = json.dumps(drawn[1])
    picture(drawn[1], drawn[2], "svg")
    assert json.dumps(drawn[1]) == before


def test_every_file_is_named_after_what_is_in_it(tables, drawn):
    names = [each.file_name for each in downloads.of_table(tables["rutland"])]
    assert all(RUTLAND in each for each in names)
    assert all(NETWORK in each.file_name for each in downloads.of_table(tables["robbery"]))
    kinds = [each.mime for each in downloads.of_chart("trend", lambda: drawn[1], drawn[2])]
    assert kinds == ["image/png", "image/svg+xml"]
