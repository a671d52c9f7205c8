"""Metrics for a Violence Reduction Network: the public names, and only those.

They are imported when first used, so that `vrn --help` need not wait for pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vrn_metrics.analyses.districts import districts
    from vrn_metrics.analyses.hotspots import hotspots
    from vrn_metrics.analyses.impact import impact
    from vrn_metrics.analyses.programme import programme
    from vrn_metrics.analyses.scorecard import scorecard
    from vrn_metrics.analyses.spend import spend
    from vrn_metrics.analyses.trend import trend
    from vrn_metrics.analyses.verdicts import Verdict
    from vrn_metrics.counts import Count
    from vrn_metrics.errors import VrnMetricsError
    from vrn_metrics.measures import CATALOGUE
    from vrn_metrics.methods.estimates import Estimate
    from vrn_metrics.periods import Period
    from vrn_metrics.store import load, open_store

_HOME = {
    "CATALOGUE": "vrn_metrics.measures",
    "Count": "vrn_metrics.counts",
    "Estimate": "vrn_metrics.methods.estimates",
    "Period": "vrn_metrics.periods",
    "Verdict": "vrn_metrics.analyses.verdicts",
    "VrnMetricsError": "vrn_metrics.errors",
    "districts": "vrn_metrics.analyses.districts",
    "hotspots": "vrn_metrics.analyses.hotspots",
    "impact": "vrn_metrics.analyses.impact",
    "load": "vrn_metrics.store",
    "open_store": "vrn_metrics.store",
    "programme": "vrn_metrics.analyses.programme",
    "scorecard": "vrn_metrics.analyses.scorecard",
    "spend": "vrn_metrics.analyses.spend",
    "trend": "vrn_metrics.analyses.trend",
}

__all__ = [
    "CATALOGUE",
    "Count",
    "Estimate",
    "Period",
    "Verdict",
    "VrnMetricsError",
    "districts",
    "hotspots",
    "impact",
    "load",
    "open_store",
    "programme",
    "scorecard",
    "spend",
    "trend",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"vrn_metrics has no public name '{name}'")


def __dir__() -> list[str]:
    return __all__
