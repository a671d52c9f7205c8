"""The programme as its manager keeps it: expectations, projects, interventions, agreements.

One file is the whole state of the programme on a day; a newer one takes its place. Each row is
one record, and what a column means hangs on the kind of record: `docs/layouts.md` has the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

import pandas as pd

from vrn_metrics import areas
from vrn_metrics.errors import Problem, UnknownNameError
from vrn_metrics.money import parse_pounds
from vrn_metrics.sources import Document, Note, Reading, Source, refuse
from vrn_metrics.sources._extract import SEE, Extract, is_layout, read_extract

T = TypeVar("T")

SOURCE = Source(
    key="vrn-programme",
    title="Programme: expectations, projects, interventions, agreements (local)",
    publisher="The network's programme office",
    kind="local",
    profile="none_public",
    licence="Held by the network",
    address="docs/layouts.md",
    cadence="when something changes",
    caveats=("As the programme office states it; nobody else has checked it.",),
)

EXPECTATIONS: Final[Mapping[str, str]] = {
    "define": "Public health approach, step 1: define the problem from data",
    "causes": "Public health approach, step 2: find causes and what protects",
    "what-works": "Public health approach, step 3: try out and evaluate what works",
    "scale-up": "Public health approach, step 4: take what works to more people",
    "needs-assessment": "Strategic Needs Assessment",
    "response-strategy": "Response Strategy",
    "evaluation": "Taking part in the national evaluation",
}
PROJECTS: Final = (
    "Leadership & Governance",
    "VRN Development",
    "Community Engagement",
    "Service Mapping",
    "Analysis & Evaluation",
    "Service Design & Implementation",
    "Workforce Development",
    "Communication & Campaigns",
    "Policy Integration",
)
RATINGS: Final = ("high", "moderate", "low", "none", "not rated")
"""Impact ratings as the Youth Endowment Fund's Toolkit words them, and two for their absence."""
EVERYWHERE: Final = "all"
SMALL: Final = 4  # a reach of so few people would name them

COLUMNS: Final = (
    *("record", "title", "belongs_to", "status", "role", "start", "end", "district"),
    *("tier", "rating", "reach", "cost", "organisation", "evidence"),
)


@dataclass(frozen=True)
class Kind:
    """What a kind of record must have, may have, and which words it knows."""

    needs: tuple[str, ...]
    may_have: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    belongs_to: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    ratings: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a record of the kind can have, in the order of the layout."""
        return tuple(each for each in COLUMNS if each in (*self.needs, *self.may_have))

    def words(self, column: str) -> tuple[str, ...]:
        """The words that a column knows; none where any word will do."""
        known = {
            "title": self.titles,
            "belongs_to": self.belongs_to,
            "status": self.statuses,
            "tier": self.tiers,
            "rating": self.ratings,
        }
        return known.get(column, ())


KINDS: Final[Mapping[str, Kind]] = {
    "expectation": Kind(
        ("title", "status"),
        ("role", "start", "end", "organisation", "evidence"),
        titles=tuple(EXPECTATIONS),
        statuses=("met", "in part", "not met"),
    ),
    "data given": Kind(("title", "start", "organisation"), ("evidence",)),
    "project": Kind(
        ("title", "status", "role"),
        ("start", "end", "evidence"),
        titles=PROJECTS,
        statuses=("not begun", "on track", "at risk", "late", "done"),
    ),
    "milestone": Kind(
        ("title", "belongs_to", "end", "status"),
        ("role", "start", "evidence"),
        belongs_to=PROJECTS,
        statuses=("open", "done"),
    ),
    "risk": Kind(
        ("title", "belongs_to", "rating", "status"),
        ("role", "end", "evidence"),
        belongs_to=PROJECTS,
        statuses=("open", "closed"),
        ratings=("high", "medium", "low"),
    ),
    "intervention": Kind(
        ("title", "tier", "start", "district"),
        ("end", "role", "rating", "reach", "cost", "organisation", "evidence", "status"),
        statuses=("planned", "running", "ended"),
        tiers=("primary", "secondary", "tertiary"),
        ratings=RATINGS,
    ),
    "agreement": Kind(("title", "belongs_to", "organisation", "start"), ("end", "evidence")),
}


def recognise(document: Document) -> bool:
    """Whether the file says that it is this layout."""
    return is_layout(document, SOURCE.key)


def read(document: Document) -> Reading:
    """Every record, in the order of the file.

    Raises
    ------
    BadInputError
        With every broken rule, row by row.
    """
    extract = read_extract(document, required=("record", "title"), one_of=(), known=COLUMNS)
    rows = _Rows(extract)
    table = pd.DataFrame(list(rows.records()), dtype=object)  # whole numbers beside gaps
    problems = [*rows.problems, *_repeats(extract, table)]
    if not problems and table.empty:
        problems = [Problem("at least one record", "none", SEE)]
    if problems:
        raise refuse(document, *problems)
    kinds = table["record"].value_counts()
    said = ", ".join(f"{kinds[each]} of kind {each}" for each in KINDS if each in kinds)
    return Reading(
        edition=extract.covers.end,
        observations=pd.DataFrame(),
        tables={"programme_records": table},
        notes=(Note("read", said, len(table)),),
        demonstration=extract.demonstration,
    )


class _Rows:
    """The rows as records; `problems` fills up while they are read."""

    def __init__(self, extract: Extract) -> None:
        self.extract = extract
        self.problems: list[Problem] = []

    def records(self) -> Iterator[dict[str, object]]:
        """One dictionary a row, empty cells as nothing."""
        for place, number in enumerate(self.extract.rows):
            given = {
                name: self.extract.columns[name][place] if self.extract.has(name) else ""
                for name in COLUMNS
            }
            yield {"position": place, **self._record(number, given)}

    def _record(self, number: int, given: Mapping[str, str]) -> dict[str, object]:
        word = given["record"].lower()
        kind = KINDS.get(word)
        if kind is None:
            self._fault(number, f"one of {', '.join(KINDS)} in column 'record'", given["record"])
            return {"record": word, "title": given["title"]}
        for name in kind.needs:
            if not given[name]:
                self._fault(number, f"'{name}' of a record of kind {word}", "nothing")
        known = {"record", *kind.needs, *kind.may_have}
        for name in COLUMNS:
            if given[name] and name not in known:
                self._fault(number, f"nothing in column '{name}' of a {word}", given[name])
            elif given[name][:1] in _FORMULA and name in _FREE:
                self._fault(number, f"words in column '{name}', not a formula", given[name])
        found: dict[str, object] = {
            "record": word,
            "title": self._word(number, "title", given, kind),
            "belongs_to": self._word(number, "belongs_to", given, kind),
            "status": self._word(number, "status", given, kind),
            "role": given["role"] or None,
            "start_date": self._read(number, "start", given, date.fromisoformat, _A_DAY),
            "end_date": self._read(number, "end", given, date.fromisoformat, _A_DAY),
            "district_codes": self._read(number, "district", given, _districts, _A_DISTRICT),
            "tier": self._word(number, "tier", given, kind),
            "rating": self._word(number, "rating", given, kind),
            "reach": self._read(number, "reach", given, _reach, _A_REACH),
            "cost_pence": self._read(number, "cost", given, _cost, "pounds such as 12,500.00"),
            "organisation": given["organisation"] or None,
            "evidence": given["evidence"] or None,
        }
        start, end = found["start_date"], found["end_date"]
        if isinstance(start, date) and isinstance(end, date) and end < start:
            self._fault(number, "an end that is not before the start", given["end"])
        return found

    def _word(self, number: int, name: str, given: Mapping[str, str], kind: Kind) -> str | None:
        """The word as the list has it; any word where there is no list."""
        known = kind.words(name)
        if not given[name] or not known:
            return given[name] or None
        spelt = {each.lower(): each for each in known}
        found = spelt.get(given[name].lower())
        if found is None:
            self._fault(number, f"one of {', '.join(known)} in column '{name}'", given[name])
        return found

    def _read(
        self,
        number: int,
        name: str,
        given: Mapping[str, str],
        read: Callable[[str], T],
        expected: str,
    ) -> T | None:
        if not given[name]:
            return None
        try:
            return read(given[name])
        except (UnknownNameError, ValueError):
            self._fault(number, f"{expected} in column '{name}'", given[name])
            return None

    def _fault(self, number: int, expected: str, found: str) -> None:
        self.problems.append(Problem(expected, f"'{found[:60]}'", SEE, row=number))


# These words leave again in this layout, and a spreadsheet would run such a cell.
_FREE: Final = ("title", "belongs_to", "role", "organisation", "evidence")
_FORMULA: Final = ("=", "+", "-", "@")
_A_DAY: Final = "a day such as 2026-04-01"
_A_DISTRICT: Final = f"districts parted by semicolons, or '{EVERYWHERE}',"
_A_REACH: Final = f"a number of people above {SMALL} (leave out fewer: they could be named)"


def _districts(words: str) -> str:
    """Codes parted by a blank, or *all*."""
    if words.strip().lower() == EVERYWHERE:
        return EVERYWHERE
    codes = [areas.district_code(each.strip()) for each in words.split(";") if each.strip()]
    ours = {each.code for each in areas.districts()}
    if not codes or not all(each in ours for each in codes):
        raise UnknownNameError(words)
    return " ".join(dict.fromkeys(str(each) for each in codes))


def _reach(word: str) -> int:
    people = int(word.replace(",", ""))
    if people <= SMALL:
        raise UnknownNameError(word)
    return people


def _cost(word: str) -> int:
    pence = parse_pounds(word)
    if pence < 0:
        raise UnknownNameError(word)
    return pence


def _repeats(extract: Extract, table: pd.DataFrame) -> list[Problem]:
    """The same record twice would be counted twice."""
    if table.empty:
        return []
    key = [name for name in ("record", "title", "belongs_to", "start_date") if name in table]
    again = table.duplicated(key)
    if not again.any():
        return []
    first = int(again.to_numpy().argmax())
    return [
        Problem(
            "each record once",
            f"'{table['title'].iloc[first]}' again",
            "Leave one of them out.",
            row=extract.rows[first],
            times=int(again.sum()),
        )
    ]
