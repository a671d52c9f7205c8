"""The programme: expectations, projects, interventions and agreements of a release."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "programme_records",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("record", sa.String(16), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("belongs_to", sa.Text()),
        sa.Column("status", sa.String(16)),
        sa.Column("role", sa.Text()),
        sa.Column("start_date", sa.Date()),
        sa.Column("end_date", sa.Date()),
        sa.Column("district_codes", sa.Text()),
        sa.Column("tier", sa.String(16)),
        sa.Column("rating", sa.String(16)),
        sa.Column("reach", sa.Integer()),
        sa.Column("cost_pence", sa.BigInteger()),
        sa.Column("organisation", sa.Text()),
        sa.Column("evidence", sa.Text()),
        sa.ForeignKeyConstraint(
            ["release_id"], ["releases.id"], name="fk_programme_records_releases"
        ),
        sqlite_with_rowid=False,
    )
