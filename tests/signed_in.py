"""Somebody who is signed in, as the identity provider's word reaches a page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from streamlit.testing.v1 import AppTest

from vrn_metrics.areas import districts

OWN: Final = "E06000016"
ROLES: Final = f"""
[[role]]
claim = "groups"
value = "leicester"
tier = "partner"
districts = ["{OWN}"]

[[role]]
claim = "groups"
value = "analysts"
tier = "analyst"

[[role]]
claim = "groups"
value = "approvers"
tier = "approver"
"""
GROUPS: Final = {
    "nobody": [],
    "partner": ["leicester"],
    "analyst": ["analysts"],
    "approver": ["approvers"],
}
"""Each tier with the groups that give it; `nobody` is signed in and has no role."""
OTHERS: Final = tuple(each.code for each in districts() if each.code != OWN)


def claims(tier: str, hours: float = 1) -> dict[str, Any]:
    """What a provider says of somebody whose sign-in ends in some hours."""
    now = datetime.now(UTC)
    ends = now + timedelta(hours=hours)
    return {
        "is_logged_in": True,
        "iss": "https://provider.test",
        "sub": f"subject-{tier}",
        "email": f"{tier}@network.test",
        "email_verified": True,
        "groups": GROUPS[tier],
        "iat": int(now.timestamp()),
        "exp": int(ends.timestamp()),
    }


def write_roles(folder: Path, more: str = "") -> Path:
    """The file of roles."""
    path = folder / "access.toml"
    path.write_text(ROLES + more, encoding="utf-8")
    return path


def sign_in(app: AppTest, said: dict[str, Any] | None) -> None:
    """Open a page as on a server where people sign in; `None`: somebody who has not."""
    app.secrets["auth"] = {"cookie_secret": "c" * 48, "client_id": "vrn"}
    app.user = said or {"is_logged_in": False}
