"""Two dates, inclusive. A bare year does not exist."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from vrn_metrics.errors import UnknownNameError

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
}


@dataclass(frozen=True, order=True)
class Period:
    """From the start of one day to the end of another.

    Parameters
    ----------
    start, end
        First and last day, both inside the period.

    Raises
    ------
    ValueError
        If it ends before it starts.

    Examples
    --------
    >>> Period.financial_year(2024)
    Period(2024-04-01, 2025-03-31)
    >>> Period.financial_year(2024).months
    12
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a period cannot end ({self.end}) before it starts ({self.start})")

    def __repr__(self) -> str:
        return f"Period({self.start}, {self.end})"

    @classmethod
    def month(cls, year: int, month: int) -> Period:
        """One calendar month."""
        return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))

    @classmethod
    def span(cls, start: date, months: int) -> Period:
        """So many whole months from the first of a month."""
        return cls(start, shift(start, months) - timedelta(days=1))

    @classmethod
    def quarter(cls, financial_year: int, quarter: int) -> Period:
        """A quarter of the financial year that starts in April of `financial_year`."""
        if not 1 <= quarter <= 4:
            raise ValueError(f"a quarter is 1 to 4, got {quarter}")
        return cls.span(shift(date(financial_year, 4, 1), 3 * (quarter - 1)), 3)

    @classmethod
    def financial_year(cls, start_year: int) -> Period:
        """April of `start_year` to the March after."""
        return cls.span(date(start_year, 4, 1), 12)

    @classmethod
    def year_ending(cls, month: int, year: int) -> Period:
        """Twelve months up to the end of the named month."""
        return cls.last_months(cls.month(year, month).end, 12)

    @classmethod
    def last_months(cls, end: date, months: int) -> Period:
        """So many whole months up to the end of the month of `end`."""
        last = cls.month(end.year, end.month)
        return cls(shift(last.start, 1 - months), last.end)

    @property
    def months(self) -> int:
        """How many calendar months it touches."""
        return 12 * (self.end.year - self.start.year) + self.end.month - self.start.month + 1

    @property
    def is_whole_months(self) -> bool:
        """Whether it starts on a first and ends on a last of a month."""
        return self.start.day == 1 and (self.end + timedelta(days=1)).day == 1

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.end - self.start).days + 1

    def overlaps(self, other: Period) -> bool:
        """Whether a day lies in both."""
        return self.start <= other.end and other.start <= self.end

    def holds(self, day: date) -> bool:
        """Whether a day lies inside."""
        return self.start <= day <= self.end

    def contains(self, other: Period) -> bool:
        """Whether all of the other lies inside."""
        return self.start <= other.start and other.end <= self.end

    def each_month(self) -> list[Period]:
        """The calendar months it touches, in order."""
        first = date(self.start.year, self.start.month, 1)
        return [Period.span(shift(first, step), 1) for step in range(self.months)]

    @property
    def label(self) -> str:
        """How a person would say it.

        Examples
        --------
        >>> Period.financial_year(2018).label
        'year ending March 2019'
        >>> Period.month(2025, 6).label
        'June 2025'
        """
        if not self.is_whole_months:
            if self.days == 1:
                return _day(self.start)
            return f"{_day(self.start)} to {_day(self.end)}"
        ending = f"{calendar.month_name[self.end.month]} {self.end.year}"
        if self.months == 1:
            return ending
        if self.months == 12:
            return f"year ending {ending}"
        if self.months % 12 == 0:
            return f"{_number(self.months // 12)} years ending {ending}"
        return f"{calendar.month_name[self.start.month]} {self.start.year} to {ending}"


def shift(day: date, months: int) -> date:
    """The first of the month so many months away.

    Examples
    --------
    >>> shift(date(2024, 11, 1), 3)
    datetime.date(2025, 2, 1)
    """
    index = 12 * day.year + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def parse_financial_year(text: str) -> Period:
    """Read *2018/19*, *2018-19*, *2018-2019*, *2018_19* or *Apr 2018 to Mar 2019*.

    Raises
    ------
    UnknownNameError
        If it is none of these or the two years do not follow each other.
    """
    found = re.fullmatch(
        r"(?:apr(?:il)?\s+)?(\d{4}|\d{2})\s*(?:[/_\-–]|to)\s*(?:mar(?:ch)?\s+)?(\d{4}|\d{2})",
        text.strip().lower(),
    )
    if found:
        first, second = (int(part) for part in found.groups())
        first = first if first > 99 else 2000 + first
        if second % 100 == (first + 1) % 100 and first < 9999:
            return Period.financial_year(first)
    raise UnknownNameError(f"expected a financial year such as 2018/19, found '{text}'.")


def parse_month(text: str) -> Period:
    """Read *2024-07*, *2024-07-01*, *July 2024* or *Jul 2024*.

    Raises
    ------
    UnknownNameError
        If it is none of these.
    """
    words = text.strip().lower()
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})(?:-\d{1,2}(?:[ t]00:00:00)?)?", words):
        year, month = int(found[1]), int(found[2])
        if 1 <= month <= 12 and 1 <= year < 9999:
            return Period.month(year, month)
    if (found := re.fullmatch(r"([a-z]+)[ -](\d{4})", words)) and (
        found[1] in MONTHS and 1 <= int(found[2]) < 9999
    ):
        return Period.month(int(found[2]), MONTHS[found[1]])
    raise UnknownNameError(f"expected a month such as 2024-07, found '{text}'.")


def _day(day: date) -> str:
    return f"{day.day} {calendar.month_name[day.month]} {day.year}"


def _number(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if count < len(words) else str(count)
