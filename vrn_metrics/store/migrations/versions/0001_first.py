"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.Date(), nullable=False),
        sa.Column("period_start", sa.Date()),
        sa.Column("period_end", sa.Date()),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("demonstration", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("sha256", name="uq_releases_sha256"),
    )
    op.create_table(
        "area_links",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("relation", sa.String(16), primary_key=True),
        sa.Column("child_code", sa.String(16), primary_key=True),
        sa.Column("parent_code", sa.String(16), primary_key=True),
        sa.Column("child_name", sa.String(255), nullable=False),
        sa.Column("parent_name", sa.String(255), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_area_links_releases"),
    )
    op.create_table(
        "boundaries",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("layer", sa.String(8), primary_key=True),
        sa.Column("area_code", sa.String(16), primary_key=True),
        sa.Column("vintage", sa.String(4), nullable=False),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("geometry", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_boundaries_releases"),
    )
    op.create_table(
        "deprivation",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("lsoa_code", sa.String(9), primary_key=True),
        sa.Column("domain", sa.String(32), primary_key=True),
        sa.Column("lsoa_name", sa.String(255), nullable=False),
        sa.Column("district_code", sa.String(16), nullable=False),
        sa.Column("score", sa.Float()),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("decile", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_deprivation_releases"),
    )
    op.create_table(
        "neighbours",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("area_code", sa.String(16), primary_key=True),
        sa.Column("rank", sa.SmallInteger(), primary_key=True),
        sa.Column("neighbour_code", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_neighbours_releases"),
    )
    op.create_table(
        "observations",
        sa.Column("series", sa.String(64), primary_key=True),
        sa.Column("definition", sa.String(64), primary_key=True),
        sa.Column("area_code", sa.String(64), primary_key=True),
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("period_start", sa.Date(), primary_key=True),
        sa.Column("period_end", sa.Date(), primary_key=True),
        sa.Column("age_band", sa.String(16), primary_key=True),
        sa.Column("sex", sa.String(16), primary_key=True),
        sa.Column("setting", sa.String(16), primary_key=True),
        sa.Column("lower", sa.Float()),
        sa.Column("upper", sa.Float()),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_observations_releases"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "release_events",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("release_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(255), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_release_events_releases"),
    )
    op.create_index("ix_release_events_release_id", "release_events", ["release_id"])
    op.create_table(
        "release_notes",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_release_notes_releases"),
    )
    op.create_table(
        "street_places",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("lsoa_code", sa.String(9), nullable=False),
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_street_places_releases"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "street_slices",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("slice", sa.SmallInteger(), primary_key=True),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("crime_type", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_street_slices_releases"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "street_counts",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("slice", sa.SmallInteger(), primary_key=True),
        sa.Column("place", sa.Integer(), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_street_counts_releases"),
        sqlite_with_rowid=False,
    )
    op.execute(
        "CREATE VIEW street_point AS "
        "SELECT release_id, month, crime_type, longitude, latitude, lsoa_code, district_code, "
        "count FROM street_slices JOIN street_counts USING (release_id, slice) "
        "JOIN street_places USING (release_id, place)"
    )
    op.execute(
        "CREATE VIEW street_lsoa AS "
        "SELECT release_id, month, crime_type, lsoa_code, district_code, sum(count) AS count "
        "FROM street_point GROUP BY release_id, month, crime_type, lsoa_code, district_code"
    )
