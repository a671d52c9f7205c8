"""Who asks, and what they may see of local data: nothing, unless something says otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final


class Tier(StrEnum):
    """How far somebody is trusted."""

    PUBLIC = "public"
    PARTNER = "partner"
    ANALYST = "analyst"
    APPROVER = "approver"
    OWNER = "owner"


_ALL_LOCAL: Final = frozenset({Tier.ANALYST, Tier.APPROVER, Tier.OWNER})
_LOADS: Final = frozenset({Tier.ANALYST, Tier.OWNER})
_APPROVES: Final = frozenset({Tier.APPROVER, Tier.OWNER})


@dataclass(frozen=True)
class Access:
    """What one person may do; the public tier where nothing is said.

    Parameters
    ----------
    districts
        Codes of the districts whose local figures a partner may see.
    expires
        When it ends, in a time zone; from then on it is the public tier's.

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

    @property
    def now(self) -> Tier:
        """The tier at this moment."""
        is_over = self.expires is not None and self.expires <= datetime.now(UTC)
        return Tier.PUBLIC if is_over else self.tier

    @property
    def sees_all_local(self) -> bool:
        """Whether every local figure that was decided may be seen."""
        return self.now in _ALL_LOCAL

    def sees_local(self, area_code: str) -> bool:
        """Whether the decided local figures of an area may be seen."""
        is_own = self.now is Tier.PARTNER and area_code in self.districts
        return self.sees_all_local or is_own

    @property
    def may_load(self) -> bool:
        """Whether files may be loaded."""
        return self.now in _LOADS

    @property
    def may_approve(self) -> bool:
        """Whether releases may be approved and withdrawn."""
        return self.now in _APPROVES


OWNER: Final = Access(Tier.OWNER)
"""The one user of a database on their own machine."""
