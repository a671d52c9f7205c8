"""Every page before axe-core, in both themes, wide and on a phone, beside an empty page."""

import re
from itertools import pairwise

import pytest

from tests.browser.looking import GROUNDS, contrast, every_look, faults, open_whole
from tests.browser.serving import serving, wait_until_idle
from tests.browser.test_journeys import PAGES
from vrn_metrics import narrative
from vrn_metrics.analyses.trend import trend
from vrn_metrics.store import open_store
from vrn_metrics.ui.accessibility import KNOWN
from vrn_metrics.ui.frame import NAME

KNOWN_PARTS = [each.where for each in KNOWN]
OURS = [each or "scorecard" for each in PAGES if each != "scorecard"]


@pytest.fixture(scope="module")
def floor(browser, demo_database, tmp_path_factory):
    """The rules that an empty page of the same Streamlit breaks."""
    folder = tmp_path_factory.mktemp("empty")
    script = folder / "empty.py"
    script.write_text("import streamlit as st\n\nst.title('Empty')\n")
    page = browser.new_page(locale="en-GB")
    with serving(demo_database, folder / "log", script) as address:
        page.goto(address)
        page.get_by_role("heading", level=1).wait_for()
        wait_until_idle(page)
        found = {
            each.rule
            for theme, size in every_look(page)
            for each in faults(page, theme, size["width"], ())
        }
        page.close()
    return found


@pytest.fixture(scope="module", params=OURS)
def whole(request, server, browser):
    """A page with everything folded out, and its name."""
    context = browser.new_context(locale="en-GB", reduced_motion="reduce")
    page = context.new_page()
    page.set_viewport_size({"width": 1280, "height": 900})
    open_whole(page, f"{server}/{request.param}")
    yield request.param, page
    context.close()


def test_axe_finds_nothing_but_what_the_statement_lists(whole, floor):
    name, page = whole
    excused = {(rule, each.where) for each in KNOWN for rule in each.rules}
    found, faint = set(), set()
    for theme, size in every_look(page):
        found |= faults(page, theme, size["width"], KNOWN_PARTS)
        faint |= faint_words(page, theme)
    ours = {each for each in found if each.rule not in floor}
    assert {
        each for each in ours if not any((each.rule, part) in excused for part in each.inside)
    } == set()
    assert faint == set(), f"words of charts on {name}"
    if name == "data":  # what the statement lists is still there to be listed
        seen = {(each.rule, part) for each in ours for part in each.inside}
        assert seen & excused


def faint_words(page, theme):
    """Words of charts of less than 4.5 to 1, which axe-core does not judge; maps have a halo."""
    said = page.evaluate(
        """[...document.querySelectorAll('[data-testid=stVegaLiteChart] svg text')]
            .filter(each => each.textContent.trim()
                && !['#000000', '#ffffff'].includes(each.getAttribute('fill')))
            .map(each => [each.textContent, getComputedStyle(each).fill])"""
    )
    return {
        (words, fill, theme)
        for words, fill in said
        if contrast([int(each) for each in re.findall(r"\d+", fill)[:3]], GROUNDS[theme]) < 4.5
    }


def test_a_page_has_its_title_its_language_and_headings_in_order(whole):
    name, page = whole
    assert re.fullmatch(rf"[A-Z][a-z ]+ – {NAME}", page.title())
    assert page.evaluate("document.documentElement.lang") == "en"
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].filter(each => each.checkVisibility())"
        ".map(each => Number(each.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.get_by_role("heading", level=1).inner_text() == PAGES[name]


def test_every_chart_has_a_name_and_its_table_beside_it(whole):
    _, page = whole
    charts = page.locator("[data-testid=stVegaLiteChart], [role=figure]")
    names = [each.get_attribute("aria-label") for each in charts.all()]
    assert all(each and len(each) > 20 for each in names)
    assert len(set(names)) == len(names)
    drawn = page.locator("[data-testid=stVegaLiteChart]").count()
    tables = page.locator("details[open]:has(> summary:has-text('as a table')) .vrn-table")
    assert tables.count() >= drawn


def test_every_table_says_what_its_cells_are_under(whole):
    _, page = whole
    painted = "[data-testid=stDataFrame] table, [data-testid=stDataEditor] table"
    tables = page.locator("[data-testid=stMain] .vrn-table table")
    everywhere = page.locator("[data-testid=stMain] table").count()
    assert tables.count() == everywhere - page.locator(painted).count()
    for table in tables.all():
        heads = table.locator("thead th")
        assert heads.count() == table.locator("thead th[scope=col]").count() > 0
        rows = table.locator("tbody tr").count()
        assert table.locator("tbody th[scope=row]").count() == rows > 0
        frame = table.locator("xpath=..")
        assert frame.get_attribute("tabindex") == "0"
        assert frame.get_attribute("aria-label").startswith("Table: ")


def test_zoomed_to_four_hundred_percent_nothing_runs_off_the_page(whole):
    """WCAG 2.2, 1.4.10: 1280 pixels at 400% are 320; tables and maps may scroll by themselves."""
    _, page = whole
    page.set_viewport_size({"width": 320, "height": 256})
    page.wait_for_timeout(400)
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= 320
    beyond = page.evaluate(
        """[...document.querySelectorAll('[data-testid=stMain] :is(p, li, h1, h2, h3, button, '
              + 'summary, input, label, svg.marks)')]
            .filter(each => each.checkVisibility() && !each.closest('.vrn-table, .vrn-unseen'))
            .filter(each => !each.closest('[role=tablist], [data-testid=stDataFrame]'))
            .filter(each => each.getBoundingClientRect().right > 321
                || each.getBoundingClientRect().left < -1)
            .map(each => each.outerHTML.slice(0, 150))"""
    )
    assert beyond == []


def test_nothing_moves_where_less_motion_is_asked_for(whole):
    _, page = whole
    moving = page.evaluate(
        """[...document.querySelectorAll('*')].filter(each => {
            const style = getComputedStyle(each);
            const longest = given => Math.max(...given.split(',').map(parseFloat));
            return longest(style.transitionDuration) > 0.01
                || (style.animationName !== 'none' && longest(style.animationDuration) > 0.01);
        }).map(each => each.outerHTML.slice(0, 150))"""
    )
    assert moving == []


def test_a_chart_is_read_aloud_as_the_sentence_of_its_analysis(server, page, demo_database):
    store = open_store(demo_database)
    said = narrative.describe_chart(trend(store, "robbery"))
    store.engine.dispose()
    page.goto(f"{server}/trend?measure=robbery")
    wait_until_idle(page)
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    chart.locator("svg.marks").wait_for()
    assert chart.get_attribute("aria-label") == said
    assert narrative.trend_sentence(trend_of(demo_database)) in said


def trend_of(url):
    store = open_store(url)
    try:
        return trend(store, "robbery")
    finally:
        store.engine.dispose()


def test_the_statement_says_whom_to_ask_and_who_enforces(server, page):
    page.goto(server)
    wait_until_idle(page)
    page.get_by_role("link", name="Accessibility statement").click()
    page.wait_for_url("**/accessibility")
    wait_until_idle(page)
    said = page.locator("[data-testid=stMain]").inner_text()
    for words in ("partially compliant", "Equality and Human Rights Commission", "not set"):
        assert words in said
    assert all(each.what in said for each in KNOWN)
