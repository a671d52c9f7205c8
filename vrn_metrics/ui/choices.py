"""Choices that live in the address by key, never by the words shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from vrn_metrics import areas, maps
from vrn_metrics.analyses.hotspots import CRIME_TYPES, VIOLENCE
from vrn_metrics.analyses.trend_methods import Method
from vrn_metrics.measures import CATALOGUE, DEFINITIONS, DUTY, baselines

OWN_BASELINE = "default"
_HERE = "chosen-here"


@dataclass(frozen=True)
class Chosen:
    """One choice of the page: what the address calls it, and what the page does."""

    key: str | list[str]
    label: str
    words: str


def begin() -> None:
    """Forget what another page let choose; the first thing of every page."""
    st.session_state[_HERE] = {}


def chosen_here() -> dict[str, Chosen]:
    """Every choice that this page has made so far, by its name in the address."""
    found: dict[str, Chosen] = st.session_state[_HERE]
    return found


BY_SIZE = "by-size"
ALL_YEARS = "all"
YEARS = (3, 5, 10)


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


def choose_trend() -> tuple[str, str, str | None, str, str | None, int | None]:
    """Measure, area, baseline, definition, method and how many years."""
    measure = choose_measure()
    first, second, third, fourth, fifth = st.columns(5)
    with first:
        area = choose_area()
    with second:
        years = _choose_years()
    with third:
        baseline = choose_baseline()
    with fourth:
        definition = choose_definition()
    with fifth:
        method = _choose_method()
    return measure, area, baseline, definition, method, years


def _choose_years() -> int | None:
    options = {ALL_YEARS: "All years"} | {str(each): f"The last {each} years" for each in YEARS}
    chosen = choose("years", "Period", options, ALL_YEARS)
    return None if chosen == ALL_YEARS else int(chosen)


def _choose_method() -> str | None:
    options = {BY_SIZE: "By the size of the numbers"}
    options |= {str(each): each.words for each in Method if each is not Method.NONE}
    chosen = choose("method", "Method", options, BY_SIZE)
    return None if chosen == BY_SIZE else chosen


def choose_district() -> tuple[str, str, str | None, str, maps.Fill]:
    """District, measure of the map, baseline, definition, and what the map's colours say.

    The nine names are a list that the keyboard reaches; the map is another way to choose.
    """
    first, second, third, fourth, fifth = st.columns([2, 3, 2, 2, 2])
    places = sorted(areas.districts(), key=lambda each: each.name)
    with first:
        district = choose(
            "district", "District", {each.code: each.name for each in places}, areas.LEICESTER
        )
    with second:
        measure = choose_measure("Map and funnel of")
    with third:
        baseline = choose_baseline()
    with fourth:
        definition = choose_definition()
    with fifth:
        fill = _choose_fill()
    return district, measure, baseline, definition, fill


def _choose_fill() -> maps.Fill:
    """What the colours of the map say."""
    words = {maps.Fill.RATE: "Rate", maps.Fill.VERDICT: "Change against the baseline"}
    return maps.Fill(
        choose("fill", "Map shows", {str(k): v for k, v in words.items()}, str(maps.Fill.RATE))
    )


def choose_spend_year(years: Sequence[str]) -> str | None:
    """A financial year of the ledger, the latest first; `None` where there is none."""
    if not years:
        return None
    options = {each: each for each in reversed(years)}
    return choose("year", "Financial year", options, years[-1])


def choose_hotspots() -> tuple[str, str, maps.Drawn]:
    """Crime type, area, and what the map draws."""
    first, second, third = st.columns(3)
    with first:
        crime_type = choose("crime", "Crime type", {each: each for each in CRIME_TYPES}, VIOLENCE)
    with second:
        area = choose_area()
    with third:
        words = {
            maps.Drawn.SMALL_AREAS: "Small areas (LSOA)",
            maps.Drawn.HEXAGONS: "Hexagons of map points",
            maps.Drawn.POINTS: "Map points",
        }
        drawn = choose(
            "drawn",
            "Map shows",
            {str(key): word for key, word in words.items()},
            str(maps.Drawn.SMALL_AREAS),
        )
    return crime_type, area, maps.Drawn(drawn)


def chosen_on_map(name: str) -> None:
    """Take over the district that was clicked on a map, as if chosen from the list."""
    selection = st.session_state[name].get("selection", {}).get("district", [])
    if selection:
        st.session_state["chosen-district"] = st.session_state["box-district"] = selection[0][
            "code"
        ]


def choose_measure(label: str = "Measure") -> str:
    """One measure of the catalogue."""
    titles = {each.key: each.title for each in CATALOGUE.values()}
    return choose("measure", label, titles, next(iter(titles)))


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
    st.session_state.setdefault(_HERE, {})[name] = Chosen(chosen, label, options[chosen])
    if chosen != default:
        st.query_params[name] = chosen
    elif name in st.query_params:
        del st.query_params[name]
    return chosen


def choose_several(name: str, label: str, options: Mapping[str, str]) -> tuple[str, ...]:
    """A box of which any number may be chosen; kept and written to the address as `choose` does."""
    kept, widget = f"chosen-{name}", f"box-{name}"
    asked = kept not in st.session_state
    if asked:
        st.session_state[kept] = st.query_params.get_all(name)
    known = [key for key in st.session_state[kept] if key in options]
    if asked and len(known) < len(st.session_state[kept]):
        st.info(f"The link asks for something under '{label}' that does not exist: it is left out.")
    chosen = st.multiselect(
        label, list(options), default=known, format_func=lambda key: options[key], key=widget
    )
    st.session_state[kept] = chosen
    if chosen:
        words = ", ".join(options[key] for key in chosen)
        st.session_state.setdefault(_HERE, {})[name] = Chosen(chosen, label, words)
        st.query_params[name] = chosen
    elif name in st.query_params:
        del st.query_params[name]
    return tuple(chosen)
