"""The file of roles: nobody has a tier that no line gives, and no line is half understood."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.signed_in import OWN, claims
from vrn_metrics.access import Tier
from vrn_metrics.areas import RUTLAND
from vrn_metrics.errors import BadInputError
from vrn_metrics.roles import Role, Roles, read_roles

PARTNERS = (
    Role("groups", "leicester", Tier.PARTNER, frozenset({OWN})),
    Role("groups", "rutland", Tier.PARTNER, frozenset({RUTLAND})),
)
ROLES = Roles(
    (
        *PARTNERS,
        Role("groups", "analysts", Tier.ANALYST),
        Role("realm_access.roles", "approver", Tier.APPROVER),
        Role("email", "chair@network.test", Tier.APPROVER),
    )
)


def said(**more):
    return {**claims("nobody"), **more}


@pytest.mark.parametrize(
    ("more", "tier"),
    [
        ({}, Tier.PUBLIC),
        ({"groups": "analysts"}, Tier.ANALYST),
        ({"groups": ["leicester", "analysts"]}, Tier.ANALYST),
        ({"groups": ["Analysts", "analysts "]}, Tier.PUBLIC),
        ({"groups": {"analysts": True}}, Tier.PUBLIC),
        ({"realm_access": {"roles": ["approver"]}}, Tier.APPROVER),
        ({"realm_access.roles": ["approver"]}, Tier.APPROVER),
        ({"email": "chair@network.test"}, Tier.APPROVER),
        ({"email": "chair@network.test", "email_verified": False}, Tier.PUBLIC),
        ({"email": "chair@network.test", "email_verified": "true"}, Tier.PUBLIC),
        ({"groups": ["analysts"], "sub": ""}, Tier.PUBLIC),
        ({"groups": ["analysts"], "sub": None}, Tier.PUBLIC),
        ({"groups": ["analysts"], "exp": None}, Tier.PUBLIC),
        ({"groups": ["analysts"], "exp": "never"}, Tier.PUBLIC),
        ({"groups": ["analysts"], "exp": True}, Tier.PUBLIC),
        ({"groups": ["analysts"], "exp": math.inf}, Tier.PUBLIC),
        ({"groups": ["analysts"], "exp": math.nan}, Tier.PUBLIC),
        ({"groups": ["analysts"], "exp": 0}, Tier.PUBLIC),
    ],
)
def test_a_tier_is_what_a_line_gives_for_what_the_provider_says(more, tier):
    assert ROLES.access(said(**more)).now is tier


def test_a_partner_of_two_districts_sees_both_and_no_third():
    access = ROLES.access(said(groups=["leicester", "rutland"]))
    assert access.now is Tier.PARTNER
    assert access.districts == {OWN, RUTLAND}
    assert not access.sees_local("E07000130")


def test_a_session_ends_with_the_token_or_after_the_hours_that_the_file_says():
    now = datetime.now(UTC)
    signed_in = said(iat=now.timestamp(), exp=(now + timedelta(minutes=5)).timestamp())
    assert ROLES.access(signed_in).expires == now + timedelta(minutes=5)
    longer = Roles(ROLES.roles, session_hours=8)
    assert longer.access(signed_in).expires == now + timedelta(hours=8)
    assert longer.access({**signed_in, "iat": None, "groups": ["analysts"]}).now is Tier.PUBLIC


def test_another_issuer_has_no_say():
    strict = Roles(ROLES.roles, issuer="https://provider.test")
    assert strict.access(said(groups=["analysts"])).now is Tier.ANALYST
    assert strict.access(said(groups=["analysts"], iss="https://other.test")).now is Tier.PUBLIC


def test_people_are_called_what_they_cannot_change():
    assert ROLES.access(said()).name == "nobody@network.test"
    assert ROLES.access(said(email_verified=False)).name == "subject-nobody"
    staff = Roles(name_claim="staff_number")
    assert staff.access(said(staff_number="A1")).name == "A1"
    assert staff.access(said(staff_number=["A1", "A2"])).name == "subject-nobody"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["groups", "sub", "exp", "iat", "email", "iss"]), ANYTHING))
def test_whatever_a_provider_says_nobody_gets_more_than_a_line_gives(words):
    access = Roles((Role("groups", "a group that nobody is in", Tier.APPROVER),)).access(words)
    assert access.now is Tier.PUBLIC
    assert not access.sees_local(OWN)


def written(tmp_path, text):
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_roles_is_read(tmp_path):
    path = written(
        tmp_path,
        'session_hours = 8\nname_claim = "oid"\nissuer = "https://provider.test"\n'
        f'[[role]]\nclaim = "groups"\nvalue = "l"\ntier = "partner"\ndistricts = ["{OWN}"]\n'
        '[[account]]\ngroup = "analysts"\ntier = "analyst"\n',
    )
    assert read_roles(path) == Roles(
        (Role("groups", "l", Tier.PARTNER, frozenset({OWN})),),
        (Role("group", "analysts", Tier.ANALYST),),
        8,
        "oid",
        "https://provider.test",
    )


def test_the_example_is_a_file_of_roles(request):
    example = request.config.rootpath / "docs" / "access.example.toml"
    roles = read_roles(example)
    assert {each.tier for each in roles.roles} == {Tier.PARTNER, Tier.ANALYST, Tier.APPROVER}
    assert roles.accounts


def test_an_account_has_what_its_name_or_a_group_gives():
    roles = Roles(
        accounts=(Role("name", "desk", Tier.ANALYST), Role("group", "leads", Tier.APPROVER))
    )
    assert roles.account("desk", []).now is Tier.ANALYST
    assert roles.account("desk", ["leads"]).now is Tier.APPROVER
    assert roles.account("leads", ["desk"]).now is Tier.PUBLIC
    assert roles.account("desk", []).name == "desk"


ROLE = '[[role]]\nclaim = "groups"\nvalue = "x"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[role]\n", "a TOML file in UTF-8"),
        ("roles = 1\n", "'roles'"),
        ('role = "analyst"\n', "[[role]] in double brackets"),
        ("[role]\nclaim = 'g'\n", "[[role]] in double brackets"),
        (ROLE, "a tier of partner, analyst, approver in [[role]] 1"),
        (ROLE + 'tier = "owner"\n', "found 'owner'"),
        (ROLE + 'tier = "Analyst"\n', "found 'Analyst'"),
        (ROLE + 'tier = ["analyst"]\n', "found ['analyst']"),
        (ROLE + 'tier = "partner"\n', "districts of the network by code"),
        (ROLE + 'tier = "partner"\ndistricts = []\n', "districts of the network by code"),
        (ROLE + 'tier = "partner"\ndistricts = ["Leicester"]\n', "districts of the network"),
        (ROLE + f'tier = "analyst"\ndistricts = ["{OWN}"]\n', "no districts in [[role]] 1"),
        (ROLE + 'tier = "analyst"\ndistrict = "x"\n', "'district'"),
        ('[[role]]\nvalue = "x"\ntier = "analyst"\n', "claim and value"),
        ('[[role]]\nclaim = "g"\nvalue = ""\ntier = "analyst"\n', "claim and value"),
        ('[[account]]\nname = "a"\ngroup = "b"\ntier = "analyst"\n', "either name or group"),
        ("session_hours = 0\n", "session_hours above 0"),
        ("session_hours = true\n", "session_hours above 0"),
        ("session_hours = inf\n", "session_hours above 0"),
        ('issuer = ""\n', "words for 'issuer'"),
    ],
)
def test_a_line_that_is_not_as_expected_refuses_the_file(text, said, tmp_path):
    with pytest.raises(BadInputError) as refused:
        read_roles(written(tmp_path, text))
    assert said in str(refused.value)
