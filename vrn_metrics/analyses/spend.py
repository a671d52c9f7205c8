"""Is 20% going to interventions, and how much is left to spend? Exact to the penny."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from vrn_metrics.errors import UnknownNameError
from vrn_metrics.measures import FundingRule, Grant, funding_rules, grants
from vrn_metrics.periods import Period, parse_financial_year
from vrn_metrics.store import LedgerLine, Release, Store

SOURCE: Final = "vrn-spend"
KINDS: Final = ("actual", "forecast", "plan")
HOME_OFFICE: Final = "home-office"


@dataclass(frozen=True)
class Standing:
    """A rule by one kind of figures: pence of the numerator over pence of the denominator.

    `lowest` and `highest` are the numerator if every doubtful line went the other way. `share`
    is `None` where nothing was spent, or less than nothing.
    """

    kind: str
    part: int
    whole: int
    lowest: int
    highest: int

    @property
    def share(self) -> Fraction | None:
        """The exact share."""
        return Fraction(self.part, self.whole) if self.whole > 0 else None

    def share_of(self, pence: int) -> Fraction | None:
        """Another numerator over the same denominator."""
        return Fraction(pence, self.whole) if self.whole > 0 else None

    def meets(self, rule: FundingRule) -> bool | None:
        """Whether the share reaches the rule; `None` where there is no share."""
        return None if self.share is None else self.share >= rule.at_least


@dataclass(frozen=True)
class RuleStanding:
    """One rule in one year.

    `to_spend` are the pence that must still go to the numerator by the end of the year for the
    rule to be met, of the whole year's money as far as it is known; 0 where it is met.
    """

    rule: FundingRule
    standings: tuple[Standing, ...]
    to_spend: int | None
    of_kind: str | None

    def by(self, kind: str) -> Standing:
        """The standing by actual, forecast or planned figures."""
        return next(each for each in self.standings if each.kind == kind)


@dataclass(frozen=True)
class Reclassified:
    """A line whose category a later release changed."""

    line: str
    kind: str
    before: str
    after: str
    by: str | None
    reason: str | None
    release_id: int


@dataclass(frozen=True)
class Spend:
    """The ledger of one financial year; every amount in pence.

    `by_project`, `by_category` and `by_quarter` are of actual spending. `over_plan` is what is
    expected beyond the plan, `over_grant` what is planned of the Home Office's money beyond the
    published grant of the year, where one was published in full.
    """

    year: str
    years: tuple[str, ...]
    period: Period
    as_of: date
    rules: tuple[RuleStanding, ...]
    lines: tuple[LedgerLine, ...]
    by_project: tuple[tuple[str, int], ...]
    by_category: tuple[tuple[str, int], ...]
    by_quarter: tuple[tuple[str, int], ...]
    over_plan: int | None
    over_grant: int | None
    reclassified: tuple[Reclassified, ...]
    totals_by_year: tuple[tuple[str, int], ...]
    grants: tuple[Grant, ...]
    releases: tuple[Release, ...]

    @property
    def is_demonstration(self) -> bool:
        """Whether any figure in it is made up."""
        return any(each.demonstration for each in self.releases)

    @property
    def spent(self) -> int:
        """Everything that was spent in the year so far, in pence."""
        return sum(pence for _, pence in self.by_project)

    @property
    def decided(self) -> tuple[LedgerLine, ...]:
        """The lines that count as intervention, and those in doubt."""
        return tuple(e for e in self.lines if e.category == "intervention" or e.doubtful)

    @property
    def main(self) -> RuleStanding:
        """The rule that matters most: interventions."""
        return self.rules[0]


def spend(store: Store, *, year: str | None = None, as_of: date | None = None) -> Spend | None:
    """One financial year of the ledger against every rule of the grant.

    Parameters
    ----------
    year
        Such as *2025-26*; the latest that the ledger has when not given.
    as_of
        The day whose approved releases count; now when not given.

    Returns
    -------
    Spend or None
        `None` where no ledger counts.

    Raises
    ------
    UnknownNameError
        For a year that is none, or that the ledger does not have.

    Notes
    -----
    Sums are of whole pence and shares are fractions, so a rule is met exactly or not at all.
    A line counts as what its ledger says it is; what that decision moves is shown as the
    lowest and the highest share.
    """
    view = store.view(as_of)
    ledger = view.ledger()
    if not ledger:
        return None
    years = tuple(sorted({each.year for each in ledger}))
    chosen = years[-1] if year is None else _named(year, years)
    own = [each for each in ledger if each.year == chosen]
    used = sorted({each.release_id for each in own})
    period = parse_financial_year(chosen)
    actual = [each for each in own if each.kind == "actual"]
    return Spend(
        year=chosen,
        years=years,
        period=period,
        as_of=as_of or date.today(),
        rules=tuple(_standing(rule, own) for rule in funding_rules()),
        lines=tuple(own),
        by_project=_sums(actual, lambda each: each.project),
        by_category=_sums(actual, lambda each: each.category),
        by_quarter=_sums(actual, lambda each: f"Q{(each.day.month - 4) % 12 // 3 + 1}"),
        over_plan=_over_plan(own),
        over_grant=_over_grant(own, chosen),
        reclassified=_reclassified(view.ledger_history(), chosen),
        totals_by_year=_sums(
            [each for each in ledger if each.kind == "actual"], lambda each: each.year
        ),
        grants=grants(),
        releases=tuple(view.releases[number] for number in used),
    )


def _named(year: str, years: Sequence[str]) -> str:
    period = parse_financial_year(year)
    name = f"{period.start.year}-{period.end.year % 100:02d}"
    if name not in years:
        raise UnknownNameError(f"the ledger has no year {name}; it has {', '.join(years)}.")
    return name


def _standing(rule: FundingRule, lines: Sequence[LedgerLine]) -> RuleStanding:
    standings = tuple(_of_kind(rule, lines, kind) for kind in KINDS)
    spent = standings[0]
    whole_year = next((each for each in standings[1:] if each.whole > 0), spent)
    if whole_year.whole <= 0:
        return RuleStanding(rule, standings, None, None)
    least = -(-rule.at_least.numerator * whole_year.whole // rule.at_least.denominator)
    return RuleStanding(rule, standings, max(0, least - spent.part), whole_year.kind)


def _of_kind(rule: FundingRule, lines: Sequence[LedgerLine], kind: str) -> Standing:
    base = [each for each in lines if each.kind == kind and each.funding_stream in rule.of_streams]
    able = [each for each in base if each.funding_stream in rule.streams]
    inside = [each for each in able if each.category in rule.categories]
    others = [each for each in able if each.category not in rule.categories]
    part = _total(inside)
    return Standing(
        kind,
        part,
        _total(base),
        part - _total(each for each in inside if each.doubtful),
        part + _total(each for each in others if each.doubtful),
    )


def _total(lines: Iterable[LedgerLine]) -> int:
    return sum(each.amount_pence for each in lines)


def _sums(
    lines: Sequence[LedgerLine], name: Callable[[LedgerLine], str]
) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for each in lines:
        found[name(each)] = found.get(name(each), 0) + each.amount_pence
    return tuple(sorted(found.items()))


def _over_plan(lines: Sequence[LedgerLine]) -> int | None:
    """Actual and forecast beyond the plan, in pence; `None` without a plan."""
    by_kind = {kind: [each for each in lines if each.kind == kind] for kind in KINDS}
    if not by_kind["plan"]:
        return None
    expected = max(_total(by_kind["forecast"]), _total(by_kind["actual"]))
    return expected - _total(by_kind["plan"])


def _over_grant(lines: Sequence[LedgerLine], year: str) -> int | None:
    """The plan of the Home Office's money beyond the published grant; `None` where none was."""
    published = [each for each in grants() if each.years == year and each.is_whole]
    planned = [each for each in lines if (each.kind, each.funding_stream) == ("plan", HOME_OFFICE)]
    if not (published and planned):
        return None
    return _total(planned) - sum(each.pence for each in published)


def _reclassified(history: Sequence[LedgerLine], year: str) -> tuple[Reclassified, ...]:
    """Changes of category from one release to the next, in their order."""
    known: dict[tuple[str, str], str] = {}
    found = []
    for each in history:
        if each.year != year:
            continue
        place = (each.line, each.kind)
        before = known.get(place)
        if before is not None and before != each.category:
            found.append(
                Reclassified(
                    each.line,
                    each.kind,
                    before,
                    each.category,
                    each.classified_by,
                    each.reason,
                    each.release_id,
                )
            )
        known[place] = each.category
    return tuple(found)
