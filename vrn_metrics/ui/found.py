"""Answers from the library, kept until the store changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import streamlit as st

from vrn_metrics import areas
from vrn_metrics.analyses.attention import Attention, attention
from vrn_metrics.analyses.changes import Changes, changes
from vrn_metrics.analyses.circumstances import Circumstances, kinds_of_place, times_of_day
from vrn_metrics.analyses.cost_of_violence import Avoided, cost_of_violence
from vrn_metrics.analyses.district import District, district
from vrn_metrics.analyses.districts import Districts, districts, scorecards
from vrn_metrics.analyses.divergence import Divergence, divergence
from vrn_metrics.analyses.hotspots import Hotspots, hotspots
from vrn_metrics.analyses.impact import Impact, impact
from vrn_metrics.analyses.programme import Programme, programme
from vrn_metrics.analyses.scorecard import Scorecard, scorecard
from vrn_metrics.analyses.spend import Spend, spend
from vrn_metrics.analyses.trend import Trend, trend
from vrn_metrics.areas import NETWORK
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.measures import CATALOGUE, DUTY
from vrn_metrics.store import Release, Shapes, Store, open_store
from vrn_metrics.store.database import default_url
from vrn_metrics.ui.vintage import as_of
from vrn_metrics.ui.visitor import visitor
from vrn_metrics.ui.words import plain

T = TypeVar("T")


def found_scorecard(*, area: str, baseline_key: str | None, definition_key: str) -> Scorecard:
    """The scorecard, or the reason why there is none, which ends the page."""
    return _or_say(lambda: _scorecard(*_asked(), area, baseline_key, definition_key))


def found_trend(
    *,
    measure: str,
    area: str,
    baseline_key: str | None,
    definition_key: str,
    method: str | None,
    years: int | None,
) -> Trend:
    """The trend of a measure, or the reason why there is none, which ends the page."""
    return _or_say(
        lambda: _trend(*_asked(), measure, area, baseline_key, definition_key, method, years)
    )


def found_district(*, code: str, baseline_key: str | None, definition_key: str) -> District:
    """One district, or the reason why there is none, which ends the page."""
    return _or_say(lambda: _nine(*_asked(), baseline_key, definition_key)[code])


def found_districts(
    *, measure: str, baseline_key: str | None, definition_key: str
) -> Districts | None:
    """One measure in every district; `None` where nothing has it by district."""
    return _or_say(lambda: _districts(*_asked(), measure, baseline_key, definition_key))


def found_hotspots(*, crime_type: str, area: str) -> Hotspots | None:
    """Small areas and map points of a crime type; `None` where no street-level file counts."""
    return _or_say(lambda: _hotspots(*_asked(), crime_type, area))


def found_spend_years() -> tuple[str, ...]:
    """The financial years of the ledger, oldest first."""
    found = _or_say(lambda: _spend(*_asked(), None))
    return found.years if found else ()


def found_spend(*, year: str | None) -> Spend | None:
    """A year of the ledger; `None` where none counts."""
    return _or_say(lambda: _spend(*_asked(), year))


def found_costs(found: Spend | None) -> tuple[Avoided, ...]:
    """What violence costs, beside what was spent in a year."""
    if found is None:
        return ()
    card = found_scorecard(area=NETWORK, baseline_key=None, definition_key=DUTY)
    return cost_of_violence(card, found.spent)


def found_shapes(layer: str = "LAD") -> Shapes:
    """The boundaries of a layer: of districts schematic ones until official ones count."""
    return _or_say(lambda: _shapes(*_asked(), layer))


def found_places(*, measure: str) -> Circumstances | None:
    """The network's events by kind of place; `None` where no extract has them so."""
    return _or_say(lambda: _places(*_asked(), measure))


def found_times(*, measure: str) -> Circumstances | None:
    """The network's events by time of day; `None` where no extract has them so."""
    return _or_say(lambda: _times(*_asked(), measure))


def found_impact(
    *,
    measure: str,
    method: str,
    start: date,
    since: date | None,
    drop: tuple[str, ...],
    add: tuple[str, ...],
    without_covid: bool,
) -> Impact:
    """The estimate of the network's effect, or the reason why there is none."""
    return _or_say(
        lambda: _impact(*_asked(), measure, method, start, since, drop, add, without_covid)
    )


def found_changes(
    *, since: date | None, area: str, baseline_key: str | None, definition_key: str
) -> Changes:
    """What is different from an earlier day, or the reason why nobody can say."""
    return _or_say(lambda: _changes(*_asked(), since, area, baseline_key, definition_key))


def found_divergence(*, measure: str, area: str) -> Divergence | None:
    """The measure beside its partner from hospital or police, if it has one."""
    return _or_say(lambda: _divergence(*_asked(), measure, area))


def found_attention() -> Attention:
    """Districts that are worse than the rest and getting worse."""
    return _or_say(lambda: _attention(*_asked()))


def found_programme() -> Programme:
    """The programme as it stands today."""
    return _or_say(lambda: _programme(*_asked()))


def found_releases() -> list[Release]:
    """Every release, newest first."""
    return _or_say(lambda: _store().releases())


def is_demonstration() -> bool:
    """Whether any made-up figures count on the day that is looked at, or now."""
    days = {as_of(), None}
    return _or_say(
        lambda: any(
            each.demonstration for day in days for each in _store().view(day).releases.values()
        )
    )


def found_days() -> list[date]:
    """The days on which what counts was changed, newest first."""
    return _or_say(lambda: _days(_store(), _version()))


def _asked() -> tuple[Store, str, date | None]:
    """What every answer hangs on, for those that are kept."""
    return _store(), _version(), as_of()


def _version() -> str:
    """Which database, every decision made in it, and the day, which answers of today name."""
    asked = _store()
    return f"{asked.engine.url}@{asked.version()}@{date.today()}@{asked.access.key}"


def _store() -> Store:
    """The store; opened once for each address."""
    return _opened(default_url()).for_(visitor())


@st.cache_resource(max_entries=4, show_spinner="Opening the database")
def _opened(url: str) -> Store:
    return open_store(url)


@st.cache_resource(max_entries=4, show_spinner=False)
def _days(_store: Store, version: str) -> list[date]:  # noqa: ARG001 - part of the cache's key
    return _store.decision_days()[::-1]


@st.cache_resource(max_entries=64, show_spinner="Comparing with the baselines")
def _scorecard(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    area: str,
    baseline_key: str | None,
    definition_key: str,
) -> Scorecard:
    """Results are frozen, so one copy serves everyone; `version` makes them fall due."""
    return scorecard(
        _store, area=area, baseline_key=baseline_key, definition_key=definition_key, as_of=day
    )


@st.cache_resource(max_entries=64, show_spinner="Reading the series")
def _trend(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    measure: str,
    area: str,
    baseline_key: str | None,
    definition_key: str,
    method: str | None,
    years: int | None,
) -> Trend:
    return trend(
        _store,
        measure,
        area=area,
        baseline_key=baseline_key,
        definition_key=definition_key,
        method=method,
        years=years,
        as_of=day,
    )


@st.cache_resource(max_entries=8, show_spinner=False)
def _nine(
    _store: Store,
    version: str,
    day: date | None,
    baseline_key: str | None,
    definition_key: str,
) -> dict[str, District]:
    """Every district at once: to look at another is then to draw it, and no more."""
    among = {
        key: _districts(_store, version, day, key, baseline_key, definition_key)
        for key in CATALOGUE
    }
    return {
        each.code: district(
            _store,
            each.code,
            baseline_key=baseline_key,
            definition_key=definition_key,
            as_of=day,
            among=among,
        )
        for each in areas.districts()
    }


@st.cache_resource(max_entries=64, show_spinner=False)
def _districts(
    _store: Store,
    version: str,
    day: date | None,
    measure: str,
    baseline_key: str | None,
    definition_key: str,
) -> Districts | None:
    return districts(
        _store,
        measure,
        baseline_key=baseline_key,
        definition_key=definition_key,
        as_of=day,
        cards=_scorecards(_store, version, day, baseline_key, definition_key),
    )


@st.cache_resource(max_entries=8, show_spinner="Looking at every district")
def _scorecards(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    baseline_key: str | None,
    definition_key: str,
) -> dict[str, Scorecard]:
    return scorecards(_store, baseline_key=baseline_key, definition_key=definition_key, as_of=day)


@st.cache_resource(max_entries=32, show_spinner=False)
def _hotspots(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    crime_type: str,
    area: str,
) -> Hotspots | None:
    return hotspots(_store, crime_type=crime_type, area=area, as_of=day)


@st.cache_resource(max_entries=16, show_spinner=False)
def _spend(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    year: str | None,
) -> Spend | None:
    return spend(_store, year=year, as_of=day)


@st.cache_resource(max_entries=4, show_spinner=False)
def _shapes(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    layer: str,
) -> Shapes:
    return _store.view(day).shapes(layer)


@st.cache_resource(max_entries=32, show_spinner=False)
def _places(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    measure: str,
) -> Circumstances | None:
    return kinds_of_place(_store, measure, as_of=day)


@st.cache_resource(max_entries=32, show_spinner=False)
def _times(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    measure: str,
) -> Circumstances | None:
    return times_of_day(_store, measure, as_of=day)


@st.cache_resource(max_entries=64, show_spinner="Trying every force as if it were the network")
def _impact(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    measure: str,
    method: str,
    start: date,
    since: date | None,
    drop: tuple[str, ...],
    add: tuple[str, ...],
    without_covid: bool,
) -> Impact:
    return impact(
        _store,
        measure,
        method=method,
        start=start,
        since=since,
        drop=drop,
        add=add,
        without_covid=without_covid,
        as_of=day,
    )


@st.cache_resource(max_entries=32, show_spinner="Comparing the two days")
def _changes(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    since: date | None,
    area: str,
    baseline_key: str | None,
    definition_key: str,
) -> Changes:
    return changes(
        _store,
        area=area,
        since=since,
        as_of=day,
        baseline_key=baseline_key,
        definition_key=definition_key,
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _divergence(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
    measure: str,
    area: str,
) -> Divergence | None:
    return divergence(_store, measure, area=area, as_of=day)


@st.cache_resource(max_entries=8, show_spinner="Looking at every district")
def _attention(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
) -> Attention:
    return attention(_store, as_of=day)


@st.cache_resource(max_entries=8, show_spinner="Reading the programme")
def _programme(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    day: date | None,
) -> Programme:
    return programme(_store, as_of=day)


def _or_say(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except VrnMetricsError as error:
        st.error(plain(str(error)))
        st.stop()


def version() -> str:
    """What every answer hangs on, for whoever keeps one."""
    return _or_say(_version)


def store() -> Store:
    """The store, for pages that change it."""
    return _or_say(_store)
