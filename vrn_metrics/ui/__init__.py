"""The only code that imports Streamlit; pages take everything from here."""

from vrn_metrics.ui.about import show_baselines, show_breaks, show_measures, show_sources
from vrn_metrics.ui.choices import choose_view
from vrn_metrics.ui.found import found_releases, found_scorecard
from vrn_metrics.ui.frame import page
from vrn_metrics.ui.launch import in_session, navigate, warm
from vrn_metrics.ui.loading import offer_loading, say_releases, show_releases
from vrn_metrics.ui.scorecard import numbers, say_scorecard, show_scorecard

__all__ = [
    "choose_view",
    "found_releases",
    "found_scorecard",
    "in_session",
    "navigate",
    "numbers",
    "offer_loading",
    "page",
    "say_releases",
    "say_scorecard",
    "show_baselines",
    "show_breaks",
    "show_measures",
    "show_releases",
    "show_scorecard",
    "show_sources",
    "warm",
]
