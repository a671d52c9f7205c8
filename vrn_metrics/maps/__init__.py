"""Results on a map. A map takes the result of an analysis, whose figures are published."""

from vrn_metrics.maps.districts import SCHEMATIC_WORDS, Fill, district_map
from vrn_metrics.maps.geometry import collection

__all__ = ["SCHEMATIC_WORDS", "Fill", "collection", "district_map"]
