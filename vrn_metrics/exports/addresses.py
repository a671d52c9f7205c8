"""The address of a view, by keys that outlive every title."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode

SITE: Final = "http://localhost:8501"
AUTHOR: Final = "Violence Reduction Network, Leicester, Leicestershire and Rutland"


def view_address(site: str, page: str, as_of: date, **keys: str | Sequence[str] | None) -> str:
    """Where a view is seen; keys that are not given are left out.

    Examples
    --------
    >>> day = date(2026, 3, 31)
    >>> view_address("https://vrn.example", "trend", day, measure="robbery", area=None)
    'https://vrn.example/trend?measure=robbery&as-of=2026-03-31'
    """
    given = {name: value for name, value in keys.items() if value}
    asked = {**given, "as-of": as_of.isoformat()}
    return f"{site.rstrip('/')}/{page}?{urlencode(asked, doseq=True)}"


def citation(question: str, choices: Sequence[str], as_of: date, address: str) -> str:
    """How a report may cite a view.

    Examples
    --------
    >>> said = citation("Are we succeeding?", ["Area: Blaby"], date(2026, 3, 31), "http://x.example")
    >>> said.removeprefix(AUTHOR)
    '. Are we succeeding? Area: Blaby. Figures as they stood on 31 March 2026. http://x.example'
    """
    said = f" {'; '.join(choices)}." if choices else ""
    day = f"{as_of.day} {as_of:%B %Y}"
    return f"{AUTHOR}. {question}{said} Figures as they stood on {day}. {address}"
