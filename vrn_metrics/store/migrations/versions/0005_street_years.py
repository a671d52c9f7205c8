"""Street-level counts: the years that a release ends with by small area, and places by square.

Years are filled in for the releases that are there. Their places stay as they are numbered, and
have no squares: a box is then looked for among all of them.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "street_years",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("last_month", sa.Date(), primary_key=True),
        sa.Column("crime_type", sa.String(64), primary_key=True),
        sa.Column("lsoa_code", sa.String(9), primary_key=True),
        sa.Column("district_code", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_street_years_releases"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_street_years_largest",
        "street_years",
        ["release_id", "last_month", sa.text("count DESC"), "lsoa_code"],
        sqlite_where=sa.text("crime_type = 'all'"),
        postgresql_where=sa.text("crime_type = 'all'"),
    )
    op.create_table(
        "street_squares",
        sa.Column("release_id", sa.Integer(), primary_key=True),
        sa.Column("square", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("first_place", sa.Integer(), nullable=False),
        sa.Column("last_place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release_id"], ["releases.id"], name="fk_street_squares_releases"),
        sqlite_with_rowid=False,
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    """The last twelve months of each release, and the twelve before, as a load makes them."""
    slices = sa.table(
        "street_slices", sa.column("release_id"), sa.column("month", sa.Date), sa.column("slice")
    )
    held: dict[int, list[date]] = {}
    for release_id, month in connection.execute(
        sa.select(slices.c.release_id, slices.c.month).distinct().order_by(slices.c.month)
    ):
        held.setdefault(release_id, []).append(month)
    for release_id, months in held.items():
        last = months[-1]
        for back in (0, 1):
            end = last.replace(year=last.year - back)
            start = _after(end.replace(year=end.year - 1))
            inside = [each for each in months if start <= each <= end]
            if len(inside) == 12:
                for kind, by in (("crime_type", ", crime_type"), ("'all'", "")):
                    sums = sa.text(_SUMS.format(kind=kind, by=by)).bindparams(
                        sa.bindparam("start", type_=sa.Date()), sa.bindparam("end", type_=sa.Date())
                    )
                    asked = {"release": release_id, "start": start, "end": end}
                    connection.execute(sums, asked)


def _after(month: date) -> date:
    """The first day of the month after."""
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


_SUMS = """
    INSERT INTO street_years (release_id, last_month, crime_type, lsoa_code, district_code, count)
    SELECT release_id, :end, {kind}, lsoa_code, district_code, sum(count)
    FROM street_lsoa
    WHERE release_id = :release AND month BETWEEN :start AND :end
    GROUP BY release_id, lsoa_code, district_code{by}
"""
