"""One district: where it stands, what it counts, whom it is like."""

from __future__ import annotations

from datetime import date
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from vrn_metrics import charts, maps, narrative
from vrn_metrics.analyses.circumstances import Circumstances
from vrn_metrics.analyses.district import District, Line
from vrn_metrics.analyses.districts import Districts
from vrn_metrics.exports import district_datasets as datasets
from vrn_metrics.exports import districts as exported
from vrn_metrics.exports.circumstances import circumstances_rows
from vrn_metrics.store import Shapes
from vrn_metrics.ui.choices import chosen_on_map
from vrn_metrics.ui.downloads import offer_table, show_chart
from vrn_metrics.ui.folding import folding
from vrn_metrics.ui.frame import answer
from vrn_metrics.ui.geometry import address
from vrn_metrics.ui.scorecard import cards
from vrn_metrics.ui.tables import show_table
from vrn_metrics.ui.words import plain


def say_district(found: District, measure: str) -> None:
    """How the district does on the success measures, and its place in the chosen one."""
    answer(narrative.district_sentence(found))
    line = found.line(measure)
    st.markdown(
        f"{plain(line.entry.measure.title)}: {plain(narrative.place_words(line.place))}, among the "
        f"nine districts; {plain(narrative.share_words(line.share))}. Shortest period that may be "
        f"shown and says something: {plain(narrative.shortest_words(line))}."
    )


def show_where(found: Districts | None, shapes: Shapes, here: str, fill: maps.Fill) -> None:
    """All districts side by side: the map, and the funnel that says which stand out."""
    if found is None:
        st.info("No release that counts has this measure by district.")
        return
    st.header("Beside the other districts", anchor=False)
    st.markdown(plain(narrative.districts_sentence(found)))
    left, right = st.columns(2, gap="large")
    with left:
        _map(found, shapes, here, fill)
    with right:
        _funnel(found, here)


def _map(found: Districts, shapes: Shapes, here: str, fill: maps.Fill) -> None:
    """The nine districts on a map; a click chooses one, as the list above does."""
    said = narrative.map_words(found)
    described, name = narrative.describe_map(found), f"map-{found.measure.key}-{fill}"
    draw = partial(maps.district_map, found, shapes, said, described, fill=fill, here=here)
    show_chart(
        draw(address=address(shapes)),
        "Map",
        name,
        narrative.districts_sentence(found),
        exported.districts_origin(found),
        picture=draw,
        on_select=partial(chosen_on_map, name),
    )
    notes = [narrative.pattern_words(found)]
    if found.register.release:
        notes.append("How many interventions run in a district is said with it: context, no cause.")
    if shapes.is_schematic:
        notes.append(maps.SCHEMATIC_NOTE)
    st.caption(plain(" ".join(each for each in notes if each)))


def _funnel(found: Districts, here: str) -> None:
    """A point a district, with the limits within which they cannot be told apart."""
    show_chart(
        charts.funnel_chart(found, narrative.describe_funnel(found), here),
        "Funnel",
        f"funnel-{found.measure.key}",
        narrative.districts_sentence(found),
        exported.districts_origin(found),
    )
    st.caption(plain(narrative.funnel_words(found)))


def show_lines(found: District) -> None:
    """A card for every measure, with the district's share and place under it."""
    st.header(f"Every measure in {found.area.name}", anchor=False)
    lines = {each.entry.measure.key: each for each in found.lines}
    entries = [each.entry for each in found.lines]
    st.html(cards(entries, lambda entry: _beside(lines[entry.measure.key])))


def show_register(found: District) -> None:
    """What the network runs in the district, as context."""
    said = narrative.register_words(found.register)
    if not said:
        return
    st.header(f"What runs in {found.area.name}", anchor=False)
    st.markdown(plain(said[0]))
    st.markdown("\n".join(f"- {plain(each)}" for each in said[1:]))


def show_beside_neighbours(found: District) -> None:
    """The district among those most like it, where figures are published."""
    st.header("Beside its statistical nearest neighbours", anchor=False)
    st.markdown(narrative.NEIGHBOURS_ARE)
    if not found.neighbours:
        st.markdown("No list of neighbours, or no figures of theirs, is in a release that counts.")
        return
    for each in found.neighbours:
        st.markdown(f"- {plain(narrative.neighbour_words(each))}")
    table = folding("The neighbours as a table", "neighbours")
    with table:
        for each in found.neighbours if table.open else ():
            st.markdown(f"**{plain(each.measure.title)}**, {plain(each.source.title)}")
            show_table(exported.neighbour_rows(each), f"Neighbours: {each.measure.title}")
            if said := narrative.without_words(each):
                st.caption(plain(said))
        if table.open:
            offer_table(datasets.neighbours_dataset(found), "Neighbours")


def show_circumstances(
    places: Circumstances | None, times: Circumstances | None, as_of: date
) -> None:
    """In what kinds of place, and at what times of day, the measure's events happen."""
    _kinds("Public places, dwellings, elsewhere", "Kinds of place", "places", places, as_of)
    _kinds("Daytime, after school, evening, night", "Times of day", "times", times, as_of)


def _kinds(title: str, what: str, name: str, found: Circumstances | None, as_of: date) -> None:
    if found is None:
        return
    st.header(title, anchor=False)
    st.markdown(plain(narrative.circumstances_sentence(found)))
    table = folding(f"{what} by year as a table", name)
    with table:
        if table.open:
            show_table(circumstances_rows(found), f"{what} by year")
            offer_table(datasets.circumstances_dataset(found, as_of), what)
    st.caption(narrative.circumstances_caveat(found))


def qualify_district(found: Districts | None, district: District) -> None:
    """What figures rest on."""
    st.header("How far to trust it", anchor=False)
    said = ["A district's figures are small: most of what moves from year to year is chance."]
    if found is not None:
        said.append(f"Source of the map and the funnel: {found.source.title}.")
        said.append(f"Releases: {', '.join(str(each.id) for each in found.releases)}.")
        said += found.source.caveats
    caveats = [each for line in district.lines for each in line.entry.caveats]
    said += [each for each in dict.fromkeys(caveats) if each not in said]
    st.markdown("\n".join(f"- {plain(each)}" for each in said))


def district_numbers(found: District, among: Districts | None) -> None:
    """The district's measures, and the measure's districts, as tables and files."""
    own = folding("The numbers as a table: measures of the district", "measures")
    if own.open:
        with own:
            _table(
                exported.district_rows(found),
                "Measures of the district",
                is_marked=found.demonstration_data,
            )
            offer_table(datasets.district_dataset(found), "Measures")
    if among is None:
        return
    all_nine = folding("The numbers as a table: districts in the measure", "districts")
    if all_nine.open:
        with all_nine:
            _table(
                exported.districts_rows(among),
                "Districts in the measure",
                is_marked=found.demonstration_data,
            )
            offer_table(datasets.districts_dataset(among), "Districts")


def _table(rows: list[dict[str, Any]], name: str, *, is_marked: bool) -> None:
    mark = {"notice": narrative.demonstration_notice()} if is_marked else {}
    shown = [{k: v for k, v in {**row, **mark}.items() if k != "code"} for row in rows]
    show_table(shown, name)


def _beside(line: Line) -> str:
    said = [
        f"Among the nine districts: {narrative.place_words(line.place)}",
        f"Share: {narrative.share_words(line.share)}",
    ]
    if line.among is not None:
        per = line.entry.measure.per
        said.append(f"LLR: {narrative.rate_words(line.among.network, per)}")
        if line.among.england is not None:
            said.append(f"England: {narrative.england_words(line.among.england, per)}")
    said.append(f"Shortest period to show: {narrative.shortest_words(line)}")
    items = "".join(f"<li>{escape(each)}</li>" for each in said)
    return f'<ul class="vrn-strip vrn-small">{items}</ul>'
