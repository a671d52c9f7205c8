"""Where it happens: small areas and map points, and what to do with them."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from vrn_metrics import maps, narrative
from vrn_metrics.analyses.hotspots import Hotspots
from vrn_metrics.exports import hotspot_datasets as datasets
from vrn_metrics.exports import hotspots as exported
from vrn_metrics.store import Shapes
from vrn_metrics.ui.downloads import offer_picture, offer_table
from vrn_metrics.ui.frame import answer
from vrn_metrics.ui.tables import show_table
from vrn_metrics.ui.words import plain

MAP_HEIGHT = 560


def say_hotspots(found: Hotspots | None) -> None:
    """How many small areas stand out."""
    if found is None:
        answer("No street-level file counts yet.")
        st.markdown("Load the monthly files of data.police.uk on the Data page.")
        return
    answer(plain(narrative.hotspots_sentence(found)))


def show_hotspots(
    found: Hotspots | None, districts: Shapes, lsoas: Shapes, drawn: maps.Drawn
) -> None:
    """The map, and the places to look at first."""
    if found is None:
        return
    said = {each.code: narrative.small_area_words(each) for each in found.found}
    st.pydeck_chart(
        maps.hotspot_map(found, districts, lsoas, said, drawn=drawn),
        height=MAP_HEIGHT,
        alt=narrative.hotspots_sentence(found),
    )
    boundaries = f" {maps.SCHEMATIC_WORDS} of districts." if districts.is_schematic else ""
    st.caption(
        f"{maps.ANONYMISED}{boundaries} Darker means more; the table below has every number."
    )
    if drawn is maps.Drawn.SMALL_AREAS and not lsoas.shapes:
        st.info(
            "No boundaries of small areas count yet: load the ONS file of LSOAs for the map. Until "
            "then its picture has the map points."
        )
    offer_picture(
        partial(_picture, found, districts, lsoas, drawn),
        "Map",
        f"hotspots-{drawn}-{datasets.stem(found)}",
        f"{narrative.hotspots_sentence(found)} {maps.ANONYMISED}",
        datasets.hotspots_origin(found),
    )
    offer_table(datasets.points_dataset(found), "Map points")
    st.header("Places to look at first", anchor=False)
    rows = exported.hotspot_rows(found)
    if not rows:
        st.markdown("No small area stands out by more than chance.")
        return
    shown = [{key: value for key, value in row.items() if key != "code"} for row in rows]
    show_table(shown, "Places to look at first")
    offer_table(datasets.leading_dataset(found), "Places to look at first")


def _picture(
    found: Hotspots, districts: Shapes, lsoas: Shapes, drawn: maps.Drawn
) -> dict[str, Any]:
    described = f"Map of small areas and points. {narrative.hotspots_sentence(found)}"
    return maps.hotspot_picture(found, districts, lsoas, described, drawn=drawn)


def show_inequality(found: Hotspots | None) -> None:
    """How much of it falls on the most deprived."""
    if found is None:
        return
    st.header("Deprivation", anchor=False)
    st.markdown(plain(narrative.deprivation_words(found.by_deprivation)))
    st.markdown(narrative.CRIME_DOMAIN)


def qualify_hotspots(found: Hotspots | None) -> None:
    """What the marks rest on."""
    if found is None:
        return
    st.header("How far to trust it", anchor=False)
    numbers = ", ".join(str(each.id) for each in found.releases)
    said = [
        *narrative.hotspot_qualifications(found),
        *found.source.caveats,
        f"Source: {found.source.title}. Releases: {numbers}.",
    ]
    st.markdown("\n".join(f"- {plain(each)}" for each in said))


def hotspot_numbers(found: Hotspots | None) -> None:
    """Every small area as a table, and as a file."""
    if found is None:
        return
    rows = exported.every_row(found)
    if found.is_demonstration:
        rows = [{**row, "notice": narrative.demonstration_notice()} for row in rows]
    with st.expander("Every small area as a table"):
        show_table(rows, "Every small area")
        offer_table(datasets.small_areas_dataset(found), "Small areas")
