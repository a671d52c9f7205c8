"""The programme: the checklist, the projects, the register, the agreements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

import streamlit as st

from vrn_metrics import narrative
from vrn_metrics.analyses.programme import Expectation, Programme, Project, State
from vrn_metrics.exports import programme as exported
from vrn_metrics.exports import programme_datasets as datasets
from vrn_metrics.ui.downloads import offer_table
from vrn_metrics.ui.frame import answer
from vrn_metrics.ui.tables import show_table
from vrn_metrics.ui.words import plain

EVALUATION: Final = "evaluation"
_NOTHING: Final = "nothing recorded"
_STATUSES: Final = {
    "done": (State.MET, "✓"),
    "on track": (State.IN_PART, "→"),
    "at risk": (State.NOT_MET, "!"),
    "late": (State.NOT_MET, "✗"),
}
"""The colour of a project's status, and a mark that differs by shape."""


def say_programme(found: Programme) -> None:
    """How many expectations are met, and what somebody has to do something about."""
    answer(plain(narrative.programme_sentence(found)))
    to_do = narrative.to_do_words(found)
    if to_do:
        st.markdown("**To do**\n" + _bullets(to_do))


def show_expectations(found: Programme) -> None:
    """Each expectation with its state, its evidence and its dates."""
    st.header("The expectations, one by one", anchor=False)
    given = narrative.given_words(found.given) or ["No data are recorded as given."]
    st.html(
        _grid(
            _expectation(each, given if each.key == EVALUATION else ())
            for each in found.expectations
        )
    )


def show_projects(found: Programme) -> None:
    """The nine projects with owner, milestones and open risks."""
    st.header("The nine projects", anchor=False)
    many = len(found.overdue)
    late = f"{many} {'milestone is' if many == 1 else 'milestones are'} overdue."
    st.markdown(late if many else "No recorded milestone is overdue.")
    st.html(_grid(_project(each) for each in found.projects))
    offer_table(datasets.projects_dataset(found), "Projects")


def show_interventions(found: Programme) -> None:
    """What ran where, for whom and at what cost, as context."""
    st.header("The interventions register", anchor=False)
    listed = found.register.interventions
    if not listed:
        st.markdown("No intervention is recorded.")
        return
    st.markdown(_bullets([narrative.intervention_words(each) for each in listed]))
    offer_table(datasets.interventions_dataset(found), "Interventions")


def show_agreements(found: Programme) -> None:
    """Which agreements to share data are in force, and which extracts have none."""
    st.header("Agreements to share data", anchor=False)
    st.markdown(
        "An extract about people counts only under an agreement in force on the day on which it "
        "is approved."
    )
    if found.agreements:
        st.markdown(_bullets([narrative.agreement_words(each) for each in found.agreements]))
    for source in found.uncovered:
        st.markdown(f"- **None in force** for {plain(source)}")
    if found.agreements:
        offer_table(datasets.agreements_dataset(found), "Agreements")


def qualify_programme(found: Programme) -> None:
    """What the page rests on."""
    st.header("How far to trust it", anchor=False)
    st.markdown(_bullets(narrative.programme_caveats(found)))


def programme_numbers(found: Programme) -> None:
    """The checklist as a table and as files, and all of it in the layout it is loaded in."""
    with st.expander("The checklist as a table"):
        show_table(exported.programme_rows(found), "The checklist")
        offer_table(exported.programme_dataset(found), "Checklist")
        if found.records:
            st.download_button(
                "The whole programme as a file to change and load again",
                exported.programme_file(found).encode("utf-8-sig"),
                file_name=f"vrn-programme-{found.as_of.isoformat()}.csv",
                mime="text/csv",
                on_click="ignore",
                key="programme-layout",
                type="tertiary",
                icon=":material/download:",
            )


def _expectation(one: Expectation, more: Sequence[str]) -> str:
    said = "".join(f"<p>{escape(each)}</p>" for each in narrative.expectation_words(one)[:-1])
    basis = narrative.expectation_words(one)[-1]
    return (
        f"{_head(str(one.state), one.state.symbol, one.state.words, one.title)}"
        f'{said}<p class="vrn-small">{escape(basis)}</p>{_list(more)}</article>'
    )


def _project(one: Project) -> str:
    state, symbol = _STATUSES.get(one.status, (State.NOT_KNOWN, "–"))
    status = (one.status or _NOTHING).capitalize()
    owner = f"Owner: {one.role}" if one.role else "No owner is recorded"
    lines = [
        *(narrative.milestone_words(each) for each in one.milestones),
        *(narrative.risk_words(each) for each in one.risks),
    ]
    evidence = f"<p>{escape(one.evidence)}</p>" if one.evidence else ""
    return (
        f"{_head(str(state), symbol, status, one.title)}"
        f"<p>{escape(owner)}</p>{evidence}{_list(lines)}</article>"
    )


def _head(css: str, symbol: str, word: str, title: str) -> str:
    return (
        f'<article class="vrn-card vrn-{css}"><p class="vrn-verdict">'
        f'<span aria-hidden="true">{symbol}</span> {escape(word)}</p><h3>{escape(title)}</h3>'
    )


def _grid(articles: Iterable[str]) -> str:
    return f'<div class="vrn-grid">{"".join(articles)}</div>'


def _list(lines: Sequence[str]) -> str:
    made = "".join(f"<li>{escape(each)}</li>" for each in lines)
    return f'<ul class="vrn-list">{made}</ul>' if lines else ""


def _bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {plain(each)}" for each in lines)
