"""Money on its way out: the same pence in every table and in the JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from vrn_metrics import narrative
from vrn_metrics.analyses.cost_of_violence import Avoided
from vrn_metrics.analyses.spend import RuleStanding, Spend
from vrn_metrics.areas import network
from vrn_metrics.exports.contract import release_words
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.money import pounds
from vrn_metrics.narrative.spend import (
    avoided_words,
    exact_percent,
    headroom_words,
    spend_sentence,
    standing_words,
)
from vrn_metrics.periods import Period, shift
from vrn_metrics.store import LedgerLine, Release

LEDGER = (
    *("date", "year", "line", "project", "category", "amount", "kind", "funding_stream"),
    *("classified_by", "reason", "doubtful"),
)


def spend_origin(
    found: Spend, *, also: Iterable[Release] = (), caveats: Iterable[str] = ()
) -> Provenance:
    """Where the money's figures come from; `also` are releases that other figures rest on."""
    return Provenance.of_releases(
        network(),
        found.as_of,
        [*found.releases, *also],
        definitions=[
            f"{each.rule.title}: at least {float(100 * each.rule.at_least):g}%, {each.rule.source}."
            for each in found.rules
        ],
        caveats=[
            "A line counts as what its ledger says it is; lowest and highest are the shares if "
            "every doubtful line went the other way.",
            *caveats,
        ],
    )


def standing_rows(found: Spend) -> list[dict[str, Any]]:
    """One row a rule and kind of figures."""
    return [
        {
            "year": found.year,
            "rule": each.rule.title,
            "figures": standing.kind,
            "part": pounds(standing.part),
            "part pence": standing.part,
            "whole": pounds(standing.whole),
            "whole pence": standing.whole,
            "share": exact_percent(standing.share, each.rule.at_least),
            "lowest": exact_percent(standing.share_of(standing.lowest), each.rule.at_least),
            "highest": exact_percent(standing.share_of(standing.highest), each.rule.at_least),
            "met": "" if not each.rule.at_least else _yes(standing.meets(each.rule)),
        }
        for each in found.rules
        for standing in each.standings
    ]


def sum_rows(found: Spend) -> list[dict[str, Any]]:
    """Actual spending by project, category and quarter."""
    return [
        {"by": name, "of": key, "spent": pounds(pence), "pence": pence}
        for name, sums in (
            ("project", found.by_project),
            ("category", found.by_category),
            ("quarter", found.by_quarter),
        )
        for key, pence in sums
    ]


def spend_json(found: Spend, costs: tuple[Avoided, ...] = ()) -> dict[str, Any]:
    """`vrn spend --format json`; money in whole pence."""
    return {
        "year": found.year,
        "years": list(found.years),
        "as_of": found.as_of.isoformat(),
        "demonstration_data": found.is_demonstration,
        **({"notice": narrative.demonstration_notice()} if found.is_demonstration else {}),
        "sentence": spend_sentence(found),
        "rules": [_rule_json(found, each) for each in found.rules],
        "spent_by_project_pence": dict(found.by_project),
        "spent_by_category_pence": dict(found.by_category),
        "spent_by_quarter_pence": dict(found.by_quarter),
        "spent_by_year_pence": dict(found.totals_by_year),
        "over_plan_pence": found.over_plan,
        "over_grant_pence": found.over_grant,
        "reclassified": [
            {
                "line": each.line,
                "kind": each.kind,
                "from": each.before,
                "to": each.after,
                "by": each.by,
                "reason": each.reason,
                "release": each.release_id,
            }
            for each in found.reclassified
        ],
        "grants": [
            {"years": each.years, "pence": each.pence, "at_least": each.is_least, "what": each.what}
            for each in found.grants
        ],
        "cost_of_violence": [
            {
                "measure": each.entry.measure.key,
                "verdict": str(each.entry.verdict),
                "events_avoided": [round(each.least_events, 1), round(each.most_events, 1)],
                "cost_pence": list(each.cost),
                "cashable_pence": list(each.cashable) if each.cashable else None,
                "unit_cost_pence": each.unit.pence,
                "price_year": each.unit.price_year,
                "deflator": str(each.unit.deflator),
                "source": each.unit.source,
                "break_even_events": each.break_even,
                "said": avoided_words(each),
            }
            for each in costs
        ],
        "releases": [release_words(each) for each in found.releases],
    }


def ledger_cells(line: LedgerLine) -> dict[str, str]:
    """A line as the words of its row."""
    whole, rest = divmod(abs(line.amount_pence), 100)
    return {
        "date": line.day.isoformat(),
        "year": line.year,
        "line": line.line,
        "project": line.project,
        "category": line.category,
        "amount": f"{'-' if line.amount_pence < 0 else ''}{whole}.{rest:02d}",
        "kind": line.kind,
        "funding_stream": line.funding_stream,
        "classified_by": line.classified_by or "",
        "reason": line.reason or "",
        "doubtful": "yes" if line.doubtful else "no",
    }


def ledger_csv(found: Spend) -> str:
    """The year's lines in the layout that the reader takes, ready to be edited and loaded."""
    release = found.releases[-1]
    return ledger_layout(
        [ledger_cells(each) for each in found.lines],
        found.period,
        publisher="Downloaded from the Spend page",
        day=found.as_of,
        edition=release.edition,
        demonstration=found.is_demonstration,
    )


def ledger_layout(
    rows: Iterable[Mapping[str, str]],
    period: Period,
    *,
    publisher: str,
    day: date,
    edition: date,
    demonstration: bool,
) -> str:
    """A `vrn-spend` file of one financial year, as CSV text.

    Parameters
    ----------
    day
        On which it is written: it covers the months that are over then.
    edition
        That of the release it is to replace. The new one is no older, or it would not count.
    """
    kept = list(rows)
    last = max(shift(day.replace(day=1), -1), edition.replace(day=1))
    first = min(period.start, last)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["layout", "vrn-spend", 1])
    writer.writerow(["covers", f"{first:%Y-%m}", f"{last:%Y-%m}"])
    writer.writerow(["publisher", publisher])
    if demonstration:
        writer.writerow(["demonstration", "yes"])
    writer.writerow(["rows", len(kept)])
    writer.writerow([])
    writer.writerow(LEDGER)
    writer.writerows([[each.get(name, "") for name in LEDGER] for each in kept])
    return out.getvalue()


def _rule_json(found: Spend, each: RuleStanding) -> dict[str, Any]:
    return {
        "rule": each.rule.key,
        "title": each.rule.title,
        "at_least": str(each.rule.at_least),
        "source": each.rule.source,
        "to_spend_pence": each.to_spend,
        "said": headroom_words(found, each) if each.rule.at_least else None,
        "standings": [
            {
                "figures": standing.kind,
                "part_pence": standing.part,
                "whole_pence": standing.whole,
                "share": None if standing.share is None else str(standing.share),
                "lowest_pence": standing.lowest,
                "highest_pence": standing.highest,
                "met": standing.meets(each.rule) if each.rule.at_least else None,
                "said": standing_words(each.rule, standing),
            }
            for standing in each.standings
        ],
    }


def _yes(met: bool | None) -> str:
    return {True: "yes", False: "no", None: "nothing to judge"}[met]
