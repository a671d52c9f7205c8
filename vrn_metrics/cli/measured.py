"""Commands about measures: are we succeeding, is it changing, did the network do it?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vrn_metrics import areas, narrative
from vrn_metrics.analyses.attention import attention as attention_of
from vrn_metrics.analyses.divergence import divergence
from vrn_metrics.analyses.impact import choose as impact_choices
from vrn_metrics.analyses.impact import estimate as impact_of
from vrn_metrics.analyses.impact_effects import ImpactMethod
from vrn_metrics.analyses.scorecard import scorecard as scorecard_of
from vrn_metrics.analyses.trend import trend as trend_of
from vrn_metrics.cli.command import (
    Asked,
    Day,
    pick,
    progress,
    shared,
    show,
    to_json,
    vrn,
)
from vrn_metrics.exports import contract, series, tables, together, workbench
from vrn_metrics.measures import DEFINITIONS, DUTY


@vrn.command()
@click.option("--area", default=areas.NETWORK, show_default=True, metavar="CODE")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option(
    "--definition",
    "definition_key",
    default=DUTY,
    show_default=True,
    metavar="KEY",
    help="Of serious violence: " + ", ".join(DEFINITIONS) + ".",
)
@click.option("--across-breaks", is_flag=True, help="Compare across breaks in recording.")
@shared
def scorecard(
    asked: Asked,
    area: str,
    baseline_key: str | None,
    definition_key: str,
    across_breaks: bool,
) -> None:
    """Are we succeeding? Each measure against its baseline."""
    card = scorecard_of(
        asked.store,
        area=area,
        baseline_key=baseline_key,
        definition_key=definition_key,
        as_of=asked.as_of,
        across_breaks=across_breaks,
    )
    if asked.shape == "json":
        click.echo(to_json(contract.scorecard_json(card)))
        return
    if asked.shape == "csv":
        notice = {"notice": narrative.demonstration_notice()} if card.demonstration_data else {}
        rows = [{**row, **notice} for row in tables.scorecard_rows(card)]
        click.echo(tables.to_csv(rows), nl=False)
        return
    if card.demonstration_data:
        click.echo(narrative.demonstration_notice())
    click.echo(f"{card.area.name}, as of {card.as_of.isoformat()}\n")
    for entry in card.entries:
        click.echo(f"{entry.verdict.symbol} {entry.measure.title}")
        click.echo(f"  {narrative.sentence(entry)}\n")


@vrn.command()
@click.argument("measure")
@click.option("--area", default=areas.NETWORK, show_default=True, metavar="CODE")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@click.option("--method", metavar="KEY", help="By the size of the numbers when not given.")
@click.option(
    "--years",
    type=click.IntRange(min=1, max=100),
    metavar="N",
    help="Up to the latest point; all when not given.",
)
@click.option("--across-breaks", is_flag=True, help="One set of lines across breaks in recording.")
@shared
def trend(
    asked: Asked,
    measure: str,
    area: str,
    baseline_key: str | None,
    definition_key: str,
    method: str | None,
    years: int | None,
    across_breaks: bool,
) -> None:
    """Is this measure really changing?"""
    found = trend_of(
        asked.store,
        measure,
        area=area,
        baseline_key=baseline_key,
        definition_key=definition_key,
        method=method,
        years=years,
        as_of=asked.as_of,
        across_breaks=across_breaks,
    )
    beside = divergence(asked.store, measure, area=area, as_of=asked.as_of)
    rows = series.trend_rows(found)
    if asked.shape == "json":
        click.echo(to_json(series.trend_json(found, beside)))
        return
    if asked.shape == "csv":
        notice = {"notice": narrative.demonstration_notice()} if found.demonstration_data else {}
        click.echo(tables.to_csv([{**row, **notice} for row in rows]), nl=False)
        return
    if found.demonstration_data:
        click.echo(narrative.demonstration_notice())
    click.echo(f"{found.entry.measure.title}, {found.area.name}\n")
    said = narrative.trend_paragraphs(found)
    for each in [*said, *([narrative.divergence_words(beside)] if beside else [])]:
        click.echo(f"{each}\n")
    show([pick(row, "period", "count", "stands out") for row in rows], rows, "table")


@vrn.command()
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@shared
def attention(asked: Asked, definition_key: str) -> None:
    """Which districts are worse than the rest and getting worse?"""
    found = attention_of(asked.store, definition_key=definition_key, as_of=asked.as_of)
    if asked.shape == "table":
        click.echo(f"{narrative.attention_words(found)}\n")
    rows = together.attention_rows(found)
    shown = [pick(row, "district", "measure", "verdict", "p_value") for row in rows]
    show(shown, together.attention_json(found), asked.shape, nothing="The list is empty.")


@vrn.command()
@click.argument("measure")
@click.option(
    "--method",
    default=str(ImpactMethod.SYNTHETIC),
    show_default=True,
    metavar="KEY",
    help=", ".join(ImpactMethod) + ".",
)
@click.option("--start", type=Day(), metavar="DATE", help="Effect from; 2019-04-01 if not given.")
@click.option("--points", type=click.Choice(["year", "quarter"]), help="By how many there are.")
@click.option("--since", type=Day(), metavar="DATE", help="First day of the panel.")
@click.option("--drop", multiple=True, metavar="FORCE", help="Leave a donor out.")
@click.option("--add", multiple=True, metavar="FORCE", help="Take a force in all the same.")
@click.option("--without-covid", is_flag=True, help="Leave out the year ending March 2021.")
@click.option("--no-curve", is_flag=True, help="Do not try every other choice.")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="Hold against a plan.")
@click.option(
    "--save-plan", type=click.Path(path_type=Path), help="Write the choices down; estimate nothing."
)
@click.option("--out", type=click.Path(path_type=Path), help="Folder for figures, script, card.")
@shared
def impact(
    asked: Asked,
    measure: str,
    plan_file: Path | None,
    save_plan: Path | None,
    out: Path | None,
    no_curve: bool,
    **options: Any,
) -> None:
    """Did the network make the difference?"""
    choices = impact_choices(measure, **options)
    if save_plan is not None:
        workbench.save_plan(choices, save_plan)
        click.echo(f"The plan is in {save_plan}.")
        return
    found = impact_of(asked.store, choices, as_of=asked.as_of, curve=not no_curve)
    plan = workbench.load_plan(plan_file) if plan_file is not None else None
    held = narrative.plan_words(plan, found) if plan is not None else []
    for path in workbench.write(found, out) if out is not None else ():
        progress(f"wrote {path}")
    if asked.shape == "json":
        click.echo(to_json(workbench.impact_json(found) | ({"plan": held} if held else {})))
        return
    if asked.shape == "csv":
        click.echo(tables.to_csv(workbench.impact_rows(found)), nl=False)
        return
    if found.demonstration_data:
        click.echo(narrative.demonstration_notice())
    click.echo(f"{found.measure.title}, {found.area.name}: {found.choices.method.words}\n")
    for each in [*held, *narrative.impact_paragraphs(found)]:
        click.echo(f"{each}\n")
