"""What each tier is given, by the library's own queries."""

from datetime import UTC, datetime, timedelta

import pytest

from vrn_metrics.access import Access, Tier
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.areas import NETWORK
from vrn_metrics.errors import StoreError
from vrn_metrics.store import guard, open_store

OWN, OTHER = "E06000016", "E07000130"


@pytest.fixture(scope="module")
def store(demo_database):
    return open_store(demo_database)


def local(store, area):
    card = scorecard(store, area=area)
    return [e for e in card.entries if e.numerator and guard.is_guarded(e.numerator.source)]


@pytest.mark.parametrize("tier", [Tier.ANALYST, Tier.APPROVER, Tier.OWNER])
@pytest.mark.parametrize("area", [NETWORK, OWN, OTHER])
def test_those_who_see_local_data_see_it_everywhere(store, tier, area):
    assert local(store.for_(Access(tier)), area)


@pytest.mark.parametrize("area", [NETWORK, OWN, OTHER])
def test_the_public_is_given_nothing_local(store, area):
    public = store.for_(Access())
    assert local(public, area) == []
    assert public.view().ledger() == []
    assert public.view().ledger_history() == []
    assert public.view().programme() == []


def test_a_partner_is_given_the_own_district_and_no_other_and_no_total(store):
    partner = store.for_(Access(Tier.PARTNER, frozenset({OWN})))
    assert local(partner, OWN)
    assert local(partner, OTHER) == []
    assert local(partner, NETWORK) == []


def test_an_access_that_has_expired_is_the_publics(store):
    ended = Access(Tier.APPROVER, expires=datetime.now(UTC) - timedelta(seconds=1))
    assert local(store.for_(ended), NETWORK) == []
    assert not ended.may_approve


@pytest.mark.parametrize("tier", [Tier.PUBLIC, Tier.PARTNER])
def test_neither_the_public_nor_a_partner_loads(store, tier, tmp_path):
    with pytest.raises(StoreError, match="may not load"):
        store.for_(Access(tier)).load(tmp_path / "any.csv")


def test_an_analyst_loads_and_lets_nothing_count(store, tmp_path):
    with pytest.raises(StoreError, match="may not approve"):
        store.for_(Access(Tier.ANALYST)).load(tmp_path / "any.csv", approve=True)


@pytest.mark.parametrize("tier", list(Tier)[:-1])
def test_only_the_owner_copies_the_database(store, tier):
    with pytest.raises(StoreError, match="may not copy"):
        store.for_(Access(tier)).move("sqlite:///x.sqlite")


def test_local_releases_are_listed_to_those_who_see_all_local_data(store):
    listed = {each.id for each in store.releases()}
    assert {each.id for each in store.for_(Access(Tier.ANALYST)).releases()} == listed
    public = store.for_(Access())
    hidden = [each for each in store.releases() if each.is_local]
    assert hidden
    assert {each.id for each in public.releases()} == listed - {each.id for each in hidden}
    assert all(public.notes(each.id) == () for each in hidden)


def test_answers_are_shared_by_those_who_see_the_same():
    soon = datetime.now(UTC) + timedelta(hours=1)
    one = Access(Tier.PARTNER, frozenset({OWN, OTHER}), soon, "one")
    other = Access(Tier.PARTNER, frozenset({OTHER, OWN}), name="other")
    assert one.key == other.key
    assert one.key != Access(Tier.PARTNER, frozenset({OWN})).key
    over = Access(Tier.PARTNER, frozenset({OWN}), soon - timedelta(hours=2))
    assert over.key == Access().key == over.settled.key


@pytest.mark.parametrize("tier", [Tier.PUBLIC, Tier.PARTNER, Tier.ANALYST])
def test_nobody_below_an_approver_decides(store, tier):
    for decide in (store.for_(Access(tier)).approve, store.for_(Access(tier)).withdraw):
        with pytest.raises(StoreError, match="may not"):
            decide(1)
