"""The tables. Facts hang on a release and are never changed; what happens to a release is a log."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

RELEASES: Final = Table(
    "releases",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("file_name", String(255), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("edition", Date, nullable=False),
    Column("period_start", Date),
    Column("period_end", Date),
    Column("rows", Integer, nullable=False),
    Column("demonstration", Boolean, nullable=False),
)

RELEASE_EVENTS: Final = Table(
    "release_events",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("release_id", ForeignKey("releases.id"), nullable=False, index=True),
    Column("event", String(16), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("by", String(255), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("counts_from", DateTime),
    Column("seal", String(64), nullable=False, default=""),
)

RELEASE_NOTES: Final = Table(
    "release_notes",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("rows", Integer, nullable=False),
)

OBSERVATIONS: Final = Table(
    "observations",
    METADATA,
    Column("series", String(64), primary_key=True),
    Column("definition", String(64), primary_key=True),
    Column("area_code", String(64), primary_key=True),
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("period_start", Date, primary_key=True),
    Column("period_end", Date, primary_key=True),
    Column("age_band", String(16), primary_key=True),
    Column("sex", String(16), primary_key=True),
    Column("setting", String(16), primary_key=True),
    Column("lower", Float),
    Column("upper", Float),
    Column("status", SmallInteger, nullable=False),
    Column("provisional", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# A year of a force is 100,000 incidents at 10,000 places. Its counts are kept once, narrow and in
# the order of their key; the views `street_point` and `street_lsoa` say them in words.
STREET_PLACES: Final = Table(
    "street_places",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("longitude", Float, nullable=False),
    Column("latitude", Float, nullable=False),
    Column("lsoa_code", String(9), nullable=False),
    Column("district_code", String(64), nullable=False),
    sqlite_with_rowid=False,
)

STREET_SLICES: Final = Table(
    "street_slices",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("slice", SmallInteger, primary_key=True, autoincrement=False),
    Column("month", Date, nullable=False),
    Column("crime_type", String(64), nullable=False),
    sqlite_with_rowid=False,
)

STREET_COUNTS: Final = Table(
    "street_counts",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("slice", SmallInteger, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Made with a release from its counts: which places lie in a square, and the years it ends with.
STREET_SQUARES: Final = Table(
    "street_squares",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("square", Integer, primary_key=True, autoincrement=False),
    Column("first_place", Integer, nullable=False),
    Column("last_place", Integer, nullable=False),
    sqlite_with_rowid=False,
)

STREET_YEARS: Final = Table(
    "street_years",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("last_month", Date, primary_key=True),
    Column("crime_type", String(64), primary_key=True),
    Column("lsoa_code", String(9), primary_key=True),
    Column("district_code", String(64), nullable=False),
    Column("count", Integer, nullable=False),
    sqlite_with_rowid=False,
)
# The largest small areas of all types are read in their order.
Index(
    "ix_street_years_largest",
    STREET_YEARS.c.release_id,
    STREET_YEARS.c.last_month,
    STREET_YEARS.c.count.desc(),
    STREET_YEARS.c.lsoa_code,
    sqlite_where=text("crime_type = 'all'"),
    postgresql_where=text("crime_type = 'all'"),
)

BOUNDARIES: Final = Table(
    "boundaries",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("layer", String(8), primary_key=True),
    Column("area_code", String(16), primary_key=True),
    Column("vintage", String(4), nullable=False),
    Column("name", String(255), nullable=False),
    Column("geometry", Text, nullable=False),
)

AREA_LINKS: Final = Table(
    "area_links",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("relation", String(16), primary_key=True),
    Column("child_code", String(16), primary_key=True),
    Column("parent_code", String(16), primary_key=True),
    Column("child_name", String(255), nullable=False),
    Column("parent_name", String(255), nullable=False),
)

DEPRIVATION: Final = Table(
    "deprivation",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("lsoa_code", String(9), primary_key=True),
    Column("domain", String(32), primary_key=True),
    Column("lsoa_name", String(255), nullable=False),
    Column("district_code", String(16), nullable=False),
    Column("score", Float),
    Column("rank", Integer, nullable=False),
    Column("decile", SmallInteger, nullable=False),
)

NEIGHBOURS: Final = Table(
    "neighbours",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("area_code", String(16), primary_key=True),
    Column("rank", SmallInteger, primary_key=True),
    Column("neighbour_code", String(16), nullable=False),
)

# One record of the programme a row: expectations, projects, interventions, agreements.
PROGRAMME_RECORDS: Final = Table(
    "programme_records",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("record", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("belongs_to", Text),
    Column("status", String(16)),
    Column("role", Text),
    Column("start_date", Date),
    Column("end_date", Date),
    Column("district_codes", Text),
    Column("tier", String(16)),
    Column("rating", String(16)),
    Column("reach", Integer),
    Column("cost_pence", BigInteger),
    Column("organisation", Text),
    Column("evidence", Text),
    sqlite_with_rowid=False,
)

# One line of the ledger a row, in whole pence.
LEDGER_LINES: Final = Table(
    "ledger_lines",
    METADATA,
    Column("release_id", ForeignKey("releases.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("year", String(8), nullable=False),
    Column("day", Date, nullable=False),
    Column("line", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("category", String(16), nullable=False),
    Column("amount_pence", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("funding_stream", String(16), nullable=False),
    Column("classified_by", Text),
    Column("reason", Text),
    Column("doubtful", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# What may be seen of local extracts: one set of figures for each set of releases that counted.
GUARDED_SETS: Final = Table(
    "guarded_sets",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("source", String(64), nullable=False),
    Column("release_ids", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("rules", Text, nullable=False),
    UniqueConstraint("source", "release_ids", name="uq_guarded_sets_source"),
)

GUARDED_COUNTS: Final = Table(
    "guarded_counts",
    METADATA,
    Column("set_id", ForeignKey("guarded_sets.id"), primary_key=True),
    Column("quantity", String(255), primary_key=True),
    Column("area_code", String(64), primary_key=True),
    Column("period_start", Date, primary_key=True),
    Column("period_end", Date, primary_key=True),
    Column("lower", Float, nullable=False),
    Column("upper", Float),
    Column("status", SmallInteger, nullable=False),
    Column("provisional", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# What a release fills besides observations.
REFERENCE_TABLES: Final = {
    table.name: table
    for table in (
        STREET_PLACES,
        STREET_SLICES,
        STREET_COUNTS,
        STREET_SQUARES,
        STREET_YEARS,
        BOUNDARIES,
        AREA_LINKS,
        DEPRIVATION,
        NEIGHBOURS,
        PROGRAMME_RECORDS,
        LEDGER_LINES,
    )
}
