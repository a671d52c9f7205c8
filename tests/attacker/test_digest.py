"""What a digest says of two days is what the answers of those days say, and no more."""

import json
from itertools import product

from tests.attacker import outlets
from tests.attacker.conftest import BEFORE, FIRST, SECOND
from tests.attacker.knowledge import AREAS
from tests.attacker.test_changes import asked as changes_of
from vrn_metrics.measures import CATALOGUE


def digest_of(url, area, since, day):
    given = ["digest", "--area", area, "--since", since.isoformat(), "--format", "json"]
    given += ["--as-of", day.isoformat()] if day else []
    return json.loads(outlets.command([*given, "--database", url]))


def marked(url, area, measure, day):
    """Count and mark of each point of a trend on one day, by period."""
    question = outlets.Question("trend", area, measure, day=day)
    points = json.loads(outlets.ask(url, question, "json"))["points"]
    return {tuple(e["period"].values()): (e["count"], e["special_cause"]) for e in points}


def test_every_special_cause_is_one_that_the_trends_of_those_days_show(revised):
    """So whoever reads digests learns nothing that the trends of both days did not say."""
    told = 0
    spans = ((BEFORE, FIRST), (FIRST, SECOND), (SECOND, None))
    for area, (since, day) in product(AREAS, spans):
        found = digest_of(revised.url, area, since, day)
        for measure in CATALOGUE:
            causes = [e for e in found["special_causes"] if e["measure"] == measure]
            gone = [e for e in found["no_longer"] if e["measure"] == measure]
            if not (causes or gone):
                continue
            now = marked(revised.url, area, measure, day)
            then = marked(revised.url, area, measure, since)
            for each in causes:
                period = tuple(each["period"].values())
                assert now[period] == (each["count"], each["special_cause"])
                assert each["was"] in (None, then.get(period, (None, None))[1])
                assert each["count"]["status"] != "suppressed"
                told += 1
            for each in gone:
                period = tuple(each["period"].values())
                assert now[period][1] is None
                assert then[period][1] is not None
    assert told


def test_every_verdict_and_figure_is_one_of_what_changed(revised):
    for area in AREAS:
        found = digest_of(revised.url, area, FIRST, SECOND)
        assert found["measures"] == changes_of(revised.url, area, FIRST, SECOND)["measures"]
