"""The JSON that others build on.

Keys are stable; a new key may come, none goes or changes its meaning without a line in
CHANGELOG.md.
"""

from __future__ import annotations

from datetime import datetime
from math import isfinite
from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.comparator import Comparator
from vrn_metrics.analyses.figures import Figure
from vrn_metrics.analyses.interventions import Register
from vrn_metrics.analyses.scorecard import Against, Entry, Scorecard
from vrn_metrics.counts import Count
from vrn_metrics.measures import Measure
from vrn_metrics.methods.comparison import RateRatio
from vrn_metrics.methods.disclosure import Published
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source
from vrn_metrics.store import LogEntry, Release

RATE_PLACES, RATIO_PLACES = 1, 3


def scorecard_json(card: Scorecard) -> dict[str, Any]:
    """`vrn scorecard --format json`."""
    return {
        "area": {"code": card.area.code, "name": card.area.name},
        "as_of": card.as_of.isoformat(),
        "demonstration_data": card.demonstration_data,
        **({"notice": narrative.demonstration_notice()} if card.demonstration_data else {}),
        "measures": [entry_json(entry) for entry in card.entries],
    }


def entry_json(entry: Entry) -> dict[str, Any]:
    """One measure of the scorecard."""
    chosen = entry.chosen
    return {
        "measure": entry.measure.key,
        "title": entry.measure.title,
        "definition": entry.definition_text,
        "definition_key": entry.definition.key if entry.definition else None,
        "source_kind": entry.source.kind if entry.source else None,
        "source": entry.source.key if entry.source else None,
        **figure_json(entry.current, entry.measure.per),
        "baseline": {
            "key": chosen.baseline.key,
            **figure_json(chosen.figure, entry.measure.per),
            "period": period_json(chosen.baseline.period),
        },
        "rate_ratio": ratio_json(chosen.ratio),
        "verdict": str(entry.verdict),
        "sentence": narrative.sentence(entry),
        "smallest_detectable_fall": rounded(chosen.smallest_detectable_fall, 2),
        "sensitivity": [_against_json(each) for each in entry.sensitivity],
        "comparator": _comparator_json(entry.comparator),
        "trail": counts_json(entry.points),
        "why_hidden": narrative.hidden_words(_counts_of(entry)) or None,
        "breaks": [
            {"key": each.key, "title": each.title, "date": each.since.isoformat()}
            for each in entry.breaks
        ],
        "caveats": list(entry.caveats),
        "releases": [release_words(each) for each in entry.releases],
    }


def _counts_of(entry: Entry) -> list[Count]:
    figures = [entry.current, *(each.figure for each in entry.sensitivity)]
    return [*entry.points.counts(), *(each.count for each in figures if each is not None)]


def measure_json(measure: Measure) -> dict[str, Any]:
    """`vrn measures --format json`."""
    return {
        "measure": measure.key,
        "title": measure.title,
        "definition": measure.definition,
        "ages": measure.age_words,
        "per": measure.per,
        "months": measure.window_months,
        "success_measure": measure.success,
        "baselines": list(measure.baselines),
        "sources": [each.source for each in measure.numerators],
        "caveats": list(measure.caveats),
        "checked_by": measure.checked_by,
        "next_review": measure.next_review.isoformat(),
    }


def source_json(source: Source) -> dict[str, Any]:
    """`vrn sources --format json`."""
    return {
        "source": source.key,
        "title": source.title,
        "publisher": source.publisher,
        "kind": source.kind,
        "cadence": source.cadence,
        "licence": source.licence,
        "address": source.address,
        "disclosure_profile": source.profile,
        "series": [each.key for each in source.series],
    }


def release_json(release: Release) -> dict[str, Any]:
    """`vrn releases --format json`."""
    return {
        "release": release.id,
        "source": release.source,
        "file": release.file_name,
        "state": release.state,
        "edition": release.edition.isoformat(),
        "period": period_json(Period(release.period_start, release.period_end))
        if release.period_start and release.period_end
        else None,
        "rows": None if release.is_guarded else release.rows,
        "sha256": release.sha256,
        "demonstration_data": release.demonstration,
        "changed_at": release.changed_at.isoformat(timespec="seconds"),
        "changed_by": release.changed_by,
        "counts_from": _moment(release.counts_from),
    }


def log_json(entry: LogEntry) -> dict[str, Any]:
    """`vrn log --format json`: times in UTC."""
    return {
        "entry": entry.number,
        "at": _moment(entry.at),
        "event": entry.event,
        "release": entry.release,
        "source": entry.source,
        "sha256": entry.sha256,
        "by": entry.by,
        "reason": entry.reason,
        "counts_from": _moment(entry.counts_from),
        "clock_back_seconds": int(entry.clock_back.total_seconds()),
        "seal": entry.seal,
    }


def _moment(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(timespec="seconds")


def figure_json(figure: Figure | None, per: int) -> dict[str, Any]:
    """A figure: its period, count and rate."""
    if figure is None:
        return {"period": None, "count": Count.missing().as_json(), "rate": None}
    return {
        "period": period_json(figure.period),
        "count": figure.count.as_json(),
        "rate": _rate_json(figure, per),
    }


def _rate_json(figure: Figure, per: int) -> dict[str, Any] | None:
    rate = figure.rate
    if rate is None:
        return None
    return {
        "value": rounded(rate.value, RATE_PLACES),
        "lower": rounded(rate.lower, RATE_PLACES),
        "upper": rounded(rate.upper, RATE_PLACES),
        "per": per,
        "confidence": rate.confidence,
        "method": rate.method,
    }


def ratio_json(ratio: RateRatio | None) -> dict[str, Any] | None:
    """A ratio of rates with its interval."""
    if ratio is None:
        return None
    return {
        "value": rounded(ratio.value, RATIO_PLACES),
        "lower": rounded(ratio.lower, RATIO_PLACES),
        "upper": rounded(ratio.upper, RATIO_PLACES),
        "p_value": rounded(ratio.p_value, RATIO_PLACES),
        "method": ratio.method,
    }


def _against_json(against: Against) -> dict[str, Any]:
    return {
        "baseline": against.baseline.key,
        "verdict": str(against.verdict),
        "rate_ratio": ratio_json(against.ratio),
        "reason": against.reason,
    }


def _comparator_json(found: Comparator | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "area": found.area,
        "rate_ratio": ratio_json(found.ratio),
        "ratio_of_ratios": ratio_json(found.relative),
        "verdict": str(found.verdict),
    }


def counts_json(shown: Published) -> list[dict[str, Any]]:
    """The period and count of each row of a published table."""
    return [
        {
            "period": period_json(Period(row["period_start"], row["period_end"])),
            "count": count.as_json(),
        }
        for row, count in zip(shown, shown.counts(), strict=True)
    ]


def interventions_json(register: Register) -> list[dict[str, Any]]:
    """What ran in an area, as context."""
    return [
        {
            "title": each.title,
            "tier": each.tier,
            "start": each.start.isoformat(),
            "end": each.end.isoformat() if each.end else None,
            "districts": [area.code for area in each.districts],
        }
        for each in register.interventions
    ]


def period_json(period: Period) -> dict[str, str]:
    """The two dates of a period."""
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def release_words(release: Release) -> str:
    """A release, so that its file can be found again."""
    return f"{release.id} {release.source} {release.file_name} sha256:{release.sha256[:12]}"


def rounded(value: float | None, places: int) -> float | None:
    """A number to so many places; nothing for what JSON cannot say."""
    return None if value is None or not isfinite(value) else round(value, places)
