"""The `vrn` command: the same answers as the pages and the Python names.

Exit code 0 is done, 2 wrong usage, 3 bad input, with one line on standard error and
nothing changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Final

import click

from vrn_metrics import areas, narrative
from vrn_metrics.analyses.attention import attention as attention_of
from vrn_metrics.analyses.changes import changes as changes_of
from vrn_metrics.analyses.district import district as district_of
from vrn_metrics.analyses.districts import districts as districts_of
from vrn_metrics.analyses.divergence import divergence
from vrn_metrics.analyses.hotspots import VIOLENCE
from vrn_metrics.analyses.hotspots import hotspots as hotspots_of
from vrn_metrics.analyses.kinds_of_place import kinds_of_place
from vrn_metrics.analyses.programme import programme as programme_of
from vrn_metrics.analyses.scorecard import scorecard as scorecard_of
from vrn_metrics.analyses.trend import trend as trend_of
from vrn_metrics.errors import UnknownNameError, VrnMetricsError
from vrn_metrics.exports import contract, series, tables, together
from vrn_metrics.exports import districts as exported
from vrn_metrics.exports import hotspots as hot
from vrn_metrics.exports import kinds_of_place as placed
from vrn_metrics.exports import pack as board
from vrn_metrics.exports import programme as promised
from vrn_metrics.exports.addresses import SITE
from vrn_metrics.exports.changes import changes_json, moved_rows
from vrn_metrics.measures import CATALOGUE, DEFINITIONS, DUTY
from vrn_metrics.sources import all_readers
from vrn_metrics.store import Loaded, Store, open_store
from vrn_metrics.store import demo as demonstration

WRONG_USAGE: Final = 2
BAD_INPUT: Final = 3


@dataclass(frozen=True)
class Asked:
    """What every command is given: the store, the day, and the shape of the answer."""

    store: Store
    as_of: date | None
    shape: str


class _Day(click.ParamType[date]):
    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            self.fail(f"expected a date such as 2026-03-31, found '{value}'", param, ctx)


def _shared(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the three options that all of them take, and turn our errors into one line."""

    @click.option("--database", "url", metavar="URL", help="Else VRN_DATABASE_URL, else var/.")
    @click.option("--as-of", type=_Day(), metavar="DATE", help="What was approved on that day.")
    @click.option(
        "--format",
        "shape",
        type=click.Choice(["table", "json", "csv"]),
        default="table",
        show_default=True,
    )
    @wraps(command)
    def run(url: str | None, as_of: date | None, shape: str, **options: Any) -> None:
        try:
            command(Asked(open_store(url), as_of, shape), **options)
        except UnknownNameError as error:
            _stop(str(error), WRONG_USAGE)
        except VrnMetricsError as error:
            _stop(str(error), BAD_INPUT)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def vrn() -> None:
    """Measures of a Violence Reduction Network: load, check, compare."""


@vrn.command()
@_shared
def demo(asked: Asked) -> None:
    """Build the demonstration from data/demo through the real readers."""
    loaded = demonstration.build(asked.store, progress=_progress)
    _show(
        [_loaded_row(each) for each in loaded], [_loaded_json(each) for each in loaded], asked.shape
    )


@vrn.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Read and check, store nothing.")
@click.option("--by", metavar="WHO", help="Who loads it; the system's user when not given.")
@_shared
def load(
    asked: Asked,
    files: Sequence[Path],
    dry_run: bool,
    by: str | None,
) -> None:
    """Recognise, check and store files exactly as published."""
    loaded, refused = [], []
    for path in files:
        try:
            loaded.append(asked.store.load(path, dry_run=dry_run, by=by, progress=_progress))
        except VrnMetricsError as error:
            refused.append(str(error))
    if loaded or not refused:
        rows = [_loaded_row(each) for each in loaded]
        _show(rows, [_loaded_json(each) for each in loaded], asked.shape)
        if asked.shape == "table":
            for each in loaded:
                for note in each.notes:
                    count = f" ({note.rows:,} rows)" if note.rows else ""
                    click.echo(f"  {each.source}: {note.kind}: {note.text}{count}")
    for message in refused:
        click.echo(_one_line(message), err=True)
    if refused:
        sys.exit(BAD_INPUT)


@vrn.command()
@_shared
def sources(asked: Asked) -> None:
    """List what can be read."""
    found = [contract.source_json(reader.source) for reader in all_readers().values()]
    _show(
        [_pick(row, "source", "title", "publisher", "kind", "cadence") for row in found],
        found,
        asked.shape,
    )


@vrn.command()
@_shared
def releases(asked: Asked) -> None:
    """List what was loaded and where it stands."""
    found = [contract.release_json(each) for each in asked.store.releases(asked.as_of)]
    columns = ("release", "source", "file", "state", "edition", "rows", "demonstration_data")
    _show([_pick(row, *columns) for row in found], found, asked.shape)


@vrn.command()
@_shared
def measures(asked: Asked) -> None:
    """List what is measured."""
    found = [contract.measure_json(each) for each in CATALOGUE.values()]
    columns = ("measure", "title", "ages", "months", "success_measure")
    _show([_pick(row, *columns) for row in found], found, asked.shape)


@vrn.command()
@click.argument("release", type=int)
@click.option("--by", metavar="WHO")
@click.option("--reason", default="", metavar="TEXT")
@_shared
def approve(asked: Asked, release: int, by: str | None, reason: str) -> None:
    """Let a release count from now on."""
    found = contract.release_json(
        asked.store.approve(release, by=by, reason=reason, progress=_progress)
    )
    _show([_pick(found, "release", "source", "file", "state", "changed_by")], [found], asked.shape)


@vrn.command()
@click.argument("release", type=int)
@click.option("--by", metavar="WHO")
@click.option("--reason", default="", metavar="TEXT")
@_shared
def withdraw(asked: Asked, release: int, by: str | None, reason: str) -> None:
    """Let a release count no more."""
    found = contract.release_json(
        asked.store.withdraw(release, by=by, reason=reason, progress=_progress)
    )
    _show([_pick(found, "release", "source", "file", "state", "changed_by")], [found], asked.shape)


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
@_shared
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
        click.echo(_json(contract.scorecard_json(card)))
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
@_shared
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
        click.echo(_json(series.trend_json(found, beside)))
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
    _show([_pick(row, "period", "count", "stands out") for row in rows], rows, "table")


@vrn.command()
@click.argument("measure", required=False)
@click.option("--area", metavar="CODE", help="One district with every measure.")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@_shared
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
        _answer(
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
        _show([], None, asked.shape, nothing="No release that counts has it by district.")
        return
    _answer(
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
@_shared
def hotspots(asked: Asked, crime_type: str, area: str) -> None:
    """Where does it happen, and which small areas rose by more than chance?"""
    found = hotspots_of(asked.store, crime_type=crime_type, area=area, as_of=asked.as_of)
    if found is None:
        _show([], None, asked.shape, nothing="No street-level file counts.")
        return
    rows = hot.every_row(found) if asked.shape == "csv" else hot.hotspot_rows(found)
    _answer(
        asked.shape,
        hot.hotspots_json(found),
        rows,
        narrative.hotspots_sentence(found),
        ("small area", "now", "before", "what it means"),
        demonstration=found.is_demonstration,
    )


@vrn.command()
@click.argument("measure")
@_shared
def places(asked: Asked, measure: str) -> None:
    """In what kinds of place does it happen, over the network by year?"""
    found = kinds_of_place(asked.store, measure, as_of=asked.as_of)
    if found is None:
        _show([], None, asked.shape, nothing="No extract that counts has it by kind of place.")
        return
    rows = placed.places_rows(found)
    _answer(
        asked.shape,
        placed.places_json(found),
        rows,
        narrative.places_sentence(found),
        tuple(rows[0]) if rows else (),
        demonstration=found.is_demonstration,
    )


@vrn.command()
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@_shared
def attention(asked: Asked, definition_key: str) -> None:
    """Which districts are worse than the rest and getting worse?"""
    found = attention_of(asked.store, definition_key=definition_key, as_of=asked.as_of)
    if asked.shape == "table":
        click.echo(f"{narrative.attention_words(found)}\n")
    rows = together.attention_rows(found)
    shown = [_pick(row, "district", "measure", "verdict", "p_value") for row in rows]
    _show(shown, together.attention_json(found), asked.shape, nothing="The list is empty.")


@vrn.command()
@click.option("--since", type=_Day(), metavar="DATE", help="Else the day before the last approval.")
@click.option("--area", default=areas.NETWORK, show_default=True, metavar="CODE")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@_shared
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
    _show(rows, changes_json(found), asked.shape, nothing="No earlier figure was revised.")


@vrn.command()
@click.option("--out", required=True, type=click.Path(path_type=Path), help=".pptx, .pdf or .html")
@click.option("--area", default=areas.NETWORK, show_default=True, metavar="CODE")
@click.option("--baseline", "baseline_key", metavar="KEY")
@click.option("--definition", "definition_key", default=DUTY, show_default=True, metavar="KEY")
@click.option("--since", type=_Day(), metavar="DATE", help="What changed since that day.")
@click.option("--site", default=SITE, show_default=True, metavar="URL", help="Where the pages are.")
@_shared
def pack(asked: Asked, out: Path, **given: Any) -> None:
    """Make the board pack, as slides, a tagged PDF or a page without a network."""
    kind = board.kind_of(out)
    wanted = board.Asked(asked.store, as_of=asked.as_of, **given)
    made, content = board.make(wanted, kind, lambda message, _share: _progress(message))
    board.save(out, content)
    row = {"file": str(out), "parts": len(made.sections), "bytes": len(content)}
    _show([row], [row], asked.shape)


@vrn.command()
@click.option("--layout", is_flag=True, help="All of it as a vrn-programme file, to load again.")
@_shared
def programme(asked: Asked, layout: bool) -> None:
    """Does the programme do what the Home Office expects?"""
    found = programme_of(asked.store, as_of=asked.as_of)
    if layout:
        click.echo(promised.programme_file(found), nl=False)
        return
    said = [narrative.programme_sentence(found), *narrative.to_do_words(found)]
    _answer(
        asked.shape,
        promised.programme_json(found),
        promised.programme_rows(found),
        "\n".join(said),
        ("state", "expectation", "evidence", "until"),
        demonstration=found.demonstration_data,
    )


@vrn.command()
@_shared
def protect(asked: Asked) -> None:
    """Decide what may be shown of local extracts that an older version let count."""
    done = asked.store.protect(_progress)
    _show([{"source": each} for each in done], done, asked.shape, nothing="Everything is decided.")


@vrn.command()
@_shared
def check(asked: Asked) -> None:
    """Hold the database against its own rules."""
    found = asked.store.check()
    _show(
        [{"fault": each} for each in found], found, asked.shape, nothing="Sound: no rule is broken."
    )
    if found:
        sys.exit(BAD_INPUT)


def main() -> None:
    """Run the command."""
    vrn()


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
    return _pick(row, "release", "source", "title", "rows", "state")


def _pick(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    return {column: row[column] for column in columns}


def _show(
    rows: Sequence[Mapping[str, Any]], data: Any, shape: str, nothing: str = "Nothing yet."
) -> None:
    if shape == "json":
        click.echo(_json(data))
    elif shape == "csv":
        click.echo(tables.to_csv(rows), nl=False)
    elif rows:
        from tabulate import tabulate

        click.echo(tabulate([list(row.values()) for row in rows], headers=list(rows[0])))
    else:
        click.echo(nothing)


def _answer(
    shape: str,
    data: Any,
    rows: Sequence[Mapping[str, Any]],
    sentence: str,
    columns: Sequence[str],
    *,
    demonstration: bool,
) -> None:
    """The same answer as JSON, as CSV or as a sentence over a table."""
    if shape == "json":
        click.echo(_json(data))
        return
    notice = narrative.demonstration_notice()
    if shape == "csv":
        marked = {"notice": notice} if demonstration else {}
        click.echo(tables.to_csv([{**row, **marked} for row in rows]), nl=False)
        return
    if demonstration:
        click.echo(notice)
    click.echo(f"{sentence}\n")
    _show([_pick(row, *columns) for row in rows], data, shape)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def _progress(message: str) -> None:
    click.echo(f"{datetime.now():%H:%M:%S} {message}", err=True)


def _one_line(message: str) -> str:
    return " ".join(message.split())


def _stop(message: str, code: int) -> None:
    click.echo(_one_line(message), err=True)
    sys.exit(code)
