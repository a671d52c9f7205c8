"""Did the network make the difference? An estimate with its power, its fit and its limits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from vrn_metrics.analyses.impact_effects import Effect, ImpactMethod, effect_of
from vrn_metrics.analyses.impact_panel import (
    COVID_YEAR,
    DonorPanel,
    PublishedForces,
    donor_panel,
)
from vrn_metrics.analyses.impact_ratio import TwoPeriods, by_ratio
from vrn_metrics.analyses.impact_specifications import Specification, specifications
from vrn_metrics.areas import NETWORK, Area, area
from vrn_metrics.errors import UnknownNameError, VrnMetricsError
from vrn_metrics.measures import Break, Measure, Numerator, breaks_for, measure
from vrn_metrics.measures.donor_pool import (
    NationalFigure,
    national_figures,
    police_force,
)
from vrn_metrics.methods._synthetic_result import WORST_FIT
from vrn_metrics.methods.placebo_power import PlaceboPower, placebo_power
from vrn_metrics.periods import Period
from vrn_metrics.sources import all_readers
from vrn_metrics.store import Release, Store, View

START: Final = date(2019, 4, 1)
"""The financial year of the first grant."""

FEWEST_YEARS: Final = 8  # before the start, for years to be the points rather than quarters
HEAVIEST: Final = 5


@dataclass(frozen=True)
class Choices:
    """Everything that was chosen, so that it can be written down before and compared after."""

    measure: str
    method: ImpactMethod
    start: date
    months: int | None = None
    since: date | None = None
    drop: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    without_covid: bool = False


@dataclass(frozen=True)
class Gate:
    """Whether the estimate may be used, and every reason why not."""

    reasons: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


@dataclass(frozen=True)
class Impact:
    """What can be said of the network's effect on one measure.

    `reason` says why there is no estimate; there is then no panel, or no effect in it.
    """

    area: Area
    as_of: date
    measure: Measure
    choices: Choices
    panel: DonorPanel | None
    power: PlaceboPower | None
    gate: Gate
    effect: Effect
    two_periods: TwoPeriods | None
    curve: tuple[Specification, ...]
    national: tuple[NationalFigure, ...]
    breaks: tuple[Break, ...]
    releases: tuple[Release, ...]
    reason: str | None = None

    @property
    def demonstration_data(self) -> bool:
        """Whether any figure in it is made up."""
        return any(each.demonstration for each in self.releases)


def impact(
    store: Store,
    measure_key: str,
    *,
    method: str = ImpactMethod.SYNTHETIC,
    start: date = START,
    months: int | None = None,
    since: date | None = None,
    drop: Collection[str] = (),
    add: Collection[str] = (),
    without_covid: bool = False,
    as_of: date | None = None,
    curve: bool = True,
) -> Impact:
    """Whether the network made the difference to a measure, as far as anyone can tell.

    Parameters
    ----------
    measure_key
        Key of the catalogue. Only published figures are used: no other force's extract is here.
    method
        Key of an `ImpactMethod`.
    start
        The first day from which an effect is looked for.
    months
        Of each point, 12 or 3; by default years where eight lie before the start, else
        quarters.
    since
        The first day of the panel, by default that of the oldest figures.
    drop, add
        Names or codes of forces to leave out of the donors, or to take in all the same.
    without_covid
        Leave out the year ending March 2021.
    as_of
        The day whose approved releases count; today when not given.
    curve
        Whether to run the estimate under every other choice as well.

    Raises
    ------
    UnknownNameError
        For a measure, method or force that does not exist.
    VrnMetricsError
        For points of another length, or dates that are no first of a month.
    """
    choices = choose(
        measure_key,
        method=method,
        start=start,
        points=None if months is None else _POINTS.get(months, str(months)),
        since=since,
        drop=drop,
        add=add,
        without_covid=without_covid,
    )
    return estimate(store, choices, as_of=as_of, curve=curve)


_POINTS: Final = {3: "quarter", 12: "year"}


def choose(
    measure_key: str,
    *,
    method: str = ImpactMethod.SYNTHETIC,
    start: date | None = None,
    points: str | None = None,
    since: date | None = None,
    drop: Collection[str] = (),
    add: Collection[str] = (),
    without_covid: bool = False,
) -> Choices:
    """The choices of an estimate, checked; `points` is `"year"` or `"quarter"`.

    Raises
    ------
    UnknownNameError
        For a measure, method or force that does not exist.
    VrnMetricsError
        For points of another length, or dates that do not begin a quarter.
    """
    wanted, begins = measure(measure_key), start or START
    if method not in set(ImpactMethod):
        raise UnknownNameError(f"no method '{method}'; there are {', '.join(ImpactMethod)}.")
    lengths = {name: months for months, name in _POINTS.items()}
    if points is not None and points not in lengths:
        raise VrnMetricsError(f"expected points of a year or a quarter, found '{points}'.")
    for each in (begins, *([since] if since else [])):
        if each.day != 1 or each.month not in (1, 4, 7, 10):
            raise VrnMetricsError(
                f"expected the first day of a quarter, such as {START}, found {each}."
            )
    dropped, added = (
        tuple(sorted({police_force(name).code for name in names})) for names in (drop, add)
    )
    if NETWORK in (*dropped, *added):
        raise VrnMetricsError("Leicestershire is what is judged: it is no donor.")
    return Choices(
        measure=wanted.key,
        method=ImpactMethod(method),
        start=begins,
        months=lengths[points] if points else None,
        since=since,
        drop=dropped,
        add=added,
        without_covid=without_covid,
    )


def estimate(
    store: Store, choices: Choices, *, as_of: date | None = None, curve: bool = True
) -> Impact:
    """The estimate under these choices; see `impact`."""
    wanted = measure(choices.measure)
    view = store.view(as_of)
    place = area(NETWORK)
    national = tuple(each for each in national_figures() if wanted.key in each.measures)
    nothing = Impact(
        area=place,
        as_of=as_of or date.today(),
        measure=wanted,
        choices=choices,
        panel=None,
        power=None,
        gate=Gate(()),
        effect=Effect(choices.method, "rate", reason="there are no figures"),
        two_periods=None,
        curve=(),
        national=national,
        breaks=(),
        releases=(),
    )
    numerator = _published_by_force(view, wanted)
    if numerator is None:
        return _without(nothing, _NO_FIGURES)
    touching = () if numerator.series in _UNTOUCHED else breaks_for(numerator, NETWORK)
    known = replace(nothing, breaks=touching)
    if choices.method is ImpactMethod.RATIO:
        two, effect = by_ratio(
            view,
            wanted,
            numerator,
            start=choices.start,
            months=choices.months or wanted.window_months,
        )
        ids = sorted(two.release_ids) if two else ()
        return replace(
            known,
            effect=effect,
            two_periods=two if effect.reason is None else None,
            releases=tuple(view.releases[number] for number in ids),
            reason=effect.reason,
        )
    forces = PublishedForces(view, wanted, numerator)
    panel = _panel(forces, choices)
    if panel is None:
        return _without(known, "The figures do not lie on both sides of the start, point by point.")
    effect = effect_of(panel, choices.method)
    found = replace(
        known,
        panel=panel,
        power=_power(panel) if choices.method.has_donors else None,
        gate=_gate(panel, effect),
        effect=effect,
        releases=panel.releases,
        reason=effect.reason,
    )
    if not curve or effect.reason is not None or not choices.method.has_donors:
        return found
    return replace(found, curve=_curve(forces, choices, panel))


_NO_FIGURES: Final = (
    "No approved release has it for every police force: without other forces nothing can stand "
    "for what would have happened."
)


# Every homicide is recorded whatever the practice: the inspections were about other violence.
_UNTOUCHED: Final = {"homicide"}


def _without(found: Impact, reason: str) -> Impact:
    effect = replace(found.effect, reason=reason)
    return replace(found, reason=reason, effect=effect)


def _published_by_force(view: View, wanted: Measure) -> Numerator | None:
    """The first published numerator that has the network and two other forces."""
    for each in wanted.numerators:
        if all_readers()[each.source].source.kind != "published":
            continue
        held = [code for code in (NETWORK, *_SOME_FORCES) if not view.timeline(each, code).is_empty]
        if held[:1] == [NETWORK] and len(held) > 1:
            return each
    return None


_SOME_FORCES: Final = ("E23000018", "E23000022", "E23000019", "E23000020")  # next door


def _panel(forces: PublishedForces, choices: Choices) -> DonorPanel | None:
    """Years if there are enough of them, else quarters, else years all the same."""
    lengths = (choices.months,) if choices.months else (12, 3, 12)
    found = None
    for place, months in enumerate(lengths):
        found = donor_panel(
            forces,
            start=choices.start,
            months=months,
            since=choices.since,
            drop=choices.drop,
            add=choices.add,
            skip=(COVID_YEAR,) if choices.without_covid else (),
        )
        is_last = place == len(lengths) - 1
        if found is not None and (is_last or months == 3 or found.pre_points >= FEWEST_YEARS):
            return found
    return found


def _power(panel: DonorPanel) -> PlaceboPower | None:
    if len(panel.donors) < 2:
        return None
    before = panel.pre_points
    return placebo_power(
        panel.counts[:before],
        panel.person_years[:before],
        post_periods=len(panel.periods) - before,
        season=panel.points_a_year,
    )


def _gate(panel: DonorPanel, effect: Effect) -> Gate:
    reasons = []
    if effect.relative_error is not None and effect.relative_error > WORST_FIT:
        reasons.append(
            f"Before the start the counterfactual misses by {effect.relative_error:.0%} of the "
            f"mean rate, more than {WORST_FIT:.0%}."
        )
    if panel.hidden:
        names = ", ".join(each.name for each in panel.hidden)
        reasons.append(
            f"Figures of {names} are hidden or suppressed: who is a donor then hangs on how few "
            f"events there were. Drop them by name to go on without them."
        )
    return Gate(tuple(reasons))


def _curve(
    forces: PublishedForces, choices: Choices, panel: DonorPanel
) -> tuple[Specification, ...]:
    base = effect_of(panel, ImpactMethod.SYNTHETIC)
    codes = {each.force.name: each.force.code for each in panel.donors}
    heaviest = [codes[name] for name, _ in base.weights[:HEAVIEST]]

    def build(
        start: date, since: date, skip: Sequence[Period], drop: Sequence[str]
    ) -> DonorPanel | None:
        return donor_panel(
            forces,
            start=start,
            months=panel.periods[0].months,
            since=since,
            drop=(*choices.drop, *drop),
            add=choices.add,
            skip=skip,
        )

    return specifications(panel, choices.method, build, heaviest)
