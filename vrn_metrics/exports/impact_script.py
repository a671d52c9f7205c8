"""A short Python script that gives an estimate again, from its CSV and this library alone."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from vrn_metrics import narrative
from vrn_metrics.analyses.impact import Impact
from vrn_metrics.analyses.impact_effects import ImpactMethod
from vrn_metrics.exports.impact import PLACES, choices_json

DISTRIBUTION: Final = "vrn-dashboard"


def impact_script(found: Impact, file_name: str) -> str:
    """Python that reads the CSV of `impact_rows` and prints the estimate as JSON.

    It prints `value`, `lower`, `upper` and `p_value` as in `impact_json`'s `estimate`, and
    for methods with weights those too.
    """
    head = _HEAD.format(
        title=found.measure.title,
        method=found.choices.method.words,
        notice=f"\n{narrative.demonstration_notice()}\n" if found.demonstration_data else "",
        file=file_name,
    )
    if found.choices.method is ImpactMethod.RATIO:
        return head + _RATIO.format(places=PLACES)
    panel = found.panel
    if panel is None:
        raise ValueError("there is no estimate to reproduce")
    body = _BODIES[found.choices.method].format(
        period=panel.points_a_year,
        harmonics=1 if panel.points_a_year > 1 else 0,
    )
    return head + _PANEL.format(start=panel.start.isoformat()) + body + _PRINT.format(places=PLACES)


def method_card(found: Impact) -> str:
    """What was done, with what, and what it assumes, as Markdown for a report's annex."""
    choices = "\n".join(f"- {name}: {value}" for name, value in choices_json(found.choices).items())
    pool = (
        "\n".join(f"- {each}" for each in narrative.pool_words(found.panel)) if found.panel else ""
    )
    said = "\n".join(f"- {each}" for each in narrative.impact_paragraphs(found))
    releases = "\n".join(
        f"- {each.file_name} ({each.source}), sha256 {each.sha256}" for each in found.releases
    )
    notice = f"**{narrative.demonstration_notice()}**\n\n" if found.demonstration_data else ""
    return (
        f"# Method card: {found.measure.title}\n\n{notice}"
        f"{found.choices.method.words}, as of {found.as_of.isoformat()}.\n\n"
        f"{narrative.method_words(found.choices.method)}\n\n"
        f"## Choices\n\n{choices}\n\n## Compared with\n\n{pool}\n\n"
        f"## Found, and how far to trust it\n\n{said}\n\n"
        f"## Made from\n\n{releases or '- no release'}\n\n"
        f"vrn_metrics {_version()}, Python {platform.python_version()}\n"
    )


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return "not installed"


_HEAD: Final = '''"""{title}
{method}
{notice}
Reads {file} from the folder it is run in.
"""

import csv
import json
from pathlib import Path

import numpy as np

FILE = Path("{file}")

with FILE.open(encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file))
'''

_PANEL: Final = '''
START = "{start}"  # the first day from which an effect is looked for
forces = list(dict.fromkeys(row["force"] for row in rows))  # the network first
periods = sorted({{row["start"] for row in rows}})
pre_periods = sum(period < START for period in periods)


def table(column):
    """One row a period, one column a force."""
    cells = {{(row["start"], row["force"]): float(row[column]) for row in rows}}
    return np.array([[cells[period, force] for force in forces] for period in periods])


counts, people = table("count"), table("person_years")
rates = counts / people * float(rows[0]["per"])
network, donors = rates[:, 0], rates[:, 1:]
'''

_PRINT: Final = """
answer = {{name: None if each is None else round(float(each), {places}) for name, each in answer}}
print(json.dumps(answer))
"""

_TEST: Final = """
answer = [
    ("value", test.att),
    ("lower", test.lower),
    ("upper", test.upper),
    ("p_value", test.p_value),
    *((force, weight) for force, weight in zip(forces[1:], fit.weights) if weight > 0),
]
"""

_BODIES: Final = {
    ImpactMethod.SYNTHETIC: (
        """
from vrn_metrics.methods import synthetic_control

fit = synthetic_control.fit(network, donors, pre_periods=pre_periods)
test = synthetic_control.placebo_test(rates, treated=0, pre_periods=pre_periods)
"""
        + _TEST
    ),
    ImpactMethod.AUGMENTED: (
        """
from vrn_metrics.methods import augmented_control

fit = augmented_control.fit(network, donors, pre_periods=pre_periods)
test = augmented_control.placebo_test(rates, treated=0, pre_periods=pre_periods)
"""
        + _TEST
    ),
    ImpactMethod.SYNTHETIC_DIFFERENCE: (
        """
from vrn_metrics.methods import synthetic_difference

fit = synthetic_difference.fit(network, donors, pre_periods=pre_periods)
test = synthetic_difference.placebo_test(rates, treated=0, pre_periods=pre_periods)
"""
        + _TEST
    ),
    ImpactMethod.DIFFERENCE: """
from vrn_metrics.methods import difference

fit = difference.fit(rates, treated=0, pre_periods=pre_periods)
answer = [
    ("value", fit.att),
    ("lower", fit.lower),
    ("upper", fit.upper),
    ("p_value", fit.p_value),
]
""",
    ImpactMethod.INTERRUPTED: """
from vrn_metrics.methods import interrupted

covid = np.array(["2020-04-01" <= period <= "2021-03-31" for period in periods])
fit = interrupted.fit(
    counts[:, 0],
    people[:, 0],
    start=pre_periods,
    period={period},
    harmonics={harmonics},
    disrupted=covid if covid.any() else None,
    comparator_counts=counts[:, 1:].sum(axis=1),
    comparator_exposure=people[:, 1:].sum(axis=1),
)
best = fit.controlled.overall
answer = [
    ("value", best.value),
    ("lower", best.lower),
    ("upper", best.upper),
    ("p_value", best.p_value),
]
""",
}

_RATIO: Final = '''
from vrn_metrics.counts import Count, Status
from vrn_metrics.methods.comparison import rate_ratio, ratio_of_ratios


def figures(role):
    """Count and person-years then, and now."""
    for row in sorted((row for row in rows if row["role"] == role), key=lambda row: row["start"]):
        count = Count(int(row["least"]), int(row["most"]), Status(row["status"]))
        yield count, float(row["person_years"])


(then, then_people), (now, now_people) = figures("network")
elsewhere = list(figures("elsewhere"))
if elsewhere:
    (then_there, then_there_people), (now_there, now_there_people) = elsewhere
    best = ratio_of_ratios(
        now, now_people, then, then_people,
        now_there, now_there_people, then_there, then_there_people,
    )
else:
    best = rate_ratio(now, now_people, then, then_people)
names = ("value", "lower", "upper", "p_value")
answer = [(name, getattr(best, name)) for name in names]
answer = {{name: None if each is None else round(float(each), {places}) for name, each in answer}}
print(json.dumps(answer))
'''
