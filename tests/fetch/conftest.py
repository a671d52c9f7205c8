"""A site, an entry that looks at it, and no waiting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.fetch.site import File, Site, as_json
from vrn_metrics.fetch import Entry, Patience, fetch
from vrn_metrics.fetch import web as web_module
from vrn_metrics.store.releases import DEMO

PAGE = "/api/content/government/statistical-data-sets/open-data"
KNIFE = (DEMO / "ho-knife.csv").read_bytes()
NAME = "prc-knife-open-data-mar2009-onwards-tables-230726.csv"
PLACE = f"/media/66a0/{NAME}"


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch):
    """What the tests' machine has as its proxy is not asked for this machine's own pages."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def waits(monkeypatch):
    """Every wait between two questions, which takes no time here."""
    waited = []
    monkeypatch.setattr(web_module, "sleep", waited.append)
    return waited


@pytest.fixture
def site():
    made = Site()
    yield made
    made.close()


def attachment(site: Site, name: str, title: str, folder: str = "66a0", **more) -> dict:
    """One attachment as the content API lists it."""
    return {
        "accessible": False,
        "attachment_type": "file",
        "content_type": "application/vnd.oasis.opendocument.spreadsheet",
        "filename": name,
        "id": name,
        "title": title,
        "url": f"{site.url}/media/{folder}/{name}",
        **more,
    }


def page(*attachments: dict, body: str = "") -> dict:
    """A page of GOV.UK as the content API gives it."""
    return {
        "base_path": "/government/statistical-data-sets/open-data",
        "document_type": "statistical_data_set",
        "public_updated_at": "2026-07-23T09:30:00+01:00",
        "title": "Police recorded crime and outcomes open data tables",
        "details": {"body": body, "attachments": list(attachments)},
    }


@pytest.fixture
def knife(site):
    """The knife table on a page of GOV.UK, and the entry for it."""
    site.pages[PAGE] = as_json(page(attachment(site, NAME, "Knife offences open data")))
    site.pages[PLACE] = File(KNIFE)
    return Entry(
        key="ho-knife",
        title="Knife offences",
        publisher="Home Office",
        kind="govuk-content",
        address=f"{site.url}{PAGE}",
        page="https://www.gov.uk/open-data",
        named="knife",
        hosts=("127.0.0.1",),
        types=("ods", "csv"),
        largest=5_000_000,
        source="ho-knife",
    )


@pytest.fixture
def get(tmp_path):
    """Fetch an entry into the same folder each time."""

    def run(entry, *, heard=None, **patience):
        times = {"times": 4, "silence": 5.0} | patience
        hear = (heard if heard is not None else []).append
        return fetch(entry, tmp_path / "fetched", patience=Patience(**times), progress=hear)

    return run


def changed(entry: Entry, **what) -> Entry:
    """The entry, otherwise."""
    return replace(entry, **what)
