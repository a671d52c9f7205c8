"""The sentences of a digest."""

from __future__ import annotations

from collections.abc import Sequence

from vrn_metrics.analyses.digest import Digest, News, Signal
from vrn_metrics.narrative.cards import count_words
from vrn_metrics.narrative.changes import changes_words
from vrn_metrics.narrative.series import FALSE_ALARMS_A_POINT, cause_words
from vrn_metrics.store import Release

CHANCE = (
    f"Chance alone marks about {FALSE_ALARMS_A_POINT:.0%} of the points of a steady series, and in "
    "any one year something in one series of seven. A special cause says that something changed, "
    "never what changed it."
)


def digest_title(found: Digest) -> str:
    """The one line that says what is new; a subject or a headline."""
    turned, marked = len(found.changes.verdicts), len(found.signals)
    told = [
        *([f"{turned} {'verdict' if turned == 1 else 'verdicts'} changed"] if turned else []),
        *([f"{_points(marked)} newly {_stand(marked)} out"] if marked else []),
        *(["figures were revised"] if found.changes.moved else []),
    ]
    what = ", ".join(told) or "no verdict changed and nothing new stands out"
    if found.since is None:
        what = ", ".join(["the first figures", *told])
    day = f"{found.as_of.day} {found.as_of:%B %Y}"
    return f"{found.area.name}, {day}: {what}"


def digest_words(found: Digest) -> list[str]:
    """What is new, in a sentence or two."""
    marked = len(found.signals)
    measures = sum(bool(each.new_signals) for each in found.news)
    if not marked:
        causes = "Of the last year, no point newly stands out by more than chance."
    else:
        of = "one measure" if measures == 1 else f"{measures} measures"
        causes = (
            f"Of the last year, {_points(marked)} of {of} newly {_stand(marked)} out by more than "
            "chance (special causes)."
        )
    return [changes_words(found.changes), causes]


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{count} points"


def _stand(count: int) -> str:
    return "stands" if count == 1 else "stand"


def release_line(release: Release) -> str:
    """A release that was approved or withdrawn; never how many events are in it."""
    edition = f"{release.edition.day} {release.edition:%B %Y}"
    made_up = ", made up" if release.demonstration else ""
    return (
        f"Release {release.id} {release.state}: {release.title}, edition of {edition} "
        f"({release.file_name}{made_up})."
    )


def signal_lines(news: News) -> list[str]:
    """The special causes of a measure that were not marked before, points of one kind together."""
    kinds = dict.fromkeys((each.cause, each.was) for each in news.new_signals)
    return [
        _signal_line(news, [e for e in news.new_signals if (e.cause, e.was) == kind])
        for kind in kinds
    ]


def _signal_line(news: News, alike: Sequence[Signal]) -> str:
    entry, last = news.now.entry, alike[-1]
    cause = cause_words(last.cause)
    latest = "the last: " if len(alike) > 1 else ""
    said = (
        f"{entry.measure.title}: {cause[0].lower()}{cause[1:]}, in {_span(news, alike)} "
        f"({latest}{count_words(last.figure.count, entry.measure.events)})."
    )
    if last.was is None:
        return said
    was = cause_words(last.was)
    return f"{said} Marked before as: {was[0].lower()}{was[1:]}."


def _span(news: News, alike: Sequence[Signal]) -> str:
    """Periods in words, neighbours as first to last."""
    places = {figure.period: place for place, figure in enumerate(news.now.figures)}
    runs: list[list[Signal]] = []
    for each in alike:
        here = places[each.figure.period]
        if runs and places[runs[-1][-1].figure.period] == here - 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    spans = [
        f"{run[0].figure.period.label} to {run[-1].figure.period.label}"
        if len(run) > 1
        else run[0].figure.period.label
        for run in runs
    ]
    return " and ".join(", ".join(spans).rsplit(", ", 1)) if len(spans) > 1 else spans[0]


def no_longer_line(news: News) -> str:
    """Points that no longer stand out."""
    periods = ", ".join(each.label for each in news.no_longer)
    return f"{news.now.entry.measure.title}: no longer stands out in {periods}."


def unchanged_line(news: News) -> str:
    """Where a measure stands of which nothing is new, or of which all is."""
    entry = news.now.entry
    of = f" ({entry.current.period.label})" if entry.current else ""
    still = len(news.signals)
    stands = "nothing in the last year stands out"
    if news.now.chart is None:
        stands = "it has no control chart"
    elif still:
        stands = f"{_points(still)} of the last year {_stand(still)} out"
        stands += " as before" if news.then is not None else ""
    return f"{entry.measure.title}: {entry.verdict.words.lower()}{of}, and {stands}."


def older_marks_line(news: News) -> str:
    """Why older points are marked otherwise."""
    count = news.older_marks_changed
    points = "point is" if count == 1 else "points are"
    return (
        f"{news.now.entry.measure.title}: {count} older {points} marked otherwise, as the lines "
        "are drawn from all points."
    )
