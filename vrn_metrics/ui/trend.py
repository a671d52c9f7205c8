"""One measure over time: the sentence, the chart, what qualifies it, the numbers."""

from __future__ import annotations

from html import escape

import streamlit as st

from vrn_metrics import charts, narrative
from vrn_metrics.analyses.attention import Attention
from vrn_metrics.analyses.divergence import Divergence
from vrn_metrics.analyses.scorecard import Scorecard
from vrn_metrics.analyses.trend import Trend
from vrn_metrics.exports import datasets, series
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.ui.downloads import offer_table, show_chart
from vrn_metrics.ui.frame import answer
from vrn_metrics.ui.tables import show_table
from vrn_metrics.ui.words import plain


def say_trend(found: Trend) -> None:
    """The answer, and how it stands against every baseline."""
    answer(plain(narrative.trend_sentence(found)))
    if found.entry.numerator is None:
        return
    strip = "".join(
        f'<li class="vrn-{each.verdict}"><span class="vrn-verdict">'
        f'<span aria-hidden="true">{each.verdict.symbol}</span> {escape(each.verdict.words)}'
        f"</span> against {escape(each.baseline.title)}</li>"
        for each in found.entry.sensitivity
    )
    st.html(
        f"<p>{escape(narrative.sensitivity_words(found))}</p>"
        f'<ul class="vrn-strip vrn-row">{strip}</ul>'
    )


def show_trend(found: Trend) -> None:
    """The chart, twelve months up to each point as context, and what may come."""
    if not found.figures:
        return
    origin = Provenance.of(found.area, found.as_of, [found.entry])
    measure, name = found.entry.measure, f"{found.entry.measure.key}-{found.area.code}"
    show_chart(
        charts.trend_chart(found, narrative.describe_chart(found)),
        "Trend chart",
        f"trend-{name}",
        f"{measure.title}: {narrative.trend_sentence(found)}",
        origin,
    )
    if listed := narrative.register_words(found.register):
        with st.expander(f"What ran here: {len(listed) - 1} interventions, as context"):
            st.markdown("\n".join(f"- {plain(each)}" for each in listed))
    if len(found.rolling):
        st.markdown("**Twelve months up to each point**: context only. Neighbours share months.")
        show_chart(
            charts.rolling_chart(found),
            "Twelve months",
            f"twelve-months-{name}",
            f"{measure.title}: twelve months up to each point",
            origin,
        )
    st.header("What would change the verdict", anchor=False)
    st.markdown(plain(narrative.outlook_words(found)))
    if found.outlook is not None:
        said = narrative.outlook_words(found)
        show_chart(
            charts.fan_chart(found.outlook, said),
            "Outlook",
            f"outlook-{name}",
            f"{measure.title}: {said}",
            origin,
        )


def show_beside(found: Divergence | None, card: Scorecard) -> None:
    """Hospital and police figures on one chart, and how to read them.

    `card` is the scorecard of the same area, for where both come from.
    """
    if found is None:
        return
    both = [each for each in card.entries if each.measure.key in (found.health, found.police)]
    st.header("Hospital and police side by side", anchor=False)
    st.markdown(narrative.divergence_words(found))
    show_chart(
        charts.indexed_chart(found, narrative.describe_divergence(found)),
        "Side by side",
        f"side-by-side-{found.health}-{card.area.code}",
        "Hospital and police figures side by side",
        Provenance.of(card.area, card.as_of, both),
    )


def show_attention(found: Attention) -> None:
    """Districts to look at first, allowing for how many are looked at."""
    st.header("Districts to look at first", anchor=False)
    st.markdown(narrative.attention_words(found))
    for each in found.listed:
        st.markdown(f"- {plain(narrative.attention_line(each))}")
    if found.listed:
        offer_table(datasets.attention_dataset(found), "Districts")


def qualify_trend(found: Trend) -> None:
    """The method and why, breaks, false alarms, caveats, sources."""
    st.header("How far to trust it", anchor=False)
    entry = found.entry
    said = [
        *narrative.trend_qualifications(found),
        *entry.caveats,
        f"Source: {entry.source.title}." if entry.source else "No source.",
    ]
    if entry.releases:
        said.append(f"Releases: {', '.join(str(each.id) for each in entry.releases)}.")
    st.markdown("\n".join(f"- {plain(each)}" for each in said))


def trend_numbers(found: Trend) -> None:
    """Every point as a table, and as a file."""
    rows = series.trend_rows(found)
    if not rows:
        return
    if found.demonstration_data:
        rows = [{**row, "notice": narrative.demonstration_notice()} for row in rows]
    columns = (
        "period", "count", "rate", "centre", "lower limit", "upper limit", "stands out",
        "why hidden",
    )  # fmt: skip
    with st.expander("The numbers as a table"):
        show_table([{key: row[key] for key in columns} for row in rows], "Points")
        offer_table(datasets.trend_dataset(found), "Points")
