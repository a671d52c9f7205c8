"""Results as pictures. A chart takes the result of an analysis, whose figures are published."""

from vrn_metrics.charts.cards import sparkline, whisker
from vrn_metrics.charts.funnel import funnel_chart
from vrn_metrics.charts.impact import (
    MOST_ERROR,
    curve_chart,
    paths_chart,
    placebo_chart,
    placebo_rows,
    power_chart,
)
from vrn_metrics.charts.numbers import chart_rows
from vrn_metrics.charts.series import fan_chart, indexed_chart, rolling_chart, trend_chart
from vrn_metrics.charts.spend import spent_chart

__all__ = [
    "MOST_ERROR",
    "chart_rows",
    "curve_chart",
    "fan_chart",
    "funnel_chart",
    "indexed_chart",
    "paths_chart",
    "placebo_chart",
    "placebo_rows",
    "power_chart",
    "rolling_chart",
    "sparkline",
    "spent_chart",
    "trend_chart",
    "whisker",
]
