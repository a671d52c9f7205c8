"""What is published: one module a table, found by discovery.

A module of this package that does not start with an underscore is a source. It has
`SOURCE`, `recognise(document)` and `read(document)`; nothing else needs to be told of it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import pandas as pd

from vrn_metrics.errors import BadInputError, Problem, UnrecognisedFileError
from vrn_metrics.sources._document import Document, open_document

__all__ = [
    "Document",
    "Note",
    "Reader",
    "Reading",
    "Series",
    "Source",
    "all_readers",
    "identify",
    "open_document",
]


@dataclass(frozen=True)
class Series:
    """One quantity that a source publishes; `unit` is what its bounds count.

    `within` is the key of a series that counts every event of this one too.
    """

    key: str
    title: str
    unit: str = "events"
    within: str = ""


@dataclass(frozen=True)
class Source:
    """A published table or a local layout.

    `kind` is published, local (an extract under a sharing agreement) or reference (areas,
    boundaries). `profile` names the disclosure profile its counts are published under.
    """

    key: str
    title: str
    publisher: str
    kind: Literal["published", "local", "reference"]
    profile: str
    licence: str
    address: str
    cadence: str
    series: tuple[Series, ...] = ()
    caveats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """One thing a reader says about a file, for the person who loads it.

    `kind`: matched (how columns were understood), set-aside (rows not kept, with the
    reason and how many), warning (kept, but mind this), read (what was kept).
    """

    kind: Literal["matched", "set-aside", "warning", "read"]
    text: str
    rows: int = 0


@dataclass(frozen=True)
class Reading:
    """All that one file says, checked, before anything is stored.

    Parameters
    ----------
    edition
        The date that decides which of two releases of the same table is newer: the
        publication date where the file states it, else the last day it covers.
    observations
        The tidy table (`observations.COLUMNS`); empty for reference files.
    tables
        Other store tables by name: `street_places`, `street_slices`, `street_counts`, `boundaries`,
        `area_links`, `deprivation`, `neighbours`, `programme_records`,
        `ledger_lines`.
    demonstration
        Whether the file says of itself that it is made up.
    """

    edition: date
    observations: pd.DataFrame
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    demonstration: bool = False


@dataclass(frozen=True)
class Reader:
    """A source with its two functions."""

    source: Source
    recognise: Callable[[Document], bool]
    read: Callable[[Document], Reading]


@cache
def all_readers() -> Mapping[str, Reader]:
    """Every source in this package by key."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules([str(Path(__file__).parent)])
        if not found.name.startswith("_")
    )
    readers = (Reader(module.SOURCE, module.recognise, module.read) for module in modules)
    return {reader.source.key: reader for reader in readers}


def identify(document: Document) -> Reader:
    """The one source whose layout this document has.

    Raises
    ------
    UnrecognisedFileError
        If no source, or more than one, claims it.
    """
    claims = [reader for reader in all_readers().values() if reader.recognise(document)]
    if len(claims) == 1:
        return claims[0]
    known = "; ".join(reader.source.title for reader in all_readers().values())
    found = (
        "none of them (" + document.first_words() + ")"
        if not claims
        else "marks of several: " + "; ".join(reader.source.title for reader in claims)
    )
    raise UnrecognisedFileError(
        document.name,
        [
            Problem(
                f"the layout of one of these: {known}",
                found,
                "Load the file exactly as published, or use a template from data/templates.",
            )
        ],
    )


def refuse(document: Document, *problems: Problem) -> BadInputError:
    """The error for a file that is recognised but cannot be used."""
    return BadInputError(document.name, problems)
