"""Whatever a server answers, the answer is a file or one sentence."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_metrics.errors import FetchError
from vrn_metrics.fetch import Entry
from vrn_metrics.fetch.newest import Candidate, rank, safe_name
from vrn_metrics.fetch.publishers import ASSEMBLE, FIND
from vrn_metrics.fetch.web import Web

NAMES = st.sampled_from(
    [
        *("details", "attachments", "url", "title", "body", "datasets", "uri", "downloads", "file"),
        *("date", "services", "name", "type", "features", "attributes", "count", "error"),
        *("properties", "exceededTransferLimit", "objectIdField", "maxRecordCount"),
    ]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 5),
    st.text(max_size=12),
    st.sampled_from(["/a/current", "2026-09", "FeatureServer", "https://[x", '<a href="/x.csv">x']),
)
ANSWERS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)),
    max_leaves=15,
)


class Oracle(Web):
    """Says anything."""

    def __init__(self, answers, words):
        super().__init__("any", ("example.org",))
        self.answers, self.words = iter(answers), iter(words)

    def json(self, address, largest=0):
        return next(self.answers, {"features": [], "count": 0})

    def text(self, address, largest):
        return next(self.words, "OBS_VALUE\n")


def entry(kind):
    return Entry(
        key="any",
        title="any",
        publisher="any",
        kind=kind,
        address="https://example.org/x",
        hosts=("example.org",),
        types=("csv",),
        largest=10**6,
    )


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FIND)), st.lists(ANSWERS, max_size=3))
def test_any_listing_gives_a_candidate_or_one_sentence(kind, answers):
    web = Oracle(answers, [])
    with suppress(FetchError):
        found = FIND[kind](entry(kind), web)
        assert "/" not in found.name
        assert found.name
        assert isinstance(rank(found.name, found.title), tuple)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(ASSEMBLE)),
    st.lists(ANSWERS, max_size=4),
    st.lists(st.text(max_size=60).map(lambda words: f"OBS_VALUE,{words}"), max_size=3),
    st.sampled_from(["a.csv", "a.geojson"]),
)
def test_any_pages_give_a_file_or_one_sentence(kind, answers, words, name):
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        candidate = Candidate("https://example.org/x", name, "any")
        with suppress(FetchError):
            ASSEMBLE[kind](entry(kind), candidate, Oracle(answers, words), path)
            assert path.is_file()


@given(st.text())
def test_any_address_gives_a_name_that_stays_in_its_folder(address):
    name = safe_name(address, "x")
    assert name
    assert Path(name).name == name
    assert name not in (".", "..")
