"""The address of a view, by keys that outlive every title."""

from __future__ import annotations

from datetime import date
from typing import Final
from urllib.parse import urlencode

SITE: Final = "http://localhost:8501"


def view_address(site: str, page: str, as_of: date, **keys: str | None) -> str:
    """Where a view is seen; keys that are not given are left out.

    Examples
    --------
    >>> day = date(2026, 3, 31)
    >>> view_address("https://vrn.example", "trend", day, measure="robbery", area=None)
    'https://vrn.example/trend?measure=robbery&as-of=2026-03-31'
    """
    given = {name: value for name, value in keys.items() if value}
    asked = {**given, "as-of": as_of.isoformat()}
    return f"{site.rstrip('/')}/{page}?{urlencode(asked)}"
