"""The log of what was done to releases: only added to, each entry sealed on the one before.

An entry's seal is the SHA-256 of what it says, of the file's own hash and of the seal before it.
Whoever changes an old entry must make every later seal anew; and the last seal, written down
elsewhere, gives away even that. Entries are in the order of their numbers, not of their times: a
clock may be set back.
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, select, text

from vrn_metrics.store import database
from vrn_metrics.store.schema import RELEASE_EVENTS, RELEASES

LOADED, APPROVED, WITHDRAWN, PROTECTED = "loaded", "approved", "withdrawn", "protected"
STATES: Final = (LOADED, APPROVED, WITHDRAWN)
"""Events that say where a release stands."""
SET_BACK: Final = timedelta(minutes=1)
"""What clocks of several machines may differ by before it is said."""


@dataclass(frozen=True)
class LogEntry:
    """One thing that was done: what, to which file, by whom, when (UTC), and its seal.

    `counts_from` is the end of an embargo. `clock_back` is by how much the clock was behind that
    of an earlier entry; zero where it was not.
    """

    number: int
    event: str
    release: int
    source: str
    sha256: str
    at: datetime
    by: str
    reason: str
    counts_from: datetime | None
    seal: str
    clock_back: timedelta = timedelta()


def now() -> datetime:
    """The time of this machine's clock, in UTC."""
    return datetime.now(UTC).replace(tzinfo=None)


def system_user() -> str:
    """Who runs this, as the operating system says; an environment variable cannot say otherwise."""
    try:
        import pwd
    except ImportError:  # Windows
        return getpass.getuser()
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:  # a user without a name, as in a container
        return str(os.geteuid())


def add(
    connection: Connection,
    release_id: int,
    event: str,
    by: str,
    reason: str = "",
    counts_from: datetime | None = None,
) -> None:
    """Add an entry; part of the transaction that does what it says."""
    database.lock(connection, "log")
    kept = RELEASE_EVENTS.c
    last = connection.execute(
        select(kept.id, kept.seal).order_by(kept.id.desc()).limit(1)
    ).one_or_none()
    number, before = (last.id + 1, last.seal) if last else (1, "")
    sha256 = connection.execute(
        select(RELEASES.c.sha256).where(RELEASES.c.id == release_id)
    ).scalar_one()
    said = {
        "id": number,
        "release_id": release_id,
        "event": event,
        "at": now(),
        "by": by,
        "reason": reason,
        "counts_from": counts_from,
    }
    connection.execute(insert(RELEASE_EVENTS).values(**said, seal=sealed(before, sha256, said)))


def sealed(before: str, sha256: str, said: dict[str, Any]) -> str:
    """The seal of an entry after the one whose seal is `before`."""
    until = said["counts_from"]
    words = [
        before,
        sha256,
        said["id"],
        said["release_id"],
        said["event"],
        said["at"].isoformat(timespec="microseconds"),
        said["by"],
        said["reason"],
        until.isoformat(timespec="microseconds") if until else None,
    ]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


def seal_all(connection: Connection) -> None:
    """Seal every entry anew; for a migration, while the log may still be changed."""
    before = ""
    for row in connection.execute(_ENTRIES).mappings().all():
        before = sealed(before, row["sha256"], dict(row))
        connection.execute(
            RELEASE_EVENTS.update().where(RELEASE_EVENTS.c.id == row["id"]).values(seal=before)
        )


def entries(engine: Engine) -> list[LogEntry]:
    """The whole log, oldest first."""
    with engine.connect() as connection:
        rows = connection.execute(_ENTRIES).mappings().all()
    found, latest = [], datetime.min
    for row in rows:
        back = latest - row["at"] if latest - row["at"] > SET_BACK else timedelta()
        latest = max(latest, row["at"])
        found.append(
            LogEntry(
                number=row["id"],
                event=row["event"],
                release=row["release_id"],
                source=row["source"],
                sha256=row["sha256"],
                at=row["at"],
                by=row["by"],
                reason=row["reason"],
                counts_from=row["counts_from"],
                seal=row["seal"],
                clock_back=back,
            )
        )
    return found


def clock_words(engine: Engine) -> str:
    """A sentence if the clock is now behind the log; else empty."""
    log = entries(engine)
    ahead = max((each.at for each in log), default=datetime.min) - now()
    if ahead <= SET_BACK:
        return ""
    return (
        f"The clock of this machine is behind the log by {_length(ahead)}: an entry is dated later "
        f"than now. Set the clock right; nothing is lost, and entries keep the order of their "
        f"numbers."
    )


def faults(engine: Engine) -> list[str]:
    """Where the log is not as it was written, in words; none when sound."""
    found, before = [], ""
    for each in entries(engine):
        said = {
            "id": each.number,
            "release_id": each.release,
            "event": each.event,
            "at": each.at,
            "by": each.by,
            "reason": each.reason,
            "counts_from": each.counts_from,
        }
        if sealed(before, each.sha256, said) != each.seal:
            found.append(
                f"entry {each.number} of the log (release {each.release} {each.event} by "
                f"{each.by}) does not fit its seal: it, or what it is sealed on, was changed"
            )
        before = each.seal
    if words := clock_words(engine):
        found.append(words)
    return found


def refuse_changes(connection: Connection) -> None:
    """Make the database refuse every change of the log; adding stays possible."""
    for statement in _refusals(connection.dialect.name):
        connection.execute(text(statement))


def allow_changes(connection: Connection) -> None:
    """Take the refusal away, for a migration that must."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("DROP TRIGGER log_is_append_only ON release_events"))
    elif connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER log_no_update"))
        connection.execute(text("DROP TRIGGER log_no_delete"))


def _refusals(dialect: str) -> Sequence[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER log_no_{verb} BEFORE {verb.upper()} ON release_events "
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
            for verb in ("update", "delete")
        ]
    if dialect == "postgresql":
        return [
            "CREATE OR REPLACE FUNCTION vrn_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$",
            "CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON release_events FOR EACH STATEMENT EXECUTE FUNCTION vrn_refuse()",
        ]
    return []


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} minutes"
    return f"{minutes // 60} hours" if minutes < 2 * 24 * 60 else f"{minutes // (24 * 60)} days"


_REFUSED: Final = "the log of releases is append-only"
_ENTRIES: Final = (
    select(RELEASE_EVENTS, RELEASES.c.source, RELEASES.c.sha256)
    .join(RELEASES, RELEASES.c.id == RELEASE_EVENTS.c.release_id)
    .order_by(RELEASE_EVENTS.c.id)
)
