"""What we measure: the catalogue, with its definitions, baselines and breaks."""

from vrn_metrics.measures.catalogue import CATALOGUE, measure
from vrn_metrics.measures.kinds import PLACES, TIMES, Kind
from vrn_metrics.measures.measure import (
    DEFINITIONS,
    DUTY,
    ORIGINAL,
    Definition,
    Measure,
    Numerator,
    definition,
)
from vrn_metrics.measures.money_rules import (
    FundingRule,
    Grant,
    UnitCost,
    funding_rules,
    grants,
    unit_costs,
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
    "TIMES",
    "Baseline",
    "Break",
    "Definition",
    "FundingRule",
    "Grant",
    "Kind",
    "Measure",
    "Numerator",
    "UnitCost",
    "baseline",
    "baselines",
    "breaks",
    "breaks_for",
    "definition",
    "funding_rules",
    "grants",
    "measure",
    "unit_costs",
]
