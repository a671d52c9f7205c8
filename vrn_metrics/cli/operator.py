"""Who types a command: the owner of the database, or on a server an account with a role."""

from __future__ import annotations

import getpass
import os

from vrn_metrics.access import OWNER, Access
from vrn_metrics.errors import StoreError
from vrn_metrics.roles import read_roles, roles_file


def operator() -> Access:
    """What the account that runs the command may do.

    Where there is a file of roles (VRN_ACCESS_FILE, else .streamlit/access.toml), its [[account]]
    lines say so, by the operating system's own word and not by the environment's; an account that
    no line names sees published figures only. Without such a file whoever has the database owns
    it. This keeps colleagues from mistakes: whoever holds the database's password can do without.

    Raises
    ------
    BadInputError
        If the file is not as expected.
    StoreError
        If the system cannot say who runs the command.
    """
    path = roles_file()
    if not path.exists() and "VRN_ACCESS_FILE" not in os.environ:
        return OWNER
    return read_roles(path).account(*_account())


def _account() -> tuple[str, list[str]]:
    """The name of the account and its groups."""
    try:
        import grp
        import pwd
    except ModuleNotFoundError as error:
        raise StoreError(
            f"expected a system with accounts and groups for the roles in the file, "
            f"found none such for '{getpass.getuser()}'. Use the page, where people sign in."
        ) from error
    entry = pwd.getpwuid(os.getuid())
    groups = os.getgrouplist(entry.pw_name, entry.pw_gid)
    return entry.pw_name, [_name(grp, number) for number in groups]


def _name(grp: object, number: int) -> str:
    try:
        return str(grp.getgrgid(number).gr_name)  # type: ignore[attr-defined]
    except KeyError:
        return str(number)
