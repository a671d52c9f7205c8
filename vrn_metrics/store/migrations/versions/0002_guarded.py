"""What may be seen of local extracts, decided once for each set of releases."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "guarded_sets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("release_ids", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.UniqueConstraint("source", "release_ids", name="uq_guarded_sets_source"),
    )
    op.create_table(
        "guarded_counts",
        sa.Column("set_id", sa.Integer(), primary_key=True),
        sa.Column("quantity", sa.String(255), primary_key=True),
        sa.Column("area_code", sa.String(64), primary_key=True),
        sa.Column("period_start", sa.Date(), primary_key=True),
        sa.Column("period_end", sa.Date(), primary_key=True),
        sa.Column("lower", sa.Float(), nullable=False),
        sa.Column("upper", sa.Float()),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["set_id"], ["guarded_sets.id"], name="fk_guarded_counts_guarded_sets"
        ),
        sqlite_with_rowid=False,
    )
