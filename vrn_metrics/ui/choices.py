"""Choices that live in the address by key, never by the words shown."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from vrn_metrics import areas
from vrn_metrics.analyses.trend_methods import Method
from vrn_metrics.measures import CATALOGUE, DEFINITIONS, DUTY, baselines

OWN_BASELINE = "default"
BY_SIZE = "by-size"


def choose_view() -> tuple[str, str | None, str]:
    """Area, baseline and definition, side by side where there is room."""
    left, middle, right = st.columns(3)
    with left:
        area = choose_area()
    with middle:
        baseline = choose_baseline()
    with right:
        definition = choose_definition()
    return area, baseline, definition


def choose_trend() -> tuple[str, str, str | None, str, str | None]:
    """Measure, area, baseline, definition and method."""
    measure = choose(
        "measure",
        "Measure",
        {each.key: each.title for each in CATALOGUE.values()},
        next(iter(CATALOGUE)),
    )
    first, second, third, fourth = st.columns(4)
    with first:
        area = choose_area()
    with second:
        baseline = choose_baseline()
    with third:
        definition = choose_definition()
    with fourth:
        method = _choose_method()
    return measure, area, baseline, definition, method


def _choose_method() -> str | None:
    options = {BY_SIZE: "By the size of the numbers"}
    options |= {str(each): each.words for each in Method if each is not Method.NONE}
    chosen = choose("method", "Method", options, BY_SIZE)
    return None if chosen == BY_SIZE else chosen


def choose_area() -> str:
    """The network, the county or a district."""
    places = [
        areas.network(),
        *areas.groups(),
        *sorted(areas.districts(), key=lambda each: each.name),
    ]
    return choose("area", "Area", {each.code: each.name for each in places}, areas.NETWORK)


def choose_baseline() -> str | None:
    """One baseline for all measures, or `None` for each measure's own."""
    options = {OWN_BASELINE: "Each measure's own baseline"}
    options |= {each.key: each.title for each in baselines().values()}
    chosen = choose("baseline", "Compared with", options, OWN_BASELINE)
    return None if chosen == OWN_BASELINE else chosen


def choose_definition() -> str:
    """Which definition of serious violence."""
    options = {each.key: each.title for each in DEFINITIONS.values()}
    return choose("definition", "Serious violence means", options, DUTY)


def choose(name: str, label: str, options: Mapping[str, str], default: str) -> str:
    """A box whose choice is kept over pages and written to the address.

    Streamlit's own binding writes the words that are shown, which change; a key does not.
    """
    kept, widget = f"chosen-{name}", f"box-{name}"
    if kept not in st.session_state:
        st.session_state[kept] = st.query_params.get(name, default)
    if st.session_state[kept] not in options:
        # The value itself is not repeated: a link could carry a picture to be fetched in it.
        st.info(
            f"The link asks for something under '{label}' that does not exist. "
            f"This shows {options[default]}."
        )
        st.session_state[kept] = default
    keys = list(options)
    chosen = st.selectbox(
        label,
        keys,
        index=keys.index(st.session_state[kept]),
        format_func=lambda key: options[key],
        key=widget,
    )
    st.session_state[kept] = chosen
    if chosen != default:
        st.query_params[name] = chosen
    elif name in st.query_params:
        del st.query_params[name]
    return chosen
