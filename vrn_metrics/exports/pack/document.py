"""A board pack as a document: PDF that is tagged and meets PDF/UA-1, typeset by Typst.

Typst refuses to write PDF/UA where a title, a language or an alternative text is missing, so
that a pack which exists has them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typst

from vrn_metrics.exports.csvw import PUBLISHER
from vrn_metrics.exports.pack.contents import Progress, drawn
from vrn_metrics.exports.pack.section import Drawing, Pack, Picture, Section, Table
from vrn_metrics.exports.pictures import Spec, bare, svg

TEMPLATE: Final = Path(__file__).with_name("document.typ")
STANDARD: Final = "ua-1"
MAP_HEIGHT: Final = 330
CHART_WIDTH: Final = 620  # at the width of a page its letters are then of 9 points
_LAST_USUAL: Final = 0x4FF  # Latin, Greek and Cyrillic: what every font for text has
_OURS: Final = frozenset("–—‘’“”•…′″−≠≤≥▲▼◆○✕✓✗◐→£€")
_WIDEST, _NARROWEST = 40, 12  # letters that share out the width of a table


def pdf(pack: Pack, progress: Progress = lambda _message, _share: None) -> bytes:
    """The pack as PDF/UA-1, byte for byte the same for the same figures."""
    told = drawn(progress, len(pack.sections))
    sections = []
    for place, section in enumerate(pack.sections):
        told(place, section.title)
        sections.append(_section(section))
    given = {
        "title": pack.title,
        "publisher": PUBLISHER,
        "vintage": pack.origin.vintage,
        "notice": pack.origin.notice,
        "sections": sections,
    }
    made = pack.origin.as_of
    return typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        sys_inputs={"pack": legible(json.dumps(given, ensure_ascii=False))},
        pdf_standards=STANDARD,
        timestamp=datetime(made.year, made.month, made.day, tzinfo=UTC),
    )


def legible(words: str) -> str:
    """The words with letters that a machine's fonts may lack named by their number.

    A file's name may hold any letter there is, and PDF/UA allows none that cannot be drawn.

    Examples
    --------
    >>> legible("▼ Lower – Ünder 25, \N{CJK UNIFIED IDEOGRAPH-6570}.csv")
    '▼ Lower – Ünder 25, (U+6570).csv'
    """
    return "".join(
        letter if ord(letter) <= _LAST_USUAL or letter in _OURS else f"(U+{ord(letter):04X})"
        for letter in words
    )


def _section(section: Section) -> dict[str, Any]:
    return {
        "title": section.title,
        "said": section.said,
        "notes": section.notes,
        "address": section.address,
        "drawings": [
            {"svg": svg(_bare(each), section.title), "described": each.described}
            for each in section.drawn
        ],
        "table": _table(section.table) if section.table else None,
        "more": [_table(each) for each in section.more],
    }


def _bare(drawn: Drawing | Picture) -> Spec:
    """What is drawn, maps so high that two have room on a page."""
    height = MAP_HEIGHT if isinstance(drawn, Picture) else None
    return bare(drawn.spec, CHART_WIDTH, height)


def _table(table: Table) -> dict[str, Any]:
    widths = [
        min(max(len(cell) for cell in cells), _WIDEST)
        for cells in zip(table.columns, *table.rows, strict=True)
    ]
    return {
        "caption": table.caption,
        "columns": table.columns,
        "rows": table.rows,
        "widths": [max(width, _NARROWEST) for width in widths],
    }
