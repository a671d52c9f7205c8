"""The tables of a page, read back out of its HTML as a reader's program would."""

from __future__ import annotations

from html.parser import HTMLParser


def tables_in(html: str) -> list[list[dict[str, str]]]:
    """The rows of every table, by the words that head their columns."""
    parser = _Tables()
    parser.feed(html)
    return [[dict(zip(head, row, strict=True)) for row in rows] for head, *rows in parser.tables]


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self._is_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self.tables[-1].append([])
        elif tag in ("th", "td") and self.tables:
            self.tables[-1][-1].append("")
            self._is_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("th", "td"):
            self._is_cell = False

    def handle_data(self, data: str) -> None:
        if self._is_cell:
            self.tables[-1][-1][-1] += data
