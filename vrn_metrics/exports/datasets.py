"""The scorecard, a trend and the list of districts as tables for machines.

Their values are those of the JSON contract, so that the two can never differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from vrn_metrics.analyses.attention import Attention
from vrn_metrics.analyses.scorecard import Scorecard
from vrn_metrics.analyses.trend import Trend
from vrn_metrics.areas import network
from vrn_metrics.exports.contract import scorecard_json
from vrn_metrics.exports.dataset import (
    Column,
    Dataset,
    Mark,
    Row,
    Value,
    count_columns,
    count_values,
    dataset,
    estimate_columns,
    estimate_values,
    known,
    span_columns,
    span_values,
)
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.exports.series import trend_json
from vrn_metrics.exports.together import attention_json

_RATIO_PARTS: Final = ("value", "lower", "upper", "p_value")
_RATIO_UNIT: Final = "rate now over rate in the baseline"
_AREA: Final = (
    Column("area_code", "Area code", "ONS code of the area."),
    Column("area", "Area", "Name of the area."),
)


_SCORECARD: Final = (
    *_AREA,
    Column("measure", "Measure key", "Key of the measure in the catalogue."),
    Column("title", "Measure", "What is counted."),
    Column("definition", "Definition", "What is counted, in full."),
    Column("source_kind", "Kind of source", "local: an extract; published: as downloaded."),
    Column("verdict", "Verdict", "What may be said of the change since the baseline."),
    *span_columns("period", "Period"),
    *count_columns("count", "Events"),
    *estimate_columns("rate", "Rate a year", "events per so many people a year"),
    Column("rate_per", "Rate per people", "How many people the rate is per.", "integer", "people"),
    Column("baseline", "Baseline key", "Key of the baseline."),
    *span_columns("baseline", "Baseline"),
    *count_columns("baseline_count", "Events in the baseline"),
    *estimate_columns("baseline_rate", "Rate in the baseline", "events per so many people a year"),
    *estimate_columns("rate_ratio", "Rate ratio", _RATIO_UNIT, _RATIO_PARTS),
    Column(
        "smallest_detectable_fall",
        "Smallest detectable fall",
        "The least fall that the same test would see four times in five, as a proportion.",
        "number",
        "proportion",
    ),
    Column("sentence", "In a sentence", "The verdict in a sentence."),
)

_TREND: Final = (
    *_AREA,
    Column("measure", "Measure key", "Key of the measure in the catalogue."),
    Column("title", "Measure", "What is counted."),
    *span_columns("period", "Period"),
    *count_columns("count", "Events"),
    Column(
        "value",
        "Value on the chart",
        "The count, or on a u′ chart the rate a year.",
        "number",
        "events, or events per so many people a year",
    ),
    Column("centre", "Centre line", "Mean of the series since the last break.", "number"),
    Column("lower_limit", "Lower process limit", "A steady series is seldom below.", "number"),
    Column("upper_limit", "Upper process limit", "A steady series is seldom above.", "number"),
    Column("special_cause", "Stands out", "The rule by which the point stands out; else no."),
)

_ATTENTION: Final = (
    Column("district_code", "District code", "ONS code of the district."),
    Column("district", "District", "Name of the district."),
    Column("measure", "Measure key", "Key of the measure in the catalogue."),
    Column("verdict", "Verdict", "What may be said of the change since the baseline."),
    Column(
        "p_value",
        "p-value",
        "The larger of two: that it is not above the rest, that it did not rise.",
        "number",
    ),
    Column("sentence", "In a sentence", "Both comparisons in a sentence."),
)


def scorecard_dataset(card: Scorecard) -> Dataset:
    """One row a measure."""
    answer = scorecard_json(card)
    area = {"area_code": answer["area"]["code"], "area": answer["area"]["name"]}
    return dataset(
        f"scorecard-{card.area.code}-{card.as_of.isoformat()}",
        f"Success measures and their context, {card.area.name}",
        _SCORECARD,
        [{**area, **_measure_row(each)} for each in answer["measures"]],
        ("measure",),
        Provenance.of(card.area, card.as_of, card.entries),
    )


def trend_dataset(found: Trend) -> Dataset:
    """One row a point of the chart."""
    answer = trend_json(found)
    measure = found.entry.measure
    same: Row = {
        "area_code": found.area.code,
        "area": found.area.name,
        "measure": measure.key,
        "title": measure.title,
    }
    return dataset(
        f"trend-{measure.key}-{found.area.code}-{found.as_of.isoformat()}",
        f"{measure.title}, {found.area.name}: every point of the chart",
        _TREND,
        [{**same, **_point_row(each)} for each in answer["points"]],
        ("period_start", "period_end"),
        Provenance.of(found.area, found.as_of, [found.entry]),
    )


def attention_dataset(found: Attention) -> Dataset:
    """One row a district and measure on the list."""
    rows: list[Row] = [
        {
            "district_code": each["code"],
            "district": each["district"],
            "measure": each["measure"],
            "verdict": each["verdict"],
            "p_value": known(each["p_value"]),
            "sentence": each["said"],
        }
        for each in attention_json(found)["listed"]
    ]
    return dataset(
        f"districts-to-look-at-first-{found.as_of.isoformat()}",
        "Districts to look at first",
        _ATTENTION,
        rows,
        ("district_code", "measure"),
        Provenance.of(network(), found.as_of, [each.entry for each in found.cells]),
    )


def _measure_row(answer: Mapping[str, Any]) -> dict[str, Value]:
    base = answer["baseline"]
    now_hidden, then_hidden = (
        each["count"]["status"] == "suppressed" and each["count"]["lower"] is None
        for each in (answer, base)
    )
    return {
        "measure": answer["measure"],
        "title": answer["title"],
        "definition": answer["definition"],
        "source_kind": known(answer["source_kind"]),
        "verdict": answer["verdict"],
        **span_values("period", answer["period"]),
        **count_values("count", answer["count"]),
        **estimate_values("rate", answer["rate"], hidden=now_hidden),
        "rate_per": known((answer["rate"] or {}).get("per")),
        "baseline": base["key"],
        **span_values("baseline", base["period"]),
        **count_values("baseline_count", base["count"]),
        **estimate_values("baseline_rate", base["rate"], hidden=then_hidden),
        **estimate_values(
            "rate_ratio", answer["rate_ratio"], _RATIO_PARTS, hidden=now_hidden or then_hidden
        ),
        "smallest_detectable_fall": known(answer["smallest_detectable_fall"]),
        "sentence": answer["sentence"],
    }


def _point_row(answer: Mapping[str, Any]) -> dict[str, Value]:
    hidden = answer["count"]["status"] == "suppressed"
    return {
        **span_values("period", answer["period"]),
        **count_values("count", answer["count"]),
        "value": known(answer["value"], Mark.HIDDEN if hidden else Mark.NOT_APPLICABLE),
        "centre": known(answer["centre"], Mark.NOT_APPLICABLE),
        "lower_limit": known(answer["lower"], Mark.NOT_APPLICABLE),
        "upper_limit": known(answer["upper"], Mark.NOT_APPLICABLE),
        "special_cause": answer["special_cause"]
        or ("no" if answer["value"] is not None else Mark.NOT_APPLICABLE),
    }
