"""A digest in each of its shapes, parsed back and held against its JSON."""

import email
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from vrn_metrics.cli import vrn
from vrn_metrics.errors import BadInputError
from vrn_metrics.exports.digest import atom, html, text, with_entry
from vrn_metrics.exports.digest import email as as_email
from vrn_metrics.exports.digest.atom_xml import MOST_ENTRIES
from vrn_metrics.exports.digest.contents import Letter, Line, Part
from vrn_metrics.store.releases import DEMO

ATOM = "{http://www.w3.org/2005/Atom}"
MARK = "Made-up demonstration data. No figure here is real."
SITE = "https://vrn.example"
NASTY = Letter(
    title="Robbery & <b>knives</b>:\r\nBcc: everybody@example.org",
    notice=MARK,
    said=('"Quoted" & <script>alert(1)</script>',),
    parts=(
        Part("Files", (Line('a\x07\x1b<img src="x">.csv', f"{SITE}/trend?a=1&b=%22"),)),
        Part("Nothing", (), "None."),
    ),
    notes=("–  naïve café – £5",),
    address=f"{SITE}/scorecard?measure=robbery&as-of=2026-11-23",
    identity="tag:vrn.example,2026-11-23:digest/releases-1",
    host="vrn.example",
    author="Somebody & others",
    updated=datetime(2026, 11, 23, 18, 9, tzinfo=UTC),
)


class Words(HTMLParser):
    """The words of a page, the tags it has and where its links lead."""

    def __init__(self, page):
        super().__init__()
        self.said, self.tags, self.links = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.said.append(data)

    @property
    def text(self):
        return plain(" ".join(self.said))


def plain(words):
    return " ".join(words.split())


def parsed(feed):
    """The feed's root."""
    return ET.fromstring(feed)  # noqa: S314 - made here


def run(*words, url):
    result = CliRunner().invoke(vrn, [*map(str, words), "--database", url])
    assert "Traceback" not in result.output
    return result


def asked(url, shape, *more):
    result = run("digest", "--format", shape, "--site", SITE, *more, url=url)
    assert result.exit_code == 0, result.output
    return result.stdout_bytes if shape in ("eml", "atom") else result.stdout


@pytest.fixture(scope="module")
def everything(demo_database):
    """The demonstration's digest since long before it, in each shape."""
    since = ("--since", "2000-01-01")
    shapes = {each: asked(demo_database, each, *since) for each in ("text", "html", "atom", "eml")}
    return shapes | {"json": json.loads(asked(demo_database, "json", *since))}


def said_by(everything):
    """Each shape as plain words."""
    message = email.message_from_bytes(everything["eml"], policy=policy.default)
    entry = parsed(everything["atom"]).find(f"{ATOM}entry")
    return {
        "text": plain(everything["text"]),
        "html": Words(everything["html"]).text,
        "atom": Words(entry.findtext(f"{ATOM}content")).text,
        "eml, text": plain(message.get_body(("plain",)).get_content()),
        "eml, html": Words(message.get_body(("html",)).get_content()).text,
    }


def test_every_shape_says_what_the_json_says(everything):
    found = everything["json"]
    lines = [line["words"] for part in found["parts"] for line in part["lines"]]
    assert len(lines) > 30
    for shape, words in said_by(everything).items():
        for each in (found["title"], found["notice"], *found["said"], *lines, *found["notes"]):
            assert plain(each) in words, f"{shape} lacks: {each}"
        assert found["address"] in words


def test_every_shape_bears_the_mark(everything):
    assert everything["json"]["demonstration_data"] is True
    assert everything["json"]["title"].startswith("[Demonstration] ")
    assert all(MARK in words for words in said_by(everything).values())
    summary = parsed(everything["atom"]).find(f"{ATOM}entry").findtext(f"{ATOM}summary")
    assert MARK in summary


def test_links_lead_to_the_views_of_that_day(everything):
    addresses = {
        line["address"]
        for part in everything["json"]["parts"]
        for line in part["lines"]
        if line["address"]
    }
    day = everything["json"]["as_of"]
    assert addresses
    assert all(each.startswith(f"{SITE}/") and f"as-of={day}" in each for each in addresses)
    assert addresses <= set(Words(everything["html"]).links)


def test_special_causes_are_those_of_the_trend(everything, demo_database):
    found = everything["json"]
    listed = {}
    for each in found["special_causes"]:
        listed.setdefault(each["measure"], []).append(each)
    assert listed
    for key in (each["measure"] for each in found["measures"]):
        trend = json.loads(run("trend", key, "--format", "json", url=demo_database).stdout)
        last_year = [
            {k: p[k] for k in ("period", "count", "special_cause")}
            for p in trend["points"]
            if p["special_cause"] and p["period"]["start"] >= "2025-04-01"
        ]
        told = [
            {k: e[k] for k in ("period", "count", "special_cause")} for e in listed.get(key, [])
        ]
        assert told == last_year, key


def test_verdicts_are_those_of_what_changed(everything, demo_database):
    changes = json.loads(
        run("changes", "--since", "2000-01-01", "--format", "json", url=demo_database).stdout
    )
    found = everything["json"]
    assert found["measures"] == changes["measures"]
    assert found["sentence"] == changes["sentence"]
    turned = [e for e in found["measures"] if e["verdict_then"] != e["verdict_now"]]
    part = next(each for each in found["parts"] if each["title"] == "Verdicts that changed")
    assert len(part["lines"]) == len(turned) == 11


# E-mail


def test_the_message_is_a_draft_with_both_texts(everything):
    message = email.message_from_bytes(everything["eml"], policy=policy.default)
    assert not message.defects
    assert message.get_content_type() == "multipart/alternative"
    kinds = [each.get_content_type() for each in message.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert message["Subject"] == everything["json"]["title"]
    assert message["Date"].datetime.isoformat() == everything["json"]["updated"]
    assert message["From"] == "no-reply@vrn.example"
    assert (message["X-Unsent"], message["To"]) == ("1", None)
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n") == everything["text"]
    assert all(len(each) <= 998 for each in everything["eml"].split(b"\r\n"))  # RFC 5322, 2.1.1
    assert b"\n" not in everything["eml"].replace(b"\r\n", b"")


def test_the_same_digest_is_the_same_message(everything, demo_database):
    since = ("--since", "2000-01-01")
    assert asked(demo_database, "eml", *since) == everything["eml"]
    addressed = asked(
        demo_database, "eml", *since, "--to", "a@b.example", "--sender", "c@d.example"
    )
    message = email.message_from_bytes(addressed, policy=policy.default)
    assert (message["To"], message["From"]) == ("a@b.example", "c@d.example")


def test_a_title_cannot_write_headers():
    message = email.message_from_bytes(as_email(NASTY), policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == plain(NASTY.title)


@pytest.mark.parametrize("wrong", ["x@y.example\nBcc: all@example.org", "nobody", "a@b, c@d, e"])
@pytest.mark.parametrize("option", ["--sender", "--to"])
def test_what_is_no_address_is_wrong_usage(tmp_path, option, wrong):
    url = f"sqlite:///{tmp_path / 'empty.sqlite'}"
    result = run("digest", "--format", "eml", option, wrong, url=url)
    assert result.exit_code == 2
    assert option in result.stderr


# HTML


def test_words_are_never_tags():
    for page in (html(NASTY), as_html_of_feed(atom(NASTY, site=SITE))):
        found = Words(page)
        assert not {"script", "img", "b"} & set(found.tags)
        assert "<script>alert(1)</script>" in found.text
        assert f"{SITE}/trend?a=1&b=%22" in found.links
        assert all(each.startswith(SITE) for each in found.links)


def test_the_page_has_a_language_a_title_and_headings_in_order(everything):
    page = everything["html"]
    assert page.startswith('<!DOCTYPE html>\n<html lang="en-GB">')
    assert re.findall(r"<h(\d)", page) == ["1", "2", "2", "2", "2", "2"]
    assert not {"script", "link", "img", "iframe"} & set(Words(page).tags)


def as_html_of_feed(feed):
    return parsed(feed).find(f"{ATOM}entry").findtext(f"{ATOM}content")


# Atom


def assert_is_atom(feed):
    """What RFC 4287 says a feed must have (4.1.1, 4.1.2, 3.2, 3.3, 4.2.6)."""
    root = parsed(feed)
    assert root.tag == f"{ATOM}feed"
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
    entries = root.findall(f"{ATOM}entry")
    for each in (root, *entries):
        for name in ("id", "title", "updated"):
            (only,) = each.findall(f"{ATOM}{name}")
            assert only.text
        assert moment.fullmatch(each.findtext(f"{ATOM}updated"))
        assert re.fullmatch(r"tag:[\w.-]+,\d{4}(-\d\d-\d\d)?:\S+", each.findtext(f"{ATOM}id"))
        alternates = [
            (link.get("type"), link.get("hreflang"))
            for link in each.findall(f"{ATOM}link")
            if link.get("rel") == "alternate"
        ]
        assert len(alternates) == len(set(alternates)) >= 1
        assert all(link.get("href") for link in each.findall(f"{ATOM}link"))
        for author in each.findall(f"{ATOM}author"):
            assert author.findtext(f"{ATOM}name")
    assert root.findall(f"{ATOM}author")
    keys = [(e.findtext(f"{ATOM}id"), e.findtext(f"{ATOM}updated")) for e in entries]
    assert len(set(keys)) == len(keys)
    for content in root.iter(f"{ATOM}content"):
        assert content.get("type") == "html"
        assert not list(content)
    allowed = {
        "feed", "entry", "id", "title", "updated", "author", "name", "link", "summary", "content",
    }  # fmt: skip
    assert {each.tag.removeprefix(ATOM) for each in root.iter()} <= allowed
    return root, entries


def test_the_feed_is_atom(everything):
    root, (entry,) = assert_is_atom(everything["atom"])
    found = everything["json"]
    assert entry.findtext(f"{ATOM}id") == found["id"]
    assert entry.findtext(f"{ATOM}title") == found["title"]
    assert entry.findtext(f"{ATOM}updated").replace("Z", "+00:00") == found["updated"]
    assert entry.find(f"{ATOM}link").get("href") == found["address"]
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-GB"


def test_what_no_xml_may_hold_is_left_out():
    _, (entry,) = assert_is_atom(atom(NASTY, site=SITE))
    content = entry.findtext(f"{ATOM}content")
    assert "\x07" not in content
    assert "naïve café – £5" in content


def letters(count):
    return [
        replace(NASTY, identity=f"{NASTY.identity}{n}", title=f"Digest {n}") for n in range(count)
    ]


def titles(feed):
    return [each.findtext(f"{ATOM}title") for each in assert_is_atom(feed)[1]]


def test_a_feed_grows_at_the_top_and_ends_somewhere():
    feed = None
    for each in letters(MOST_ENTRIES + 3):
        feed = with_entry(feed, each, site=SITE)
    assert titles(feed) == [f"Digest {n}" for n in range(MOST_ENTRIES + 2, 2, -1)]


def test_the_same_digest_again_takes_its_own_place():
    one, two = letters(2)
    feed = with_entry(with_entry(None, one, site=SITE), two, site=SITE)
    again = with_entry(feed, replace(one, title="Digest 0 again"), site=SITE)
    assert titles(again) == ["Digest 0 again", "Digest 1"]


@pytest.mark.parametrize("other", [b"", b"<feed", b"<html/>", b"<rss version='2.0'/>"])
def test_what_is_no_feed_is_refused(other):
    with pytest.raises(BadInputError, match="expected an Atom feed"):
        with_entry(other, NASTY, site=SITE, name="digests.atom")


# The command


def test_since_a_release_is_since_the_day_before_it(demo_database):
    by_release = json.loads(asked(demo_database, "json", "--since", "1"))
    releases = json.loads(run("releases", "--format", "json", url=demo_database).stdout)
    assert {each["release"] for each in by_release["releases"]} == {
        each["release"] for each in releases
    }
    assert by_release["since"] < by_release["as_of"]


@pytest.mark.parametrize("since", ["999", "yesterday", "2026-13-01"])
def test_a_wrong_since_is_wrong_usage(demo_database, since):
    result = run("digest", "--since", since, url=demo_database)
    assert result.exit_code == 2
    assert result.stderr.strip()


def test_an_empty_store_has_nothing_new(tmp_path):
    found = json.loads(asked(f"sqlite:///{tmp_path / 'empty.sqlite'}", "json"))
    assert (found["since"], found["releases"], found["special_causes"]) == (None, [], [])
    assert found["demonstration_data"] is False
    assert "/" in found["id"]


def test_a_digest_can_be_written_to_a_file(demo_database, tmp_path, everything):
    out = tmp_path / "digest.html"
    result = run(
        "digest", "--format", "html", "--since", "2000-01-01", "--site", SITE, "--out", out,
        url=demo_database,
    )  # fmt: skip
    assert result.exit_code == 0
    assert out.read_text(encoding="utf-8") == everything["html"]
    nowhere = run("digest", "--out", tmp_path / "none" / "x.txt", url=demo_database)
    assert nowhere.exit_code == 3


@pytest.fixture
def loaded(tmp_path):
    """A store with two published tables that are loaded and not approved."""
    url = f"sqlite:///{tmp_path / 'store.sqlite'}"
    names = ("ons-population.csv", "ho-knife.csv", "ho-prc-force.csv")
    assert run("load", *(DEMO / name for name in names), url=url).exit_code == 0
    assert run("approve", 1, url=url).exit_code == 0
    return url


def test_a_digest_is_written_when_a_release_is_approved(loaded, tmp_path):
    folder = tmp_path / "digests"
    result = run("approve", 2, "--digest", folder, "--site", SITE, url=loaded)
    assert result.exit_code == 0, result.output
    shapes = ("txt", "html", "eml", "json")
    expected = {f"digest-release-2.{each}" for each in shapes} | {"digests.atom"}
    assert {each.name for each in folder.iterdir()} == expected
    found = json.loads((folder / "digest-release-2.json").read_text())
    assert [each["release"] for each in found["releases"]] == [1, 2]
    assert found == json.loads(asked(loaded, "json"))
    assert (folder / "digest-release-2.eml").read_bytes() == asked(loaded, "eml")

    assert run("approve", 3, "--digest", folder, "--site", SITE, url=loaded).exit_code == 0
    _, entries = assert_is_atom((folder / "digests.atom").read_bytes())
    ids = [each.findtext(f"{ATOM}id") for each in entries]
    assert [each.rpartition("/")[2] for each in ids] == ["releases-1-3", "releases-1-2"]


def test_nothing_is_approved_where_no_digest_can_be_written(loaded, tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = run("approve", 2, "--digest", tmp_path / "file", url=loaded)
    assert result.exit_code == 3
    states = {
        each["release"]: each["state"]
        for each in json.loads(run("releases", "--format", "json", url=loaded).stdout)
    }
    assert states == {1: "approved", 2: "loaded", 3: "loaded"}


def test_the_text_fits_a_terminal_but_for_addresses(everything):
    lines = [each for each in text(NASTY).splitlines() if SITE not in each]
    lines += [each for each in everything["text"].splitlines() if SITE not in each]
    assert max(map(len, lines)) <= 76
