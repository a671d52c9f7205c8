"""Results on a map. A map takes the result of an analysis, whose figures are published."""

from vrn_metrics.maps.districts import SCHEMATIC_NOTE, SCHEMATIC_WORDS, Fill, district_map
from vrn_metrics.maps.geometry import collection
from vrn_metrics.maps.hotspot_picture import hotspot_picture
from vrn_metrics.maps.hotspots import ANONYMISED, Drawn, hotspot_map

__all__ = [
    "ANONYMISED",
    "SCHEMATIC_NOTE",
    "SCHEMATIC_WORDS",
    "Drawn",
    "Fill",
    "collection",
    "district_map",
    "hotspot_map",
    "hotspot_picture",
]
