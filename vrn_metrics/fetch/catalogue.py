"""Where each publisher keeps a table, as data: `data/reference/publishers.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from vrn_metrics.areas import REFERENCE
from vrn_metrics.errors import FetchError, UnknownNameError
from vrn_metrics.sources import all_readers

CATALOGUE_FILE: Final = REFERENCE / "publishers.toml"
KINDS: Final = (
    "govuk-content",
    "ons-dataset",
    "police-archive",
    "arcgis-query",
    "fingertips-csv",
    "nomis",
)
THIS_MACHINE: Final = ("127.0.0.1", "localhost", "::1")

_MEGABYTE: Final = 1_000_000
_KEY: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NEEDED: Final = ("key", "title", "publisher", "kind", "address", "hosts", "types", "megabytes")
_OTHER: Final = ("source", "page", "named", "edition", "where", "begins")


@dataclass(frozen=True)
class Entry:
    """One table of one publisher, and how its newest file is known.

    Parameters
    ----------
    source
        Key of the reader that its file is for; empty where there is none, and then the file is
        only kept.
    address
        What is asked first: a listing where the publisher has one, else the file itself.
    page
        Where a person would look.
    named
        Pattern that the title or the file name must have, in either case of letters.
    edition
        Pattern of the editions looked at, where a publisher has a page for each.
    where
        Of a query: which rows are wanted.
    hosts
        The only hosts that are asked or may be redirected to.
    types
        The kinds of document it may be, by content: csv, xlsx, xls, ods, json, zip.
    largest
        In bytes; what is longer is not fetched to its end.
    begins
        What the first line of a CSV must hold.
    """

    key: str
    title: str
    publisher: str
    kind: str
    address: str
    hosts: tuple[str, ...]
    types: tuple[str, ...]
    largest: int
    source: str = ""
    page: str = ""
    named: str = ""
    edition: str = ""
    where: str = ""
    begins: str = ""

    def fits(self, *words: str) -> bool:
        """Whether one of these, a title or a file name, has the pattern."""
        return any(re.search(self.named, each, re.IGNORECASE) for each in words)

    @property
    def where_to_look(self) -> str:
        """The page, else the address."""
        return self.page or self.address


def catalogue(path: Path = CATALOGUE_FILE) -> Mapping[str, Entry]:
    """Every entry by key, in the order of the file.

    Raises
    ------
    FetchError
        If it cannot be read, or an entry is not sound.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get("publisher", [])
    except OSError as error:
        raise FetchError(path.name, "a catalogue", error.strerror or str(error)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FetchError(path.name, "a catalogue in TOML", str(error)) from error
    entries: dict[str, Entry] = {}
    for place, row in enumerate(rows, start=1):
        entry = _entry(f"{path.name}, entry {place}", row)
        if entry.key in entries:
            raise FetchError(f"{path.name}, entry {place}", "a key of its own", f"'{entry.key}'")
        entries[entry.key] = entry
    return entries


def chosen(entries: Mapping[str, Entry], keys: Iterable[str]) -> list[Entry]:
    """The entries of these keys, each once.

    Raises
    ------
    UnknownNameError
        For a key that is not in the catalogue.
    """
    found = []
    for key in dict.fromkeys(keys):
        if key not in entries:
            raise UnknownNameError(f"no publisher '{key}'; there are {', '.join(entries)}.")
        found.append(entries[key])
    return found


def may_be_asked(address: str, hosts: Sequence[str]) -> str:
    """Why an address may not be asked; empty where it may.

    Plain HTTP is for this machine alone, which is where tests are.
    """
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return "an address that cannot be read"
    if parts.scheme != "https" and not (parts.scheme == "http" and host in THIS_MACHINE):
        return f"'{parts.scheme or 'no scheme'}' and not https"
    if host not in hosts:
        return f"the host {host or 'without a name'}"
    if parts.username is not None or parts.password is not None:
        return "a name and password in it"
    return ""


def _entry(where: str, row: Any) -> Entry:
    if not isinstance(row, dict):
        raise FetchError(where, "a table of settings", f"'{row}'")
    if absent := [each for each in _NEEDED if not row.get(each)]:
        raise FetchError(where, f"'{absent[0]}'", "nothing")
    if strange := [each for each in row if each not in (*_NEEDED, *_OTHER)]:
        raise FetchError(where, f"one of {', '.join((*_NEEDED, *_OTHER))}", f"'{strange[0]}'")
    lists, number = ("hosts", "types"), "megabytes"
    words = {name: row[name] for name in row if name not in (*lists, number)}
    for name, value in words.items():
        if not isinstance(value, str):
            raise FetchError(where, f"words as '{name}'", f"{value!r}")
    for name in lists:
        if not (isinstance(row[name], list) and all(isinstance(e, str) for e in row[name])):
            raise FetchError(where, f"a list of words as '{name}'", f"{row[name]!r}")
    if not isinstance(row[number], int) or isinstance(row[number], bool) or row[number] <= 0:
        raise FetchError(where, "a whole number of megabytes above 0", f"{row[number]!r}")
    made = Entry(
        **words,
        hosts=tuple(row["hosts"]),
        types=tuple(row["types"]),
        largest=row[number] * _MEGABYTE,
    )
    _check(where, made)
    return made


def _check(where: str, entry: Entry) -> None:
    if not _KEY.fullmatch(entry.key):  # it names a folder
        raise FetchError(where, "a key such as ho-knife", f"'{entry.key}'")
    if entry.kind not in KINDS:
        raise FetchError(where, f"a kind: {', '.join(KINDS)}", f"'{entry.kind}'")
    if entry.source and entry.source not in all_readers():
        raise FetchError(where, f"a source: {', '.join(all_readers())}", f"'{entry.source}'")
    if reason := may_be_asked(entry.address, entry.hosts):
        raise FetchError(where, "an https address at one of its hosts", reason)
    for pattern in (entry.named, entry.edition):
        try:
            re.compile(pattern)
        except re.error as error:
            raise FetchError(where, "a pattern that can be searched for", str(error)) from error
