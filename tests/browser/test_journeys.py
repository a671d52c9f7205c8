"""The pages in a real browser: cold deep links, a board member's minute, the keyboard alone."""

import re

import pytest

from tests.browser.serving import wait_until_idle

PAGES = {
    "": "Are we succeeding?",
    "scorecard": "Are we succeeding?",
    "trend": "Is it really changing?",
    "impact": "Did the network make the difference?",
    "changes": "What changed since last time?",
    "data": "What is this built on?",
    "districts": "What about my district?",
    "hotspots": "Where does it happen?",
    "spend": "Is 20% going to interventions?",
    "programme": "Do we do what the Home Office expects?",
    "about": "What do the words and figures mean?",
    "accessibility": "Accessibility statement",
}


@pytest.mark.parametrize("path", PAGES)
def test_a_deep_link_to_a_cold_server_opens_its_page_at_once(path, fresh_server, page):
    """Streamlit's old multipage mode would show 'Page not found' over it, or skip the guard."""
    page.goto(f"{fresh_server}/{path}")
    wait_until_idle(page)
    assert page.get_by_role("heading", level=1).inner_text() == PAGES[path]
    assert page.get_by_role("dialog").count() == 0
    assert "Page not found" not in page.content()
    assert page.get_by_text("Made-up demonstration data").count() >= 1
    assert page.get_by_role("link", name="Scorecard").count() >= 1


def test_a_board_member_reads_the_verdicts_without_a_click(server, page):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(server)
    wait_until_idle(page)
    cards = page.locator("article.vrn-card")
    cards.first.wait_for()
    assert cards.count() == 11
    first = cards.first.inner_text()
    assert "Lower" in first
    assert re.search(r"\d+% lower", first)
    assert cards.first.is_visible()
    pictures = page.locator(".vrn-spark")
    assert pictures.count() == 11
    assert pictures.first.locator(".vrn-bar").count() == 12
    assert page.locator(".vrn-whisker .vrn-interval").first.bounding_box()["width"] > 5
    assert all(
        pictures.nth(position).get_attribute("aria-label") for position in range(pictures.count())
    )


def test_a_district_lead_shares_the_view_by_its_address(server, page):
    page.goto(f"{server}/scorecard?area=E07000130&baseline=ye-2020-03")
    wait_until_idle(page)
    assert "Charnwood" in page.locator("main, [data-testid=stMain]").first.inner_text()
    assert "area=E07000130" in page.url


def test_the_keyboard_alone_changes_the_area_and_opens_the_details(server, page):
    page.goto(server)
    wait_until_idle(page)
    box = page.get_by_role("combobox", name=re.compile("Area"))
    box.focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    page.keyboard.type("Rutland", delay=30)
    page.wait_for_function("document.querySelectorAll('[role=option]').length === 2")
    page.keyboard.press("Enter")
    page.wait_for_function("location.search.includes('area=E06000017')")
    wait_until_idle(page)
    details = page.locator("article.vrn-card summary").first
    details.focus()
    page.keyboard.press("Enter")
    assert page.locator("article.vrn-card details[open]").count() == 1


def test_a_phone_shows_the_cards_without_scrolling_sideways(server, page):
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(server)
    wait_until_idle(page)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320


def test_an_analyst_loads_approves_and_withdraws_a_file(fresh_server, page, tmp_path):
    from tests.agreements import agreements_file
    from tests.conftest import ROOT

    template = ROOT / "data" / "templates" / "vrn-admissions.csv"
    for path in (agreements_file(tmp_path), template):
        page.goto(f"{fresh_server}/data")
        wait_until_idle(page)
        page.locator("input[type=file]").set_input_files(str(path))
        page.get_by_role("button", name="Read and store").click()
        page.get_by_text("It counts once it is approved").first.wait_for()
        page.reload()
        wait_until_idle(page)
        page.get_by_role("button", name=re.compile("Approve release")).click()
        page.get_by_role("button", name=re.compile("Withdraw release")).wait_for()
    page.get_by_role("button", name=re.compile("Withdraw release")).click()
    page.get_by_role("button", name=re.compile("Approve release")).wait_for()


def test_a_file_that_is_none_is_refused_in_the_page(fresh_server, page, tmp_path):
    bad = tmp_path / "letter.csv"
    bad.write_text("Dear all,\nno data here\n")
    page.goto(f"{fresh_server}/data")
    wait_until_idle(page)
    page.locator("input[type=file]").set_input_files(str(bad))
    page.get_by_role("button", name="Read and store").click()
    page.get_by_text("letter.csv: expected").first.wait_for()


def test_a_manager_changes_the_programme_in_its_table(fresh_server, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{fresh_server}/programme")
    wait_until_idle(page)
    page.get_by_text("Edit the records").click()
    page.get_by_label("Your role").fill("Programme manager")
    table = page.locator('[data-testid="stDataFrame"]').first
    table.scroll_into_view_if_needed()
    page.wait_for_timeout(1000)  # the table draws itself on a canvas
    written = table.locator("td").filter(has_text="Plan agreed by the board")
    for _ in range(4):  # a canvas says by nothing that it is ready to be typed into
        box = table.bounding_box()
        page.mouse.click(box["x"] + box["width"] - 60, box["y"] + 4.5 * 35)  # evidence, fourth row
        page.keyboard.type("Plan agreed by the board", delay=40)
        page.keyboard.press("Enter")
        page.wait_for_timeout(1000)
        if written.count():
            break
    assert written.count() == 1
    wait_until_idle(page)
    page.get_by_role("button", name="Save as a new release").click()
    page.get_by_role("button", name=re.compile("Approve release")).click()
    page.locator("article.vrn-card").get_by_text("Plan agreed by the board").wait_for()


def test_a_click_on_the_map_chooses_a_district_as_the_list_does(server, page):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(f"{server}/districts?measure=robbery")
    wait_until_idle(page)
    page.locator('path[aria-label*="against its baseline"]').first.wait_for()
    areas = page.locator('path[aria-label*="against its baseline"]')
    assert areas.count() == 9
    page.locator('path[aria-label^="Rutland:"]').first.dispatch_event("click")
    page.wait_for_function("location.search.includes('district=E06000017')")
    wait_until_idle(page)
    assert page.get_by_role("heading", name=re.compile("^Rutland: of the Home Office")).count() == 1
    assert page.get_by_role("combobox", name=re.compile("District")).count() >= 1
    assert page.get_by_text("Schematic boundaries").count() >= 1


def test_the_fifth_and_what_is_left_are_found_without_scrolling(server, page):
    page.set_viewport_size({"width": 1280, "height": 720})
    page.goto(f"{server}/spend")
    wait_until_idle(page)
    answer = page.get_by_role("heading", name=re.compile(r"has gone to interventions so far"))
    box = answer.bounding_box()
    assert box["y"] + box["height"] < 720
    assert re.search(r"£[\d,]+ more by 31 March", answer.inner_text())
    page.wait_for_function("document.querySelectorAll('[data-testid=stMetricValue]').length === 3")
    shares = page.locator("[data-testid=stMetricValue]")
    assert shares.last.bounding_box()["y"] < 720


def test_the_hotspot_map_is_drawn_without_a_request_to_anybody(server, page):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server}/hotspots")
    wait_until_idle(page)
    page.locator("[data-testid=stDeckGlJsonChart] canvas").first.wait_for()
    outside = [each for each in asked if not each.startswith((server, "data:", "blob:", "ws"))]
    assert outside == []
    assert page.get_by_text("anonymised street centres").count() >= 1
    page.get_by_role("group", name="Table: Places to look at first").wait_for()
