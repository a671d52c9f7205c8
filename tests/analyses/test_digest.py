"""What is new since an earlier day: only what the two days' own charts and scorecards say."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.analyses.made_up import MadeUpStore, MadeUpView, monthly
from vrn_metrics import narrative
from vrn_metrics.analyses.digest import day_before, digest
from vrn_metrics.analyses.trend import trend
from vrn_metrics.areas import NETWORK
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.store import Release, open_store

ROBBERY = ("vrn-offences", "robbery", NETWORK)
THEN, NOW = date(2026, 1, 31), date(2026, 4, 30)
STEADY = [60, 70, 65, 75, 58, 72, 68, 62, 74, 66, 59, 71] * 12
SOURCE = ("vrn-offences", "Recorded offences", "offences.csv", "0" * 64, date(2026, 3, 31))


def release(number, at, state="approved"):
    rest = (
        date(2014, 4, 1),
        date(2026, 3, 31),
        1,
        False,
        state,
        datetime.combine(at, datetime.min.time()),
        "x",
    )
    return Release(number, *SOURCE, *rest)


class TwoDays(MadeUpStore):
    """A store that says one thing until a day and another from then on."""

    def __init__(self, then, now, decided=None):
        super().__init__({})
        self.by_day = {THEN: then, NOW: now}
        self.decided = decided or [release(2, NOW), release(1, THEN)]

    def view(self, as_of=None):
        counts = self.by_day[THEN if as_of is not None and as_of < NOW else NOW]
        return MadeUpView({ROBBERY: monthly(counts)} if counts else {}, self.people)

    def releases(self, as_of=None):
        return [e for e in self.decided if as_of is None or e.changed_at.date() <= as_of]


def robbery(found):
    return next(each for each in found.news if each.now.entry.measure.key == "robbery")


def since_then(then, now, **options):
    found = digest(TwoDays(then, now, **options), since=THEN, as_of=NOW)
    return found, robbery(found)


def test_nothing_new_is_said_and_what_therefore_holds():
    found, news = since_then(STEADY, STEADY)
    assert found.signals == ()
    assert not news.is_news
    assert narrative.digest_title(found).endswith(
        "30 April 2026: no verdict changed and nothing new stands out"
    )
    assert narrative.unchanged_line(news) == (
        "Robbery: no clear change (year ending March 2026), and nothing in the last year stands "
        "out."
    )


def test_a_new_special_cause_is_the_charts_own():
    found, news = since_then(STEADY[:-1], [*STEADY[:-1], 130])
    ((of, signal),) = found.signals
    assert of is news
    assert signal.figure.period.label == "March 2026"
    assert str(signal.cause) == "concern: above the upper limit"
    assert signal.was is None
    chart = trend(TwoDays(STEADY, [*STEADY[:-1], 130]), "robbery", as_of=NOW).chart
    assert chart is not None
    assert chart.causes[-1] is signal.cause
    assert narrative.signal_lines(news) == [
        "Robbery: above the upper limit, for the worse, in March 2026 (130 offences)."
    ]
    assert "1 point newly stands out" in narrative.digest_title(found)


def test_what_was_marked_before_is_not_new():
    high = [*STEADY[:-1], 130]
    found, news = since_then(high, high)
    assert len(news.signals) == 1
    assert found.signals == ()
    assert "1 point of the last year stands out as before" in narrative.unchanged_line(news)


def test_what_is_marked_no_more_is_said():
    found, news = since_then([*STEADY[:-1], 130], STEADY)
    assert found.signals == ()
    assert [each.label for each in news.no_longer] == ["March 2026"]
    assert news.is_news
    assert narrative.no_longer_line(news) == "Robbery: no longer stands out in March 2026."


def test_another_mark_of_the_same_point_is_new_and_says_what_it_was():
    low = [*STEADY[:-8], *[55, 56, 54, 55, 57, 55, 56, 54]]
    _, news = since_then(low, [*low[:-1], 130])
    latest = news.new_signals[-1]
    assert str(latest.cause) == "concern: above the upper limit"
    assert str(latest.was) == "improvement: seven points below the centre line"
    assert narrative.signal_lines(news)[-1].endswith(
        "Marked before as: seven points below the centre line, for the better."
    )


def test_points_of_one_kind_are_one_line_with_runs_of_months():
    low = [*STEADY[:-9], *[55, 56, 54, 55, 57, 55, 56, 54, 55]]
    _, news = since_then(STEADY, low)
    (line,) = narrative.signal_lines(news)
    assert "June 2025 to March 2026 (the last: 55 offences)" in line
    assert len(news.new_signals) == 10  # June's 59 is below the line as well


def test_older_points_that_are_marked_otherwise_are_counted_and_not_listed():
    turned = [*STEADY[:100], *([60] * 8), *STEADY[108:]]
    _, news = since_then(STEADY, turned)
    assert news.older_marks_changed > 0
    assert news.new_signals == ()
    assert f"{news.older_marks_changed} older points are marked" in narrative.older_marks_line(news)


def test_where_nothing_counted_before_all_is_told_for_the_first_time():
    store = TwoDays([], [*STEADY[:-1], 130], decided=[release(1, NOW)])
    found = digest(store, as_of=NOW)
    assert found.since is None
    assert [each.id for each in found.approved] == [1]
    assert [str(signal.cause) for _, signal in found.signals] == ["concern: above the upper limit"]
    assert "the first figures" in narrative.digest_title(found)
    assert robbery(found).then is None


def test_a_chart_of_something_else_is_not_compared():
    """Three a month are charted by longer points, or not at all."""
    few = [3] * 143 + [30]
    _, news = since_then(few, [*STEADY[:-1], 130])
    assert not news.is_comparable
    assert [each.was for each in news.new_signals] == [None]
    assert news.older_marks_changed == 0
    assert news.no_longer == ()


def test_releases_are_those_decided_after_the_day():
    decided = [
        release(4, NOW, "loaded"),
        release(3, NOW, "withdrawn"),
        release(2, NOW),
        release(1, THEN),
    ]
    found, _ = since_then(STEADY, STEADY, decided=decided)
    assert [each.id for each in found.approved] == [2]
    assert [each.id for each in found.withdrawn] == [3]
    assert [each.id for each in found.releases] == [2, 3]


def test_the_last_decision_is_where_it_begins_unless_a_day_is_given():
    assert digest(TwoDays(STEADY, STEADY)).since == date(2026, 4, 29)
    assert digest(TwoDays(STEADY, STEADY), since=THEN).since == THEN


def test_the_day_before_a_release():
    store = TwoDays(STEADY, STEADY, decided=[release(2, NOW, "withdrawn"), release(1, THEN)])
    assert day_before(store, 1) == date(2026, 1, 30)
    with pytest.raises(UnknownNameError, match="release 2 is withdrawn, not approved"):
        day_before(store, 2)
    with pytest.raises(UnknownNameError, match="no release 9"):
        day_before(store, 9)


def test_a_name_that_does_not_exist_is_refused(tmp_path):
    store = open_store(f"sqlite:///{tmp_path / 'empty.sqlite'}")
    with pytest.raises(UnknownNameError):
        digest(store, area="E99")
    store.engine.dispose()


def test_a_release_is_told_of_without_its_rows():
    one = replace(release(2, NOW), rows=123_456, demonstration=True)
    assert narrative.release_line(one) == (
        "Release 2 approved: Recorded offences, edition of 31 March 2026 (offences.csv, made up)."
    )
