"""data.police.uk: the archive of three years, one zip that is made anew each month."""

from __future__ import annotations

import re
from typing import Final

from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.newest import Candidate, newest
from vrn_metrics.fetch.web import Web

_MONTH: Final = re.compile(r"20\d{2}-(0[1-9]|1[0-2])")


def find(entry: Entry, web: Web) -> Candidate:
    """The archive up to the latest month that has been published.

    The months are those of `/api/crimes-street-dates`. Every force is in the archive; only the
    network's is read from it.
    """
    base = entry.address.rstrip("/")
    listed = web.json(f"{base}/api/crimes-street-dates")
    rows = listed if isinstance(listed, list) else []
    months = [str(each.get("date")) for each in rows if isinstance(each, dict)]
    months = [each for each in months if _MONTH.fullmatch(each)]
    return newest(
        entry,
        [
            Candidate(f"{base}/data/archive/{month}.zip", f"{month}.zip", f"archive to {month}")
            for month in months
        ],
    )
