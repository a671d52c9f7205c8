"""The log of releases: an end of an embargo, and seals that chain; it can only be added to."""

import sqlalchemy as sa
from alembic import op

from vrn_metrics.store import audit

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("release_events", sa.Column("counts_from", sa.DateTime()))
    op.add_column(
        "release_events", sa.Column("seal", sa.String(64), nullable=False, server_default="")
    )
    connection = op.get_bind()
    audit.seal_all(connection)
    audit.refuse_changes(connection)
