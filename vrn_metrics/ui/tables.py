"""A table that can be read by ear, reached by keyboard and scrolled on a phone.

Streamlit's own `st.table` scrolls sideways where only a mouse can scroll it, and `st.dataframe`
is painted on a canvas; here a table has a name, header cells that say what they head, and a
frame that takes the focus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

import streamlit as st

LONG: Final = 15
"""A table with more rows than this scrolls in a frame of its own."""

_NUMBER: Final = re.compile(r"[−-]?£?\d[\d,]*(?:\.\d+)?%?")


def show_table(rows: Sequence[Mapping[str, object]], name: str) -> None:
    """Draw a table; its first column heads its rows.

    Parameters
    ----------
    rows
        One mapping a row, all with the keys of the first; nothing is drawn where there are none.
    name
        What a screen reader calls it: unlike any other table's on the page.
    """
    if rows:
        st.html(table(rows, name))


def table(rows: Sequence[Mapping[str, object]], name: str) -> str:
    """The HTML of a table.

    Examples
    --------
    >>> made = table([{"Year": "2025-26", "Spent": "£1"}], "Spending")
    >>> print(made[made.index("<tbody>"):made.index("</tbody>")])
    <tbody><tr><th scope="row">2025-26</th><td class="vrn-number">£1</td></tr>
    """
    columns = list(rows[0])
    first, *others = columns
    numbers = {each for each in others if _is_number([_said(row.get(each)) for row in rows])}
    classes = {each: ' class="vrn-number"' if each in numbers else "" for each in columns}
    head = "".join(f'<th scope="col"{classes[each]}>{escape(each)}</th>' for each in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(_said(row.get(first)))}</th>'
        + "".join(f"<td{classes[each]}>{escape(_said(row.get(each)))}</td>" for each in others)
        + "</tr>"
        for row in rows
    )
    long = " vrn-long" if len(rows) > LONG else ""
    return (
        f'<div class="vrn-table{long}" role="group" aria-label="Table: {escape(name)}" '
        f'tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _said(cell: object) -> str:
    return "" if cell is None else str(cell)


def _is_number(cells: Sequence[str]) -> bool:
    filled = [each for each in cells if each]
    return bool(filled) and all(_NUMBER.fullmatch(each) for each in filled)
