"""One file from a server that does what servers do."""

import hashlib
import os

import pytest

from tests.fetch.conftest import KNIFE, NAME, PAGE, PLACE, attachment, changed, page
from tests.fetch.site import (
    File,
    as_json,
    cut_off,
    dripping,
    redirect,
    silent,
    status,
    web_page,
)
from vrn_metrics.errors import BadInputError, FetchError
from vrn_metrics.fetch import What

OTHER = KNIFE + b"2024/25,Q4,Elsewhere,Robbery,1\n"


def refusal(get, entry, **patience):
    """The one sentence that is said, when nothing came of it."""
    with pytest.raises(FetchError) as raised:
        get(entry, **patience)
    said = str(raised.value)
    assert "\n" not in said
    assert said.startswith("ho-knife: expected ")
    assert "Error" not in said
    return said


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_a_file_comes_whole_with_its_hash_and_its_marks(site, knife, get):
    found = get(knife)
    assert found.what is What.FIRST
    assert found.path.read_bytes() == KNIFE
    assert found.now.sha256 == hashlib.sha256(KNIFE).hexdigest()
    assert (found.now.size, found.now.etag) == (len(KNIFE), '"one"')
    assert found.now.published.isoformat() == "2026-07-23"
    assert files(found.path.parent) == ["fetched.json", NAME]


def test_who_asks_is_said_and_a_netrc_is_not_used(site, knife, get, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    get(knife)
    for _, headers in site.asked:
        assert headers["User-Agent"].startswith("vrn-dashboard/")
        assert headers["Accept-Encoding"] == "identity"
        assert "Authorization" not in headers


def test_what_has_not_changed_is_not_sent_again(site, knife, get):
    first = get(knife)
    again = get(knife)
    assert again.what is What.NOT_CHANGED
    assert again.path == first.path
    assert again.now == first.now
    asked = site.asked_for(PLACE)
    assert "If-None-Match" not in asked[0]
    assert asked[1]["If-None-Match"] == '"one"'
    assert "Not changed" in again.sentence


def test_a_server_without_an_etag_is_asked_by_day(site, knife, get):
    site.pages[PLACE] = File(KNIFE, etag="")
    get(knife)
    assert get(knife).what is What.NOT_CHANGED
    assert site.asked_for(PLACE)[1]["If-Modified-Since"] == "Thu, 23 Jul 2026 08:30:00 GMT"


def test_the_same_bytes_under_a_new_mark_are_told_as_the_same(site, knife, get):
    get(knife)
    site.pages[PLACE] = File(KNIFE, etag='"two"')
    again = get(knife)
    assert again.what is What.SAME
    assert again.now.etag == '"two"'


def test_other_bytes_of_the_same_name_are_kept_beside_the_old_ones(site, knife, get):
    first = get(knife)
    site.pages[PLACE] = File(OTHER, etag='"two"')
    again = get(knife)
    assert again.what is What.CHANGED
    assert again.path != first.path
    assert first.path.read_bytes() == KNIFE
    assert again.path.read_bytes() == OTHER


def test_a_newer_edition_is_told_from_an_older_one(site, knife, get):
    get(knife)
    newer = NAME.replace("230726", "221026")
    site.pages[f"/media/66a0/{newer}"] = File(OTHER, etag='"two"')
    listed = [attachment(site, each, "Knife offences") for each in (NAME, newer)]
    site.pages[PAGE] = as_json(page(*listed))
    assert get(knife).what is What.NEWER
    site.pages[PAGE] = as_json(page(listed[0]))
    taken_back = get(knife)
    assert taken_back.what is What.OLDER
    assert "taken back?" in taken_back.sentence


def test_a_held_file_that_was_altered_is_fetched_anew(site, knife, get):
    first = get(knife)
    first.path.write_bytes(KNIFE[:-10])
    again = get(knife)
    assert again.what is What.FIRST
    assert again.path.read_bytes() == KNIFE


def test_a_broken_line_is_taken_up_where_it_broke(site, knife, get):
    heard = []
    site.first[PLACE].append(cut_off(File(KNIFE), 70_000))
    site.first[PLACE].append(cut_off(File(KNIFE), 65_536))
    found = get(knife, heard=heard)
    assert found.path.read_bytes() == KNIFE
    first, second, third = site.asked_for(PLACE)
    assert "Range" not in first
    assert second["If-Range"] == third["If-Range"] == '"one"'
    begun = [int(each["Range"].removeprefix("bytes=").rstrip("-")) for each in (second, third)]
    assert 0 < begun[0] < begun[1] < len(KNIFE)
    assert sum("going on from byte" in each for each in heard) == 2
    assert files(found.path.parent) == ["fetched.json", NAME]


def test_a_file_is_taken_up_by_the_next_run(site, knife, get):
    site.first[PLACE].append(cut_off(File(KNIFE), 100_000))
    said = refusal(get, knife, times=1)
    assert "an answer that broke off" in said
    assert get(knife).path.read_bytes() == KNIFE
    assert site.asked_for(PLACE)[1]["If-Range"] == '"one"'


def test_a_file_that_changed_meanwhile_is_begun_again(site, knife, get):
    heard = []
    site.first[PLACE].append(cut_off(File(KNIFE), 100_000))
    site.pages[PLACE] = File(OTHER, etag='"two"')
    found = get(knife, heard=heard)
    assert found.path.read_bytes() == OTHER
    assert found.now.etag == '"two"'
    assert any("the file has changed" in each for each in heard)


def test_a_file_that_became_shorter_meanwhile_is_begun_again(site, knife, get):
    short = KNIFE[: KNIFE.index(b"\n", 50_000) + 1]
    site.first[PLACE].append(cut_off(File(KNIFE), 100_000))
    site.first[PLACE].append(status(416))
    site.pages[PLACE] = File(short, etag='"two"')
    assert get(knife).path.read_bytes() == short


def test_another_part_than_was_asked_for_is_not_put_to_it(site, knife, get):
    """Bytes from the tenth, just as many as are missing."""

    def again(handler):
        rest = len(KNIFE) - int(handler.headers["Range"].removeprefix("bytes=").rstrip("-"))
        marks = {"ETag": '"one"', "Content-Range": f"bytes 10-{rest + 9}/{len(KNIFE)}"}
        handler.reply(206, KNIFE[10 : rest + 10], marks)

    site.first[PLACE].extend([cut_off(File(KNIFE), 100_000), again])
    assert get(knife).path.read_bytes() == KNIFE


def test_a_part_of_another_address_is_not_gone_on_with(site, knife, get):
    """The address holds a number that changes with each release; the name and mark may not."""
    site.first[PLACE].append(cut_off(File(KNIFE), 100_000))
    refusal(get, knife, times=1)
    site.pages[PAGE] = as_json(page(attachment(site, NAME, "Knife offences", "77b1")))
    site.pages[f"/media/77b1/{NAME}"] = File(KNIFE.swapcase())
    assert get(knife).path.read_bytes() == KNIFE.swapcase()


def test_a_weak_mark_is_not_enough_to_go_on_by(site, knife, get):
    file = File(KNIFE, etag='W/"one"', last_modified="")
    site.first[PLACE].append(cut_off(file, 100_000))
    site.pages[PLACE] = file
    assert get(knife).path.read_bytes() == KNIFE
    assert all("Range" not in each for each in site.asked_for(PLACE))


def test_a_server_that_ignores_ranges_is_no_harm(site, knife, get):
    site.first[PLACE].append(cut_off(File(KNIFE), 100_000))
    site.pages[PLACE] = File(KNIFE, ranges=False)
    assert get(knife).path.read_bytes() == KNIFE


def test_what_is_not_there_is_said_at_once_with_where_to_look(site, knife, get, waits):
    del site.pages[PLACE]
    said = refusal(get, knife)
    assert "404 Not Found" in said
    assert "https://www.gov.uk/open-data" in said
    assert waits == []
    assert len(site.asked_for(PLACE)) == 1


def test_a_server_in_trouble_is_asked_again_each_time_later(site, knife, get, waits):
    site.first[PLACE].extend([status(500), status(502), status(503)])
    assert get(knife).path.read_bytes() == KNIFE
    assert waits[0] == 0
    assert 2 <= waits[1] <= 3  # doubling from 1 s, and up to 1 s by chance
    assert 4 <= waits[2] <= 5


def test_a_server_that_stays_in_trouble_is_given_up(site, knife, get, waits):
    site.pages[PLACE] = status(503)
    said = refusal(get, knife)
    assert "503 Service Unavailable at 127.0.0.1" in said
    assert "asked 4 times" in said
    assert len(waits) == 3


def test_a_wait_that_is_asked_for_is_kept(site, knife, get, waits):
    site.first[PLACE].append(status(429, Retry_After="17"))
    site.first[PLACE].append(status(503, Retry_After="not a number"))
    get(knife)
    assert waits[0] == 17
    assert 2 <= waits[1] <= 3


def test_a_long_wait_is_left_to_the_person(site, knife, get, waits):
    site.first[PLACE].append(status(429, Retry_After="3600"))
    said = refusal(get, knife)
    assert "429 Too Many Requests, and to come back in 3,600 seconds" in said
    assert waits == []


def test_a_silent_server_is_not_waited_for_without_end(site, knife, get):
    site.first[PLACE].append(silent(2))
    assert get(knife, silence=0.2).path.read_bytes() == KNIFE
    site.pages[PLACE] = silent(2)
    assert "a server that fell silent" in refusal(get, knife, silence=0.2, times=2)


def test_a_server_that_drips_is_left_and_gone_on_with_later(site, knife, get):
    site.first[PLACE].append(dripping(File(KNIFE), 0.01))
    said = refusal(get, knife, whole=0.3)
    assert "within 0 seconds" in said
    assert "go on from there" in said
    assert get(knife).path.read_bytes() == KNIFE
    assert "Range" in site.asked_for(PLACE)[1]


def test_a_web_page_is_not_taken_for_the_file_whatever_it_calls_itself(site, knife, get, tmp_path):
    site.pages[PLACE] = web_page
    assert "found a web page at" in refusal(get, knife)
    site.pages[PLACE] = File(b"\xef\xbb\xbf\n <HTML><head>", kind="text/csv")
    assert "found a web page at" in refusal(get, knife)
    assert files(tmp_path) == []


def test_a_web_page_for_a_listing_is_said(site, knife, get):
    site.pages[PAGE] = web_page
    assert "expected JSON, found a web page" in refusal(get, knife)


def test_a_redirect_within_the_listed_hosts_is_followed(site, knife, get):
    site.pages["/other.csv"] = site.pages[PLACE]
    site.pages[PLACE] = redirect(f"{site.url.replace('127.0.0.1', 'localhost')}/other.csv")
    assert get(changed(knife, hosts=("127.0.0.1", "localhost"))).path.read_bytes() == KNIFE


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("http://localhost:{port}/other.csv", "a redirect with the host localhost"),
        ("http://example.org/x.csv", "a redirect with 'http' and not https"),
        ("https://example.org/x.csv", "a redirect with the host example.org"),
        ("ftp://127.0.0.1/x.csv", "a redirect with 'ftp' and not https"),
        ("http://me:secret@127.0.0.1:{port}/x.csv", "a redirect with a name and password in it"),
        ("file:///etc/hostname", "a redirect with 'file' and not https"),
        ("https://[half", "expected a redirect to an address"),
    ],
)
def test_a_redirect_elsewhere_is_refused_and_not_followed(site, knife, get, where, why):
    site.pages["/other.csv"] = File(KNIFE)
    site.pages[PLACE] = redirect(where.format(port=site.server.server_port))
    said = refusal(get, knife)
    assert why in said
    assert "secret" not in said
    assert site.asked_for("/other.csv") == []


def test_the_body_of_a_redirect_is_not_read(site, knife, get):
    """A library that follows redirects reads it to its end first, however long it is."""
    sent = []

    def reply(handler):
        handler.head(302, 10**9, {"Location": "http://127.0.0.1:9/"})
        for _ in range(200):
            handler.wfile.write(b"x" * 100_000)
            sent.append(100_000)

    site.pages[PLACE] = reply
    refusal(get, changed(knife, hosts=("127.0.0.1",)), times=1)
    assert sum(sent) < 20_000_000


def test_redirects_in_a_circle_end(site, knife, get):
    site.pages[PLACE] = redirect(PLACE)
    assert "more than 5 redirects" in refusal(get, knife)


def test_an_attachment_at_another_host_is_refused(site, knife, get):
    elsewhere = attachment(site, NAME, "Knife") | {"url": "https://example.org/knife.csv"}
    site.pages[PAGE] = as_json(page(elsewhere))
    assert "an address with the host example.org" in refusal(get, knife)


def test_too_large_is_seen_by_the_stated_length(site, knife, get, tmp_path):
    said = refusal(get, changed(knife, largest=100_000))
    assert "at most 100,000 bytes" in said
    assert f"found {len(KNIFE):,}" in said


def test_too_large_is_seen_while_it_streams(site, knife, get, tmp_path):
    def endless(handler):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.close_connection = True
        for _ in range(1000):
            handler.wfile.write(b"a,b\n" * 5000)

    site.pages[PLACE] = endless
    assert "at most 100,000 bytes" in refusal(get, changed(knife, largest=100_000))
    kept = sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file())
    assert kept < 110_000


def test_the_size_that_a_page_states_is_held_against_the_file(site, knife, get, tmp_path):
    listed = attachment(site, NAME, "Knife offences", file_size=len(KNIFE) + 1)
    site.pages[PAGE] = as_json(page(listed))
    assert "as its page says" in refusal(get, knife)
    assert files(tmp_path) == []


def test_a_file_of_another_type_is_refused_by_its_content(site, knife, get, tmp_path):
    site.pages[PLACE] = File(b'{"type": "FeatureCollection", "features": []}', kind="text/csv")
    assert f"expected ods or csv, found json in {NAME}" in refusal(get, knife)
    assert files(tmp_path) == []


def test_a_workbook_that_is_cut_off_without_a_stated_length_is_refused(site, knife, get, tmp_path):
    from vrn_metrics.store.releases import DEMO

    content = (DEMO / "nhs-sharp-admissions.xlsx").read_bytes()
    site.pages[PLACE] = File(content[:-200])
    with pytest.raises(BadInputError, match="complete workbook or zip"):
        get(changed(knife, types=("xlsx",)))
    assert files(tmp_path) == []


def test_what_was_held_is_still_held_after_a_refusal(site, knife, get):
    first = get(knife)
    site.pages[PLACE] = web_page
    refusal(get, knife)
    assert first.path.read_bytes() == KNIFE
    site.pages[PLACE] = File(KNIFE)
    assert get(knife).what is What.NOT_CHANGED


def test_a_refused_connection_is_said_plainly(knife, get):
    said = refusal(get, changed(knife, address="http://127.0.0.1:9/x"), times=2)
    assert "no connection at 127.0.0.1/x (asked 2 times)" in said


def test_the_proxy_of_the_environment_is_used(site, knife, get, monkeypatch):
    """The site stands in as a proxy: what it is asked for is then a whole address."""
    monkeypatch.setenv("HTTP_PROXY", site.url)
    monkeypatch.setenv("http_proxy", site.url)
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("no_proxy", "")
    entry = changed(knife, address=f"http://localhost:1{PAGE}", hosts=("localhost", "127.0.0.1"))
    assert get(entry).path.read_bytes() == KNIFE
    assert site.asked[0][0] == f"http://localhost:1{PAGE}"


def test_a_folder_that_cannot_be_written_to_is_one_sentence(site, knife, get, tmp_path):
    (tmp_path / "fetched").write_text("a file")
    with pytest.raises(FetchError, match="a folder to write to"):
        get(knife)


@pytest.mark.skipif(os.name == "nt", reason="names of files differ there")
def test_a_name_that_leads_elsewhere_leads_nowhere(site, knife, get, tmp_path):
    listed = attachment(site, "x", "Knife offences")
    listed["url"] = f"{site.url}/media/..%2F..%2F..%2Fknife.csv"
    site.pages["/media/..%2F..%2F..%2Fknife.csv"] = File(KNIFE)
    site.pages[PAGE] = as_json(page(listed))
    assert get(knife).path == tmp_path / "fetched" / "ho-knife" / "knife.csv"
