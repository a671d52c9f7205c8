"""What the three users come for, done with the keyboard alone: Tab, Enter, Space, arrows, words."""

import re

import pytest

from tests.browser.serving import wait_until_idle
from vrn_metrics.ui.launch import PAGES

# What has the focus, as a sighted person at a keyboard sees it.
FOCUS = """() => {
    const here = document.activeElement;
    const box = here.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + Math.min(box.height / 2, 200);
    const top = document.elementFromPoint(x, y);
    const framed = each => {
        const style = each && getComputedStyle(each);
        return style && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    };
    return {
        what: here.outerHTML.slice(0, 160),
        isPage: here === document.body,
        isRinged: [here, here.parentElement, here.closest('label')].some(framed),
        isSeen: Boolean(top) && (here.contains(top) || top.contains(here)),
        width: box.width,
        height: box.height,
        y: box.y,
        over: top && top.outerHTML.slice(0, 160),
    };
}"""
LEAST = 24
"""Pixels: WCAG 2.2, 2.5.8."""


def focus(page):
    """What has the focus; it must be ringed, not hidden by the bar at the top, and large enough."""
    for _ in range(8):  # a page that was unfolded is still being laid out, a ring fades in
        seen = page.evaluate(FOCUS)
        if seen["isPage"] or (seen["isRinged"] and seen["isSeen"]):
            break
        page.wait_for_timeout(100)
    if not seen["isPage"]:
        assert seen["isRinged"], seen
        assert seen["isSeen"], str(seen)
        assert min(seen["width"], seen["height"]) >= LEAST, seen
    return seen


def opened(page, address):
    """Go there, and wait for the boxes to choose from: Streamlit loads them after the words."""
    page.goto(address)
    wait_until_idle(page)
    page.get_by_role("combobox").first.wait_for()


def settled(page):
    """Wait until the page is as long as it was half a second ago: it pushes down what has focus."""
    wait_until_idle(page)
    height = "document.querySelector('[data-testid=stMain]').scrollHeight"
    for _ in range(20):
        before = page.evaluate(height)
        page.wait_for_timeout(500)
        if page.evaluate(height) == before:
            return


def tab_to(page, target, most=80):
    """Press Tab until a thing has the focus."""
    target.first.wait_for(state="attached")
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.first.evaluate("each => each === document.activeElement"):
            focus(page)
            return
    raise AssertionError(f"{most} times Tab did not reach {target}")


def choose(page, label, words, address):
    """Choose from a list by typing part of what it says."""
    tab_to(page, page.get_by_role("combobox", name=re.compile(f"^{label}")))
    page.keyboard.type(words, delay=15)
    page.get_by_role("option", name=re.compile(words)).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_function(f"location.search.includes('{address}')")
    settled(page)


def saved(page, name):
    """Reach a button by Tab and press it; what it saves."""
    tab_to(page, page.get_by_role("button", name=name))
    with page.expect_download(timeout=60_000) as download:
        page.keyboard.press("Enter")
    return download.value.path().read_bytes()


def unfold(page, words):
    """Reach what is folded away by Tab and open it."""
    tab_to(page, page.locator("summary").filter(has_text=words))
    page.keyboard.press("Enter")
    page.locator("details[open] > summary").filter(has_text=words).first.wait_for()
    page.wait_for_timeout(500)  # what is opened slides down, and may be made only now
    settled(page)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_tab_goes_once_through_the_page_and_out_again(theme, server, page):
    """The way past the navigation comes first; every stop is ringed and in sight; no trap."""
    page.emulate_media(color_scheme=theme)
    opened(page, server)
    page.keyboard.press("Tab")
    stops = [focus(page)["what"]]
    assert "Skip to main content" in stops[0]
    while len(stops) < 80:
        page.keyboard.press("Tab")
        seen = focus(page)
        if seen["isPage"]:
            break
        stops.append(seen["what"])
    assert len(stops) < 80
    assert "stPageLink" in stops[-1]
    assert sum("stTopNavLink" in each for each in stops) == len(PAGES)
    assert sum(each.startswith("<summary") for each in stops) >= 12


def test_the_way_past_the_navigation_leads_to_the_choices(server, page):
    opened(page, server)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "stMain"
    page.keyboard.press("Tab")
    focus(page)
    assert page.evaluate("document.activeElement.getAttribute('role')") == "combobox"


def test_a_board_member_compares_reads_on_and_leaves_with_the_pack(server, page):
    opened(page, server)
    choose(page, "Compared with", "Year ending March 2020", "baseline=ye-2020-03")
    tab_to(page, page.locator("article.vrn-card summary").first)
    page.keyboard.press("Enter")
    assert page.locator("article.vrn-card details[open]").count() == 1
    unfold(page, "The numbers as a table")
    tab_to(page, page.get_by_role("group", name="Table: Scorecard"))
    tab_to(page, page.get_by_role("radiogroup", name="Board pack").get_by_role("radio"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert saved(page, re.compile("Save the board pack")).startswith(b"<!DOCTYPE html>")


def test_an_evaluator_changes_the_method_reads_the_table_and_takes_the_script(server, page):
    opened(page, f"{server}/impact")
    choose(page, "Method", "Interrupted", "impact-method=interrupted")
    unfold(page, "Who is compared with")
    assert b"import" in saved(page, re.compile("Script"))


def test_a_district_lead_finds_the_district_and_takes_its_numbers(server, page):
    opened(page, server)
    tab_to(page, page.get_by_role("link", name="Districts"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="What about my district?").wait_for()
    wait_until_idle(page)
    choose(page, "District", "Rutland", "district=E06000017")
    assert page.get_by_role("heading", name=re.compile("^Rutland: of the Home Office")).count() == 1
    unfold(page, "Map as a table")
    tab_to(page, page.get_by_role("group", name="Table: Map"))
    unfold(page, "measures of the district")
    assert saved(page, re.compile("CSV")).startswith(b"\xef\xbb\xbf")


def test_on_a_phone_the_menu_opens_and_leads_on_by_keyboard(server, page):
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, server)
    tab_to(page, page.get_by_role("button", name="Expand sidebar"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("link", name="Spend"))
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Is 20% going").wait_for()
