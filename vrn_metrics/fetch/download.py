"""One file to its end: from where it broke off, if it is still the same file.

What came is kept beside its place as `….partial`, with the publisher's mark of the file
(`….partial.json`); it takes the file's name only when it is whole and has been checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final

from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.held import Held
from vrn_metrics.fetch.newest import Candidate
from vrn_metrics.fetch.web import Again, Answer, Web, is_web_page

_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)")
_TOLD_EVERY: Final = 20_000_000


@dataclass(frozen=True)
class Marks:
    """By what a publisher knows a file again; both may be empty."""

    etag: str = ""
    last_modified: str = ""

    @property
    def for_range(self) -> str:
        """What a range may hang on: a strong ETag, else the day of the last change."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


@dataclass
class Download:
    """One file on its way to `path`."""

    entry: Entry
    candidate: Candidate
    web: Web
    path: Path
    before: Held | None = None
    marks: Marks = Marks()

    def run(self) -> bool:
        """Whether there is a new file; not where the publisher says that ours is the latest."""
        return self.web.ask(self.candidate.address, self._take, self._headers)

    def drop(self) -> None:
        """Forget what came."""
        self.path.unlink(missing_ok=True)
        self._mark_file.unlink(missing_ok=True)

    @property
    def _mark_file(self) -> Path:
        return self.path.with_name(f"{self.path.name}.json")

    def _headers(self) -> Mapping[str, str]:
        """Ask for the rest where some came, else only if it is not what we hold."""
        marks = self._marks_of_part()
        if marks.for_range:
            return {"Range": f"bytes={self._size()}-", "If-Range": marks.for_range}
        self.drop()
        if self.before is None or self.before.address != self.candidate.address:
            return {}
        asked = {"If-None-Match": self.before.etag, "If-Modified-Since": self.before.last_modified}
        return {name: value for name, value in asked.items() if value}

    def _take(self, answer: Answer) -> bool:
        if answer.status_code == HTTPStatus.NOT_MODIFIED:
            if self.before is None:
                raise self.web.refusal("the file", "304 Not Modified, of a file never fetched")
            return False
        if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            self.drop()  # more came than there is: it was another file
            raise Again("a file that is shorter than what came")
        start, total = self._place(answer)
        if start:
            self.web.progress(f"{self.entry.key}: going on from byte {start:,}")
        elif self._size():
            self.web.progress(f"{self.entry.key}: the file has changed; from its beginning")
        self.marks = Marks(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
        record = {"address": self.candidate.address, **self.marks.__dict__}
        self._mark_file.write_text(json.dumps(record), encoding="utf-8")
        self._write(answer, start)
        size = self._size()
        if total is not None and size != total:
            if size > total:
                self.drop()
            raise Again(f"{size:,} of {total:,} bytes")
        self._mark_file.unlink()
        return True

    def _place(self, answer: Answer) -> tuple[int, int | None]:
        """Where in the file the answer begins, and how long the whole is."""
        if answer.status_code == HTTPStatus.OK:
            stated = answer.headers.get("Content-Length", "")
            is_itself = answer.headers.get("Content-Encoding", "identity") == "identity"
            return 0, int(stated) if stated.isdigit() and is_itself else None
        found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if found is None or int(found[1]) != self._size():
            self.drop()
            raise Again("another part of the file than was asked for")
        return int(found[1]), int(found[3])

    def _write(self, answer: Answer, start: int) -> None:
        told = start
        with self.path.open("ab" if start else "wb") as file:
            for chunk in self.web.chunks(answer, self.entry.largest - start):
                if file.tell() == 0 and is_web_page(chunk):
                    file.close()
                    self.drop()
                    raise self.web.refusal(
                        f"a file ({' or '.join(self.entry.types)})",
                        f"a web page at {self.candidate.address}",
                    )
                file.write(chunk)
                if file.tell() - told >= _TOLD_EVERY:
                    told = file.tell()
                    self.web.progress(f"{self.entry.key}: {told / 1e6:,.0f} MB")

    def _size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def _marks_of_part(self) -> Marks:
        """The marks of what came of this very address; none where nothing did."""
        if not self._size():
            return Marks()
        try:
            row = json.loads(self._mark_file.read_text(encoding="utf-8"))
            if row["address"] != self.candidate.address:
                return Marks()
            return Marks(str(row["etag"]), str(row["last_modified"]))
        except (OSError, ValueError, KeyError, TypeError):
            return Marks()
