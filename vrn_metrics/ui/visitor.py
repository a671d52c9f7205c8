"""Who looks at a page: by the identity provider's word, and on a local server its owner."""

from __future__ import annotations

import logging
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from vrn_metrics.access import OWNER, Access
from vrn_metrics.errors import BadInputError, StoreError
from vrn_metrics.roles import Roles, read_roles, roles_file

LOCAL: Final = ("localhost", "127.0.0.1", "::1")
PASSED_ON: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""Headers that a reverse proxy adds: whoever comes through one does not sit at this machine."""
SHORTEST_SECRET: Final = 32

_LOG: Final = logging.getLogger(__name__)


def visitor() -> Access:
    """What whoever looks may see at this moment.

    Where people sign in, that is what the file of roles says of them: published figures, if it
    says nothing. Where they do not, the owner of this machine sees everything from it, and
    nobody else anything local.
    """
    if not signs_in():
        return OWNER if is_local() else Access()
    if not is_signed_in():
        return Access()
    return signed_in_as().settled


def signed_in_as() -> Access:
    """What the roles give to whoever is signed in, and until when."""
    return _roles().access(st.user.to_dict())


def signs_in() -> bool:
    """Whether the server has an identity provider to sign in at."""
    return bool(_settings())


def is_signed_in() -> bool:
    """Whether somebody is signed in in this session, who has not signed out in another."""
    said = st.user.to_dict()
    return said.get("is_logged_in") is True and _session(said) not in signed_out()


def is_local() -> bool:
    """Whether the server listens to this machine alone, and this visitor is at it."""
    headers = st.context.headers
    host = headers.get("Host", "localhost")
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    return (
        st.get_option("server.address") in LOCAL
        and name.strip("[]") in LOCAL
        and not any(each in headers for each in PASSED_ON)
    )


def providers() -> list[str]:
    """The identity providers by name, as the settings have them; '' is the one without a name."""
    settings = _settings()
    named = [key for key, each in settings.items() if hasattr(each, "keys") and "client_id" in each]
    return named or [""]


def remember_signing_out() -> None:
    """End this sign-in in every window and for every copy of its cookie."""
    signed_out().add(_session(st.user.to_dict()))


@st.cache_resource
def signed_out() -> set[tuple[str, ...]]:
    """Sign-ins that were ended on this server since it started."""
    return set()


def check_settings() -> None:
    """Refuse to start with settings under which anybody could be anybody.

    Raises
    ------
    StoreError
        If the secret that signs cookies is short.
    BadInputError
        If the file of roles is not as expected.
    """
    settings = _settings()
    if not settings:
        return
    secret = settings.get("cookie_secret", "")
    if len(str(secret)) < SHORTEST_SECRET:
        raise StoreError(
            f"expected a cookie_secret of at least {SHORTEST_SECRET} characters under [auth] in "
            f"the secrets, found {len(str(secret))}: whoever guesses it is whoever they like. "
            f"Make one with 'python -c \"import secrets; print(secrets.token_urlsafe(48))\"'."
        )
    path = roles_file()
    if path.exists():
        read_roles(path)
    else:
        _LOG.warning("No file of roles at %s: everybody sees published figures only.", path)


def _roles() -> Roles:
    """The roles as the file has them now; none at all where it cannot be read."""
    path = roles_file()
    try:
        about = path.stat()
    except OSError:
        return Roles()
    try:
        return _read(path, about.st_mtime_ns, about.st_size)
    except BadInputError as error:
        _LOG.error("Nobody has a role: %s", error)
        return Roles()


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Roles:
    return read_roles(path)


def _settings() -> dict[str, Any]:
    """The section [auth] of the secrets; empty without one."""
    try:
        return dict(st.secrets.get("auth", {}))
    except StreamlitSecretNotFoundError:
        return {}


def _session(said: dict[str, Any]) -> tuple[str, ...]:
    """What tells one sign-in from the person's next."""
    return tuple(str(said.get(each)) for each in ("iss", "sub", "iat", "exp", "nonce"))
