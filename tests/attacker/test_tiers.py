"""Whatever a tier may not see has no bearing on anything that it is told.

Two databases that differ only in what a tier may not see must look the same to it, on every page,
in every file and in every answer of the command line; to those who may see it they must not.
"""

from __future__ import annotations

import os
import pwd
import shutil
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import create_engine, text

from tests.attacker import outlets
from tests.conftest import ROOT
from tests.signed_in import OWN, claims, sign_in, write_roles
from vrn_metrics.access import Tier
from vrn_metrics.areas import NETWORK, RUTLAND
from vrn_metrics.cli import vrn

WITHOUT_DATABASE = {"demo", "load", "approve", "withdraw", "protect", "migrate", "fetch", "check"}
LOCAL_PAGES = ("spend", "programme")


def altered(url: str, path: Path, spared: str) -> str:
    """A copy with other figures in every local extract but for an area's, ledger and programme."""
    shutil.copy(url.removeprefix("sqlite:///"), path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(
            text(
                "update guarded_counts set lower = lower + 7, upper = upper + 7 "
                "where status = 0 and area_code != :spared"
            ),
            {"spared": spared},
        )
        connection.execute(text("update ledger_lines set amount_pence = amount_pence * 2"))
        connection.execute(text("update programme_records set title = title || ' or another'"))
    engine.dispose()
    return f"sqlite:///{path}"


@pytest.fixture(scope="module")
def databases(demo_database, tmp_path_factory):
    """The demonstration; the same but for all that is local; the same but for others' areas."""
    folder = tmp_path_factory.mktemp("tiers")
    return (
        demo_database,
        altered(demo_database, folder / "all.sqlite", ""),
        altered(demo_database, folder / "others.sqlite", OWN),
    )


@pytest.fixture(autouse=True)
def _roles(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_ACCESS_FILE", str(write_roles(tmp_path)))


def opened(url, page, who, **parameters):
    """All that a page says to somebody, its tables, pictures and files."""
    seen = outlets.visit(url, page, parameters, partial(sign_in, said=who))
    return seen.words, seen.tables, seen.drawn()


VIEWS = [
    ("scorecard", {"area": NETWORK}),
    ("scorecard", {"area": OWN}),
    ("trend", {"measure": "knife-violence", "area": RUTLAND}),
    ("districts", {"district": OWN, "measure": "knife-violence"}),
    *((page, {}) for page in outlets.PAGES if page not in ("scorecard", "trend", "districts")),
]


@pytest.mark.parametrize(("page", "parameters"), VIEWS)
def test_the_public_is_told_the_same_whatever_local_data_say(page, parameters, databases):
    kept, other, _ = databases
    assert opened(kept, page, None, **parameters) == opened(other, page, None, **parameters)


@pytest.mark.parametrize(
    ("page", "parameters"),
    [
        ("scorecard", {"area": NETWORK}),
        ("trend", {"measure": "knife-admissions", "area": RUTLAND}),
        ("districts", {"district": OWN, "measure": "knife-violence"}),
        ("spend", {}),
        ("programme", {}),
        ("changes", {"area": RUTLAND}),
        ("data", {}),
    ],
)
def test_a_partner_is_told_the_same_whatever_others_data_say(page, parameters, databases):
    kept, _, other = databases
    who = claims("partner")
    assert opened(kept, page, who, **parameters) == opened(other, page, who, **parameters)


@pytest.mark.parametrize(
    ("who", "page", "parameters"),
    [
        ("partner", "scorecard", {"area": OWN}),
        ("analyst", "scorecard", {"area": RUTLAND}),
        ("approver", "spend", {}),
        ("analyst", "programme", {}),
    ],
)
def test_those_who_may_see_it_are_told_something_else(who, page, parameters, databases):
    kept, other, _ = databases
    said = claims(who)
    assert opened(kept, page, said, **parameters) != opened(other, page, said, **parameters)


@pytest.mark.parametrize("page", LOCAL_PAGES)
@pytest.mark.parametrize("who", [None, claims("nobody"), claims("partner")])
def test_pages_of_local_data_end_at_the_door(page, who, databases):
    words, tables, _ = opened(databases[0], page, who)
    assert "not open to everybody" in words
    assert tables == ()


def account(tier: str) -> str:
    """Lines that give the account of this process a tier."""
    own = f'districts = ["{OWN}"]' if tier == Tier.PARTNER else ""
    name = pwd.getpwuid(os.getuid()).pw_name
    return f'\n[[account]]\nname = "{name}"\ntier = "{tier}"\n{own}\n'


def commands(area):
    """Every command that tells something, for an area where it takes one."""
    yield ("scorecard", "--area", area)
    yield ("trend", "knife-violence", "--area", area)
    yield ("trend", "knife-admissions", "--area", area)
    yield ("districts", "--area", OWN if area == OWN else RUTLAND)
    yield ("districts", "knife-violence")
    yield ("places", "knife-violence")
    yield ("times", "knife-violence")
    yield ("changes", "--area", area, "--since", "2026-01-01")
    yield ("digest", "--area", area, "--since", "2026-01-01")
    for name in (
        set(vrn.commands)
        - WITHOUT_DATABASE
        - {
            *("scorecard", "trend", "districts", "places", "times", "impact", "changes", "digest"),
            "impact",
            "pack",
        }
    ):
        yield (name,)


def answered(url, given):
    done = CliRunner().invoke(vrn, [*given, "--database", url])
    return done.exit_code, done.output


@pytest.mark.parametrize("tier", [Tier.PUBLIC, Tier.PARTNER])
def test_the_command_line_tells_an_account_no_more_than_the_pages(tier, databases, tmp_path):
    write_roles(tmp_path, account(tier) if tier is not Tier.PUBLIC else "")
    kept, everything, others = databases
    other = everything if tier is Tier.PUBLIC else others
    for given in commands(NETWORK if tier is Tier.PUBLIC else RUTLAND):
        assert answered(kept, given) == answered(other, given), given


def test_the_command_line_tells_a_partner_of_the_own_district(databases, tmp_path):
    write_roles(tmp_path, account(Tier.PARTNER))
    kept, other, _ = databases
    given = ("scorecard", "--area", OWN)
    assert answered(kept, given) != answered(other, given)


@pytest.mark.parametrize("tier", [Tier.PUBLIC, Tier.PARTNER, Tier.ANALYST])
def test_the_command_line_lets_nobody_do_what_a_tier_may_not(tier, databases, tmp_path):
    write_roles(tmp_path, account(tier) if tier is not Tier.PUBLIC else "")
    extract = next((ROOT / "data" / "demo").glob("*offences*"), None)
    assert extract is not None
    tried = [("approve", "1"), ("withdraw", "1"), ("protect",), ("migrate", "--to", "sqlite:///x")]
    if tier is not Tier.ANALYST:
        tried += [("load", str(extract)), ("check",), ("log",)]
    for given in tried:
        code, said = answered(databases[0], given)
        assert code == 3, given
        assert f"The tier '{tier}' may not" in said


def test_packs_of_the_public_are_the_same_whatever_local_data_say(databases):
    kept, other, _ = databases
    assert outlets.packed(kept, NETWORK) == outlets.packed(other, NETWORK)
