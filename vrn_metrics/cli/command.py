"""What every command shares: the group, the options, the shapes of an answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any, Final

import click

from vrn_metrics import narrative
from vrn_metrics.access import Access
from vrn_metrics.areas import area
from vrn_metrics.cli.operator import operator
from vrn_metrics.errors import UnknownNameError, VrnMetricsError
from vrn_metrics.exports import tables
from vrn_metrics.store import Store, open_store

WRONG_USAGE: Final = 2
BAD_INPUT: Final = 3


@dataclass(frozen=True)
class Asked:
    """What every command is given: the store, the day, and the shape of the answer."""

    store: Store
    as_of: date | None
    shape: str


class Day(click.ParamType[date]):
    """A day such as 2026-03-31."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or wrong usage."""
        try:
            return date.fromisoformat(value) if isinstance(value, str) else value
        except ValueError:
            self.fail(f"expected a date such as 2026-03-31, found '{value}'", param, ctx)


def answering(*shapes: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command its database, its day and these shapes of answer, the first the default.

    It also turns our errors into one line.
    """

    def shared_by(command: Callable[..., None]) -> Callable[..., None]:
        @click.option("--database", "url", metavar="URL", help="Else VRN_DATABASE_URL, else var/.")
        @click.option("--as-of", type=Day(), metavar="DATE", help="What was approved on that day.")
        @click.option(
            "--format",
            "shape",
            type=click.Choice(shapes),
            default=shapes[0],
            show_default=True,
        )
        @wraps(command)
        def run(url: str | None, as_of: date | None, shape: str, **options: Any) -> None:
            try:
                access = operator()
                if not access.sees_all_local:
                    click.echo(_told(access), err=True)
                command(Asked(open_store(url).for_(access), as_of, shape), **options)
            except UnknownNameError as error:
                stop(str(error), WRONG_USAGE)
            except VrnMetricsError as error:
                stop(str(error), BAD_INPUT)

        return run

    return shared_by


shared = answering("table", "json", "csv")
"""The three options that all but one command take."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def vrn() -> None:
    """Measures of a Violence Reduction Network: load, check, compare."""


def _told(access: Access) -> str:
    """What is left out for an account that may not see everything."""
    own = ", ".join(sorted(area(each).name for each in access.districts))
    seen = f"local figures of {own}, and published ones elsewhere" if own else "published figures"
    return f"Account '{access.name}', {access.tier}: {seen} only."


def pick(row: Mapping[str, Any], *columns: str) -> dict[str, Any]:
    """Some columns of a row, in this order."""
    return {column: row[column] for column in columns}


def show(
    rows: Sequence[Mapping[str, Any]], data: Any, shape: str, nothing: str = "Nothing yet."
) -> None:
    """Rows as a table or as CSV, or the data as JSON."""
    if shape == "json":
        click.echo(to_json(data))
    elif shape == "csv":
        click.echo(tables.to_csv(rows), nl=False)
    elif rows:
        from tabulate import tabulate

        click.echo(tabulate([list(row.values()) for row in rows], headers=list(rows[0])))
    else:
        click.echo(nothing)


def answer(
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
        click.echo(to_json(data))
        return
    notice = narrative.demonstration_notice()
    if shape == "csv":
        marked = {"notice": notice} if demonstration else {}
        click.echo(tables.to_csv([{**row, **marked} for row in rows]), nl=False)
        return
    if demonstration:
        click.echo(notice)
    click.echo(f"{sentence}\n")
    show([pick(row, *columns) for row in rows], data, shape)


def to_json(data: Any) -> str:
    """JSON as every command writes it, which has no NaN."""
    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)


def progress(message: str) -> None:
    """What goes on, on standard error."""
    click.echo(f"{datetime.now():%H:%M:%S} {message}", err=True)


def one_line(message: str) -> str:
    """A message without its line breaks."""
    return " ".join(message.split())


def stop(message: str, code: int) -> None:
    """End with one line on standard error and this exit code."""
    click.echo(one_line(message), err=True)
    sys.exit(code)
