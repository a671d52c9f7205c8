"""Commands about files: load, list, approve, withdraw, check."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from vrn_metrics.cli import digests
from vrn_metrics.cli.command import (
    BAD_INPUT,
    Asked,
    one_line,
    pick,
    progress,
    shared,
    show,
    vrn,
)
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.exports import contract
from vrn_metrics.exports.addresses import SITE
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.sources import all_readers
from vrn_metrics.store import Loaded
from vrn_metrics.store import demo as demonstration


@vrn.command()
@shared
def demo(asked: Asked) -> None:
    """Build the demonstration from data/demo through the real readers."""
    loaded = demonstration.build(asked.store, progress=progress)
    show(
        [_loaded_row(each) for each in loaded], [_loaded_json(each) for each in loaded], asked.shape
    )


@vrn.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and check, store nothing.")
@click.option("--by", metavar="WHO", help="Who loads it; the system's user when not given.")
@shared
def load(
    asked: Asked,
    files: Sequence[Path],
    dry_run: bool,
    by: str | None,
) -> None:
    """Recognise, check and store files exactly as published."""
    _no_other_name(asked, by)
    loaded, refused = [], []
    for path in files:
        try:
            loaded.append(asked.store.load(path, dry_run=dry_run, by=by, progress=progress))
        except VrnMetricsError as error:
            refused.append(str(error))
    if loaded or not refused:
        rows = [_loaded_row(each) for each in loaded]
        show(rows, [_loaded_json(each) for each in loaded], asked.shape)
        if asked.shape == "table":
            for each in loaded:
                for note in each.notes:
                    count = f" ({note.rows:,} rows)" if note.rows else ""
                    click.echo(f"  {each.source}: {note.kind}: {note.text}{count}")
    for message in refused:
        click.echo(one_line(message), err=True)
    if refused:
        sys.exit(BAD_INPUT)


@vrn.command()
@shared
def sources(asked: Asked) -> None:
    """List what can be read."""
    found = [contract.source_json(reader.source) for reader in all_readers().values()]
    show(
        [pick(row, "source", "title", "publisher", "kind", "cadence") for row in found],
        found,
        asked.shape,
    )


@vrn.command()
@shared
def releases(asked: Asked) -> None:
    """List what was loaded and where it stands."""
    found = [contract.release_json(each) for each in asked.store.releases(asked.as_of)]
    columns = (
        *("release", "source", "file", "state", "counts_from"),
        *("edition", "rows", "demonstration_data"),
    )
    show([pick(row, *columns) for row in found], found, asked.shape)


@vrn.command()
@shared
def measures(asked: Asked) -> None:
    """List what is measured."""
    found = [contract.measure_json(each) for each in CATALOGUE.values()]
    columns = ("measure", "title", "ages", "months", "success_measure")
    show([pick(row, *columns) for row in found], found, asked.shape)


@vrn.command()
@click.argument("release", type=int)
@click.option("--by", metavar="WHO")
@click.option("--reason", default="", metavar="TEXT")
@click.option(
    "--from",
    "counts_from",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]),
    metavar="TIME",
    help="End of an embargo, in UK time, such as 2026-12-01T09:30.",
)
@click.option(
    "--digest",
    "folder",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write there what is new, as an e-mail, text, a page, JSON and on an Atom feed.",
)
@click.option("--site", default=SITE, show_default=True, metavar="URL", help="Where the pages are.")
@shared
def approve(
    asked: Asked,
    release: int,
    by: str | None,
    reason: str,
    counts_from: datetime | None,
    folder: Path | None,
    site: str,
) -> None:
    """Let a release count from now on, or from the end of an embargo."""
    _no_other_name(asked, by)
    if folder is not None and counts_from is not None:
        raise click.UsageError("a digest cannot be written under embargo: leave out --digest.")
    if folder is not None:
        digests.folder_for(folder)
    approved = asked.store.approve(
        release, by=by, reason=reason, counts_from=counts_from, progress=progress
    )
    found = contract.release_json(approved)
    show([pick(found, "release", "source", "file", "state", "changed_by")], [found], asked.shape)
    if folder is not None:
        digests.write(asked.store, approved, folder, site)


@vrn.command()
@click.argument("release", type=int)
@click.option("--by", metavar="WHO")
@click.option("--reason", default="", metavar="TEXT")
@shared
def withdraw(asked: Asked, release: int, by: str | None, reason: str) -> None:
    """Let a release count no more."""
    found = contract.release_json(
        asked.store.withdraw(release, by=by, reason=reason, progress=progress)
    )
    show([pick(found, "release", "source", "file", "state", "changed_by")], [found], asked.shape)


@vrn.command()
@click.option("--to", "target", required=True, metavar="URL", help="An empty database.")
@shared
def migrate(asked: Asked, target: str) -> None:
    """Copy the whole database to another address: to a server, or to a file as a backup."""
    copied = asked.store.move(target, progress)
    found = [{"table": each.table, "rows": each.rows, "sha256": each.sha256} for each in copied]
    rows = [{"table": each.table, "rows": each.rows, "sha256": each.sha256[:12]} for each in copied]
    show(rows, found, asked.shape)


@vrn.command()
@shared
def protect(asked: Asked) -> None:
    """Decide what may be shown of local extracts that an older version let count."""
    done = asked.store.protect(progress)
    show([{"source": each} for each in done], done, asked.shape, nothing="Everything is decided.")


@vrn.command()
@shared
def log(asked: Asked) -> None:
    """List everything that was done to releases, by whom, when (UTC), and sealed."""
    found = [contract.log_json(each) for each in asked.store.log()]
    rows = [
        {**pick(each, "entry", "at", "event", "release", "source", "by", "counts_from", "reason")}
        | {"clock": "set back" if each["clock_back_seconds"] else "", "seal": each["seal"][:12]}
        for each in found
    ]
    show(found if asked.shape == "csv" else rows, found, asked.shape)


@vrn.command()
@shared
def check(asked: Asked) -> None:
    """Hold the database against its own rules."""
    found = asked.store.check()
    show(
        [{"fault": each} for each in found], found, asked.shape, nothing="Sound: no rule is broken."
    )
    if found:
        sys.exit(BAD_INPUT)


def _no_other_name(asked: Asked, by: str | None) -> None:
    """Where four eyes are asked for, nobody names somebody else."""
    if by is not None and asked.store.four_eyes():
        raise click.UsageError(
            "who loads and who approves is taken from the operating system here, as a release "
            "needs two people: leave out --by."
        )


def _loaded_json(loaded: Loaded) -> dict[str, Any]:
    return {
        "release": loaded.release.id if loaded.release else None,
        "source": loaded.source,
        "title": loaded.title,
        "rows": loaded.rows,
        "already_loaded": loaded.was_known,
        "state": loaded.release.state if loaded.release else "not stored (dry run)",
        "notes": [
            {"kind": note.kind, "text": note.text, "rows": note.rows} for note in loaded.notes
        ],
    }


def _loaded_row(loaded: Loaded) -> dict[str, Any]:
    row = _loaded_json(loaded)
    if loaded.was_known:
        row["state"] = f"already loaded, nothing changed ({row['state']})"
    return pick(row, "release", "source", "title", "rows", "state")
