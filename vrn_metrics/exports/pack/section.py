"""What a board pack is made of, whichever file it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from vrn_metrics.exports.pictures import Spec
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.store import Release

Look = Literal["points", "centre", "limit", "improvement", "concern", "neutral"]
Shape = Literal["over time", "by size", "bars"]


@dataclass(frozen=True)
class Line:
    """One line of a chart that can be edited: a value a category, `None` where there is none.

    The points that stand out are lines of their own, drawn over the others as marks alone.
    `places` are the values along the bottom where a chart is by size, and `names` what is
    written beside a mark.
    """

    name: str
    values: tuple[float | None, ...]
    look: Look
    places: tuple[float, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """A chart twice: as it is drawn, and as numbers for a slide whose chart can be edited.

    `described` is its alternative text; `along` names what runs along the bottom of a chart by
    size.
    """

    spec: Spec
    described: str
    unit: str
    categories: tuple[str, ...]
    lines: tuple[Line, ...]
    shape: Shape = "over time"
    along: str = ""


@dataclass(frozen=True)
class Picture:
    """What has no chart that a slide could edit: a map, with its alternative text."""

    spec: Spec
    described: str


@dataclass(frozen=True)
class Table:
    """Words in rows under columns; the column `strong` is in bold."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    strong: str = ""


@dataclass(frozen=True)
class Section:
    """One slide, or one part of a document.

    Parameters
    ----------
    key
        Names it within its pack.
    title
        The answer, as a sentence.
    said
        What is read on the slide.
    notes
        What qualifies it: caveats, sources, releases. A slide has them as speaker notes, with
        the pack's own mark and vintage, which documents have on each page.
    table
        Stands on the slide as well; those in `more` need the room of a document, and `points`,
        every row behind a chart, that of a page on a screen.
    pictures
        Side by side on a slide, below one another in a document.
    address
        Where the view is seen.
    releases
        Those behind it, as far as the scorecard does not rest on them.
    """

    key: str
    title: str
    said: tuple[str, ...]
    notes: tuple[str, ...]
    address: str
    drawing: Drawing | None = None
    table: Table | None = None
    more: tuple[Table, ...] = ()
    points: Table | None = None
    pictures: tuple[Picture, ...] = ()
    releases: tuple[Release, ...] = ()

    @property
    def drawn(self) -> tuple[Drawing | Picture, ...]:
        """Everything in it that has to be seen, in its order."""
        return (*((self.drawing,) if self.drawing else ()), *self.pictures)


@dataclass(frozen=True)
class Pack:
    """A board pack: what it says, part by part, of which area and day."""

    title: str
    origin: Provenance
    sections: tuple[Section, ...]

    @property
    def name(self) -> str:
        """The stem of its file."""
        return f"board-pack-{self.origin.area.code}-{self.origin.as_of.isoformat()}"
