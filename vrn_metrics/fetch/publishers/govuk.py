"""GOV.UK: a page's attachments by the content API, `https://www.gov.uk/api/content/<page>`."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin

from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.newest import Candidate, day_of, newest, safe_name
from vrn_metrics.fetch.web import Web

_DATA: Final = (".csv", ".ods", ".xlsx", ".xls", ".zip", ".json")


def find(entry: Entry, web: Web) -> Candidate:
    """The newest fitting attachment.

    The list of attachments has titles and sizes; on pages that have none, links to data files in
    the text are taken. The address holds a number that changes at every release, so it is never
    kept.
    """
    page = web.json(entry.address)
    details = page.get("details") if isinstance(page, dict) else None
    if not isinstance(details, dict):
        raise web.refusal("a page with details", "JSON without them")
    attached = details.get("attachments")
    files = attached if isinstance(attached, list) else []
    offered = [_candidate(entry, each) for each in files if _is_file(each)]
    if not offered and isinstance(body := details.get("body"), str):
        links = _Links()
        links.feed(body)
        offered = [_of(_joined(entry, address), title, None) for address, title in links.found]
    return newest(entry, offered)


def _joined(entry: Entry, address: str) -> str:
    """The whole address; one that cannot be read stays as it is and is refused when asked."""
    try:
        return urljoin(entry.address, address)
    except ValueError:
        return address


def _is_file(attachment: Any) -> bool:
    return (
        isinstance(attachment, dict)
        and isinstance(attachment.get("url"), str)
        and attachment.get("attachment_type", "file") == "file"
    )


def _candidate(entry: Entry, attachment: dict[str, Any]) -> Candidate:
    size = attachment.get("file_size")
    return _of(
        _joined(entry, attachment["url"]),
        str(attachment.get("title") or ""),
        size if isinstance(size, int) and size > 0 else None,
    )


def _of(address: str, title: str, size: int | None) -> Candidate:
    name = safe_name(address, "attachment")
    published: date | None = day_of(name)
    return Candidate(address, name, title or name, published, size)


class _Links(HTMLParser):
    """Links to data files in a page's text, with their words."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._address = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A link begins."""
        address = dict(attrs).get("href") or ""
        if tag == "a" and address.lower().endswith(_DATA):
            self._address, self._words = address, []

    def handle_data(self, data: str) -> None:
        """Its words."""
        if self._address:
            self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        """It ends."""
        if tag == "a" and self._address:
            self.found.append((self._address, " ".join("".join(self._words).split())))
            self._address = ""
