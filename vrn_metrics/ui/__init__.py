"""The only code that imports Streamlit; pages take everything from here."""

from vrn_metrics.ui.about import show_baselines, show_breaks, show_measures, show_sources
from vrn_metrics.ui.choices import choose_district, choose_hotspots, choose_trend, choose_view
from vrn_metrics.ui.districts import (
    district_numbers,
    qualify_district,
    say_district,
    show_beside_neighbours,
    show_lines,
    show_places,
    show_where,
)
from vrn_metrics.ui.found import (
    found_attention,
    found_district,
    found_districts,
    found_divergence,
    found_hotspots,
    found_places,
    found_programme,
    found_releases,
    found_scorecard,
    found_shapes,
    found_trend,
)
from vrn_metrics.ui.frame import page
from vrn_metrics.ui.geometry import routes
from vrn_metrics.ui.hotspots import (
    hotspot_numbers,
    qualify_hotspots,
    say_hotspots,
    show_hotspots,
    show_inequality,
)
from vrn_metrics.ui.launch import in_session, navigate, warm
from vrn_metrics.ui.loading import offer_loading, say_releases, show_releases
from vrn_metrics.ui.pack import offer_pack
from vrn_metrics.ui.programme import (
    programme_numbers,
    qualify_programme,
    say_programme,
    show_agreements,
    show_expectations,
    show_projects,
    show_register,
)
from vrn_metrics.ui.programme_editing import offer_changes
from vrn_metrics.ui.scorecard import numbers, say_scorecard, show_scorecard
from vrn_metrics.ui.trend import (
    qualify_trend,
    say_trend,
    show_attention,
    show_beside,
    show_trend,
    trend_numbers,
)

__all__ = [
    "choose_district",
    "choose_hotspots",
    "choose_trend",
    "choose_view",
    "district_numbers",
    "found_attention",
    "found_district",
    "found_districts",
    "found_divergence",
    "found_hotspots",
    "found_places",
    "found_programme",
    "found_releases",
    "found_scorecard",
    "found_shapes",
    "found_trend",
    "hotspot_numbers",
    "in_session",
    "navigate",
    "numbers",
    "offer_changes",
    "offer_loading",
    "offer_pack",
    "page",
    "programme_numbers",
    "qualify_district",
    "qualify_hotspots",
    "qualify_programme",
    "qualify_trend",
    "routes",
    "say_district",
    "say_hotspots",
    "say_programme",
    "say_releases",
    "say_scorecard",
    "say_trend",
    "show_agreements",
    "show_attention",
    "show_baselines",
    "show_beside",
    "show_beside_neighbours",
    "show_breaks",
    "show_expectations",
    "show_hotspots",
    "show_inequality",
    "show_lines",
    "show_measures",
    "show_places",
    "show_projects",
    "show_register",
    "show_releases",
    "show_scorecard",
    "show_sources",
    "show_trend",
    "show_where",
    "trend_numbers",
    "warm",
]
