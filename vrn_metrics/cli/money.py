"""Commands about money."""

from __future__ import annotations

import click

from vrn_metrics.analyses.cost_of_violence import cost_of_violence
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.spend import spend as spend_of
from vrn_metrics.cli.command import Asked, answer, shared, show, vrn
from vrn_metrics.exports import spend as exported
from vrn_metrics.narrative.spend import spend_sentence


@vrn.command()
@click.option("--year", metavar="YEAR", help="Such as 2025-26; the ledger's latest if not given.")
@shared
def spend(asked: Asked, year: str | None) -> None:
    """Is 20% going to interventions, and how much is left to spend?"""
    found = spend_of(asked.store, year=year, as_of=asked.as_of)
    if found is None:
        show([], None, asked.shape, nothing="No ledger counts.")
        return
    card = scorecard(asked.store, as_of=asked.as_of)
    costs = cost_of_violence(card, found.spent)
    answer(
        asked.shape,
        exported.spend_json(found, costs),
        exported.standing_rows(found),
        spend_sentence(found),
        ("rule", "figures", "part", "whole", "share", "met"),
        demonstration=found.is_demonstration,
    )
