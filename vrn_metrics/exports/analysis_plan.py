"""An analysis plan as a file: written, and read back with every fault named."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from vrn_metrics.analyses.analysis_plan import AnalysisPlan
from vrn_metrics.analyses.impact import Choices
from vrn_metrics.analyses.impact_effects import ImpactMethod
from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.exports.impact import choices_json
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.measures.donor_pool import police_forces

FORM: Final = "vrn-analysis-plan/1"
LONGEST: Final = 20_000
NAME: Final = "the analysis plan"
FIX: Final = "Save a plan from the page or with 'vrn impact MEASURE --save-plan FILE'."


def plan_text(choices: Choices, written: date) -> str:
    """The plan as JSON."""
    about = {"form": FORM, "written": written.isoformat(), "choices": choices_json(choices)}
    return json.dumps(about, ensure_ascii=False, indent=2) + "\n"


def read_plan(text: str) -> AnalysisPlan:
    """The plan in a file.

    Raises
    ------
    BadInputError
        If it is no plan, with what is wrong with it.
    """
    if len(text) > LONGEST:
        raise _refusal("a plan", f"{len(text):,} characters")
    try:
        content = json.loads(text.removeprefix("\ufeff"))
    except ValueError:
        raise _refusal("a plan as JSON", "something else") from None
    if not isinstance(content, dict) or content.get("form") != FORM:
        raise _refusal(f'JSON with "form": "{FORM}"', "something else")
    chosen = content.get("choices")
    if not isinstance(chosen, dict):
        raise _refusal("choices by name", "none")
    try:
        return AnalysisPlan(date.fromisoformat(str(content.get("written"))), _choices(chosen))
    except (ValueError, TypeError, KeyError) as error:
        raise _refusal("the choices of 'vrn impact'", str(error)) from None


def _choices(chosen: dict[str, Any]) -> Choices:
    measure, months = chosen["measure"], chosen["months"]
    if measure not in CATALOGUE:
        raise ValueError("a measure that is not in the catalogue")
    if months not in (None, 3, 12):
        raise ValueError("points that are neither years nor quarters")
    pools = [tuple(chosen[name]) for name in ("drop", "add")]
    if not all(code in police_forces() for pool in pools for code in pool):
        raise ValueError("a force that does not exist")
    return Choices(
        measure=measure,
        method=ImpactMethod(chosen["method"]),
        start=date.fromisoformat(chosen["start"]),
        months=months,
        since=date.fromisoformat(chosen["since"]) if chosen["since"] else None,
        drop=pools[0],
        add=pools[1],
        without_covid=bool(chosen["without_covid"]),
    )


def _refusal(expected: str, found: str) -> BadInputError:
    return BadInputError(NAME, [Problem(expected, found, FIX)])
