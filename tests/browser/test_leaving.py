"""Leaving with something: the board pack and a chart from a real browser, and the pack offline."""

import pytest

from tests.browser.serving import wait_until_idle
from vrn_metrics.exports import pack as board
from vrn_metrics.store import open_store

STARTS = {"PowerPoint": b"PK\x03\x04", "PDF": b"%PDF-1.7", "Web page": b"<!DOCTYPE html>"}


def saved(page, name):
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=name).click()
    return download.value


@pytest.mark.parametrize("title", STARTS)
def test_a_board_member_leaves_with_a_pack_after_two_clicks(title, server, page):
    page.goto(server)
    wait_until_idle(page)
    page.get_by_role("radio", name=title).click()
    download = saved(page, f"Save the board pack ({title}")
    assert download.suggested_filename.startswith("board-pack-E23000021-")
    assert download.path().read_bytes().startswith(STARTS[title])


def test_a_chart_and_a_table_are_saved_from_their_page(server, page):
    page.goto(f"{server}/trend?measure=robbery")
    wait_until_idle(page)
    picture = saved(page, "Trend chart: PNG")
    assert picture.suggested_filename == "trend-robbery-E23000021.png"
    assert picture.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_text("The numbers as a table").click()
    table = saved(page, "Points: CSV with metadata (ZIP)")
    assert table.path().read_bytes().startswith(b"PK")


def test_the_page_of_a_pack_opens_without_a_network(demo_database, page, tmp_path):
    store = open_store(demo_database)
    made = board.board_pack(board.Asked(store))
    store.engine.dispose()
    path = tmp_path / "pack.html"
    path.write_bytes(board.written(made, board.KINDS["html"]))
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.context.set_offline(True)
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(path.as_uri())
    assert asked == [path.as_uri()]
    assert complaints == []
    assert page.title() == made.title
    assert page.get_by_role("heading", level=2).count() == len(made.sections)
    pictures = page.get_by_role("img")
    assert pictures.count() == sum(len(each.drawn) for each in made.sections)
    assert pictures.first.bounding_box()["height"] > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
