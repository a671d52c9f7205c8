"""Who asks, and what they may see of local data: nothing, unless something says otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final


class Tier(StrEnum):
    """How far somebody is trusted, each further than the one before."""

    PUBLIC = "public"
    PARTNER = "partner"
    ANALYST = "analyst"
    APPROVER = "approver"
    OWNER = "owner"

    @property
    def rank(self) -> int:
        """Its place in that order."""
        return list(Tier).index(self)


@dataclass(frozen=True)
class Access:
    """What one person may do; the public tier where nothing is said.

    Parameters
    ----------
    districts
        Codes of the districts whose local figures a partner may see.
    expires
        When it ends, in a time zone; from then on it is the public tier's.
    name
        Who it is, as the log of releases names them; empty where nobody signed in.

    Examples
    --------
    >>> Access().sees_local("E06000016")
    False
    >>> Access(Tier.PARTNER, frozenset({"E06000016"})).sees_local("E06000016")
    True
    """

    tier: Tier = Tier.PUBLIC
    districts: frozenset[str] = frozenset()
    expires: datetime | None = None
    name: str = ""

    @property
    def now(self) -> Tier:
        """The tier at this moment."""
        is_over = self.expires is not None and self.expires <= datetime.now(UTC)
        return Tier.PUBLIC if is_over else self.tier

    @property
    def settled(self) -> Access:
        """What it is at this moment, for an answer that must not change half-way."""
        districts = self.districts if self.now is Tier.PARTNER else frozenset()
        return replace(self, tier=self.now, districts=districts, expires=None)

    @property
    def key(self) -> str:
        """What tells answers apart: the same for all who may see the same."""
        seen = "+".join(sorted(self.districts)) if self.now is Tier.PARTNER else ""
        return f"{self.now}:{seen}"

    @property
    def sees_all_local(self) -> bool:
        """Whether every local figure that was decided may be seen."""
        return self.now.rank >= Tier.ANALYST.rank

    @property
    def sees_some_local(self) -> bool:
        """Whether the local figures of any district may be seen."""
        return self.sees_all_local or (self.now is Tier.PARTNER and bool(self.districts))

    def sees_local(self, area_code: str) -> bool:
        """Whether the decided local figures of an area may be seen."""
        is_own = self.now is Tier.PARTNER and area_code in self.districts
        return self.sees_all_local or is_own

    @property
    def may_load(self) -> bool:
        """Whether files may be loaded."""
        return self.now.rank >= Tier.ANALYST.rank

    @property
    def may_approve(self) -> bool:
        """Whether releases may be approved and withdrawn."""
        return self.now.rank >= Tier.APPROVER.rank

    @property
    def may_move(self) -> bool:
        """Whether the whole database may be copied, and made-up figures put into it."""
        return self.now is Tier.OWNER


OWNER: Final = Access(Tier.OWNER)
"""The one user of a database on their own machine."""
