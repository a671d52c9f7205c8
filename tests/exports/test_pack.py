"""The board pack, read back by other programs than wrote it and held against the JSON."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise

import pdfua
import pytest
import typst
from click.testing import CliRunner
from pptx import Presentation
from pptx.util import Emu
from pypdf import PdfReader

from tests.attacker import reading
from vrn_metrics import narrative
from vrn_metrics.analyses.attention import attention
from vrn_metrics.analyses.changes import changes
from vrn_metrics.analyses.cost_of_violence import cost_of_violence
from vrn_metrics.analyses.districts import districts
from vrn_metrics.analyses.programme import State, programme
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.spend import spend
from vrn_metrics.analyses.trend import trend
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.areas import NETWORK, RUTLAND
from vrn_metrics.cli import vrn
from vrn_metrics.exports import pack as board
from vrn_metrics.exports.changes import changes_json
from vrn_metrics.exports.contract import scorecard_json
from vrn_metrics.exports.districts import districts_json
from vrn_metrics.exports.pack import document as document_module
from vrn_metrics.exports.pack.contents import PARTS
from vrn_metrics.exports.pack.document import pdf
from vrn_metrics.exports.programme import programme_json
from vrn_metrics.exports.series import trend_json, trend_rows
from vrn_metrics.exports.spend import spend_json, standing_rows
from vrn_metrics.exports.together import attention_json
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.money import pounds
from vrn_metrics.narrative.spend import COST_CAVEAT
from vrn_metrics.store import open_store

NOTICE = narrative.demonstration_notice()
SITE = "https://vrn.example"
NAMES = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
BEFORE_ANYTHING = date(2020, 1, 1)
DRAWN = ("points", "centre", "limit")


@pytest.fixture(scope="module")
def store(demo_database):
    return open_store(demo_database)


@pytest.fixture(scope="module", params=[NETWORK, RUTLAND])
def asked(store, request):
    return board.Asked(store, request.param, site=SITE, since=BEFORE_ANYTHING)


# A document takes long to write and to read back: one area's is enough.
of_the_network = pytest.mark.parametrize("asked", [NETWORK], indirect=True)


@pytest.fixture(scope="module")
def made(asked):
    return board.board_pack(asked)


@pytest.fixture(scope="module")
def deck(made):
    return Presentation(io.BytesIO(board.written(made, board.KINDS["pptx"])))


@pytest.fixture(scope="module")
def content(made):
    """The document's bytes."""
    return pdf(made)


@pytest.fixture(scope="module")
def document(content):
    return PdfReader(io.BytesIO(content))


@pytest.fixture(scope="module")
def leaves(document):
    """The words of each of its pages; they take longer to get out than to put in."""
    return [one_line(each.extract_text()) for each in document.pages]


@pytest.fixture(scope="module")
def text(leaves):
    return one_line(" ".join(leaves))


@pytest.fixture(scope="module")
def page(made):
    return board.written(made, board.KINDS["html"]).decode()


@pytest.fixture(scope="module")
def answers(asked):
    """What the JSON contract says of everything in the pack."""
    of_area = {"area": asked.area}
    found = [
        scorecard_json(asked.card),
        *(trend_json(trend(asked.store, key, **of_area)) for key in CATALOGUE),
        changes_json(changes(asked.store, since=BEFORE_ANYTHING, **of_area)),
        *by_district(asked.store),
        money(asked.store),
        programme_json(programme(asked.store)),
    ]
    return [*found, attention_json(attention(asked.store))] if asked.area == NETWORK else found


def by_district(store):
    """The JSON of each measure in every district."""
    found = [districts(store, key) for key in CATALOGUE]
    return [districts_json(each) for each in found if each is not None]


def money(store):
    """The JSON of the latest year of the ledger, as the command gives it."""
    found = spend(store)
    return spend_json(found, cost_of_violence(scorecard(store), found.spent))


def one_line(words):
    return re.sub(r"\s+", " ", words).strip()


def said_on(slide):
    """Every word of a slide: its boxes, its tables, and what is said of its pictures."""
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if shape.has_chart or shape.has_table:
            yield shape._element.nvGraphicFramePr.cNvPr.get("descr")


def may_say(answers, made):
    """The numbers of the JSON in every way that a sentence may write them, and the pack's own."""
    said = set()
    for answer in answers:
        for value in reading.values_in(answer):
            if isinstance(value, str):
                said |= reading.numbers_in(value)
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                said |= reading.ways_to_say(value)
        said |= {number for pence in pence_in(answer) for number in numbers(pounds(pence))}
        said |= {number for text in reading.sentences_in(answer) for number in numbers(text)}
    rules = [*narrative.METHODS, *made.origin.caveats, *made.origin.definitions]
    rules += [*made.origin.suppression, *made.origin.release_words, made.origin.vintage]
    rules += [each.address for each in made.sections]
    said |= {number for rule in rules for number in numbers(rule)}
    return said | {str(place) for place in range(len(made.sections) + 60)}  # slides, pages, rows


def pence_in(node, name=""):
    """Every amount of an answer: what stands under a name that ends in pence."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from pence_in(value, name if name.endswith("pence") else key)
    elif isinstance(node, list):
        for value in node:
            yield from pence_in(value, name)
    elif isinstance(node, int) and name.endswith("pence"):
        yield node


def numbers(text):
    return reading.numbers_in(text)


# What no JSON has: how many marks and baselines, chances, averages; the words of the trend's page.
def said_of_trends(asked):
    words = []
    for key in CATALOGUE:
        found = trend(asked.store, key, area=asked.area)
        words += [*narrative.trend_paragraphs(found), narrative.describe_chart(found)]
        words += [str(value) for row in trend_rows(found) for value in row.values()]
        years = found.years.figures if found.years else ()
        words += [narrative.rate_words(each, found.entry.measure.per) for each in years]
    # The rules for reading a funnel, states in words, and percentages of exact fractions.
    for key in CATALOGUE:
        words.append(narrative.funnel_words(districts(asked.store, key)))
    rows = standing_rows(spend(asked.store))
    words += [str(row[name]) for row in rows for name in ("share", "lowest", "highest")]
    words.append(COST_CAVEAT)
    for each in programme(asked.store).expectations:
        words += narrative.expectation_words(each)
    return {number for each in words for number in numbers(each)}


@pytest.fixture(scope="module")
def known(answers, made, asked):
    return may_say(answers, made) | said_of_trends(asked)


def test_every_number_on_the_slides_and_in_the_notes_is_one_of_the_answers(deck, known):
    for slide in deck.slides:
        words = [*said_on(slide), slide.notes_slide.notes_text_frame.text]
        assert {number for each in words for number in numbers(each)} - known == set()


@of_the_network
def test_every_number_in_the_document_is_one_of_the_answers(text, page, known):
    found = numbers(text) - known
    # Axes and legends have round numbers: those of the same charts on the page, and tens of
    # thousands of people and of pounds, as a narrower axis has others.
    drawn = numbers(" ".join(re.findall(r"<text[^>]*>([^<]*)</text>", page)))
    on_axes = {each for each in drawn if each.endswith("0")}
    assert {each for each in found - on_axes if not re.fullmatch(r"[1-9]\d?0000", each)} == set()


def test_every_number_on_the_page_is_one_of_the_answers(page, known):
    drawn = re.sub(r"<svg.*?</svg>|<style>.*?</style>|<head>.*?</head>", "", page, flags=re.S)
    assert numbers(reading.plain(drawn)) - known == set()


def test_a_number_of_nobodys_would_be_noticed(known):
    assert numbers("There were 123,456.7 of them") - known == {"123456.7"}


def test_the_charts_on_slides_hold_the_numbers_of_the_json(deck, made, answers):
    drawings = {
        each.key: each.drawing
        for each in made.sections
        if each.drawing and each.drawing.shape == "over time"
    }
    by_measure = {each["against_baseline"]["measure"]: each for each in answers if "points" in each}
    seen = 0
    for slide, section in zip(deck.slides, made.sections, strict=True):
        charts = [each.chart for each in slide.shapes if each.has_chart]
        assert len(charts) == (section.drawing is not None)
        charts = charts if section.key in drawings else []
        for chart in charts:
            points = by_measure[section.key]["points"]
            series = {each.name: list(each.values) for each in chart.plots[0].series}
            assert len(list(chart.plots[0].categories)) == len(points)
            if by_measure[section.key]["method"]["trial_limits"] is not None:
                assert series.pop("Centre line") == [each["centre"] for each in points]
                assert series.pop("Lower limit") == [each["lower"] for each in points]
                assert series.pop("Upper limit") == [each["upper"] for each in points]
                values = [each["value"] for each in points]
            else:
                values = [
                    each["count"]["lower"] if each["count"]["status"] == "exact" else None
                    for each in points
                ]
            first = next(iter(series))
            assert series.pop(first) == values
            standing = [
                value if each["special_cause"] else None
                for value, each in zip(values, points, strict=True)
            ]
            merged = [
                next((v for v in each if v is not None), None)
                for each in zip(*series.values(), strict=True)
            ]
            assert (merged or [None] * len(points)) == standing
            seen += 1
    assert seen >= 8


def of_section(deck, made, key):
    """The slide of a section."""
    (found,) = [
        slide
        for slide, section in zip(deck.slides, made.sections, strict=True)
        if section.key == key
    ]
    return found


def rows_on(slide):
    (table,) = [each.table for each in slide.shapes if each.has_table]
    return [[cell.text for cell in row.cells] for row in table.rows][1:]


def test_funnels_and_their_tables_hold_the_numbers_of_the_json(deck, made, asked):
    drawn = 0
    for answer in by_district(asked.store):
        slide = of_section(deck, made, f"districts-{answer['measure']}")
        by_name = {each["name"]: each for each in answer["districts"]}
        rows = rows_on(slide)
        assert {row[0] for row in rows} == set(by_name)
        for name, events, rate, among in rows:
            each = by_name[name]
            assert among == each["said"]
            if each["count"]["status"] == "exact":
                assert events == f"{each['count']['lower']}"
                assert rate == "{value:.1f} ({lower:.1f} to {upper:.1f})".format(**each["rate"])
            else:
                assert not re.fullmatch(r"[\d,]+", events)
        charts = [each.chart for each in slide.shapes if each.has_chart]
        assert len(charts) == (answer["funnel"] is not None)
        for chart in charts:
            series = {each.name: points_of(each) for each in chart.plots[0].series}
            limits = answer["funnel"]["limits"]
            assert {y for _, y in series.pop("The network's rate")} == {answer["funnel"]["centre"]}
            for limit, named in zip(limits, ("95%", "99.8%"), strict=True):
                for side in ("lower", "upper"):
                    wanted = list(zip(limit["person_years"], limit[side], strict=True))
                    assert series.pop(f"{side.capitalize()} {named} limit") == wanted
            shown = {
                (each["person_years"], each["rate"]["value"])
                for each in by_name.values()
                if each["count"]["status"] == "exact"
            }
            outside = {
                (each["person_years"], each["rate"]["value"])
                for each in by_name.values()
                if each["position"].startswith(("above", "below"))
            }
            assert {point for each in series.values() for point in each} == shown
            assert set(series.get("Outside the limits", [])) <= outside
            own = {point for name in set(by_name) & set(series) for point in series[name]}
            assert outside <= own | set(series.get("Outside the limits", []))
            drawn += 1
    assert drawn >= 5


def points_of(series):
    places = [float(each.text) for each in series._element.findall(".//c:xVal//c:v", NAMES)]
    return list(zip(places, series.values, strict=True))


def test_every_map_is_a_picture_with_every_district_in_its_words(deck, made, asked):
    with_funnel = [each for each in by_district(asked.store) if each["funnel"]]
    slides = [
        slide for slide, section in zip(deck.slides, made.sections, strict=True) if section.pictures
    ]
    shapes = [each for slide in slides for each in slide.shapes if hasattr(each, "image")]
    assert len(shapes) == len(with_funnel)
    for shape, answer in zip(shapes, with_funnel, strict=True):
        assert shape.image.content_type == "image/png"
        described = shape._element.nvPicPr.cNvPr.get("descr")
        assert all(each["name"] in described for each in answer["districts"])


def test_spending_on_slides_is_the_json_to_the_penny(deck, made, asked):
    answer = money(asked.store)
    rows = rows_on(of_section(deck, made, "spend"))
    standings = [one for rule in answer["rules"] for one in rule["standings"]]
    assert [[row[1], row[2], row[3]] for row in rows] == [
        [one["figures"], pounds(one["part_pence"]), pounds(one["whole_pence"])] for one in standings
    ]
    slide = of_section(deck, made, "spend-where")
    (chart,) = [each.chart for each in slide.shapes if each.has_chart]
    (plot,) = chart.plots
    spent = dict(zip(plot.categories, plot.series[0].values, strict=True))
    assert {name: round(100 * value) for name, value in spent.items()} == answer[
        "spent_by_project_pence"
    ]
    (words,) = [each.text_frame.text for each in slide.shapes if each.name == "What is said"]
    for category, pence in answer["spent_by_category_pence"].items():
        assert f"{category.capitalize()}: {pounds(pence)}" in words
    costs = "\n".join(said_on(of_section(deck, made, "cost-of-violence")))
    assert answer["cost_of_violence"]
    assert all(each["said"] in costs for each in answer["cost_of_violence"])


def test_the_programme_on_slides_is_the_json(deck, made, asked):
    answer = programme_json(programme(asked.store))
    slide = of_section(deck, made, "programme")
    assert slide.shapes.title.text_frame.text == answer["sentence"]
    for row, each in zip(rows_on(slide), answer["expectations"], strict=True):
        assert State(each["state"]).words in row[0]
        assert row[1:] == [each["title"], each["evidence"], each["until"] or ""]
    slide = of_section(deck, made, "programme-projects")
    late = {
        each["title"]: [one["title"] for one in each["milestones"] if one["overdue"]]
        for each in answer["projects"]
    }
    assert any(late.values())
    for row in rows_on(slide):
        assert all(title in row[3] for title in late[row[0]])
        assert (row[3] == "–") == (not late[row[0]])
    words = "\n".join(each for each in said_on(slide) if each)
    assert all(each in words for each in answer["to_do"])


def test_no_hidden_number_is_drawn_on_a_slide(deck, made, answers):
    by_measure = {each["against_baseline"]["measure"]: each for each in answers if "points" in each}
    hidden = 0
    for slide, section in zip(deck.slides, made.sections, strict=True):
        for chart in [each.chart for each in slide.shapes if each.has_chart]:
            if section.key not in CATALOGUE:
                continue
            points = by_measure[section.key]["points"]
            for series in chart.plots[0].series:
                if series.name.endswith(("line", "limit")):
                    continue
                for value, point in zip(series.values, points, strict=True):
                    if point["count"]["status"] == "suppressed":
                        assert value is None
                        hidden += 1
    assert hidden


def test_a_title_is_the_verdict_and_stands_in_the_title(deck, made, answers):
    card = {each["measure"]: each for each in answers[0]["measures"]}
    for slide, section in zip(deck.slides, made.sections, strict=True):
        assert slide.shapes.title.text_frame.text == section.title
        if section.key in card:
            measure = card[section.key]
            first = measure["sentence"].partition(". ")[0].rstrip(".")
            assert section.title == f"{measure['title']} – {first[0].lower()}{first[1:]}."


def test_the_scorecards_table_is_the_json(deck, answers):
    rows = [
        [cell.text for cell in row.cells]
        for slide in list(deck.slides)[:2]
        for shape in slide.shapes
        if shape.has_table
        for row in list(shape.table.rows)[1:]
    ]
    card = {each["title"]: each for each in answers[0]["measures"]}
    assert {row[0] for row in rows} == set(card)
    for row in rows:
        measure = card[row[0]]
        assert row[1].endswith(Verdict(measure["verdict"]).words)
        if measure["count"]["status"] == "exact":
            assert row[2] == str(measure["count"]["lower"])
            assert row[4].startswith(f"{measure['rate']['value']:.1f} per")
        if measure["baseline"]["count"]["status"] == "exact":
            assert row[5] == str(measure["baseline"]["count"]["lower"])


def test_every_slide_says_made_up_which_figures_and_where_they_are_seen(deck, made):
    for slide, section in zip(deck.slides, made.sections, strict=True):
        words = "\n".join(each for each in said_on(slide) if each)
        assert NOTICE in words
        assert made.origin.vintage in words
        assert section.address in words
        assert section.address.startswith(SITE)
        assert "as-of=" in section.address


def test_every_chart_and_table_on_a_slide_has_an_alternative_text(deck):
    frames = [each for slide in deck.slides for each in slide.shapes if not each.has_text_frame]
    assert len(frames) >= 10
    for each in frames:
        assert len(each._element._nvXxPr.cNvPr.get("descr") or "") > 10


def test_the_notes_hold_caveats_sources_and_releases(deck, made):
    for slide, section in zip(deck.slides, made.sections, strict=True):
        notes = slide.notes_slide.notes_text_frame.text
        assert NOTICE in notes
        assert all(each in notes for each in section.notes)
        assert section.address in notes
    for section in made.sections:
        if section.drawing:
            assert any(each.startswith("Source: ") for each in section.notes)
            assert any(each.startswith("Release ") for each in section.notes)


def test_nothing_lies_outside_its_slide(deck):
    for slide in deck.slides:
        for each in slide.shapes:
            assert Emu(0) <= each.left
            assert each.left + each.width <= deck.slide_width
            assert Emu(0) <= each.top
            assert each.top + each.height <= deck.slide_height
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.001)


# The document


def elements(node, seen=None):
    """Every element of a structure tree, in the order in which it is read."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for each in node:
            yield from elements(each)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


@pytest.fixture(scope="module")
def structure(document):
    return list(elements(document.trailer["/Root"]["/StructTreeRoot"]))


@of_the_network
def test_the_document_is_tagged_titled_and_in_british_english(document, made):
    root = document.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == made.title
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=\"1\"", metadata)
    assert all(page.get("/Tabs") == "/S" for page in document.pages if "/Annots" in page)


@of_the_network
def test_every_figure_of_the_document_has_the_words_of_its_chart(structure, made):
    found = [each.get("/Alt") for each in structure if each["/S"] == "/Figure"]
    assert found == [one.described for each in made.sections for one in each.drawn]


@of_the_network
def test_headings_of_the_document_descend_one_at_a_time(structure):
    levels = [int(each["/S"][2:]) for each in structure if re.fullmatch(r"/H\d", each["/S"])]
    assert levels[0] == 1
    assert levels.count(1) >= 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@of_the_network
def test_every_table_of_the_document_has_header_cells_for_its_columns(structure, made):
    tables = [each for each in structure if each["/S"] == "/Table"]
    wanted = [
        table for each in made.sections for table in (each.table, *each.more) if table is not None
    ]
    assert len(tables) == len(wanted)
    for table, expected in zip(tables, wanted, strict=True):
        heads = [each for each in elements(table["/K"]) if each["/S"] == "/TH"]
        assert len(heads) == len(expected.columns)
        for head in heads:
            told = head["/A"].get_object()
            told = told if isinstance(told, list) else [told]
            assert any(each.get_object().get("/Scope") == "/Column" for each in told)


@of_the_network
def test_every_link_of_the_document_is_tagged_and_said(document, structure):
    annotations = [each.get_object() for page in document.pages for each in page.get("/Annots", [])]
    assert annotations
    assert all(each.get("/Contents") or "/StructParent" in each for each in annotations)
    assert [each for each in structure if each["/S"] == "/Link"]


@of_the_network
def test_letters_of_the_document_are_embedded_and_can_be_copied(document):
    fonts = {
        id(font.get_object()): font.get_object()
        for page in document.pages
        for font in page["/Resources"].get("/Font", {}).values()
    }
    assert fonts
    assert all("/ToUnicode" in font for font in fonts.values())


@of_the_network
def test_a_checker_of_pdf_ua_finds_nothing(content, tmp_path):
    path = tmp_path / "pack.pdf"
    path.write_bytes(content)
    assert [f"{each.rule_id}: {each.message}" for each in pdfua.validate(path).findings] == []


@of_the_network
def test_the_document_says_every_title_every_sentence_and_its_marks(text, leaves, made):
    for section in made.sections:
        assert one_line(section.title) in text
        assert all(one_line(each) in text for each in section.said)
    assert all(NOTICE in each for each in leaves)
    assert all(made.origin.vintage in each for each in leaves)


@of_the_network
def test_the_same_figures_give_the_same_document(content, made):
    assert pdf(made) == content


@of_the_network
def test_a_machine_without_fonts_and_a_file_of_any_name_still_make_a_document(made, monkeypatch):
    """Typst has fonts of its own; a letter in none of them would be refused."""
    monkeypatch.setattr(
        document_module.typst, "compile", partial(typst.compile, ignore_system_fonts=True)
    )
    release = replace(made.origin.releases[0], file_name="数据 \U0001f4ca \u202e.csv")
    first = replace(made.sections[0], notes=(f"Release 1: {release.file_name}",))
    odd = replace(made, sections=(first, *made.sections[1:]))
    text = " ".join(each.extract_text() for each in PdfReader(io.BytesIO(pdf(odd))).pages)
    assert "(U+6570)" in text


# The page


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def parsed(page):
    parser = Elements()
    parser.feed(page)
    return parser.found


def test_the_page_asks_nothing_of_the_network(parsed, page):
    assert not {tag for tag, _ in parsed} & {"script", "link", "img", "iframe", "object", "embed"}
    for tag, given in parsed:
        assert not {name for name in given if name.startswith("on") or name == "src"}
        if tag != "a":
            for name in ("href", "xlink:href"):
                assert given.get(name, "#").startswith("#")
    assert not re.findall(r"url\((?!#)|@import|@font-face", page)
    assert "default-src 'none'" in page


def test_every_chart_of_the_page_has_words_and_every_name_is_one_things(parsed, page, made):
    drawn = [given for tag, given in parsed if tag == "svg"]
    assert len(drawn) == sum(len(each.drawn) for each in made.sections)
    assert all(each["role"] == "img" for each in drawn)
    assert page.count("<desc>") == len(drawn)
    names = [given["id"] for _, given in parsed if "id" in given]
    assert len(names) == len(set(names))


def test_the_page_has_a_language_a_title_headings_and_header_cells(parsed, page, made):
    assert dict(parsed)["html"]["lang"] == "en-GB"
    assert [tag for tag, _ in parsed].count("h1") == 1
    assert [tag for tag, _ in parsed].count("h2") == len(made.sections)
    assert all(given.get("scope") in ("col", "row") for tag, given in parsed if tag == "th")
    assert NOTICE in page
    assert all(each.address.replace("&", "&amp;") in page for each in made.sections)


# The whole


def test_every_part_is_in_the_network_s_pack(store):
    told = []
    board.board_pack(board.Asked(store), lambda said, share: told.append((said, share)))
    assert [said for said, _ in told] == [f"Working out {name}" for name, _ in PARTS]
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    keys = [each.key for each in board.board_pack(board.Asked(store)).sections]
    assert [each for each in keys if not each.startswith("maps-")] == [
        "scorecard",
        "context",
        *CATALOGUE,
        "attention",
        *(f"districts-{key}" for key in CATALOGUE),
        "spend",
        "spend-where",
        "cost-of-violence",
        "programme",
        "programme-projects",
        "changes",
        "methods",
    ]
    assert keys.count("maps-1") == 1


@pytest.mark.parametrize("suffix", board.KINDS)
def test_the_command_writes_a_file_and_says_so(suffix, demo_database, tmp_path):
    path = tmp_path / f"pack.{suffix}"
    answer = CliRunner().invoke(
        vrn, ["pack", "--out", str(path), "--database", demo_database, "--format", "json"]
    )
    assert answer.exit_code == 0, answer.output
    assert json.loads(answer.stdout)[0]["bytes"] == path.stat().st_size
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--out", "pack.doc"], "ends in .pptx, .pdf, .html, found 'pack.doc'"),
        (["--out", "pack.pdf", "--area", "E99"], "no area"),
        (["--out", "pack.pdf", "--since", "2999-01-01"], "an earlier day"),
    ],
)
def test_a_pack_of_nothing_known_is_wrong_usage_and_leaves_nothing(
    given, said, demo_database, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(vrn, ["pack", *given, "--database", demo_database])
    assert answer.exit_code == 2
    assert said in answer.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_a_sentence(demo_database, tmp_path):
    path = tmp_path / "none" / "pack.html"
    answer = CliRunner().invoke(vrn, ["pack", "--out", str(path), "--database", demo_database])
    assert answer.exit_code == 3
    assert "cannot be written" in answer.stderr


def test_a_pack_without_any_data_says_so_and_has_no_mark(tmp_path):
    empty = open_store(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    made = board.board_pack(board.Asked(empty))
    for kind in board.KINDS.values():
        assert board.written(made, kind)
    assert made.origin.notice == ""
    assert all("no data" in each.title for each in made.sections if each.key in CATALOGUE)
    titles = {each.key: each.title for each in made.sections}
    assert titles["districts-without"] == "No release that counts has these measures by district."
    assert titles["spend"] == "No ledger counts, so nothing can be said of spending."
    assert "not known" in titles["programme"]


def test_words_that_look_like_markup_stay_words(made):
    first = made.sections[0]
    nasty = replace(made, sections=(replace(first, title="#panic() <b>*_$x$ \\ [", said=("= x",)),))
    text = one_line(" ".join(e.extract_text() for e in PdfReader(io.BytesIO(pdf(nasty))).pages))
    assert "#panic() <b>*_$x$ \\ [" in text
    assert "&lt;b&gt;" in board.written(nasty, board.KINDS["html"]).decode()


def test_the_pack_and_the_scorecard_are_of_the_same_day(store):
    day = date(2026, 1, 1)
    made = board.board_pack(board.Asked(store, as_of=day))
    assert made.origin.as_of == scorecard(store, as_of=day).as_of == day
    assert all("as-of=2026-01-01" in each.address for each in made.sections)
