"""What each chart of an impact estimate shows, as tables for machines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from vrn_metrics import narrative
from vrn_metrics.analyses.impact import Impact
from vrn_metrics.exports.dataset import (
    Column,
    Dataset,
    Mark,
    Row,
    count_columns,
    count_values,
    dataset,
    known,
    span_columns,
    span_values,
)
from vrn_metrics.exports.impact import impact_json
from vrn_metrics.exports.provenance import Provenance

_UNIT: Final = "events per so many people a year"
_POWER: Final = (
    Column("fall", "True fall", "As a proportion.", "number", "proportion"),
    Column("found", "Found", "How often such a fall would be found.", "number", "proportion"),
)
_PATHS: Final = (
    *span_columns("period", "Period"),
    *count_columns("count", "Events"),
    Column("rate", "Rate", "Of the network.", "number", _UNIT),
    Column("expected", "Expected", "Of the counterfactual.", "number", _UNIT),
    Column("gap", "Gap", "Rate less expected.", "number", _UNIT),
    Column("averted", "Averted so far", "Since the start.", "number", "events"),
)
_PLACEBOS: Final = (
    Column("force", "Police force", "Treated as if it had a network."),
    Column("effect", "Effect", "The same estimate for it.", "number", _UNIT),
)
_CURVE: Final = (
    Column("choice", "Choice", "Its number.", "integer"),
    Column("method", "Method", "Key of the method."),
    Column("start", "Effect from", "First day of the effect.", "date"),
    Column("since", "Compared since", "First day of the figures before.", "date"),
    Column("without_covid", "Without Covid", "yes or no."),
    Column("without_donor", "Without donor", "The force that is left out, if one is."),
    Column("is_chosen", "Chosen", "Whether these are the choices of the page: yes or no."),
    Column("effect", "Effect", "The estimate under these choices.", "number", _UNIT),
    Column("p_value", "p-value", "Of the placebo test, where there is one.", "number"),
)


def impact_origin(found: Impact) -> Provenance:
    """Where the figures behind an estimate come from."""
    return Provenance.of_releases(
        found.area,
        found.as_of,
        found.releases,
        definitions=[f"{found.measure.title}: {found.measure.definition}"],
        caveats=[*narrative.HAZARDS, *found.measure.caveats],
    )


def stem(found: Impact, what: str) -> str:
    """What the files of one chart are called."""
    return f"impact-{what}-{found.measure.key}-{found.choices.method}-{found.as_of.isoformat()}"


def power_dataset(found: Impact) -> Dataset:
    """One row a true fall, with how often it would be found."""
    answer = impact_json(found)["power"] or {"falls": [], "found": []}
    pairs = zip(answer["falls"], answer["found"], strict=True)
    rows = [{"fall": fall, "found": known(share)} for fall, share in pairs]
    return _of(found, "power", "How often true falls would be found", _POWER, rows, ["fall"])


def paths_dataset(found: Impact) -> Dataset:
    """One row a point: the network and its counterfactual."""
    return _of(
        found,
        "paths",
        "The network and its counterfactual",
        _PATHS,
        [_point(each) for each in impact_json(found)["points"]],
        ["period_start"],
    )


def placebos_dataset(found: Impact) -> Dataset:
    """One row a force without a network."""
    effects = impact_json(found)["estimate"]["placebos"]
    rows = [{"force": force, "effect": known(effect)} for force, effect in effects.items()]
    return _of(
        found, "placebos", "The same for forces without a network", _PLACEBOS, rows, ["force"]
    )


def curve_dataset(found: Impact) -> Dataset:
    """One row a set of choices."""
    rows = [
        {
            "choice": place,
            "method": each["method"],
            "start": date.fromisoformat(each["start"]),
            "since": date.fromisoformat(each["since"]),
            "without_covid": "yes" if each["without_covid"] else "no",
            "without_donor": known(each["without_donor"], Mark.NOT_APPLICABLE),
            "is_chosen": "yes" if each["is_chosen"] else "no",
            "effect": known(each["value"]),
            "p_value": known(each["p_value"], Mark.NOT_APPLICABLE),
        }
        for place, each in enumerate(impact_json(found)["specification_curve"], start=1)
    ]
    return _of(found, "choices", "The estimate under other choices", _CURVE, rows, ["choice"])


def _point(answer: Mapping[str, Any]) -> Row:
    return {
        **span_values("period", answer["period"]),
        **count_values("count", answer["count"]),
        **{name: known(answer[name]) for name in ("rate", "expected", "gap")},
        "averted": known(answer["averted"], Mark.NOT_APPLICABLE),
    }


def _of(
    found: Impact,
    what: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Row],
    key: Sequence[str],
) -> Dataset:
    full = f"{title}: {found.measure.title}, {found.choices.method.words}"
    return dataset(stem(found, what), full, columns, rows, key, impact_origin(found))
