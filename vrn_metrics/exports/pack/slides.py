"""A board pack as slides: charts to edit, notes for who speaks, words for who cannot see.

The title of each slide is a real title, in the outline and read first; every chart and table has
alternative text; the language is set; nothing rests on colour alone.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from pptx import Presentation
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Length

from vrn_metrics.exports.csvw import PUBLISHER
from vrn_metrics.exports.pack.contents import Progress, drawn
from vrn_metrics.exports.pack.section import Drawing, Pack, Picture, Section, Table
from vrn_metrics.exports.pack.slide_charts import draw_chart
from vrn_metrics.exports.pack.slide_words import (
    ACCENT,
    INK,
    MARK,
    PALE,
    QUIET,
    WHITE,
    describe,
    look,
    write,
)
from vrn_metrics.exports.pictures import bare, png

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN: Final = Inches(0.55)
ACROSS: Final = WIDTH - 2 * MARGIN
BODY_TOP, BODY_HEIGHT = Inches(1.75), Inches(4.75)
CHART_WIDTH, NARROW_CHART = Inches(8.1), Inches(5.0)
PICTURE_HEIGHT, PICTURE_PIXELS = Inches(4.3), (480, 360)
GAP: Final = Inches(0.35)
_TITLE_ONLY: Final = 5
_TITLE_SIZES: Final = ((90, 28), (150, 24), (1_000, 20))
_BODY_SIZES: Final = ((350, 16), (560, 14), (820, 12), (1_000, 11), (100_000, 10))
_WIDE_SIZES: Final = ((900, 16), (1_500, 14), (2_100, 12), (100_000, 11))
_WIDEST: Final = 55  # letters that share out the width of a table
_FEW_SIZES: Final = ((150, 14), (900, 12), (100_000, 10))  # over a table of many rows
_POINTS_ACROSS: Final = 1_700  # letters of one point that fit across a slide


def pptx(pack: Pack, progress: Progress = lambda _message, _share: None) -> bytes:
    """The pack as a presentation of 16 by 9."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    about = deck.core_properties
    made = pack.origin.as_of
    about.title, about.author, about.language = pack.title, PUBLISHER, "en-GB"
    about.subject, about.comments = pack.origin.vintage, pack.origin.notice
    about.created = about.modified = datetime(made.year, made.month, made.day)
    layout = deck.slide_layouts[_TITLE_ONLY]
    _place(layout.placeholders[0], MARGIN, Inches(0.55), ACROSS, Inches(1.05))
    told = drawn(progress, len(pack.sections))
    for place, section in enumerate(pack.sections):
        told(place, section.title)
        slide = deck.slides.add_slide(layout)
        _fill(slide, pack, section)
        _foot(slide, pack, section, f"{place + 1} of {len(pack.sections)}")
        assert slide.notes_slide.notes_text_frame is not None  # noqa: S101 - made just now
        slide.notes_slide.notes_text_frame.text = "\n".join(
            [
                *([pack.origin.notice] if pack.origin.notice else []),
                section.title,
                *section.said,
                *section.notes,
                pack.origin.vintage,
                f"This view: {section.address}",
            ]
        )
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _fill(slide: Slide, pack: Pack, section: Section) -> None:
    title = slide.shapes.title
    assert title is not None  # noqa: S101 - the layout has one
    title.text_frame.word_wrap = True
    title.text_frame.margin_left = 0
    title.text_frame.vertical_anchor = MSO_ANCHOR.TOP
    write(title.text_frame, [section.title], _size(section.title, _TITLE_SIZES), ACCENT, bold=True)
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    if pack.origin.notice:
        banner = _box(slide, "Demonstration mark", MARGIN, Inches(0.2), ACROSS, Inches(0.35))
        write(banner, [pack.origin.notice], 13, MARK, bold=True)
    said = list(section.said)
    if section.drawing is not None:
        _beside(slide, section, section.drawing, said)
    elif section.pictures:
        _pictures(slide, section.pictures)
        _body(slide, said, MARGIN, BODY_TOP + PICTURE_HEIGHT + Inches(0.1), ACROSS, 11)
    elif section.table is not None:
        top = BODY_TOP
        if said:
            size = _size(" ".join(said), _WIDE_SIZES if len(section.table.rows) < 9 else _FEW_SIZES)
            _body(slide, said, MARGIN, top, ACROSS, size)
            top += _height(said, size)
        _table(slide, section.table, MARGIN, top, ACROSS)
    else:
        _body(slide, said, MARGIN, BODY_TOP, ACROSS, _size(" ".join(said), _WIDE_SIZES))


def _beside(slide: Slide, section: Section, drawing: Drawing, said: list[str]) -> None:
    """A chart, and at its right the table, or what is said of it."""
    width = CHART_WIDTH if section.table is None else NARROW_CHART
    draw_chart(slide, drawing, MARGIN, BODY_TOP, width, BODY_HEIGHT)
    left, rest = MARGIN + width + GAP, ACROSS - width - GAP
    if section.table is not None:
        _table(slide, section.table, left, BODY_TOP, rest)
        return
    gaps = drawing.shape == "over time" and None in drawing.lines[0].values
    said = [*said, *(["Gaps are hidden or missing numbers."] if gaps else [])]
    _body(slide, said, left, BODY_TOP, rest, _size(" ".join(said), _BODY_SIZES))


def _pictures(slide: Slide, pictures: Sequence[Picture]) -> None:
    """Pictures side by side, each as large as its share of the slide lets it be."""
    share = int((ACROSS - GAP * (len(pictures) - 1)) / len(pictures))
    for place, each in enumerate(pictures):
        made = io.BytesIO(png(bare(each.spec, *PICTURE_PIXELS)))
        shape = slide.shapes.add_picture(made, MARGIN, BODY_TOP)
        scale = min(share / shape.width, PICTURE_HEIGHT / shape.height)
        width, height = int(shape.width * scale), int(shape.height * scale)
        left = MARGIN + place * (share + GAP) + (share - width) // 2
        _place(shape, Emu(left), BODY_TOP, Emu(width), Emu(height))
        describe(shape, "Map", each.described)


def _height(said: Sequence[str], size: int) -> Length:
    """Room for lines of words across the whole slide."""
    lines = sum(1 + len(each) * size // _POINTS_ACROSS for each in said)
    return Inches(0.15 + lines * size * 1.25 / 72 + 0.11 * len(said))


def _body(
    slide: Slide, said: Sequence[str], left: Length, top: Length, width: Length, size: int
) -> None:
    frame = _box(slide, "What is said", left, top, width, BODY_TOP + BODY_HEIGHT - top)
    write(frame, said, size, INK, after=8)


def _foot(slide: Slide, pack: Pack, section: Section, number: str) -> None:
    origin = pack.origin
    frame = _box(slide, "Which figures these are", MARGIN, Inches(6.72), ACROSS, Inches(0.6))
    marked = f"{origin.notice} " if origin.notice else ""
    write(frame, [f"{marked}{origin.vintage} Slide {number}."], 10, QUIET)
    paragraph = frame.add_paragraph()
    run = paragraph.add_run()
    run.text = section.address
    run.hyperlink.address = section.address
    look(run.font, 10, ACCENT)


def _table(slide: Slide, table: Table, left: Length, top: Length, across: Length) -> None:
    rows, columns = len(table.rows) + 1, len(table.columns)
    room = (BODY_TOP + BODY_HEIGHT - top) // rows
    height = min(Inches(0.4), room)
    frame = slide.shapes.add_table(rows, columns, left, top, across, height * rows)
    describe(frame, "Table", f"{table.caption}: {len(table.rows)} rows.")
    widths = [
        min(max(9, *(len(row[place]) for row in (table.columns, *table.rows))), _WIDEST) + 6
        for place in range(columns)
    ]
    for place, width in enumerate(widths):
        frame.table.columns[place].width = int(across * width / sum(widths))
    for row, cells in enumerate((table.columns, *table.rows)):
        for place, words in enumerate(cells):
            cell = frame.table.cell(row, place)
            cell.fill.solid()
            cell.fill.fore_color.rgb = ACCENT if row == 0 else PALE if row % 2 == 0 else WHITE
            cell.margin_top = cell.margin_bottom = Inches(0.04 if rows <= 8 else 0.025)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            colour = WHITE if row == 0 else INK
            size = 12 if rows <= 8 else 11 if across == ACROSS and top == BODY_TOP else 10
            write(
                cell.text_frame,
                [words],
                size,
                colour,
                bold=row == 0 or table.columns[place] == table.strong,
            )


def _box(
    slide: Slide, name: str, left: Length, top: Length, width: Length, height: Length
) -> TextFrame:
    box = slide.shapes.add_textbox(left, top, width, height)
    box.name = name
    box.text_frame.word_wrap = True
    for side in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(box.text_frame, side, 0)
    return box.text_frame


def _place(shape: Any, left: Length, top: Length, width: Length, height: Length) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _size(words: str, sizes: Sequence[tuple[int, int]]) -> int:
    return next(size for most, size in sizes if len(words) <= most)
