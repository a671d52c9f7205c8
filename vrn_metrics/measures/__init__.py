"""What we measure: the catalogue, with its definitions, baselines and breaks."""

from vrn_metrics.measures.catalogue import CATALOGUE, measure
from vrn_metrics.measures.measure import (
    DEFINITIONS,
    DUTY,
    ORIGINAL,
    PLACES,
    Definition,
    Measure,
    Numerator,
    Place,
    definition,
)
from vrn_metrics.measures.registers import (
    Baseline,
    Break,
    baseline,
    baselines,
    breaks,
    breaks_for,
)

__all__ = [
    "CATALOGUE",
    "DEFINITIONS",
    "DUTY",
    "ORIGINAL",
    "PLACES",
    "Baseline",
    "Break",
    "Definition",
    "Measure",
    "Numerator",
    "Place",
    "baseline",
    "baselines",
    "breaks",
    "breaks_for",
    "definition",
    "measure",
]
