"""Nothing is left out of the attack, and nothing that is said comes from the counts themselves."""

import shutil
from itertools import product

from sqlalchemy import create_engine, text

from tests.attacker import outlets
from tests.attacker.collect import Fact, collect
from tests.attacker.conftest import FIRST, Stored
from tests.attacker.knowledge import AREAS, Cell, months_of
from tests.attacker.outlets import Question
from tests.attacker.truth import people_of
from tests.conftest import ROOT
from vrn_metrics.areas import COUNTY, NETWORK, RUTLAND, districts
from vrn_metrics.cli import vrn
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.periods import Period

ENOUGH = 10  # METHODS.md: a quarter where at least 10 events fall in one on average
SOME = (NETWORK, RUTLAND)


def test_every_command_is_attacked_or_has_no_counts():
    assert set(vrn.commands) == {
        *outlets.COMMANDS,
        *outlets.VERDICTS_ALONE,
        *outlets.FROM_DECIDED,
        *outlets.ALREADY_SAID,
        *outlets.PUBLISHED_ALONE,
        *outlets.WITHOUT_COUNTS,
    }


def test_every_page_is_attacked():
    assert {each.stem for each in (ROOT / "pages").glob("*.py")} == set(outlets.PAGES)


def everything(url):
    """What some views say in every shape, pictures and downloads included."""
    questions = [
        *(Question("scorecard", area) for area in SOME),
        *(Question("trend", area, measure) for area in SOME for measure in CATALOGUE),
    ]
    shapes = ("json", "csv", "table")
    said = {
        (question, shape): outlets.ask(url, question, shape)
        for question in questions
        for shape in (shapes if question.measure in ("", outlets.ORIGINAL_REMIT) else shapes[:1])
    }
    for command, shape in product(outlets.VERDICTS_ALONE, shapes):
        said[command, shape] = outlets.command([command, "--format", shape, "--database", url])
    for command, measure in outlets.PUBLISHED_ALONE.items():
        given = [command, measure, "--format", "json", "--database", url]
        said[command, "json"] = outlets.command(given)
    asked = [
        ("districts", "--area", RUTLAND),
        *(("districts", key) for key in CATALOGUE),
        ("places", "knife-violence"),
        ("places", "knife-admissions"),
        ("times", "knife-violence"),
        ("spend",),
    ]
    for given, shape in product(asked, shapes):
        said[given, shape] = outlets.command([*given, "--format", shape, "--database", url])
    for area in SOME:
        given = ["changes", "--area", area, "--since", FIRST.isoformat(), "--format", "json"]
        said["changes", area] = outlets.command([*given, "--database", url])
        said["pack", area] = outlets.packed(url, area)
        for shape in ("text", "html", "atom", "eml", "json"):
            given = ["digest", "--area", area, "--since", FIRST.isoformat(), "--format", shape]
            said["digest", area, shape] = outlets.command([*given, "--database", url])
    said |= {(question, "file"): outlets.downloaded(url, question) for question in questions}
    said |= {
        (page, "files"): outlets.downloaded(url, Question(page)) for page in outlets.MORE_FILES
    }
    pages = [
        *(Question("scorecard", area) for area in SOME),
        *(Question("trend", area, outlets.ORIGINAL_REMIT) for area in SOME),
        *(Question(page) for page in ("districts", "impact", "programme", "data", "about")),
    ]
    for question in pages:
        page = outlets.visit(url, question.outlet, question.parameters())
        # Addresses of downloads are new each time; what is in them is the table.
        said[question, "page"] = (page.words, page.tables, page.drawn())
    return said


def altered(revised, folder, statement):
    """A copy of the store in which the raw counts, or the decided ones, are others."""
    copy = folder / "altered.sqlite"
    shutil.copy(revised.url.removeprefix("sqlite:///"), copy)
    engine = create_engine(f"sqlite:///{copy}")
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()
    return f"sqlite:///{copy}"


def test_every_outlet_hangs_on_the_decided_figures_and_on_the_counts_never(revised, tmp_path):
    """With other counts behind the same figures all say the same; with other figures they do not.

    Both in one test, for to ask everything takes half a minute.
    """
    before = everything(revised.url)
    other = altered(
        revised,
        tmp_path,
        "update observations set lower = lower + 7, upper = upper + 7 where release_id in "
        "(select id from releases where source like 'vrn-%')",
    )
    assert everything(other) == before
    other = altered(
        revised,
        tmp_path,
        "update guarded_counts set lower = lower + 7, upper = upper + 7 where status = 0",
    )
    after = everything(other)
    assert {place for place in before if before[place] != after[place]} >= {
        ("changes", NETWORK),
        ("pack", NETWORK),
        ("digest", NETWORK, "json"),
        *(
            (Question("scorecard", NETWORK), shape)
            for shape in ("json", "csv", "table", "page", "file")
        ),
    }


HOMICIDES = """layout,vrn-homicides,1
covers,2025-04,2025-06

month,district,age,sex,relationship,method,setting
2025-05,Leicester,19,male,acquaintance,sharp instrument,public
"""


def test_what_is_said_of_a_file_does_not_count_its_events(tmp_path):
    """A quarter with one victim and one with three look the same in the register of releases."""
    said = []
    for victims in (1, 3):
        folder = tmp_path / str(victims)
        folder.mkdir()
        path = folder / "homicides.csv"
        rows = ["2025-06,Rutland,30,male,stranger,other,public"] * (victims - 1)
        path.write_text(HOMICIDES + "\n".join(rows), encoding="utf-8")
        url = f"sqlite:///{folder / 'store.sqlite'}"
        outlets.command(["load", str(path), "--by", "somebody", "--database", url])
        listed = outlets.command(["releases", "--database", url])
        page = outlets.visit(url, "data", {})
        (releases,) = page.tables
        named = [{**each, "Changed": "just now"} for each in releases]
        said.append((listed, page.words, named))
    assert said[0] == said[1]


def cells_of(area, years):
    return [Cell("knife-admissions", area, (each.start, each.end)) for each in years]


def test_the_rule_of_what_is_on_offer_gives_nothing_away(stored, tmp_path):
    """Two years of 44 and an average over nine quarters would tell of the ninth; years do not."""
    covered = Period.span(Period.month(2023, 4).start, 27)
    # The other districts of the county are small as well, so that the county does not tell.
    rows = [
        f"{month:%Y-%m},{area.name},X99.4,25+,male,public,{3 if area.parent == COUNTY else 30}"
        for month in months_of((covered.start, covered.end))
        for area in districts()
        if area.name != "Charnwood"
    ]
    charnwood = [4, 4, 3] * 8 + [0, 1, 0]
    rows += [
        f"{month:%Y-%m},Charnwood,X99.4,25+,male,public,{count}"
        for month, count in zip(months_of((covered.start, covered.end)), charnwood, strict=True)
    ]
    path = tmp_path / "admissions.csv"
    head = ["layout,vrn-admissions,1", "covers,2023-04,2025-06", ""]
    header = "month,district,icd10,age_band,sex,setting,count"
    path.write_text("\n".join([*head, header, *rows]) + "\n", encoding="utf-8")
    stored.load(path, approve=True)

    store = Stored(stored.engine.url.render_as_string(hide_password=False), (None,))
    questions = [Question("trend", area, "knife-admissions") for area in AREAS]
    found = collect(store.url, people_of(store.engine), questions)
    (vintage,) = {vintage for vintage, _ in found.counts}
    often = {cell.area for _, cell in found.counts if cell.span[1].month == 9}
    assert NETWORK in often
    years = [Period.financial_year(2023), Period.financial_year(2024)]
    for area, year in product(often, years):
        cell = Cell("knife-admissions", area, (year.start, year.end))
        found.facts.add(Fact(vintage, ((1.0, cell),), 4 * ENOUGH, float("inf")))
    for area in set(AREAS) - often:  # one of its two years is small; if one is shown and is not,
        known = [found.counts.get((vintage, c)) for c in cells_of(area, years)]
        for cell, other in zip(cells_of(area, years), reversed(known), strict=True):
            if other is not None and other[0] >= 4 * ENOUGH:  # it is the other
                found.facts.add(Fact(vintage, ((1.0, cell),), 0, 4 * ENOUGH - 1))
    told = [each for each in store.leaks(found, ["vrn-admissions"]) if each.breaks_the_rule]
    assert told == []
