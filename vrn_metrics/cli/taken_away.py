"""Commands whose answer is taken away: what changed, and the board's pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vrn_metrics import areas, narrative
from vrn_metrics.analyses.changes import changes as changes_of
from vrn_metrics.cli.command import (
    Asked,
    Day,
    progress,
    shared,
    show,
    vrn,
)
from vrn_metrics.exports import pack as board
from vrn_metrics.exports.addresses import SITE
from vrn_metrics.exports.changes import changes_json, moved_rows
from vrn_metrics.measures import DUTY


@vrn.command()
@click.option("--since", type=Day(), metavar="DATE", help="Else the day before the last approval.")
@click.option("--area", default=areas.NETWORK, show_default=True, metavar="CODE")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@shared
def changes(asked: Asked, **given: Any) -> None:
    """What changed since an earlier day: verdicts, and figures that were revised."""
    found = changes_of(asked.store, as_of=asked.as_of, **given)
    rows = moved_rows(found)
    if asked.shape == "table":
        if found.demonstration_data:
            click.echo(narrative.demonstration_notice())
        click.echo(f"{narrative.changes_words(found)}\n")
        for each in found.verdicts:
            click.echo(narrative.change_line(each))
    show(rows, changes_json(found), asked.shape, nothing="No earlier figure was revised.")


@vrn.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help=".pptx, .pdf or .html")
@click.option("--area", default=areas.NETWORK, show_default=True, metavar="CODE")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@click.option("--since", type=Day(), metavar="DATE", help="What changed since that day.")
@click.option("--site", default=SITE, show_default=True, metavar="URL", help="Where the pages are.")
@shared
def pack(asked: Asked, out: Path, **given: Any) -> None:
    """Make the board pack, as slides, a tagged PDF or a page without a network."""
    kind = board.kind_of(out)
    wanted = board.Asked(asked.store, as_of=asked.as_of, **given)
    made, content = board.make(wanted, kind, lambda message, _share: progress(message))
    board.save(out, content)
    row = {"file": str(out), "parts": len(made.sections), "bytes": len(content)}
    show([row], [row], asked.shape)
