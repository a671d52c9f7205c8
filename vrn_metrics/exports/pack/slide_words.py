"""Words on a slide: their font, sizes and colours, and what is said to who cannot see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from pptx.dml.color import RGBColor
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.text.text import TextFrame
from pptx.util import Pt

FONT: Final = "Arial"
ACCENT, INK, QUIET, MARK = (
    RGBColor.from_string(each) for each in ("0B6477", "0B0C0C", "4A5157", "A0310A")
)
GREY, PALE, WHITE = (RGBColor.from_string(each) for each in ("7D7D7D", "F0F4F5", "FFFFFF"))


def write(
    frame: TextFrame,
    lines: Sequence[str],
    size: float,
    colour: RGBColor,
    *,
    bold: bool = False,
    after: float = 0,
) -> None:
    """Write a paragraph a line."""
    for place, words in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(after)
        run = paragraph.add_run()
        run.text = words
        look(run.font, size, colour, bold=bold)


def look(font: Any, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    """Set the looks of a font, and that its words are British English."""
    font.name, font.size, font.bold = FONT, Pt(size), bold
    font.color.rgb = colour
    font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK


def describe(shape: Any, name: str, described: str) -> None:
    """Give a chart, a table or a picture its alternative text; the library has no word for it."""
    element = shape._element
    frame = getattr(element, "nvGraphicFramePr", None)
    about = (element.nvPicPr if frame is None else frame).cNvPr
    about.set("name", name)
    about.set("descr", described)
