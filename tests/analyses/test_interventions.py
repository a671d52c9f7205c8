"""The register is context: found by area and time, and never said to have done anything."""

import json
import re
from datetime import date

import pytest

from tests.analyses.made_up import MadeUpStore, MadeUpView, monthly
from vrn_metrics import charts, narrative
from vrn_metrics.analyses.interventions import interventions
from vrn_metrics.analyses.trend import trend
from vrn_metrics.areas import COUNTY, LEICESTER, NETWORK, RUTLAND
from vrn_metrics.exports.series import trend_json
from vrn_metrics.store import Record

CAUSAL = re.compile(r"because|caused|effect of|led to|thanks to|due to|result of|reduced by", re.I)


def record(title, start, codes, end=None, **more):
    fields = dict.fromkeys(Record.__dataclass_fields__)
    fields |= {"record": "intervention", "title": title, "start_date": start, "tier": "primary"}
    return Record(**{**fields, "district_codes": codes, "end_date": end, **more})


RECORDS = [
    record("Later", date(2023, 1, 1), LEICESTER, cost_pence=1250, reach=20, rating="high"),
    record("Everywhere", date(2019, 10, 1), "all"),
    record("Country", date(2021, 1, 1), f"{RUTLAND} E07000130", end=date(2022, 1, 31)),
    record("Long ago", date(2001, 1, 1), "all"),
    record("Service Mapping", None, None, record="project"),
]


class Registered(MadeUpStore):
    def view(self, as_of=None):
        return RegisteredView(self.series, self.people)


class RegisteredView(MadeUpView):
    def newest(self, source):
        return 1 if source == "vrn-programme" else None

    def programme(self):
        return RECORDS


def titles(area):
    found = interventions(Registered({}).view(), area)
    return [each.title for each in found.interventions]


@pytest.mark.parametrize(
    ("area", "found"),
    [
        (NETWORK, ["Long ago", "Everywhere", "Country", "Later"]),
        (LEICESTER, ["Long ago", "Everywhere", "Later"]),
        (RUTLAND, ["Long ago", "Everywhere", "Country"]),
        (COUNTY, ["Long ago", "Everywhere", "Country"]),
    ],
)
def test_an_area_has_what_ran_in_any_part_of_it(area, found):
    assert titles(area) == found


def test_without_a_register_there_is_nothing_and_no_mark():
    assert interventions(MadeUpStore({}).view()).interventions == ()


def test_starts_inside_the_series_are_marked_on_the_trend_and_named_below():
    series = {("vrn-admissions", "sharp-admissions", NETWORK): monthly([40, 44, 38] * 48)}
    found = trend(Registered(series), "knife-admissions")
    drawn = json.dumps(charts.trend_chart(found, "described"))
    assert '"named": "Everywhere"' in drawn
    assert '"named": "Long ago"' not in drawn
    written = trend_json(found)
    assert [each["title"] for each in written["interventions"]] == titles(NETWORK)
    said = narrative.register_words(found.register)
    assert "does not say that it made it" in said[0]
    assert said[-1] == (
        "Later (primary; Leicester): January 2023; 20 people reached, £12.50, rated high by the "
        "Youth Endowment Fund."
    )
    assert not CAUSAL.search(" ".join(said) + drawn)


def test_nothing_is_tested_by_the_register():
    series = {("vrn-admissions", "sharp-admissions", NETWORK): monthly([40, 44, 38] * 48)}
    with_register = trend_json(trend(Registered(series), "knife-admissions"))
    without = trend_json(trend(MadeUpStore(series), "knife-admissions"))
    assert with_register | {"interventions": []} == without
