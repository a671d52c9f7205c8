"""Answers from the library, kept until the store changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import streamlit as st

from vrn_metrics.analyses.attention import Attention, attention
from vrn_metrics.analyses.divergence import Divergence, divergence
from vrn_metrics.analyses.impact import Impact, impact
from vrn_metrics.analyses.scorecard import Scorecard, scorecard
from vrn_metrics.analyses.trend import Trend, trend
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.store import Release, Store, open_store
from vrn_metrics.store.database import default_url
from vrn_metrics.ui.words import plain

T = TypeVar("T")


def found_scorecard(*, area: str, baseline_key: str | None, definition_key: str) -> Scorecard:
    """The scorecard, or the reason why there is none, which ends the page."""
    return _or_say(lambda: _scorecard(_store(), _version(), area, baseline_key, definition_key))


def found_trend(
    *,
    measure: str,
    area: str,
    baseline_key: str | None,
    definition_key: str,
    method: str | None,
) -> Trend:
    """The trend of a measure, or the reason why there is none, which ends the page."""
    return _or_say(
        lambda: _trend(_store(), _version(), measure, area, baseline_key, definition_key, method)
    )


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
    choices = (measure, method, start, since, drop, add, without_covid)
    return _or_say(lambda: _impact(_store(), _version(), *choices))


def found_divergence(*, measure: str, area: str) -> Divergence | None:
    """The measure beside its partner from hospital or police, if it has one."""
    return _or_say(lambda: _divergence(_store(), _version(), measure, area))


def found_attention() -> Attention:
    """Districts that are worse than the rest and getting worse."""
    return _or_say(lambda: _attention(_store(), _version()))


def found_releases() -> list[Release]:
    """Every release, newest first."""
    return _or_say(lambda: _store().releases())


def is_demonstration() -> bool:
    """Whether any made-up figures count at present."""
    return _or_say(lambda: any(each.demonstration for each in _store().view().releases.values()))


def _version() -> str:
    """What an answer hangs on: which database, and every decision made in it."""
    return f"{_store().engine.url}@{_store().version()}"


def _store() -> Store:
    """The store; opened once for each address."""
    return _opened(default_url())


@st.cache_resource(max_entries=4, show_spinner="Opening the database")
def _opened(url: str) -> Store:
    return open_store(url)


@st.cache_resource(max_entries=64, show_spinner="Comparing with the baselines")
def _scorecard(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    area: str,
    baseline_key: str | None,
    definition_key: str,
) -> Scorecard:
    """Results are frozen, so one copy serves everyone; `version` makes them fall due."""
    return scorecard(_store, area=area, baseline_key=baseline_key, definition_key=definition_key)


@st.cache_resource(max_entries=64, show_spinner="Reading the series")
def _trend(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    measure: str,
    area: str,
    baseline_key: str | None,
    definition_key: str,
    method: str | None,
) -> Trend:
    return trend(
        _store,
        measure,
        area=area,
        baseline_key=baseline_key,
        definition_key=definition_key,
        method=method,
    )


@st.cache_resource(max_entries=64, show_spinner="Trying every force as if it were the network")
def _impact(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
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
    )


@st.cache_resource(max_entries=64, show_spinner=False)
def _divergence(
    _store: Store,
    version: str,  # noqa: ARG001 - part of the cache's key
    measure: str,
    area: str,
) -> Divergence | None:
    return divergence(_store, measure, area=area)


@st.cache_resource(max_entries=2, show_spinner="Looking at every district")
def _attention(_store: Store, version: str) -> Attention:  # noqa: ARG001 - part of the cache's key
    return attention(_store)


def _or_say(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except VrnMetricsError as error:
        st.error(plain(str(error)))
        st.stop()


def store() -> Store:
    """The store, for pages that change it."""
    return _or_say(_store)
