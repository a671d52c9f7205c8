"""The programme in the layout in which it is loaded, so that it can be changed and loaded again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from vrn_metrics import areas
from vrn_metrics.periods import shift
from vrn_metrics.sources.vrn_programme import COLUMNS, EVERYWHERE, SOURCE
from vrn_metrics.store import Record

Cells = Mapping[str, str]
"""One record as words, by column of the layout."""

_VERSION: Final = "1"


def cells(record: Record) -> dict[str, str]:
    """A record as the words of its row; a column that it lacks is empty."""
    district = record.district_codes or ""
    if district != EVERYWHERE:
        district = "; ".join(areas.area(code).name for code in district.split())
    words = {
        "record": record.record,
        "title": record.title,
        "belongs_to": record.belongs_to,
        "status": record.status,
        "role": record.role,
        "start": record.start_date.isoformat() if record.start_date else "",
        "end": record.end_date.isoformat() if record.end_date else "",
        "district": district,
        "tier": record.tier,
        "rating": record.rating,
        "reach": "" if record.reach is None else str(record.reach),
        "cost": "" if record.cost_pence is None else _amount(record.cost_pence),
        "organisation": record.organisation,
        "evidence": record.evidence,
    }
    return {name: words[name] or "" for name in COLUMNS}


def programme_layout(
    rows: Iterable[Cells],
    *,
    publisher: str,
    day: date,
    edition: date | None = None,
    demonstration: bool = False,
) -> str:
    """A `vrn-programme` file, as CSV text.

    Parameters
    ----------
    rows
        Every record of the programme, in the order to keep.
    publisher
        Who states it; free words, which also tell two files with the same records apart.
    day
        The day on which it is written: the file covers the months before it.
    edition
        That of the release it is to replace. The new one is no older, or it would not count.
    demonstration
        Whether it is made up; what was made up stays so when it is changed.
    """
    kept = list(rows)
    last = max(shift(day.replace(day=1), -1), edition or date.min).replace(day=1)
    starts = [each["start"] for each in kept if each.get("start")]
    first = min(min(starts, default=last.isoformat())[:7], f"{last:%Y-%m}")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("layout", SOURCE.key, _VERSION))
    writer.writerow(("covers", first, f"{last:%Y-%m}"))
    writer.writerow(("publisher", publisher))
    if demonstration:
        writer.writerow(("demonstration", "yes"))
    writer.writerow(("rows", len(kept)))
    writer.writerow(())
    writer.writerow(COLUMNS)
    writer.writerows([[each.get(name, "") for name in COLUMNS] for each in kept])
    return out.getvalue()


def _amount(pence: int) -> str:
    """Pounds without a sign or commas, as a machine reads them.

    Examples
    --------
    >>> _amount(123450)
    '1234.50'
    """
    return f"{pence // 100}.{pence % 100:02d}"
