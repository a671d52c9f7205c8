"""Nomis: a query's rows as CSV, 25,000 at a time to those without a key."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.newest import Candidate
from vrn_metrics.fetch.web import Web

PAGE: Final = 25_000


def find(entry: Entry, web: Web) -> Candidate:  # noqa: ARG001 - every publisher is asked alike
    """The query itself: `date=latest` in it gives what is current."""
    return Candidate(entry.address, f"{entry.key}.csv", entry.title)


def assemble(entry: Entry, candidate: Candidate, web: Web, path: Path) -> None:
    """All rows under one header.

    A page that is full is followed by another; one that is not is the last.
    """
    header: list[str] | None = None
    offset = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        while True:
            page = urlencode({"recordlimit": PAGE, "recordoffset": offset})
            joint = "&" if "?" in candidate.address else "?"
            said = web.text(f"{candidate.address}{joint}{page}", entry.largest - file.tell())
            try:
                found = list(csv.reader(io.StringIO(said, newline=""), strict=True))
            except csv.Error as error:
                raise web.refusal("a whole CSV", f"{error}, from row {offset:,}") from error
            if header is None:
                header = found[0] if found else []
                if "OBS_VALUE" not in header:
                    raise web.refusal("a table with OBS_VALUE", f"'{','.join(header)[:80]}'")
                out.writerow(header)
            rows = [each for each in found[1:] if each]
            if found and found[0] != header:
                raise web.refusal("the same columns on every page", f"others from row {offset:,}")
            if any(len(each) != len(header) for each in rows):
                raise web.refusal("whole rows", f"one that is cut off, from row {offset:,}")
            out.writerows(rows)
            offset += len(rows)
            if len(rows) < PAGE:
                break
            web.progress(f"{entry.key}: {offset:,} rows")
    if not offset:
        raise web.refusal("rows", "none", "Check the query in the catalogue.")
