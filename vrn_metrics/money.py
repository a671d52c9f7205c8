"""Pounds to the penny: whole numbers of pence, never fractions of a computer's making."""

from __future__ import annotations

import re
from typing import Final

from vrn_metrics.errors import UnknownNameError

LARGEST: Final = 10**12  # pence: ten thousand million pounds, more than all police grants

_POUNDS: Final = re.compile(
    r"(?P<sign>[-−])?£?(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.(?P<pence>[0-9]{1,2}))?"
)


def parse_pounds(text: str) -> int:
    """Pence out of *£1,234.50*, *1234.5*, *-20* or *(20.00)*, which bookkeepers write for less.

    Raises
    ------
    UnknownNameError
        If it is no amount, has thirds of a penny, or is beyond ten thousand million pounds.

    Examples
    --------
    >>> parse_pounds("£1,234.50"), parse_pounds("(0.07)"), parse_pounds("-20")
    (123450, -7, -2000)
    """
    words = text.strip().replace(" ", "")
    is_less = words.startswith("(") and words.endswith(")")
    found = _POUNDS.fullmatch(words[1:-1] if is_less else words)
    if found is None and words.startswith("£"):
        found = _POUNDS.fullmatch(words[1:])
    if found is None or (is_less and found["sign"]):
        raise UnknownNameError(f"expected pounds such as 1,234.50, found '{text}'.")
    pence = 100 * int(found["whole"].replace(",", "")) + int((found["pence"] or "").ljust(2, "0"))
    if pence > LARGEST:
        raise UnknownNameError(f"expected at most £{LARGEST // 100:,}, found '{text}'.")
    return -pence if found["sign"] or is_less else pence


def pounds(pence: int) -> str:
    """An amount as a person reads it; pence only where there are any.

    Examples
    --------
    >>> pounds(123450), pounds(-1840000), pounds(5)
    ('£1,234.50', '−£18,400', '£0.05')
    """
    whole, rest = divmod(abs(pence), 100)
    sign = "−" if pence < 0 else ""
    return f"{sign}£{whole:,}.{rest:02d}" if rest else f"{sign}£{whole:,}"
