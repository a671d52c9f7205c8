"""One measure over time: the sentence, the chart, what qualifies it, the numbers."""

from __future__ import annotations

from html import escape

import streamlit as st

from vrn_metrics import charts, narrative
from vrn_metrics.analyses.attention import Attention
from vrn_metrics.analyses.divergence import Divergence
from vrn_metrics.analyses.trend import Trend
from vrn_metrics.exports import series, tables
from vrn_metrics.ui.words import plain


def say_trend(found: Trend) -> None:
    """The answer, and how it stands against every baseline."""
    st.markdown(f"### {plain(narrative.trend_sentence(found))}")
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
    st.vega_lite_chart(charts.trend_chart(found, narrative.describe_chart(found)))
    if said := narrative.register_words(found):
        with st.expander(f"What ran here: {len(said) - 1} interventions, as context"):
            st.markdown("\n".join(f"- {plain(each)}" for each in said))
    if len(found.rolling):
        st.markdown("**Twelve months up to each point**: context only. Neighbours share months.")
        st.vega_lite_chart(charts.rolling_chart(found))
    st.header("What would change the verdict", anchor=False)
    st.markdown(plain(narrative.outlook_words(found)))
    if found.outlook is not None:
        st.vega_lite_chart(charts.fan_chart(found.outlook, narrative.outlook_words(found)))


def show_beside(found: Divergence | None) -> None:
    """Hospital and police figures on one chart, and how to read them."""
    if found is None:
        return
    st.header("Hospital and police side by side", anchor=False)
    st.markdown(narrative.divergence_words(found))
    st.vega_lite_chart(charts.indexed_chart(found, narrative.describe_divergence(found)))


def show_attention(found: Attention) -> None:
    """Districts to look at first, allowing for how many are looked at."""
    st.header("Districts to look at first", anchor=False)
    st.markdown(narrative.attention_words(found))
    for each in found.listed:
        st.markdown(f"- {plain(narrative.attention_line(each))}")


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
        st.table([{key: row[key] for key in columns} for row in rows])
        st.download_button(
            "Download as CSV",
            tables.to_csv(rows).encode("utf-8-sig"),
            file_name=f"trend-{found.entry.measure.key}-{found.area.code}.csv",
            mime="text/csv",
        )
