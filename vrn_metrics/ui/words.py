"""Words from a file or a fault, shown as they are and never as Markdown."""

from __future__ import annotations

import re

_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~$:-])")


def plain(words: str) -> str:
    r"""The words with every mark of Markdown made harmless.

    A file could carry a picture from elsewhere in a cell, and naming the cell in a message
    would fetch it.

    Examples
    --------
    >>> print(plain("![x](http)"))
    \!\[x\]\(http\)
    """
    return _MARKS.sub(r"\\\1", words)
