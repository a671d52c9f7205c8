"""Who has which tier: a file that maps what an identity provider says of people to access.

Nobody has a tier unless a line of the file gives it. `docs/access.example.toml` has every setting.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from vrn_metrics.access import Access, Tier
from vrn_metrics.areas import districts
from vrn_metrics.errors import BadInputError, Problem

FILE: Final = Path(__file__).resolve().parents[1] / ".streamlit" / "access.toml"
GRANTED: Final = (Tier.PARTNER, Tier.ANALYST, Tier.APPROVER)
LONGEST_SESSION_HOURS: Final = 24 * 7
LONGEST_NAME: Final = 100
_SETTINGS: Final = {"session_hours", "name_claim", "issuer", "role", "account"}
_ROLE: Final = {"claim", "value", "tier", "districts"}
_ACCOUNT: Final = {"name", "group", "tier", "districts"}


@dataclass(frozen=True)
class Role:
    """One line of the file: who has `value` in `claim` has `tier`."""

    claim: str
    value: str
    tier: Tier
    districts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Roles:
    """The file: whom each line gives which tier; everybody else is the public.

    Parameters
    ----------
    accounts
        The same for the command line: `claim` is `name` or `group`, of the operating system.
    session_hours
        How long somebody stays signed in; `None`: as long as the provider's token says.
    name_claim
        What the log calls people: something that they cannot change themselves.
    issuer
        The only identity provider whose word counts; empty: whichever the server trusts.
    """

    roles: tuple[Role, ...] = ()
    accounts: tuple[Role, ...] = ()
    session_hours: float | None = None
    name_claim: str = "email"
    issuer: str = ""

    def access(self, claims: Mapping[str, Any]) -> Access:
        """What somebody may do of whom an identity provider says this.

        Assumes that the claims were checked to be the provider's. Claims without an end, of
        another issuer, or without a subject give the public tier; an e-mail address counts only
        if the provider verified it.
        """
        subject = claims.get("sub")
        ends = self._ends(claims)
        if not (isinstance(subject, str) and subject) or ends is None:
            return Access()
        if self.issuer and claims.get("iss") != self.issuer:
            return Access()
        named = _words(claims, self.name_claim)
        name = (named[0] if len(named) == 1 else subject)[:LONGEST_NAME]
        held = [each for each in self.roles if each.value in _words(claims, each.claim)]
        return _granted(held, name, ends)

    def account(self, name: str, groups: Iterable[str]) -> Access:
        """What an account of the operating system may do on the command line."""
        held = {"name": {name}, "group": set(groups)}
        return _granted([each for each in self.accounts if each.value in held[each.claim]], name)

    def _ends(self, claims: Mapping[str, Any]) -> datetime | None:
        """When somebody must sign in again; `None` if the claims do not say."""
        if self.session_hours is None:
            return _moment(claims.get("exp"))
        began = _moment(claims.get("iat"))
        return None if began is None else began + timedelta(hours=self.session_hours)


def roles_file() -> Path:
    """`VRN_ACCESS_FILE`, else beside the server's other settings; it need not be there."""
    return Path(os.environ.get("VRN_ACCESS_FILE") or FILE)


def read_roles(path: Path) -> Roles:
    """The file that says who may see what.

    Raises
    ------
    BadInputError
        If it cannot be read, or a line is not as expected; no line of it counts then.
    """
    try:
        text = path.read_text(encoding="utf-8")
        said = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BadInputError(
            path.name,
            [Problem("a TOML file in UTF-8", str(error).rstrip("."), "Mend it and try again.")],
        ) from error
    problems = list(_problems(said))
    if problems:
        raise BadInputError(path.name, problems)
    return Roles(
        tuple(_role(each["claim"], each["value"], each) for each in said.get("role", ())),
        tuple(_account(each) for each in said.get("account", ())),
        said.get("session_hours"),
        said.get("name_claim", "email"),
        said.get("issuer", ""),
    )


def _account(line: Mapping[str, Any]) -> Role:
    claim = "name" if "name" in line else "group"
    return _role(claim, line[claim], line)


def _role(claim: str, value: str, line: Mapping[str, Any]) -> Role:
    return Role(claim, value, Tier(line["tier"]), frozenset(line.get("districts", ())))


def _granted(held: Sequence[Role], name: str, expires: datetime | None = None) -> Access:
    """The highest tier held; a partner of several districts sees each of them."""
    if not held:
        return Access(expires=expires, name=name)
    tier = max((each.tier for each in held), key=lambda each: each.rank)
    own = (each.districts for each in held if each.tier is Tier.PARTNER)
    seen: frozenset[str] = frozenset().union(*own) if tier is Tier.PARTNER else frozenset()
    return Access(tier, seen, expires, name)


def _words(claims: Mapping[str, Any], claim: str) -> list[str]:
    """The words of a claim; a dot in its name goes one level down."""
    found: Any = claims
    for part in [claim] if claim in claims else claim.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    if claim == "email" and claims.get("email_verified") is not True:
        return []
    listed = found if isinstance(found, list) else [found]
    return [each for each in listed if isinstance(each, str) and each]


def _moment(seconds: Any) -> datetime | None:
    """Seconds since 1970 as a moment; `None` for anything else."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _problems(said: Mapping[str, Any]) -> Iterable[Problem]:
    """Every line that is not as expected."""
    yield from _unknown(said, _SETTINGS, "at the top")
    for name in ("name_claim", "issuer"):
        if name in said and not (isinstance(said[name], str) and said[name]):
            yield Problem(f"words for '{name}'", repr(said[name]), "Write it in quotes.")
    hours = said.get("session_hours")
    is_number = isinstance(hours, int | float) and not isinstance(hours, bool)
    if hours is not None and not (is_number and 0 < hours <= LONGEST_SESSION_HOURS):
        yield Problem(
            f"session_hours above 0, up to {LONGEST_SESSION_HOURS}",
            repr(hours),
            "Say after how many hours people sign in again.",
        )
    for kind, known in (("role", _ROLE), ("account", _ACCOUNT)):
        lines = said.get(kind, [])
        if not isinstance(lines, list) or not all(isinstance(each, dict) for each in lines):
            yield Problem(f"[[{kind}]] in double brackets", repr(lines), "Add the brackets.")
            continue
        for number, line in enumerate(lines, start=1):
            yield from _line_problems(line, known, f"in [[{kind}]] {number}")


def _line_problems(line: Mapping[str, Any], known: set[str], where: str) -> Iterable[Problem]:
    yield from _unknown(line, known, where)
    who = ("claim", "value") if "claim" in known else ("name", "group")
    given = [name for name in who if name in line]
    wanted = "claim and value" if "claim" in known else "either name or group"
    is_complete = len(given) == (2 if "claim" in known else 1)
    if not is_complete or not all(isinstance(line[name], str) and line[name] for name in given):
        yield Problem(f"{wanted} as words {where}", ", ".join(given) or "neither", "Say who it is.")
    tier = line.get("tier")
    if tier not in list(GRANTED):
        names = ", ".join(GRANTED)
        yield Problem(f"a tier of {names} {where}", repr(tier), "Public needs no line.")
    own = line.get("districts")
    if tier == Tier.PARTNER:
        codes = {each.code for each in districts()}
        named = own if isinstance(own, list) else []
        if not named or not all(isinstance(each, str) and each in codes for each in named):
            yield Problem(
                f"districts of the network by code {where}", repr(own), "Name at least one."
            )
    elif own is not None:
        yield Problem(f"no districts {where}", repr(own), "Only a partner has districts.")


def _unknown(found: Mapping[str, Any], known: set[str], where: str) -> Iterable[Problem]:
    for name in found.keys() - known:
        listed = ", ".join(sorted(known))
        yield Problem(f"one of {listed} {where}", f"'{name}'", "Correct or remove it.")
