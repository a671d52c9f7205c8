"""The catalogue that is shipped, and one that somebody writes."""

import pytest

from tests.fetch.conftest import KNIFE
from vrn_metrics.errors import FetchError, UnknownNameError
from vrn_metrics.fetch import CATALOGUE_FILE, catalogue, chosen
from vrn_metrics.fetch.catalogue import KINDS
from vrn_metrics.sources import all_readers

SOUND = """
[[publisher]]
key = "a-table"
title = "A table"
publisher = "Somebody"
kind = "fingertips-csv"
address = "https://example.org/a.csv"
hosts = ["example.org"]
types = ["csv"]
megabytes = 1
"""


def test_every_entry_is_sound_and_every_kind_is_there():
    found = catalogue()
    assert {each.kind for each in found.values()} == set(KINDS)
    assert all(each.address.startswith("https://") for each in found.values())
    assert {each.source for each in found.values()} - {""} <= set(all_readers())


def test_published_sources_without_an_entry_are_known():
    """NHS England has no listing to ask, and ONS gives the others only page by page."""
    published = {
        key
        for key, reader in all_readers().items()
        if reader.source.kind in ("published", "reference")
    }
    assert published - {each.source for each in catalogue().values()} == {
        "nhs-sharp-admissions",
        "ons-homicide-rate",
        "ons-neighbours",
    }


def test_the_patterns_fit_what_was_really_published():
    """File and service names as they were in July 2026 and before."""
    entries = catalogue()
    fitting = {
        "ho-prc-force": ["prc-pfa-mar2013-onwards-tables-230726.ods"],
        "ho-prc-csp": ["prc-csp-mar21-sep25-tables-290126.ods", "prc-csp-1112-1415-tables.xlsx"],
        "ons-table-c2": [
            "pfatablesyemarch2026.xlsx",
            "policeforceareatablesyesep25.xlsx",
            "pfafinalmar22.xlsx",
        ],
        "ons-population": ["mye24tablesew.xlsx", "mye23tablesew.xlsx"],
        "ons-area-lookup": ["LAD24_CSP24_PFA24_EW_LU", "LAD25_CSP25_PFA25_EW_LU"],
        "ons-lsoa-lookup": ["LSOA21_WD24_LAD24_EW_LU"],
        "ons-boundaries": [
            "Local_Authority_Districts_May_2024_Boundaries_UK_BSC",
            "LAD_MAY_2025_UK_BSC_V2",
        ],
        "imd-2025": ["File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv"],
    }
    for key, names in fitting.items():
        assert all(entries[key].fits(name) for name in names), key
    outcomes = "Crime outcomes for offences involving knives or sharp instruments"
    assert not entries["ho-knife"].fits(
        outcomes, "prc-knives_or_sharps-outcomes-open-data-apr2024-to-mar2026-tables-230726.ods"
    )
    assert entries["ho-knife"].fits("Knife open data by police force area")
    assert not entries["ons-boundaries"].fits("LAD_MAY_2025_UK_BFC")


def test_a_catalogue_of_ones_own_is_read(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(SOUND)
    (entry,) = catalogue(path).values()
    assert (entry.largest, entry.hosts, entry.where_to_look) == (
        1_000_000,
        ("example.org",),
        "https://example.org/a.csv",
    )


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('key = "a-table"', 'key = "../up"', "a key such as ho-knife"),
        ('key = "a-table"\n', "", "expected 'key', found nothing"),
        ('kind = "fingertips-csv"', 'kind = "ftp"', "expected a kind: govuk-content"),
        ("https://example.org", "http://example.org", "'http' and not https"),
        ("https://example.org", "https://example.com", "the host example.com"),
        ('types = ["csv"]', 'types = "csv"', "a list of words as 'types'"),
        ("megabytes = 1", "megabytes = -1", "a whole number of megabytes"),
        ("megabytes = 1", "megabytes = 1\nnamed = '('", "a pattern that can be searched for"),
        ("megabytes = 1", "megabytes = 1\nsource = 'x'", "expected a source: "),
        ("megabytes = 1", "megabytes = 1\nsecret = 'x'", "found 'secret'"),
        ("megabytes = 1", "megabytes = 1\npage = 7", "words as 'page'"),
        ("megabytes = 1", "megabytes =", "a catalogue in TOML"),
        (SOUND, SOUND + SOUND, "a key of its own, found 'a-table'"),
        (SOUND, "publisher = [7]", "a table of settings"),
    ],
)
def test_a_catalogue_that_is_not_sound_is_one_sentence(tmp_path, was, now, said):
    path = tmp_path / "mine.toml"
    path.write_text(SOUND.replace(was, now))
    with pytest.raises(FetchError) as raised:
        catalogue(path)
    assert said in str(raised.value)
    assert "mine.toml" in str(raised.value)


def test_a_catalogue_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(FetchError, match="expected a catalogue, found No such file"):
        catalogue(tmp_path / "none.toml")


def test_keys_are_chosen_once_each_and_must_exist():
    entries = catalogue(CATALOGUE_FILE)
    assert [each.key for each in chosen(entries, ["imd-2025", "ho-knife", "imd-2025"])] == [
        "imd-2025",
        "ho-knife",
    ]
    with pytest.raises(UnknownNameError, match="no publisher 'ftp'; there are ho-knife"):
        chosen(entries, ["ftp"])


def test_the_made_up_file_of_these_tests_is_no_published_one():
    assert b"ade-up" in KNIFE
