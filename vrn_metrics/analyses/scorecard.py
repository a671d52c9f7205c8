"""Are we succeeding? Each measure against its baseline, with what chance allows one to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from vrn_metrics import areas
from vrn_metrics.analyses.comparator import Comparator, beside_the_nation
from vrn_metrics.analyses.figures import (
    WHY_HIDDEN,
    Figure,
    Population,
    exposures,
    population,
    publish_seen,
)
from vrn_metrics.analyses.verdicts import Verdict, detectable_fall, judge
from vrn_metrics.areas import ENGLAND_AND_WALES, NETWORK, Area
from vrn_metrics.measures import (
    CATALOGUE,
    DUTY,
    Baseline,
    Break,
    Definition,
    Measure,
    Numerator,
    baseline,
    breaks_for,
    definition,
    measure,
)
from vrn_metrics.methods.comparison import RateRatio, rate_ratio
from vrn_metrics.methods.disclosure import Published, publish
from vrn_metrics.observations import ALL
from vrn_metrics.periods import Period
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import Release, Seen, Store, Timeline, View

TRAIL = 12  # windows in a sparkline


@dataclass(frozen=True)
class Against:
    """A figure set against one baseline.

    `ratio` is the rate now over the rate then; `None` where it may not be made, and
    `reason` says why. `crossed` are the breaks between the two periods.
    """

    baseline: Baseline
    figure: Figure | None
    ratio: RateRatio | None
    verdict: Verdict
    reason: str
    smallest_detectable_fall: float | None
    crossed: tuple[Break, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One measure on the scorecard.

    `points` are the windows of the sparkline, oldest first; `current` is `None` only with
    the verdict *no data*.
    """

    measure: Measure
    definition: Definition | None
    numerator: Numerator | None
    source: Source | None
    current: Figure | None
    chosen: Against
    sensitivity: tuple[Against, ...]
    comparator: Comparator | None
    points: Published
    breaks: tuple[Break, ...]
    caveats: tuple[str, ...]
    releases: tuple[Release, ...]

    @property
    def definition_text(self) -> str:
        """What is counted, in full."""
        words = self.measure.definition
        return f"{words} {self.definition.text}" if self.definition else words

    @property
    def verdict(self) -> Verdict:
        """The verdict under the chosen baseline."""
        return self.chosen.verdict

    @property
    def is_demonstration(self) -> bool:
        """Whether any figure in it is made up."""
        return any(each.demonstration for each in self.releases)

    @property
    def holds_under(self) -> tuple[int, int]:
        """Under how many baselines the verdict is the same, of how many that can be compared."""
        able = [
            each
            for each in self.sensitivity
            if each.verdict not in (Verdict.NOT_COMPARABLE, Verdict.NO_DATA)
        ]
        return sum(each.verdict is self.verdict for each in able), len(able)


@dataclass(frozen=True)
class Scorecard:
    """Every measure for one area as it stood on a day."""

    area: Area
    as_of: date
    entries: tuple[Entry, ...]

    def entry(self, key: str) -> Entry:
        """The entry of a measure."""
        return next(each for each in self.entries if each.measure.key == key)

    @property
    def demonstration_data(self) -> bool:
        """Whether any figure on it is made up."""
        return any(each.is_demonstration for each in self.entries)


def scorecard(
    store: Store,
    *,
    area: str = NETWORK,
    baseline_key: str | None = None,
    definition_key: str = DUTY,
    as_of: date | None = None,
    across_breaks: bool = False,
    measures: Sequence[str] | None = None,
) -> Scorecard:
    """Is each measure lower than its baseline, higher, or can nobody tell?

    Parameters
    ----------
    area
        Code of the network, a district or the county.
    baseline_key
        One baseline for all measures; each measure's default when not given.
    definition_key
        Which definition of serious violence: `duty` (all settings) or `original`.
    as_of
        The day whose approved releases count; today when not given.
    across_breaks
        Compare across breaks in recording all the same; the result still names them.
    measures
        Keys; all of the catalogue when not given.

    Raises
    ------
    UnknownNameError
        For an area, baseline or measure that does not exist.

    Notes
    -----
    Counts pass `disclosure.publish` before anything is computed from them; rates, ratios
    and verdicts of hidden counts are those of their published range, so they are wider,
    never surer, than the truth.
    """
    place = areas.area(area)
    if baseline_key is not None:
        baseline(baseline_key)
    reading = definition(definition_key)
    view = store.view(as_of)
    chosen = [measure(key) for key in (CATALOGUE if measures is None else measures)]
    wanted = {(area, each.denominator) for each in chosen}
    wanted |= {(NETWORK, ALL), (ENGLAND_AND_WALES, ALL)}
    people = {(code, band): population(view, code, band) for code, band in sorted(wanted)}
    entries = tuple(
        _entry(view, each, reading, place, baseline_key, people, across_breaks) for each in chosen
    )
    return Scorecard(place, as_of or date.today(), entries)


def _entry(
    view: View,
    measure: Measure,
    reading: Definition,
    place: Area,
    baseline_key: str | None,
    people: dict[tuple[str, str], Population],
    across_breaks: bool,
) -> Entry:
    keys = measure.baselines if baseline_key is None else _first(baseline_key, measure.baselines)
    numerator, timeline = _first_with_data(view, measure.under(reading), place.code)
    period = timeline.latest(measure.window_months) if timeline else None
    if numerator is None or timeline is None or period is None:
        return _without_data(measure, reading, numerator, keys)
    source = all_readers()[numerator.source].source
    population_here = people[place.code, measure.denominator]

    wanted = [period, *(baseline(key).period for key in keys), *timeline.trail(period, TRAIL)]
    used = [timeline.over(each) for each in wanted]
    counts = publish_seen(wanted, used, timeline.profile)
    figures = Figure.of(counts, population_here, measure.per)
    current, past = figures[0], figures[1 : 1 + len(keys)]
    touching = breaks_for(numerator, place.code)
    against = tuple(
        _against(current, baseline(key), figure, touching, across_breaks)
        for key, figure in zip(keys, past, strict=True)
    )
    return Entry(
        measure=measure,
        definition=reading if measure.serious_violence else None,
        numerator=numerator,
        source=source,
        current=current,
        chosen=against[0],
        sensitivity=against,
        comparator=_beside_the_nation(view, measure, current, against[0], people),
        points=_sparkline(counts, len(keys)),
        breaks=touching,
        caveats=_caveats(measure, source, used, population_here, period),
        releases=_releases(view, used, population_here),
    )


def _first(key: str, keys: Sequence[str]) -> tuple[str, ...]:
    return (key, *(each for each in keys if each != key))


def _first_with_data(
    view: View, numerators: Sequence[Numerator], area_code: str
) -> tuple[Numerator | None, Timeline | None]:
    for numerator in numerators:
        timeline = view.timeline(numerator, area_code)
        if not timeline.is_empty:
            return numerator, timeline
    return None, None


def _sparkline(counts: Published, baselines: int) -> Published:
    """The trail alone, from its first window with a count: the rows after the baselines."""
    trail = counts.part(1 + baselines, None)
    known = [position for position, count in enumerate(trail.counts()) if count.is_known]
    return trail.part(known[0] if known else 0, None)


def _against(
    current: Figure,
    base: Baseline,
    figure: Figure,
    touching: Sequence[Break],
    across_breaks: bool,
) -> Against:
    crossed = tuple(
        each
        for each in touching
        if each.effect == "breaks" and each.lies_between(base.period, current.period)
    )
    nothing = Against(base, figure, None, Verdict.NO_DATA, "", None, crossed)
    if not (current.count.is_known and figure.count.is_known):
        if current.count.is_hidden or figure.count.is_hidden:
            return replace(nothing, verdict=Verdict.NOT_COMPARABLE, reason=WHY_HIDDEN)
        reason = f"The releases in the store do not cover the {base.in_sentence} in full."
        return replace(nothing, reason=reason)
    if base.period.overlaps(current.period):
        reason = "The baseline and the current period overlap."
        return replace(nothing, verdict=Verdict.NOT_COMPARABLE, reason=reason)
    if crossed and not across_breaks:
        names = " and ".join(f"{each.title} ({each.since:%B %Y})" for each in crossed)
        reason = f"Recording changed between the two periods: {names}."
        return replace(nothing, verdict=Verdict.NOT_COMPARABLE, reason=reason)
    now, then = exposures(current, figure)
    ratio = rate_ratio(current.count, now, figure.count, then)
    fall = detectable_fall(figure.count, now / then)
    return Against(base, figure, ratio, judge(ratio, fall), ratio.reason or "", fall, crossed)


def _beside_the_nation(
    view: View,
    measure: Measure,
    current: Figure,
    chosen: Against,
    people: dict[tuple[str, str], Population],
) -> Comparator | None:
    if measure.comparator is None or chosen.ratio is None or chosen.figure is None:
        return None
    return beside_the_nation(
        view,
        measure.comparator,
        current,
        chosen.figure,
        people[ENGLAND_AND_WALES, ALL],
        people[NETWORK, ALL],
        chosen.smallest_detectable_fall,
    )


def _without_data(
    measure: Measure,
    reading: Definition,
    numerator: Numerator | None,
    keys: Sequence[str],
) -> Entry:
    if numerator:
        reason = f"No {measure.window_months} months in a row are in the store."
    else:
        wanted = " or ".join(all_readers()[each.source].source.title for each in measure.numerators)
        reason = f"No approved release has it for this area; it would come from {wanted}."
    against = tuple(
        Against(baseline(key), None, None, Verdict.NO_DATA, reason, None) for key in keys
    )
    empty = pd.DataFrame({"lower": [], "upper": [], "status": []})
    return Entry(
        measure=measure,
        definition=reading if measure.serious_violence else None,
        numerator=numerator,
        source=all_readers()[numerator.source].source if numerator else None,
        current=None,
        chosen=against[0],
        sensitivity=against,
        comparator=None,
        points=publish(empty, profile="none_public"),
        breaks=(),
        caveats=measure.caveats,
        releases=(),
    )


def _caveats(
    measure: Measure,
    source: Source,
    used: Sequence[Seen],
    people: Population,
    period: Period,
) -> tuple[str, ...]:
    said = [*measure.caveats, *source.caveats]
    if any(each.provisional for each in used):
        said.append("Some of these figures are provisional and will be revised, mostly upwards.")
    if not people.by_year:
        said.append("No population is in the store, so counts are compared and not rates.")
    said += [
        f"The population of mid-{known} stands in for mid-{year}."
        for year, known in people.stand_ins(period)
    ]
    return tuple(dict.fromkeys(said))


def _releases(view: View, used: Sequence[Seen], people: Population) -> tuple[Release, ...]:
    ids = people.release_ids.union(*(each.release_ids for each in used))
    return tuple(view.releases[number] for number in sorted(ids))
