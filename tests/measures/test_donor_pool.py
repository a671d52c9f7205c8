"""Who may be a donor is data, complete and with sources."""

from datetime import date

import pytest

from vrn_metrics.areas import NETWORK, forces
from vrn_metrics.errors import UnknownNameError
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.measures.donor_pool import (
    incomparable,
    national_figures,
    police_force,
    police_forces,
)
from vrn_metrics.periods import Period
from vrn_metrics.sources import all_readers

UNFUNDED = {
    *("Cambridgeshire", "Cheshire", "Cumbria", "Derbyshire", "Devon & Cornwall", "Dorset"),
    *("Durham", "Dyfed-Powys", "Gloucestershire", "Gwent", "Hertfordshire", "Lincolnshire"),
    *("Norfolk", "North Wales", "North Yorkshire", "Northamptonshire", "Staffordshire"),
    *("Suffolk", "Surrey", "Warwickshire", "West Mercia", "Wiltshire"),
}


def test_all_forces_are_in_it_with_people():
    register = police_forces()
    assert set(register) == {each.code for each in forces()}
    assert len(register) == 43
    # ONS, mid-2024 estimate of England and Wales.
    assert sum(each.population for each in register.values()) == 61_806_682


def test_twenty_are_funded_with_a_source_and_twenty_two_can_be_donors():
    funded = [each for each in police_forces().values() if each.funded_from]
    assert len(funded) == 20
    assert all(each.source for each in funded)
    later = {each.name for each in funded if each.funded_from == "2022/23"}
    assert later == {"Cleveland", "Humberside"}
    assert police_forces()[NETWORK].funded_from == "2019/20"
    rest = {each.name for each in police_forces().values() if not each.funded_from}
    assert rest == UNFUNDED | {"London, City of"}


def test_what_cannot_be_compared_names_forces_sources_and_reasons_that_exist():
    for each in incomparable():
        assert each.force in police_forces()
        assert set(each.sources) <= set(all_readers())
        assert each.reason
        assert each.source
        assert (each.since is None) == (each.until is None)


def test_an_event_spoils_its_own_years_and_tables_only():
    lorry = next(each for each in incomparable() if "lorry" in each.title)
    before = (Period.financial_year(2014), Period.financial_year(2018))
    around = (Period.financial_year(2014), Period.financial_year(2020))
    assert lorry.since == date(2019, 4, 1)
    assert not lorry.spoils("ho-prc-force", *before)
    assert lorry.spoils("ho-prc-force", *around)
    assert not lorry.spoils("ho-knife", *around)


def test_a_force_is_found_by_name_and_by_code():
    assert police_force("Devon and Cornwall") == police_force("E23000035")
    with pytest.raises(UnknownNameError, match="Northamptonshire"):
        police_force("Camelot")


def test_the_national_results_are_those_published():
    figures = national_figures()
    assert {key for each in figures for key in each.measures} <= set(CATALOGUE)
    latest = {each.outcome: each for each in figures if each.year_ending == date(2024, 3, 31)}
    assert (latest["Homicide"].effect, latest["Homicide"].per) == (-0.98, 1_000_000)
    sharp = latest["Admissions for assault by sharp object"]
    assert (sharp.effect, sharp.p_value, sharp.is_significant) == (-1.6, 0.06, False)
    broad = latest["Admissions for any violent injury"]
    assert (broad.effect, broad.p_value) == (-10.39, 0.08)
