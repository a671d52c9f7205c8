"""Impact in the order in which it may be believed: power, fit, estimate, choices, hazards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any, Final

import streamlit as st

from vrn_metrics import charts, narrative
from vrn_metrics.analyses.impact import START, Impact
from vrn_metrics.analyses.impact_effects import ImpactMethod
from vrn_metrics.areas import NETWORK
from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.exports import impact_datasets as datasets
from vrn_metrics.exports import workbench
from vrn_metrics.exports.analysis_plan import plan_text, read_plan
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.measures.donor_pool import police_forces
from vrn_metrics.ui.choices import choose, choose_several
from vrn_metrics.ui.downloads import offer_table, show_chart
from vrn_metrics.ui.frame import answer
from vrn_metrics.ui.words import plain

DEFAULT_MEASURE: Final = "knife-violence"
STARTS: Final = {
    "2019-04-01": "April 2019: the first funded year",
    "2018-04-01": "April 2018: a year before the money",
    "2020-04-01": "April 2020: a year after",
}
WINDOWS: Final = {
    "all": "All years before the start",
    "5": "Five years before the start",
    "3": "Three years before the start",
}
_FILES: Final = {
    ".csv": ("Figures (CSV)", "text/csv"),
    ".csv-metadata.json": ("What the columns are (CSVW)", "application/json"),
    ".py": ("Script (Python)", "text/x-python"),
    ".md": ("Method card", "text/markdown"),
}
COVID: Final = {"keep": "Keep the year of Covid", "drop": "Leave out the year of Covid"}


def choose_impact() -> dict[str, Any]:
    """Measure, method, start, window, Covid and donors, as `found_impact` takes them."""
    measure = choose(
        "measure",
        "Measure",
        {each.key: each.title for each in CATALOGUE.values()},
        DEFAULT_MEASURE,
    )
    first, second, third, fourth = st.columns(4)
    with first:
        method = choose(
            "impact-method",
            "Method",
            {str(each): each.words for each in ImpactMethod},
            str(ImpactMethod.SYNTHETIC),
        )
    with second:
        start = date.fromisoformat(choose("start", "Effect from", STARTS, START.isoformat()))
    with third:
        window = choose("window", "Compared over", WINDOWS, "all")
    with fourth:
        covid = choose("covid", "Covid", COVID, "keep")
    names = {code: force.name for code, force in police_forces().items() if code != NETWORK}
    with st.expander("Donors: leave forces out, or take funded ones in, and see what it does"):
        drop = choose_several("drop", "Leave out", names)
        others = {code: name for code, name in names.items() if code not in drop}
        add = choose_several("add", "Take in although the register says not to", others)
    since = None if window == "all" else date(start.year - int(window), start.month, 1)
    return {
        "measure": measure,
        "method": method,
        "start": start,
        "since": since,
        "drop": drop,
        "add": add,
        "without_covid": covid == "drop",
    }


def say_impact(found: Impact) -> None:
    """The answer without its size, which comes after power and fit."""
    answer(plain(narrative.verdict_words(found)))


def show_power(found: Impact) -> None:
    """First: what could have been found at all."""
    st.header("1. What could be found at all", anchor=False)
    _list(narrative.power_words(found))
    said = "How often true falls of several sizes would be found."
    described = " ".join(narrative.power_words(found))
    if _draw(charts.power_chart(found, described), found, "Power", "power", said):
        offer_table(datasets.power_dataset(found), "Power")


def show_fit(found: Impact) -> None:
    """Second: does the counterfactual run with the network before the start?"""
    if found.two_periods is not None or found.panel is None:
        return
    st.header("2. The fit before the start", anchor=False)
    if found.gate.is_open:
        _list(narrative.gate_words(found))
    else:
        st.warning(plain(" ".join(found.gate.reasons)), icon=None)
        _list(narrative.gate_words(found)[len(found.gate.reasons) :])
    if words := " ".join(
        filter(None, (narrative.break_words(found), narrative.before_words(found)))
    ):
        st.markdown(f"**Before the network existed.** {plain(words)}")


def show_estimate(found: Impact) -> None:
    """Third: the estimate, its paths, and its place among forces without a network."""
    if found.two_periods is not None or found.reason is not None:
        return
    st.header("3. The estimate", anchor=False)
    if found.gate.is_open:
        st.markdown(plain(narrative.effect_words(found)))
    else:
        st.markdown("The estimate is greyed out: it is not to be used.")
    paths = charts.paths_chart(found, narrative.describe_gap(found))
    if _draw(paths, found, "Paths", "paths", "The network and its counterfactual"):
        offer_table(datasets.paths_dataset(found), "Paths")
    if found.effect.placebos:
        st.markdown("**The same for every force without a network**")
        placebos = charts.placebo_chart(found, narrative.describe_placebos(found))
        rows = partial(charts.placebo_rows, found)
        if _draw(placebos, found, "Placebos", "placebos", "The same for every force", rows):
            offer_table(datasets.placebos_dataset(found), "Placebos")
    if found.gate.is_open:
        _list(narrative.placebo_words(found))


def show_choices(found: Impact) -> None:
    """Fourth: does it hang on choices?"""
    if not found.curve:
        return
    st.header("4. The same under other choices", anchor=False)
    words = narrative.curve_words(found)
    st.markdown(plain(words))
    if _draw(charts.curve_chart(found, words), found, "Choices", "choices", words):
        offer_table(datasets.curve_dataset(found), "Choices")


def show_national(found: Impact) -> None:
    """Fifth: what the national evaluation found."""
    st.header("5. What the national evaluation found", anchor=False)
    if not found.national:
        st.markdown("Nothing was published for this measure.")
    _list([f"{narrative.national_words(each)} {each.source}." for each in found.national])


def qualify_impact(found: Impact) -> None:
    """Sixth: the hazards, the method, who is compared with, and what it is made from."""
    st.header("6. How far to trust it", anchor=False)
    _list(list(narrative.HAZARDS))
    st.markdown(
        f"**{plain(found.choices.method.words)}.** "
        f"{plain(narrative.method_words(found.choices.method))}"
    )
    if found.panel is not None:
        with st.expander("Who is compared with, and who is left out"):
            _list(narrative.pool_words(found.panel))
            _list([*found.panel.source.caveats, *found.measure.caveats])
    if found.releases:
        named = ", ".join(f"{each.id} {each.file_name}" for each in found.releases)
        st.markdown(f"Releases: {plain(named)}.")


def hand_over_impact(found: Impact) -> None:
    """The figures, a script that gives the estimate again, a method card and the plan."""
    st.header("Do it again", anchor=False)
    columns = st.columns(4)
    for place, (name, text) in enumerate(workbench.files(found).items()):
        label, kind = _FILES[name[name.index(".") :]]
        columns[place].download_button(label, text, file_name=name, mime=kind)
    _plan(found)


def _plan(found: Impact) -> None:
    with st.expander("Analysis plan: write the choices down before you look"):
        st.markdown(
            "A plan is a dated file of the choices above. Save it before the figures are "
            "loaded, lodge it with somebody else, and show it here when you look."
        )
        st.download_button(
            "Save these choices as a plan",
            plan_text(found.choices, date.today()),
            file_name=f"plan-{found.measure.key}.json",
            mime="application/json",
        )
        given = st.file_uploader("A plan to hold this estimate against", type="json")
        if given is None:
            return
        try:
            plan = read_plan(given.getvalue().decode("utf-8", errors="replace"))
        except VrnMetricsError as error:
            st.error(plain(str(error)))
            return
        _list(narrative.plan_words(plan, found))


def _draw(
    spec: Any,
    found: Impact,
    what: str,
    name: str,
    title: str,
    rows: Callable[[], list[dict[str, str]]] | None = None,
) -> bool:
    """A chart with its pictures; false where there is none."""
    if spec is None:
        return False
    head = f"{found.measure.title}, {found.choices.method.words}: {title}"
    origin = datasets.impact_origin(found)
    show_chart(spec, what, datasets.stem(found, name), head, origin, rows=rows)
    return True


def _list(said: list[str]) -> None:
    st.markdown("\n".join(f"- {plain(each)}" for each in said))
