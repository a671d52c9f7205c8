"""The accessibility statement, from the list that the browser tests are held to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from typing import Final

import streamlit as st

from vrn_metrics.ui.tables import show_table
from vrn_metrics.ui.words import plain

PREPARED: Final = date(2026, 11, 23)
BODY, CONTACT = "VRN_BODY", "VRN_ACCESSIBILITY_CONTACT"


@dataclass(frozen=True)
class Known:
    """Something that is known not to be accessible.

    Attributes
    ----------
    rules
        The rules of axe-core that it breaks; none where a machine cannot see it.
    where
        CSS selector of what breaks them: elsewhere the same rules are not excused.
    criteria
        Success criteria of WCAG 2.2 that are not met; none where only good practice is missed.
    what
        What it is, and on which page.
    instead
        How to do the same thing otherwise.
    """

    rules: tuple[str, ...]
    where: str
    criteria: str
    what: str
    instead: str


KNOWN: Final = (
    Known(
        (),
        "",
        "2.1.1 Keyboard, 1.1.1 Non-text content",
        "Districts and Hotspots: an area of a map, and a point of a chart, is chosen or asked for "
        "its figure by a pointer only.",
        "The list above the map chooses the same district; the table under each chart has every "
        "figure.",
    ),
    Known(
        (),
        "",
        "1.3.1 Info and relationships, 1.4.10 Reflow",
        "Programme and Spend: the tables in which records are edited are painted on a canvas. "
        "They take the keyboard, but a screen reader is told only part of them, and they scroll "
        "both ways on a small screen.",
        "Save the records as a file, change it in a spreadsheet and load it on the Data page.",
    ),
    Known(
        ("presentation-role-conflict",),
        '[data-testid="stFileUploaderDropzone"]',
        "",
        "Data and Impact: the place to drop files has a role that it does not use. Its button has "
        "a name and works by keyboard.",
        "Nothing is lost. The `vrn load` command loads the same files.",
    ),
    Known(
        (),
        "",
        "4.1.3 Status messages",
        "Every page: that figures are being worked out is shown at the top, and not announced.",
        "The answer is the first heading after the question; it is there when the page is at rest.",
    ),
)

NOT_TESTED: Final = (
    "The dashboard has not been tried with screen readers (such as JAWS, NVDA or VoiceOver), with "
    "speech recognition, or by disabled people. A body that puts it before the public should do "
    "so and say here what was found."
)


def show_compliance() -> None:
    """How far the dashboard complies, and how to use it."""
    body = os.environ.get(BODY)
    runs = f"This dashboard is run by {plain(body)}." if body else _unset("Who runs it", BODY)
    st.markdown(
        f"{runs} It should be usable by as many people as possible. You should be able to do "
        "everything by keyboard alone, zoom to 400% without losing anything, read every chart as "
        "a sentence or a table, and tell every verdict by its words and not by its colour. "
        "Figures follow the light or dark setting of your device, and nothing moves if it asks "
        "for less motion."
    )
    st.header("Compliance status", anchor=False)
    st.markdown(
        "This dashboard is **partially compliant** with the Web Content Accessibility Guidelines "
        "version 2.2, level AA, because of what is listed below."
    )


def show_known() -> None:
    """What is not accessible, and what to do instead."""
    st.header("What is not accessible", anchor=False)
    st.markdown(
        "These parts do not comply with the Public Sector Bodies (Websites and Mobile "
        "Applications) (No. 2) Accessibility Regulations 2018, or fall short of good practice. "
        "They are parts of Streamlit, deck.gl and Vega, which the dashboard is made with. No "
        "exemption is claimed for disproportionate burden."
    )
    show_table(
        [
            {
                "What": each.what,
                "WCAG 2.2": each.criteria or "good practice only",
                "Instead": each.instead.replace("`", ""),
            }
            for each in KNOWN
        ],
        "What is not accessible",
    )


def show_feedback() -> None:
    """Whom to tell, and who enforces."""
    st.header("Feedback and contact", anchor=False)
    contact = os.environ.get(CONTACT)
    st.markdown(
        "If something here cannot be used, or you need it in another form (large print, easy "
        "read, audio, braille), say which page and what you need. "
        + (f"Contact: {plain(contact)}." if contact else _unset("Whom to write to", CONTACT))
    )
    st.header("Enforcement", anchor=False)
    st.markdown(
        "The Equality and Human Rights Commission (EHRC) enforces the Regulations. If you are not "
        "happy with how a complaint is answered, contact the "
        "[Equality Advisory and Support Service](https://www.equalityadvisoryservice.com/)."
    )


def show_preparation() -> None:
    """How it was tested, and when."""
    st.header("How this was tested", anchor=False)
    st.markdown(
        f"This statement was prepared on {PREPARED.day} {PREPARED:%B %Y} and rests on a "
        "self-assessment by those who make the dashboard. Each change to the program is tested in "
        "Chromium: axe-core 4.12.1 (rules of WCAG 2.0 to 2.2, A and AA, and of good practice) on "
        "every page, in light and dark, on a wide screen and a phone, with everything folded out; "
        "tasks by keyboard alone; a width of 320 pixels, which is 400% zoom; and contrast of the "
        "words in charts. A test fails where something is wrong that is not listed above."
    )
    st.markdown(NOT_TESTED)


def _unset(what: str, setting: str) -> str:
    return f"**{what} is not set**: whoever runs this server sets `{setting}`."
