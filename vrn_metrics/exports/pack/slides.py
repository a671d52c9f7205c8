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
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.series import LineSeries
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Inches, Length, Pt

from vrn_metrics.exports.csvw import PUBLISHER
from vrn_metrics.exports.pack.contents import Progress, drawn
from vrn_metrics.exports.pack.section import Drawing, Line, Pack, Section, Table

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
MARGIN: Final = Inches(0.55)
ACROSS: Final = WIDTH - 2 * MARGIN
BODY_TOP, BODY_HEIGHT = Inches(1.75), Inches(4.75)
CHART_WIDTH: Final = Inches(8.1)
GAP: Final = Inches(0.35)
FONT: Final = "Arial"

ACCENT, INK, QUIET, MARK = (
    RGBColor.from_string(each) for each in ("0B6477", "0B0C0C", "4A5157", "A0310A")
)
GREY, PALE, WHITE = (RGBColor.from_string(each) for each in ("7D7D7D", "F0F4F5", "FFFFFF"))
_MARKS: Final = {
    "points": (XL_MARKER_STYLE.CIRCLE, GREY, 6),
    "improvement": (XL_MARKER_STYLE.DIAMOND, RGBColor.from_string("1E77B4"), 10),
    "concern": (XL_MARKER_STYLE.TRIANGLE, RGBColor.from_string("D9541A"), 10),
    "neutral": (XL_MARKER_STYLE.SQUARE, RGBColor.from_string("208F80"), 9),
}
_TITLE_ONLY: Final = 5
_TITLE_SIZES: Final = ((90, 28), (150, 24), (1_000, 20))
_BODY_SIZES: Final = ((350, 16), (560, 14), (820, 12), (1_000, 11), (100_000, 10))
_LABELS_SHOWN: Final = 12


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
    _write(title.text_frame, [section.title], _size(section.title, _TITLE_SIZES), ACCENT, bold=True)
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    if pack.origin.notice:
        banner = _box(slide, "Demonstration mark", MARGIN, Inches(0.2), ACROSS, Inches(0.35))
        _write(banner, [pack.origin.notice], 13, MARK, bold=True)
    said = list(section.said)
    if section.drawing is not None:
        _chart(slide, section.drawing)
        left = MARGIN + CHART_WIDTH + GAP
        gaps = None in section.drawing.lines[0].values
        said += ["Gaps are hidden or missing numbers."] if gaps else []
        _body(slide, said, left, BODY_TOP, ACROSS - CHART_WIDTH - GAP)
    elif section.table is not None:
        top = BODY_TOP
        if said:
            _body(slide, said, MARGIN, top, ACROSS)
            top += Inches(0.4 + 0.3 * len(said))
        _table(slide, section.table, top)
    else:
        _body(slide, said, MARGIN, BODY_TOP, ACROSS)


def _body(slide: Slide, said: Sequence[str], left: Length, top: Length, width: Length) -> None:
    frame = _box(slide, "What is said", left, top, width, BODY_HEIGHT)
    is_narrow = width < ACROSS
    size = _size(" ".join(said), _BODY_SIZES) if is_narrow else 16
    _write(frame, said, size, INK, after=8)


def _foot(slide: Slide, pack: Pack, section: Section, number: str) -> None:
    origin = pack.origin
    frame = _box(slide, "Which figures these are", MARGIN, Inches(6.72), ACROSS, Inches(0.6))
    marked = f"{origin.notice} " if origin.notice else ""
    _write(frame, [f"{marked}{origin.vintage} Slide {number}."], 10, QUIET)
    paragraph = frame.add_paragraph()
    run = paragraph.add_run()
    run.text = section.address
    run.hyperlink.address = section.address
    _font(run.font, 10, ACCENT)


def _chart(slide: Slide, drawing: Drawing) -> None:
    data = CategoryChartData(number_format="General")
    data.categories = drawing.categories
    for line in drawing.lines:
        data.add_series(line.name, line.values)
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.LINE_MARKERS, MARGIN, BODY_TOP, CHART_WIDTH, BODY_HEIGHT, data
    )
    _describe(frame, "Chart", drawing.described)
    chart: Chart = frame.chart
    chart.has_legend = len(drawing.lines) > 1
    if chart.legend is not None:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    chart.has_title = False
    _font(chart.font, 11, QUIET)
    for series, line in zip(chart.plots[0].series, drawing.lines, strict=True):
        series.smooth = False
        _line(series, line)
    _axes(chart, drawing)


def _axes(chart: Chart, drawing: Drawing) -> None:
    value, category = chart.value_axis, chart.category_axis
    value.minimum_scale = 0
    value.has_title = True
    _write(value.axis_title.text_frame, [drawing.unit], 11, QUIET)
    value.major_gridlines.format.line.color.rgb = RGBColor.from_string("D5DADD")
    value.format.line.fill.background()
    category.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    category.format.line.color.rgb = GREY
    every = max(1, round(len(drawing.categories) / _LABELS_SHOWN))
    # The library has no word for these two; the schema wants them before noMultiLvlLbl.
    axis = category._element
    last = axis.find(qn("c:noMultiLvlLbl"))
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        skip = axis.makeelement(qn(name), {"val": str(every)})
        last.addprevious(skip) if last is not None else axis.append(skip)


def _line(series: LineSeries, line: Line) -> None:
    """Lines by dash and weight, points that stand out by shape, never by colour alone."""
    pen = series.format.line
    if line.look in ("points", "centre", "limit"):
        pen.color.rgb = GREY
        pen.width = Pt(1.75 if line.look == "centre" else 1.25)
    else:
        pen.fill.background()
    if line.look == "limit":
        pen.dash_style = MSO_LINE.DASH
    marker = series.marker
    if line.look not in _MARKS:
        marker.style = XL_MARKER_STYLE.NONE
        return
    marker.style, colour, marker.size = _MARKS[line.look]
    marker.format.fill.solid()
    marker.format.fill.fore_color.rgb = colour
    marker.format.line.color.rgb = colour


def _table(slide: Slide, table: Table, top: Length) -> None:
    rows, columns = len(table.rows) + 1, len(table.columns)
    frame = slide.shapes.add_table(rows, columns, MARGIN, top, ACROSS, Inches(0.4) * rows)
    _describe(frame, "Table", f"{table.caption}: {len(table.rows)} rows.")
    widths = [
        min(max(len(row[place]) for row in (table.columns, *table.rows)), 34) + 6
        for place in range(columns)
    ]
    for place, width in enumerate(widths):
        frame.table.columns[place].width = int(ACROSS * width / sum(widths))
    for row, cells in enumerate((table.columns, *table.rows)):
        for place, words in enumerate(cells):
            cell = frame.table.cell(row, place)
            cell.fill.solid()
            cell.fill.fore_color.rgb = ACCENT if row == 0 else PALE if row % 2 == 0 else WHITE
            cell.margin_top = cell.margin_bottom = Inches(0.04)
            cell.vertical_anchor = MSO_ANCHOR.MIDDLE
            colour = WHITE if row == 0 else INK
            size = 12 if rows <= 8 else 10
            _write(cell.text_frame, [words], size, colour, bold=row == 0 or place == 1)


def _box(
    slide: Slide, name: str, left: Length, top: Length, width: Length, height: Length
) -> TextFrame:
    box = slide.shapes.add_textbox(left, top, width, height)
    box.name = name
    box.text_frame.word_wrap = True
    for side in ("margin_left", "margin_right", "margin_top", "margin_bottom"):
        setattr(box.text_frame, side, 0)
    return box.text_frame


def _write(
    frame: TextFrame,
    lines: Sequence[str],
    size: float,
    colour: RGBColor,
    *,
    bold: bool = False,
    after: float = 0,
) -> None:
    for place, words in enumerate(lines):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(after)
        run = paragraph.add_run()
        run.text = words
        _font(run.font, size, colour, bold=bold)


def _font(font: Any, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    font.name, font.size, font.bold = FONT, Pt(size), bold
    font.color.rgb = colour
    font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK


def _describe(frame: Any, name: str, described: str) -> None:
    """Alternative text; the library has no word for it."""
    about = frame._element.nvGraphicFramePr.cNvPr
    about.set("name", name)
    about.set("descr", described)


def _place(shape: Any, left: Length, top: Length, width: Length, height: Length) -> None:
    shape.left, shape.top, shape.width, shape.height = left, top, width, height


def _size(words: str, sizes: Sequence[tuple[int, int]]) -> int:
    return next(size for most, size in sizes if len(words) <= most)
