"""Definitions, baselines, breaks and sources, straight from the catalogue."""

from __future__ import annotations

from datetime import date

import streamlit as st

from vrn_metrics.exports import catalogue_datasets as datasets
from vrn_metrics.measures import CATALOGUE, baselines, breaks
from vrn_metrics.sources import all_readers
from vrn_metrics.ui.downloads import offer_table
from vrn_metrics.ui.tables import show_table


def show_measures() -> None:
    """What each measure counts, and what to mind."""
    st.header("Measures", anchor=False)
    for each in CATALOGUE.values():
        with st.expander(f"{each.title}{' – success measure' if each.success else ''}"):
            st.markdown(each.definition)
            st.markdown(
                f"Rate per {each.per:,} people a year, {each.age_words}, over "
                f"{each.window_months} months. Key: `{each.key}`. "
                f"Checked by: {each.checked_by}. Next review: {each.next_review:%B %Y}."
            )
            st.markdown("\n".join(f"- {caveat}" for caveat in each.caveats))
    offer_table(datasets.measures_dataset(date.today()), "Measures")


def show_baselines() -> None:
    """The stretches of time to compare with, and why."""
    st.header("Baselines", anchor=False)
    show_table(
        [
            {"Baseline": each.title, "Why": each.reason, "Key": each.key}
            for each in baselines().values()
        ],
        "Baselines",
    )
    offer_table(datasets.baselines_dataset(date.today()), "Baselines")


def show_breaks() -> None:
    """Changes in recording, with what they do to a comparison."""
    st.header("Changes in recording", anchor=False)
    words = {"breaks": "bars comparison across it", "context": "drawn and named"}
    show_table(
        [
            {
                "From": each.since.isoformat(),
                "Change": each.title,
                "Effect": words[each.effect],
                "What happened": each.reason,
                "Source": each.source,
            }
            for each in breaks()
        ],
        "Changes in recording",
    )
    offer_table(datasets.breaks_dataset(date.today()), "Changes in recording")


def show_sources() -> None:
    """The tables that can be read, and their publishers."""
    st.header("Sources", anchor=False)
    show_table(
        [
            {
                "Table": reader.source.title,
                "Publisher": reader.source.publisher,
                "Kind": reader.source.kind,
                "Comes": reader.source.cadence,
                "Licence": reader.source.licence,
            }
            for reader in all_readers().values()
        ],
        "Sources",
    )
    offer_table(datasets.sources_dataset(date.today()), "Sources")
