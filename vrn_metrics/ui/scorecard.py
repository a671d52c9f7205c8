"""The scorecard as cards: read in five seconds, opened for the rest."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st

from vrn_metrics import charts, narrative
from vrn_metrics.analyses.scorecard import Against, Entry, Scorecard
from vrn_metrics.exports import datasets, tables
from vrn_metrics.ui.downloads import offer_table
from vrn_metrics.ui.frame import answer
from vrn_metrics.ui.tables import show_table


def say_scorecard(card: Scorecard) -> None:
    """The answer over all success measures in one line."""
    answer(f"{narrative.scorecard_words(card, '**')} As of {card.as_of.day} {card.as_of:%B %Y}.")


def show_scorecard(card: Scorecard) -> None:
    """A card for each success measure, then the measures that give context."""
    success = [entry for entry in card.entries if entry.measure.success]
    context = [entry for entry in card.entries if not entry.measure.success]
    st.header("Success measures", anchor=False)
    st.html(cards(success))
    st.header("Around them", anchor=False)
    st.html(cards(context))


def numbers(card: Scorecard) -> None:
    """The same as a table, and as files."""
    rows = tables.scorecard_rows(card)
    if card.demonstration_data:
        rows = [{**row, "notice": narrative.demonstration_notice()} for row in rows]
    with st.expander("The numbers as a table"):
        show_table(
            [{key: value for key, value in row.items() if key != "key"} for row in rows],
            "Scorecard",
        )
        offer_table(datasets.scorecard_dataset(card), "Scorecard")


def cards(entries: list[Entry], more: Callable[[Entry], str] = lambda _entry: "") -> str:
    """A card for each measure; `more` is the HTML that a page adds to one."""
    made = "".join(_card(entry, more(entry)) for entry in entries)
    return f'<div class="vrn-grid">{made}</div>'


def _card(entry: Entry, more: str) -> str:
    return (
        f'<article class="vrn-card vrn-{entry.verdict}">'
        f'<p class="vrn-verdict"><span aria-hidden="true">{entry.verdict.symbol}</span> '
        f"{escape(entry.verdict.words)}</p>"
        f"<h3>{escape(entry.measure.title)}</h3>"
        f"{_figures(entry)}"
        f'<p class="vrn-sentence">{escape(narrative.sentence(entry))}</p>'
        f"{more}{_details(entry)}</article>"
    )


def _figures(entry: Entry) -> str:
    if entry.current is None:
        return ""
    count = "hidden" if entry.current.count.is_hidden else str(entry.current.count)
    words = f"{entry.measure.events}, {entry.current.period.label}"
    rate = narrative.rate_words(entry.current, entry.measure.per)
    change = narrative.against_words(entry.chosen)
    return (
        f'<div class="vrn-figures"><div><p class="vrn-count">{escape(count)}</p>'
        f"<p>{escape(words)}<br>{escape(rate)}</p></div>"
        f"<div>{charts.sparkline(entry, narrative.describe_trail(entry))}"
        f"{charts.whisker(entry.chosen, f'Rate {change}')}</div>"
        f"</div>"
    )


def _details(entry: Entry) -> str:
    same, able = entry.holds_under
    strip = "".join(_strip(each) for each in entry.sensitivity)
    caveats = "".join(f"<li>{escape(each)}</li>" for each in entry.caveats)
    releases = ", ".join(f"{each.id} ({each.file_name})" for each in entry.releases) or "none"
    numbers = ", ".join(str(each.id) for each in entry.releases)
    source = f"{entry.source.title}; releases {numbers}" if entry.source else "none"
    detectable = narrative.detectable_words(entry.chosen.smallest_detectable_fall)
    held = f"The verdict holds under {same} of {able} baselines" if able else "No baseline fits"
    return (
        f'<p class="vrn-small">{escape(detectable)}. {held}.</p>'
        f'<p class="vrn-small">Source: {escape(source)}.</p>'
        f"<details><summary>Baselines, releases, caveats"
        f'<span class="vrn-unseen"> of {escape(entry.measure.title)}</span></summary>'
        f'<ul class="vrn-strip">{strip}</ul>'
        f"<p>{escape(entry.definition_text)}</p><ul>{caveats}</ul>"
        f"<p>Releases: {escape(releases)}.</p></details>"
    )


def _strip(against: Against) -> str:
    return (
        f'<li><span aria-hidden="true">{against.verdict.symbol}</span> '
        f"<strong>{escape(against.verdict.words)}</strong> against "
        f"{escape(against.baseline.title)}: {escape(narrative.against_words(against))}</li>"
    )
