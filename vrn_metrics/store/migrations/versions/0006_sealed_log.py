"""The log of releases: an end of an embargo, and seals that chain; it can only be added to.

What a seal is made of is written out here, as it was when this step was made, and not taken from
the code of today: the same database comes out of it for ever.
"""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

REFUSED = "the log of releases is append-only"
REFUSALS = {
    "sqlite": [
        f"CREATE TRIGGER log_no_{verb} BEFORE {verb.upper()} ON release_events "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for verb in ("update", "delete")
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION vrn_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
        "CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON release_events FOR EACH STATEMENT EXECUTE FUNCTION vrn_refuse()",
    ],
}


def upgrade() -> None:
    op.add_column("release_events", sa.Column("counts_from", sa.DateTime()))
    op.add_column(
        "release_events", sa.Column("seal", sa.String(64), nullable=False, server_default="")
    )
    connection = op.get_bind()
    _seal(connection)
    for statement in REFUSALS.get(connection.dialect.name, []):
        connection.execute(sa.text(statement))


def _seal(connection: sa.Connection) -> None:
    """Seal every entry on the one before, in the order of their numbers."""
    events = sa.table(
        "release_events",
        sa.column("id", sa.Integer),
        sa.column("release_id", sa.Integer),
        sa.column("event", sa.String),
        sa.column("at", sa.DateTime),
        sa.column("by", sa.String),
        sa.column("reason", sa.Text),
        sa.column("seal", sa.String),
    )
    releases = sa.table("releases", sa.column("id", sa.Integer), sa.column("sha256", sa.String))
    entries = (
        sa.select(events, releases.c.sha256)
        .join(releases, releases.c.id == events.c.release_id)
        .order_by(events.c.id)
    )
    before = ""
    for row in connection.execute(entries).mappings().all():
        words = [
            before,
            row["sha256"],
            row["id"],
            row["release_id"],
            row["event"],
            row["at"].isoformat(timespec="microseconds"),
            row["by"],
            row["reason"],
            None,  # no embargo could be set before this step
        ]
        before = hashlib.sha256(json.dumps(words).encode()).hexdigest()
        connection.execute(events.update().where(events.c.id == row["id"]).values(seal=before))
