"""What we measure: the catalogue, with its definitions, baselines and breaks."""

from vrn_metrics.measures.catalogue import CATALOGUE, measure
from vrn_metrics.measures.measure import (
    DEFINITIONS,
    DUTY,
    ORIGINAL,
    Definition,
    Measure,
    Numerator,
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
    "Baseline",
    "Break",
    "Definition",
    "Measure",
    "Numerator",
    "baseline",
    "baselines",
    "breaks",
    "breaks_for",
    "definition",
    "measure",
]
