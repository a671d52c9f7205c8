"""A fifth is a fifth to the penny, however it is shown."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vrn_metrics import open_store
from vrn_metrics.analyses.cost_of_violence import cost_of_violence
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.analyses.spend import spend
from vrn_metrics.analyses.verdicts import Verdict
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.exports.spend import ledger_csv, spend_json, standing_rows, sum_rows
from vrn_metrics.money import parse_pounds
from vrn_metrics.narrative.spend import avoided_words, exact_percent, grant_words, spend_sentence

FIFTH = Fraction(1, 5)
HEADER = "date,year,line,project,category,amount,kind,funding_stream,classified_by,reason,doubtful"


def ledger(tmp_path, *lines, name="ledger.csv", covers="2019-04,2025-09"):
    """A file of lines: year, line, category, amount, kind, and whether doubtful."""
    rows = []
    for year, line, category, amount, kind, *more in lines:
        first = int(year[:4])
        doubtful = more[0] if more else "no"
        stream = more[1] if len(more) > 1 else "home-office"
        who = "Lead" if category == "intervention" else ""
        rows.append(
            f"{first}-06-30,{year},{line},Project,{category},{amount},{kind},{stream},{who},,"
            f"{doubtful}"
        )
    path = tmp_path / name
    path.write_text(f"layout,vrn-spend,1\ncovers,{covers}\n\n{HEADER}\n" + "\n".join(rows) + "\n")
    return path


@pytest.fixture
def store(tmp_path):
    return open_store(f"sqlite:///{tmp_path}/a.sqlite")


def of(store, tmp_path, *lines, **options):
    store.load(ledger(tmp_path, *lines, **options), approve=True)
    return spend(store)


@pytest.mark.parametrize(
    ("part", "met", "shown"),
    [("200000.00", True, "20.0%"), ("199990.00", False, "19.999%"), ("199999.99", False, None),
     ("200000.01", True, None), ("250000.00", True, "25.0%"), ("0.00", False, "0.0%")],
)  # fmt: skip
def test_a_fifth_passes_and_a_penny_less_does_not(store, tmp_path, part, met, shown):
    rest = f"{(100_000_000 - parse_pounds(part)) / 100:.2f}"
    found = of(
        store, tmp_path,
        ("2025-26", "1", "intervention", part, "actual"),
        ("2025-26", "2", "staff", rest, "actual"),
    )  # fmt: skip
    standing = found.main.by("actual")
    assert standing.whole == 100_000_000
    assert standing.meets(found.main.rule) is met
    said = exact_percent(standing.share, FIFTH)
    assert said == shown or shown is None
    assert (said.startswith("20.0%") and part != "200000.00") is False
    assert ("meets" in spend_sentence(found)) is met


@given(st.integers(-(10**9), 10**10), st.integers(1, 10**10))
def test_what_is_shown_is_on_the_same_side_of_the_rule(part, whole):
    share = Fraction(part, whole)
    said = exact_percent(share, FIFTH)
    if said.startswith("just"):
        assert ("under" in said) == (share < FIFTH)
    else:
        shown = Fraction(said.removesuffix("%")) / 100
        assert (shown >= FIFTH) == (share >= FIFTH)
        assert (shown == FIFTH) == (share == FIFTH)


def test_what_is_left_to_spend_is_of_the_whole_years_money(store, tmp_path):
    found = of(
        store, tmp_path,
        ("2025-26", "1", "intervention", "50000.00", "actual"),
        ("2025-26", "2", "staff", "50000.00", "actual"),
        ("2025-26", "3", "staff", "342000.01", "forecast"),
        ("2025-26", "4", "staff", "900000.00", "plan"),
    )  # fmt: skip
    assert found.main.of_kind == "forecast"
    assert found.main.to_spend == 1_840_001  # a fifth of 342,000.01 rounded up, less 50,000
    assert "£18,400.01 more by 31 March" in spend_sentence(found)
    assert found.over_plan == 34_200_001 - 90_000_000


def test_doubtful_lines_make_a_range(store, tmp_path):
    found = of(
        store, tmp_path,
        ("2025-26", "1", "intervention", "100.00", "actual", "no"),
        ("2025-26", "2", "intervention", "100.00", "actual", "yes"),
        ("2025-26", "3", "staff", "50.00", "actual", "yes"),
        ("2025-26", "4", "staff", "750.00", "actual", "no"),
    )  # fmt: skip
    standing = found.main.by("actual")
    assert (standing.lowest, standing.part, standing.highest) == (10_000, 20_000, 25_000)


def test_journals_zero_money_and_empty_years_are_answers(store, tmp_path):
    found = of(
        store, tmp_path,
        ("2024-25", "1", "staff", "10.00", "actual"),
        ("2024-25", "2", "staff", "-10.00", "actual"),
        ("2025-26", "1", "intervention", "0.00", "plan"),
    )  # fmt: skip
    assert found.year == "2025-26"
    assert found.main.by("actual").share is None
    assert "Nothing has been spent" in spend_sentence(found)
    earlier = spend(store, year="2024/25")
    assert earlier.main.by("actual").share is None
    assert earlier.main.to_spend is None
    assert json.dumps(spend_json(earlier), allow_nan=False)
    with pytest.raises(UnknownNameError, match="no year 2019-20"):
        spend(store, year="2019-20")
    assert spend(open_store(f"sqlite:///{tmp_path}/b.sqlite")) is None


def test_a_newer_release_replaces_its_years_whole_and_leaves_a_trail(store, tmp_path):
    of(
        store, tmp_path,
        ("2024-25", "1", "staff", "10.00", "actual"),
        ("2025-26", "1", "staff", "10.00", "actual"),
        ("2025-26", "2", "staff", "10.00", "actual"),
    )  # fmt: skip
    found = of(
        store, tmp_path, ("2025-26", "1", "intervention", "10.00", "actual"),
        name="b.csv", covers="2019-04,2025-10",
    )  # fmt: skip
    assert [each.line for each in found.lines] == ["1"]
    assert [(each.line, each.before, each.after, each.by) for each in found.reclassified] == [
        ("1", "staff", "intervention", "Lead")
    ]
    assert spend(store, year="2024-25").by_category == (("staff", 1_000),)


@pytest.mark.parametrize(
    ("year", "planned", "over", "said"),
    [
        ("2019-20", "880000.01", 1, "£0.01 above the published grant"),
        ("2019-20", "880000.00", 0, "keeps within"),
        ("2025-26", "5.00", None, "No whole grant was published"),
    ],
)
def test_a_plan_above_the_published_grant_is_said_so(store, tmp_path, year, planned, over, said):
    found = of(store, tmp_path, (year, "1", "staff", planned, "plan"))
    assert found.over_grant == over
    assert said in grant_words(found)


def test_money_of_other_streams_is_in_no_condition_of_the_grant(store, tmp_path):
    found = of(
        store, tmp_path,
        ("2025-26", "1", "intervention", "10.00", "actual"),
        ("2025-26", "2", "staff", "90.00", "actual", "no", "match"),
    )  # fmt: skip
    assert found.main.by("actual").share == 1
    assert found.rules[2].by("actual").share == Fraction(9, 10)


def test_every_outlet_gives_the_same_pence(store, tmp_path):
    found = of(
        store, tmp_path,
        ("2025-26", "1", "intervention", "1234.56", "actual"),
        ("2025-26", "2", "staff", "8765.43", "actual"),
    )  # fmt: skip
    row = standing_rows(found)[0]
    written = spend_json(found)["rules"][0]["standings"][0]
    assert parse_pounds(row["part"]) == row["part pence"] == written["part_pence"] == 123_456
    assert parse_pounds(row["whole"]) == row["whole pence"] == written["whole_pence"]
    by_category = [each["pence"] for each in sum_rows(found) if each["by"] == "category"]
    assert sum(by_category) == row["whole pence"]
    path = tmp_path / "again.csv"
    path.write_text(ledger_csv(found))
    again = open_store(f"sqlite:///{tmp_path}/c.sqlite")
    again.load(path, approve=True)
    assert spend(again).main == found.main


def test_the_cost_of_violence_is_an_interval_that_holds_nothing_where_nothing_is_clear(
    demo_database,
):
    store = open_store(demo_database)
    costs = cost_of_violence(scorecard(store), 100_000_000)
    assert {each.entry.measure.key for each in costs} >= {"robbery", "violence-with-injury"}
    for each in costs:
        clear = each.entry.verdict in (Verdict.LOWER, Verdict.HIGHER)
        assert each.includes_nothing is not clear
        assert each.cost[0] < each.cost[1]
        assert each.break_even * each.unit.pence >= 100_000_000
        assert ("nothing was avoided" in avoided_words(each)) is not clear
