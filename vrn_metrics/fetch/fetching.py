"""Get the newest file of a table, check it, and say what is new about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from vrn_metrics.errors import BadInputError, FetchError
from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.download import Download, Marks
from vrn_metrics.fetch.held import Held, folder_of, hash_of, held, keep
from vrn_metrics.fetch.newest import Candidate, rank
from vrn_metrics.fetch.publishers import ASSEMBLE, FIND
from vrn_metrics.fetch.web import Patience, Web
from vrn_metrics.sources import identify, open_document


class What(StrEnum):
    """What a fetch found beside what was held."""

    FIRST = "first"
    NEWER = "newer"
    CHANGED = "changed"
    OLDER = "older"
    SAME = "same-bytes"
    NOT_CHANGED = "not-changed"


@dataclass(frozen=True)
class Fetched:
    """What a fetch did: the file, what was held before it, and what is new."""

    entry: Entry
    what: What
    now: Held
    before: Held | None
    path: Path

    @property
    def sentence(self) -> str:
        """What is new, in a sentence."""
        now, before = self.now, self.before
        which = f"{now.file}, {now.size:,} bytes"
        was = f"was {before.file} of {before.fetched:%Y-%m-%d}" if before else ""
        return {
            What.FIRST: f"Fetched for the first time: {which}.",
            What.NEWER: f"A newer edition: {which}; {was}.",
            What.CHANGED: f"Other bytes under the same name or date: {which}; {was}.",
            What.OLDER: f"An older edition than was held: {which}; {was}. Has it been taken back?",
            What.SAME: f"The same bytes as before: {which}; {was}.",
            What.NOT_CHANGED: f"Not changed, says the publisher: {which}; {was}.",
        }[self.what]


def fetch(
    entry: Entry,
    folder: Path,
    *,
    patience: Patience | None = None,
    progress: Callable[[str], None] = lambda _message: None,
) -> Fetched:
    """Get the newest file of an entry into a folder of its own under `folder`.

    Nothing that was held is overwritten: a file of the same name and other bytes gets the first
    letters of its hash after its name.

    Raises
    ------
    FetchError
        If it cannot be had, or is not what it should be. What was held is still held.
    BadInputError
        If it is damaged.
    """
    home = folder_of(entry, folder)
    before = held(entry, folder)
    web = Web(entry.key, entry.hosts, entry.where_to_look, patience or Patience(), progress)
    try:
        home.mkdir(parents=True, exist_ok=True)
        progress(f"{entry.key}: asking for what is newest")
        candidate = FIND[entry.kind](entry, web)
        progress(f"{entry.key}: {candidate.title}")
        return _got(entry, candidate, web, folder, before)
    except OSError as error:
        raise FetchError(str(home), "a folder to write to", error.strerror or str(error)) from error
    finally:
        web.close()


def recognised(fetched: Fetched) -> None:
    """Hold a fetched file against the reader that it is for.

    Raises
    ------
    FetchError
        If no reader is for it, or it is another table.
    BadInputError
        If no reader knows it.
    """
    entry = fetched.entry
    if not entry.source:
        raise FetchError(
            entry.key,
            "a table that is read",
            "one that is only kept",
            f"It is in {fetched.path}.",
        )
    found = identify(open_document(fetched.path)).source
    if found.key != entry.source:
        raise FetchError(
            entry.key,
            f"the table {entry.source}",
            f"{found.key} in {fetched.now.file}",
            "Nothing was loaded: mend the pattern in the catalogue.",
        )


def _got(
    entry: Entry, candidate: Candidate, web: Web, folder: Path, before: Held | None
) -> Fetched:
    home = folder_of(entry, folder)
    partial = home / f"{candidate.name}.partial"
    marks = Marks()
    if entry.kind in ASSEMBLE:
        ASSEMBLE[entry.kind](entry, candidate, web, partial)
    else:
        download = Download(entry, candidate, web, partial, before)
        if not download.run() and before is not None:
            return Fetched(entry, What.NOT_CHANGED, before, before, home / before.file)
        marks = download.marks
    try:
        _check(entry, candidate, web, partial)
    except (FetchError, BadInputError):
        partial.unlink()
        raise
    sha256 = hash_of(partial)
    now = Held(
        address=candidate.address,
        file=candidate.name,
        title=candidate.title,
        sha256=sha256,
        size=partial.stat().st_size,
        fetched=datetime.now(UTC).replace(microsecond=0),
        published=candidate.published,
        etag=marks.etag,
        last_modified=marks.last_modified,
    )
    path = _settled(partial, home / candidate.name, sha256)
    now = Held(**{**now.__dict__, "file": path.name})
    keep(entry, folder, now)
    return Fetched(entry, _what(now, before), now, before, path)


def _check(entry: Entry, candidate: Candidate, web: Web, path: Path) -> None:
    """Whether it is a whole document of a kind that is expected, whatever it calls itself."""
    size = path.stat().st_size
    if candidate.size is not None and size != candidate.size:
        raise web.refusal(f"{candidate.size:,} bytes, as its page says", f"{size:,}")
    document = open_document(path, candidate.name)
    if document.kind not in entry.types:
        raise web.refusal(
            f"{' or '.join(entry.types)}", f"{document.kind} in {candidate.name}, by its content"
        )
    if entry.begins:
        first = document.head()[:1] if document.kind == "csv" else []
        words = ",".join(str(cell) for row in first for cell in row if cell is not None)
        if entry.begins not in words:
            raise web.refusal(f"'{entry.begins}' in its first line", f"'{words[:80]}'")


def _settled(partial: Path, path: Path, sha256: str) -> Path:
    """Give the file its name, which is never that of another file."""
    if path.exists() and hash_of(path) != sha256:
        path = path.with_name(f"{path.stem}-{sha256[:8]}{path.suffix}")
    partial.replace(path)
    return path


def _what(now: Held, before: Held | None) -> What:
    if before is None:
        return What.FIRST
    if now.sha256 == before.sha256:
        return What.SAME
    ranks = [
        (each.published, rank(each.address.rpartition("/")[2] or each.file, each.title))
        for each in (now, before)
    ]
    (day, order), (day_before, order_before) = ranks
    if day is not None and day_before is not None and day != day_before:
        return What.NEWER if day > day_before else What.OLDER
    if order != order_before:
        return What.NEWER if order > order_before else What.OLDER
    return What.CHANGED
