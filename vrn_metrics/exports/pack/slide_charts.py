"""Charts on a slide whose numbers can be edited: over time, by size with limits, and bars."""

from __future__ import annotations

from typing import Any, Final

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.util import Length, Pt

from vrn_metrics.exports.pack.section import Drawing, Line
from vrn_metrics.exports.pack.slide_words import ACCENT, GREY, INK, QUIET, describe, look, write

_MARKS: Final = {
    "points": (XL_MARKER_STYLE.CIRCLE, GREY, 6),
    "improvement": (XL_MARKER_STYLE.DIAMOND, RGBColor.from_string("1E77B4"), 10),
    "concern": (XL_MARKER_STYLE.TRIANGLE, RGBColor.from_string("D9541A"), 10),
    "neutral": (XL_MARKER_STYLE.SQUARE, RGBColor.from_string("208F80"), 9),
}
_GRID: Final = RGBColor.from_string("D5DADD")
_LABELS_SHOWN: Final = 12
_KINDS: Final = {
    "over time": XL_CHART_TYPE.LINE_MARKERS,
    "by size": XL_CHART_TYPE.XY_SCATTER_LINES,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
}


def draw_chart(
    slide: Slide, drawing: Drawing, left: Length, top: Length, width: Length, height: Length
) -> None:
    """Put a chart on a slide, with its alternative text."""
    frame = slide.shapes.add_chart(
        _KINDS[drawing.shape], left, top, width, height, _numbers(drawing)
    )
    describe(frame, "Chart", drawing.described)
    chart: Chart = frame.chart
    chart.has_legend = len(drawing.lines) > 1
    if chart.legend is not None:
        chart.legend.position = XL_LEGEND_POSITION.BOTTOM
        chart.legend.include_in_layout = False
    chart.has_title = False
    look(chart.font, 11, QUIET)
    _axes(chart, drawing)
    if drawing.shape == "bars":
        _bars(chart)
        return
    for series, line in zip(chart.plots[0].series, drawing.lines, strict=True):
        series.smooth = False
        _line(series, line)
        _name(series, line)


def _numbers(drawing: Drawing) -> CategoryChartData | XyChartData:
    if drawing.shape == "by size":
        by_size = XyChartData(number_format="General")
        for line in drawing.lines:
            series = by_size.add_series(line.name)
            for x, y in zip(line.places, line.values, strict=True):
                series.add_data_point(x, y)
        return by_size
    data = CategoryChartData(number_format="General")
    # Bars are drawn from the bottom up.
    step = -1 if drawing.shape == "bars" else 1
    data.categories = drawing.categories[::step]
    for line in drawing.lines:
        data.add_series(line.name, line.values[::step])
    return data


def _axes(chart: Chart, drawing: Drawing) -> None:
    value, along = chart.value_axis, chart.category_axis
    value.minimum_scale = 0
    value.has_title = True
    write(value.axis_title.text_frame, [drawing.unit], 11, QUIET)
    value.major_gridlines.format.line.color.rgb = _GRID
    value.format.line.fill.background()
    along.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    along.format.line.color.rgb = GREY
    if drawing.shape == "over time":
        _fewer_labels(along, len(drawing.categories))
    elif drawing.shape == "bars":
        value.tick_labels.number_format, value.tick_labels.number_format_is_linked = "£#,##0", False
    else:
        along.minimum_scale = 0
        along.has_major_gridlines = False
        along.has_title = True
        write(along.axis_title.text_frame, [drawing.along], 11, QUIET)
        along.tick_labels.number_format, along.tick_labels.number_format_is_linked = "#,##0", False


def _fewer_labels(axis: Any, categories: int) -> None:
    every = max(1, round(categories / _LABELS_SHOWN))
    # The library has no word for these two; the schema wants them before noMultiLvlLbl.
    element = axis._element
    last = element.find(qn("c:noMultiLvlLbl"))
    for name in ("c:tickLblSkip", "c:tickMarkSkip"):
        skip = element.makeelement(qn(name), {"val": str(every)})
        last.addprevious(skip) if last is not None else element.append(skip)


def _bars(chart: Chart) -> None:
    plot = chart.plots[0]
    plot.gap_width = 45
    plot.vary_by_categories = False
    series = plot.series[0]
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = ACCENT
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked = "£#,##0.##", False
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    look(labels.font, 11, INK)


def _name(series: Any, line: Line) -> None:
    """Write beside each mark what it is, where the line has names."""
    for place, name in enumerate(line.names):
        label = series.points[place].data_label
        label.position = XL_LABEL_POSITION.ABOVE
        write(label.text_frame, [name], 11, INK, bold=True)


def _line(series: Any, line: Line) -> None:
    """Lines by dash and weight, points that stand out by shape, never by colour alone."""
    pen = series.format.line
    if line.look in ("centre", "limit") or (line.look == "points" and not line.places):
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
