"""Commands about places: districts, small areas, kinds of place."""

from __future__ import annotations

import click

from vrn_metrics import areas, narrative
from vrn_metrics.analyses.circumstances import Circumstances, kinds_of_place, times_of_day
from vrn_metrics.analyses.district import district as district_of
from vrn_metrics.analyses.districts import districts as districts_of
from vrn_metrics.analyses.hotspots import VIOLENCE
from vrn_metrics.analyses.hotspots import hotspots as hotspots_of
from vrn_metrics.cli.command import (
    Asked,
    answer,
    shared,
    show,
    vrn,
)
from vrn_metrics.exports import districts as exported
from vrn_metrics.exports import hotspots as hot
from vrn_metrics.exports.circumstances import circumstances_json, circumstances_rows
from vrn_metrics.measures import DUTY


@vrn.command()
@click.argument("measure", required=False)
@click.option("--area", metavar="CODE", help="One district with every measure.")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@shared
def districts(
    asked: Asked,
    measure: str | None,
    area: str | None,
    baseline_key: str | None,
    definition_key: str,
) -> None:
    """Where, and compared with whom? One MEASURE in every district, or one district."""
    if (measure is None) == (area is None):
        raise click.UsageError("name a MEASURE, or a district with --area: one of the two.")
    if area is not None:
        one = district_of(
            asked.store,
            area,
            baseline_key=baseline_key,
            definition_key=definition_key,
            as_of=asked.as_of,
        )
        answer(
            asked.shape,
            exported.district_json(one),
            exported.district_rows(one),
            narrative.district_sentence(one).replace("**", ""),
            ("measure", "verdict", "count", "rate", "share of LLR", "among districts"),
            demonstration=one.demonstration_data,
        )
        return
    found = districts_of(
        asked.store,
        measure or "",
        baseline_key=baseline_key,
        definition_key=definition_key,
        as_of=asked.as_of,
    )
    if found is None:
        show([], None, asked.shape, nothing="No release that counts has it by district.")
        return
    answer(
        asked.shape,
        exported.districts_json(found),
        exported.districts_rows(found),
        narrative.districts_sentence(found),
        ("district", "count", "rate", "among districts"),
        demonstration=found.is_demonstration,
    )


@vrn.command()
@click.option("--crime-type", default=VIOLENCE, show_default=True, metavar="TYPE")
@click.option("--area", default=areas.NETWORK, show_default=True, metavar="CODE")
@shared
def hotspots(asked: Asked, crime_type: str, area: str) -> None:
    """Where does it happen, and which small areas rose by more than chance?"""
    found = hotspots_of(asked.store, crime_type=crime_type, area=area, as_of=asked.as_of)
    if found is None:
        show([], None, asked.shape, nothing="No street-level file counts.")
        return
    rows = hot.every_row(found) if asked.shape == "csv" else hot.hotspot_rows(found)
    answer(
        asked.shape,
        hot.hotspots_json(found),
        rows,
        narrative.hotspots_sentence(found),
        ("small area", "now", "before", "what it means"),
        demonstration=found.is_demonstration,
    )


@vrn.command()
@click.argument("measure")
@shared
def places(asked: Asked, measure: str) -> None:
    """In what kinds of place does it happen, over the network by year?"""
    _circumstances(asked, kinds_of_place(asked.store, measure, as_of=asked.as_of), "kind of place")


@vrn.command()
@click.argument("measure")
@shared
def times(asked: Asked, measure: str) -> None:
    """At what times of day does it happen, over the network by year?"""
    _circumstances(asked, times_of_day(asked.store, measure, as_of=asked.as_of), "time of day")


def _circumstances(asked: Asked, found: Circumstances | None, kind: str) -> None:
    if found is None:
        show([], None, asked.shape, nothing=f"No extract that counts has it by {kind}.")
        return
    rows = circumstances_rows(found)
    answer(
        asked.shape,
        circumstances_json(found),
        rows,
        narrative.circumstances_sentence(found),
        tuple(rows[0]) if rows else (),
        demonstration=found.is_demonstration,
    )
