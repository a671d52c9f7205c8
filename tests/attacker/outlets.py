"""Everything that can be asked of the product, and what it answers, word for word.

A new command goes into `COMMANDS` or one of the lists below it, a new page into `PAGES`: a test
fails until it does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import streamlit as st
from click.testing import CliRunner
from streamlit.testing.v1 import AppTest

from tests.attacker.knowledge import AREAS, baselines
from tests.conftest import ROOT
from tests.tables import tables_in
from vrn_metrics.analyses.circumstances import kinds_of_place, times_of_day
from vrn_metrics.analyses.cost_of_violence import cost_of_violence
from vrn_metrics.analyses.district import district
from vrn_metrics.analyses.districts import districts
from vrn_metrics.analyses.programme import programme
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.spend import spend
from vrn_metrics.analyses.trend import trend
from vrn_metrics.areas import NETWORK, RUTLAND, UNASSIGNED
from vrn_metrics.cli import vrn
from vrn_metrics.exports.csvw import csv_text
from vrn_metrics.exports.dataset import Dataset
from vrn_metrics.exports.datasets import scorecard_dataset, trend_dataset
from vrn_metrics.exports.district_datasets import (
    circumstances_dataset,
    district_dataset,
    districts_dataset,
    neighbours_dataset,
)
from vrn_metrics.exports.programme import programme_dataset
from vrn_metrics.exports.programme_datasets import interventions_dataset, projects_dataset
from vrn_metrics.exports.release_datasets import releases_dataset
from vrn_metrics.exports.spend_datasets import costs_dataset
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.store import Store, open_store

COMMANDS: Final = ("scorecard", "trend")
VERDICTS_ALONE: Final = ("attention", "programme")
"""Commands that give verdicts and no counts: that these hang on no hidden count is tested."""
FROM_DECIDED: Final = ("districts", "places", "times", "spend")
"""Commands whose figures are decided with the others: that they hang on nothing else is tested."""
ALREADY_SAID: Final = ("changes", "digest", "pack")
"""Commands that put together what others say: that they say no more is tested."""
PUBLISHED_ALONE: Final = {"impact": "knife-violence"}
"""Commands made of published files alone, with a measure: that no extract is in them is tested."""
WITHOUT_COUNTS: Final = {
    *("demo", "load", "approve", "withdraw", "protect", "migrate"),  # they change the store
    *("sources", "measures", "releases", "log", "check"),
    "fetch",  # files of publishers, before anything is counted
    "hotspots",  # published street-level files only
}
PAGES: Final = (
    "scorecard",
    "trend",
    "districts",
    "hotspots",
    "impact",
    "programme",
    "spend",
    "changes",
    "data",
    "about",
    "accessibility",
)

DUTY, ORIGINAL = "duty", "original"
ORIGINAL_REMIT: Final = "knife-violence-under25"
"""The only measure that has figures under the original definition."""
_KEPT_AS: Final = re.compile(r"(?:/media/[^\"]*|\$\$ID-[^\"]*|deferred_file_id: \"\w*)")
_TABLE: Final = re.compile(r"<table>.*?</table>", re.DOTALL)
_SAYING: Final = ("markdown", "title", "header", "subheader", "caption", "text", "info", "warning")
_DRAWING: Final = ("html", "vega_lite_chart", "arrow_vega_lite_chart", "download_button", "metric")
UNFOLDED: Final = {
    f"open-{name}": "true"
    for name in (
        *("neighbours", "places", "times", "measures", "districts", "map", "funnel"),
        *("trend-chart", "twelve-months", "outlook", "side-by-side"),
        *("power", "paths", "placebos", "choices", "spending-chart"),
    )
}
"""What opens every table that a page makes only when somebody opens it."""
WAIT: Final = 60
LONG_AGO: Final = date(2000, 1, 1)


@dataclass(frozen=True)
class Question:
    """One view of the product; `measure` is empty where all are asked for at once."""

    outlet: str
    area: str = NETWORK
    measure: str = ""
    baseline: str | None = None
    definition: str = DUTY
    day: date | None = None
    across_breaks: bool = False

    def arguments(self) -> list[str]:
        """The command line that asks it."""
        given = [self.outlet, *([self.measure] if self.measure else []), "--area", self.area]
        given += ["--definition", self.definition]
        given += ["--baseline", self.baseline] if self.baseline else []
        given += ["--as-of", self.day.isoformat()] if self.day else []
        return given + (["--across-breaks"] if self.across_breaks else [])

    def parameters(self) -> dict[str, str]:
        """The address that asks it."""
        given = {"area": self.area, "definition": self.definition}
        given |= {"measure": self.measure} if self.measure else {}
        return given | ({"baseline": self.baseline} if self.baseline else {})


def every_scorecard(days: Sequence[date | None]) -> Iterator[Question]:
    """Every area and day, with each baseline, under each definition, and across breaks.

    Baselines under the original definition are asked of `every_trend`, as it has one tally.
    """
    for day, area in product(days, AREAS):
        for key in (None, *baselines()):
            yield Question("scorecard", area, "", key, DUTY, day)
        yield Question("scorecard", area, definition=ORIGINAL, day=day)
        yield Question("scorecard", area, day=day, across_breaks=True)


def every_trend(days: Sequence[date | None]) -> Iterator[Question]:
    """Every measure, area and day, with each baseline under the original definition."""
    for day, area in product(days, AREAS):
        for measure in CATALOGUE:
            yield Question("trend", area, measure, day=day)
        for key in (None, *baselines()):
            yield Question("trend", area, ORIGINAL_REMIT, key, ORIGINAL, day)


def ask(url: str, question: Question, shape: str) -> str:
    """What the command answers."""
    given = [*question.arguments(), "--format", shape, "--database", url]
    return command(given)


def command(given: Sequence[str]) -> str:
    """The output of a command that must succeed."""
    answer = CliRunner().invoke(vrn, list(given))
    if answer.exit_code:
        raise AssertionError(f"vrn {' '.join(given)}: {answer.output}") from answer.exception
    return answer.output


def packed(url: str, area: str) -> str:
    """Everything that a board pack says, its charts included, as its page has it."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.html"
        command(["pack", "--out", str(path), "--area", area, "--database", url])
        return path.read_text(encoding="utf-8")


def downloaded(url: str, question: Question) -> str:
    """The files for machines of a scorecard, a trend, a district, the money or the programme."""
    store = open_store(url)
    try:
        if question.outlet in MORE_FILES:
            return "\n".join(csv_text(each) for each in MORE_FILES[question.outlet](store))
        if question.measure:
            table = trend_dataset(trend(store, question.measure, area=question.area))
        else:
            table = scorecard_dataset(scorecard(store, area=question.area))
        return csv_text(table)
    finally:
        store.engine.dispose()


def _of_districts(store: Store) -> Iterator[Dataset]:
    for key in CATALOGUE:
        if (found := districts(store, key)) is not None:
            yield districts_dataset(found)
        for found in (kinds_of_place(store, key), times_of_day(store, key)):
            if found is not None:
                yield circumstances_dataset(found, LONG_AGO)
    own = district(store, RUTLAND)
    yield district_dataset(own)
    yield neighbours_dataset(own)


def _of_spending(store: Store) -> Iterator[Dataset]:
    found = spend(store)
    if found is not None:
        yield costs_dataset(found, cost_of_violence(scorecard(store), found.spent))


def _of_programme(store: Store) -> Iterator[Dataset]:
    found = programme(store)
    yield from (programme_dataset(found), projects_dataset(found), interventions_dataset(found))


def _of_releases(store: Store) -> Iterator[Dataset]:
    yield releases_dataset(store.releases(), LONG_AGO)


MORE_FILES: Final[dict[str, Callable[[Store], Iterator[Dataset]]]] = {
    "districts": _of_districts,
    "spend": _of_spending,
    "programme": _of_programme,
    "data": _of_releases,
}
"""Pages whose files hang on extracts; those of hotspots and impact are of published files alone."""


@dataclass(frozen=True)
class Page:
    """What a page says, its tables, and what it draws."""

    words: str
    tables: tuple[tuple[dict[str, Any], ...], ...]
    drawings: str

    def drawn(self) -> str:
        """Its pictures, without the names under which they are kept."""
        return _KEPT_AS.sub("", self.drawings)


def visit(
    url: str,
    page: str,
    parameters: dict[str, str],
    open_as: Callable[[AppTest], None] = lambda _app: None,
) -> Page:
    """A page opened by a link, with nothing kept of another database in this process."""
    st.cache_resource.clear()
    with _at(url):
        app = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=WAIT)
        for name, value in {**parameters, **UNFOLDED}.items():
            app.query_params[name] = value
        open_as(app)
        app.run()
    if app.exception:
        raise AssertionError(f"{page} {parameters}: {app.exception}")
    said = [str(each.value) for kind in _SAYING for each in getattr(app, kind)]
    html = "".join(each.proto.body for each in app.get("html"))
    said.append(_TABLE.sub("", html))
    said += [str(option) for box in app.selectbox for option in box.options]
    frames = [each.value.to_dict("records") for each in (*app.table, *app.dataframe)]
    tables = [*frames, *tables_in(html)]
    return Page(
        "\n".join(said),
        tuple(tuple(each) for each in tables),
        "\n".join(str(each.proto) for kind in _DRAWING for each in app.get(kind)),
    )


def can_be_opened(area: str) -> bool:
    """Whether the pages offer the area; *Unassigned* is only for the command line."""
    return area != UNASSIGNED


@contextmanager
def _at(url: str) -> Iterator[None]:
    """Pages find the database by the environment, and their style by the folder."""
    before, folder = os.environ.get("VRN_DATABASE_URL"), Path.cwd()
    os.environ["VRN_DATABASE_URL"] = url
    os.chdir(ROOT)
    try:
        yield
    finally:
        os.chdir(folder)
        if before is None:
            del os.environ["VRN_DATABASE_URL"]
        else:
            os.environ["VRN_DATABASE_URL"] = before
