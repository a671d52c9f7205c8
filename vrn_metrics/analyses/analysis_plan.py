"""Choices written down before the figures are seen, and whether an estimate keeps to them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from vrn_metrics.analyses.impact import Choices, Impact


@dataclass(frozen=True)
class AnalysisPlan:
    """The choices of an analysis and the day on which they were written down.

    The day is what the file says: who needs proof of it lodges the file elsewhere.
    """

    written: date
    choices: Choices


@dataclass(frozen=True)
class Adherence:
    """How an estimate stands to a plan.

    Parameters
    ----------
    departures
        Each choice that differs, with the planned value and the one on view.
    loaded_before
        Files that were already in the store on the day of the plan.
    """

    departures: tuple[tuple[str, str, str], ...]
    loaded_before: tuple[str, ...]

    @property
    def is_kept(self) -> bool:
        """Whether the estimate is the planned one."""
        return not self.departures

    @property
    def was_blind(self) -> bool:
        """Whether none of its figures was in the store when the plan was written."""
        return not self.loaded_before


def hold_against(plan: AnalysisPlan, found: Impact) -> Adherence:
    """Whether the estimate on view is the one that was planned, and planned unseen."""
    departures = tuple(
        (
            each.name,
            _said(getattr(plan.choices, each.name)),
            _said(getattr(found.choices, each.name)),
        )
        for each in fields(Choices)
        if getattr(plan.choices, each.name) != getattr(found.choices, each.name)
    )
    before = tuple(
        each.file_name for each in found.releases if each.changed_at.date() <= plan.written
    )
    return Adherence(departures, before)


def _said(value: object) -> str:
    if value is None:
        return "by default"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)
