"""What is said of two days gives no small count away, and is what both days' own answers say."""

import json
from datetime import timedelta
from itertools import product

from tests.attacker import outlets
from tests.attacker.conftest import FIRST, SECOND
from tests.attacker.knowledge import AREAS
from vrn_metrics.analyses.changes import before_the_last_decision
from vrn_metrics.store import open_store


def asked(url, area, since, day):
    given = ["changes", "--area", area, "--since", since.isoformat(), "--format", "json"]
    given += ["--as-of", day.isoformat()] if day else []
    return json.loads(outlets.command([*given, "--database", url]))


def counts_of(url, area, day):
    """What the scorecard of one day alone says of each measure's periods."""
    given = ["scorecard", "--area", area, "--format", "json", "--database", url]
    answer = json.loads(outlets.command([*given, *(["--as-of", day.isoformat()] if day else [])]))
    found = {}
    for measure in answer["measures"]:
        for each in measure["trail"]:
            found[measure["measure"], *each["period"].values()] = each["count"]
    return found


def test_every_figure_that_moved_is_one_that_both_days_answers_show(revised):
    """So whoever asks what changed learns nothing that two scorecards did not say."""
    moved, hidden = 0, 0
    for area, (since, day) in product(AREAS, ((FIRST, SECOND), (SECOND, None))):
        before, after = counts_of(revised.url, area, since), counts_of(revised.url, area, day)
        for measure in asked(revised.url, area, since, day)["measures"]:
            for each in measure["moved"]:
                then, now = each["count_then"], each["count_now"]
                place = measure["measure"], *each["period"].values()
                assert before.get(place, then) == then
                assert after.get(place, now) == now
                if "suppressed" in (then["status"], now["status"]):
                    assert each["difference"] is None
                    hidden += 1
                else:
                    assert each["difference"] == now["lower"] - then["lower"] != 0
                    moved += 1
    assert moved
    assert hidden


def test_last_time_is_the_day_before_the_last_decision(revised):
    store = open_store(revised.url)
    assert before_the_last_decision(store, SECOND) == SECOND - timedelta(days=1)
    assert before_the_last_decision(store, FIRST) == FIRST - timedelta(days=1)
    assert before_the_last_decision(store, outlets.LONG_AGO) is None
    store.engine.dispose()
