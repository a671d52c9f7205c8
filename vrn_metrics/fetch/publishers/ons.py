"""ONS dataset pages: every page of www.ons.gov.uk is JSON under `/data`."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from vrn_metrics.errors import FetchError
from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.newest import Candidate, newest, rank, safe_name
from vrn_metrics.fetch.web import Web

CURRENT: Final = "current"


def find(entry: Entry, web: Web) -> Candidate:
    """The fitting file of the newest edition.

    An edition is a folder such as `yearendingmarch2026` or `current`; the current one is the
    newest, then the latest month or year in the folder's name, then the first in the page's list.
    """
    editions = [each for each in _editions(entry, web) if re.search(entry.edition, _folder(each))]
    if not editions:
        raise web.refusal(f"an edition like '{entry.edition}'", "none on the page")
    latest = max(editions, key=lambda each: (_folder(each) == CURRENT, rank(_folder(each))))
    page = web.json(_at(entry, f"{latest}/data"))
    downloads = page.get("downloads") if isinstance(page, dict) else None
    rows = downloads if isinstance(downloads, list) else []
    names = [each["file"] for each in rows if isinstance(each, dict) and "file" in each]
    published = _day(page)
    offered = [
        Candidate(
            _at(entry, "/file", f"uri={latest}/{name}"), safe_name(name, "file"), name, published
        )
        for name in map(str, names)
    ]
    return newest(entry, offered)


def _editions(entry: Entry, web: Web) -> list[str]:
    page = web.json(f"{entry.address.rstrip('/')}/data")
    listed = page.get("datasets") if isinstance(page, dict) else None
    if not isinstance(listed, list):
        raise web.refusal("a dataset page with its editions", "JSON without them")
    found = [each.get("uri") for each in listed if isinstance(each, dict)]
    editions = [each for each in found if isinstance(each, str) and each.startswith("/")]
    if not editions:
        raise FetchError(entry.key, "a dataset page with its editions", "a page without any")
    return editions


def _folder(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


def _at(entry: Entry, path: str, query: str = "") -> str:
    parts = urlsplit(entry.address)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _day(page: Any) -> date | None:
    description = page.get("description") if isinstance(page, dict) else None
    stated = description.get("releaseDate") if isinstance(description, dict) else None
    try:
        return datetime.fromisoformat(str(stated)).date()
    except ValueError:
        return None
