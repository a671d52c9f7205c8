"""Answers from the library, kept until the store changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from vrn_metrics.analyses.scorecard import Scorecard, scorecard
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.store import Release, Store, open_store
from vrn_metrics.store.database import default_url
from vrn_metrics.ui.words import plain

T = TypeVar("T")


def found_scorecard(*, area: str, baseline_key: str | None, definition_key: str) -> Scorecard:
    """The scorecard, or the reason why there is none, which ends the page."""
    return _or_say(
        lambda: _scorecard(_store(), _store().version(), area, baseline_key, definition_key)
    )


def found_releases() -> list[Release]:
    """Every release, newest first."""
    return _or_say(lambda: _store().releases())


def is_demonstration() -> bool:
    """Whether any made-up figures count at present."""
    return _or_say(lambda: any(each.demonstration for each in _store().view().releases.values()))


def _store() -> Store:
    """The store; opened once for each address."""
    return _opened(default_url())


@st.cache_resource(max_entries=4, show_spinner="Opening the database")
def _opened(url: str) -> Store:
    return open_store(url)


@st.cache_resource(max_entries=64, show_spinner="Comparing with the baselines")
def _scorecard(
    _store: Store,
    version: int,  # noqa: ARG001 - part of the cache's key
    area: str,
    baseline_key: str | None,
    definition_key: str,
) -> Scorecard:
    """Results are frozen, so one copy serves everyone; `version` makes them fall due."""
    return scorecard(_store, area=area, baseline_key=baseline_key, definition_key=definition_key)


def _or_say(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except VrnMetricsError as error:
        st.error(plain(str(error)))
        st.stop()


def store() -> Store:
    """The store, for pages that change it."""
    return _or_say(_store)
