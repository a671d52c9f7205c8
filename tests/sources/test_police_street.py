"""Street-level crime: what is kept, what is set aside and why, and what is refused."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from datetime import date

import pandas as pd
import pytest

from vrn_metrics import areas
from vrn_metrics.errors import BadInputError
from vrn_metrics.observations import broken_rules
from vrn_metrics.sources import _street_rows, open_document, police_street
from vrn_metrics.sources._document import HEAD_ROWS
from vrn_metrics.sources._street_rows import COLUMNS

HEADER = ",".join(COLUMNS)
FORCE = "Leicestershire Police"
MONTHS = [f"2025-{month:02d}" for month in range(1, 7)]


def line(
    crime_id="a1",
    month="2025-01",
    lon="-1.130000",
    lat="52.630000",
    code="E01013600",
    name="Leicester 003A",
    kind="Robbery",
    force=FORCE,
    outcome="Under investigation",
):
    place = "On or near High Street" if lon else "No Location"
    cells = (crime_id, month, force, force, lon, lat, place, code, name, kind, outcome, "")
    return ",".join(cells)


def nowhere(crime_id="n1", **changes):
    return line(crime_id, lon="", lat="", code="", name="", **changes)


def write(path, *lines, encoding="utf-8", end="\n"):
    path.write_bytes(("\n".join((HEADER, *lines)) + end).encode(encoding))
    return path


def read(path):
    document = open_document(path)
    assert police_street.recognise(document)
    return police_street.read(document)


def refusal(path):
    with pytest.raises(BadInputError) as refused:
        read(path)
    return str(refused.value)


def note_rows(reading, words):
    return sum(note.rows for note in reading.notes if words in note.text)


def joined(reading):
    """The counts with their month, crime type and place, as the store's view joins them."""
    slices, places, counts = (
        reading.tables[f"street_{name}"] for name in ("slices", "places", "counts")
    )
    found = counts.merge(slices, on="slice", validate="m:1").merge(
        places, on="place", validate="m:1"
    )
    assert len(found) == len(counts)
    return found


def value(reading, area, kind, month="2025-01"):
    rows = reading.observations
    chosen = rows[
        (rows["area_code"] == area)
        & (rows["series"] == police_street.series_key(kind))
        & (rows["period_start"] == date.fromisoformat(f"{month}-01"))
    ]
    return chosen["lower"].tolist()


SIX_ROWS = (
    line("a1"),
    line("a2", kind="Drugs"),
    line("", kind="Anti-social behaviour"),
    line("", kind="Anti-social behaviour"),
    line("a3", lon="-1.900000", lat="52.400000", code="E01008923", name="Birmingham 102B"),
    nowhere("a4"),
)


def test_rows_are_kept_outside_or_without_location(tmp_path):
    reading = read(write(tmp_path / "street.csv", *SIX_ROWS))
    assert note_rows(reading, "nine districts") == 4
    assert note_rows(reading, "outside") == 1
    assert note_rows(reading, "no location") == 1
    assert value(reading, areas.LEICESTER, "Anti-social behaviour") == [2]
    assert value(reading, areas.UNASSIGNED, "Robbery") == [1]
    assert reading.edition == date(2025, 1, 31)
    assert broken_rules(reading.observations) == []


def test_type_that_did_not_occur_is_zero_but_district_without_rows_is_missing(tmp_path):
    reading = read(write(tmp_path / "street.csv", *SIX_ROWS))
    assert value(reading, areas.LEICESTER, "Bicycle theft") == [0]
    assert value(reading, areas.RUTLAND, "Robbery") == []
    assert any("Rutland in January 2025" in note.text for note in reading.notes)


def test_absent_month_is_missing(tmp_path):
    path = write(tmp_path / "street.csv", line("a1"), line("a2", month="2025-03"))
    reading = read(path)
    assert set(reading.observations["period_start"]) == {date(2025, 1, 1), date(2025, 3, 1)}


def test_points_and_lsoas_hold_located_rows_of_the_nine_only(tmp_path):
    points = joined(read(write(tmp_path / "street.csv", *SIX_ROWS)))
    assert points["count"].sum() == 4
    assert set(points["lsoa_code"]) == {"E01013600"}
    assert set(points["district_code"]) == {areas.LEICESTER}
    behaviour = points[points["crime_type"] == "Anti-social behaviour"].iloc[0]
    assert (behaviour["longitude"], behaviour["latitude"], behaviour["count"]) == (-1.13, 52.63, 2)
    assert behaviour["month"] == date(2025, 1, 1)


def test_exact_repeat_with_an_id_is_set_aside_and_counted(tmp_path):
    reading = read(write(tmp_path / "street.csv", line("a1"), line("a1"), line("a2")))
    assert value(reading, areas.LEICESTER, "Robbery") == [2]
    assert note_rows(reading, "exact repeats") == 1


def test_one_id_in_two_months_is_two_incidents(tmp_path):
    reading = read(write(tmp_path / "street.csv", line("a1"), line("a1", month="2025-02")))
    assert note_rows(reading, "nine districts") == 2


def test_repeats_are_found_across_blocks(tmp_path, monkeypatch):
    monkeypatch.setattr(_street_rows, "BLOCK_BYTES", 1024)
    rows = [line(f"id{number}") for number in range(50)]
    reading = read(write(tmp_path / "street.csv", *rows, line("id3")))
    assert note_rows(reading, "exact repeats") == 1
    assert note_rows(reading, "nine districts") == 50


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (line(month="2025-13"), "month as YYYY-MM, found '2025-13'"),
        (line(month="202501"), "month as YYYY-MM"),
        (line(month="2999-01"), "a month that has begun, found '2999-01'"),
        (line(kind="Robery"), "crime types in use since May 2013, found 'Robery'"),
        (line(code="LE1"), "an LSOA code such as E01013609, found 'LE1'"),
        (line(lon="east"), "invalid value 'east'"),
        (line(lon="52.630000", lat="-1.130000"), "longitude before latitude"),
        (line(lon="458946", lat="304594"), "degrees in the United Kingdom"),
        (line(lat=""), "both coordinates or none"),
        (line(name=""), "an LSOA code with its name"),
        (line(lon="", lat=""), "coordinates beside an LSOA"),
        (line("a9", name="Blaby 001A"), "one name for an LSOA code"),
        (line("a1", outcome="Local resolution"), "one row for each Crime ID of a month"),
        (line(force=""), "the name of a force"),
    ],
)
def test_impossible_rows_are_refused(tmp_path, broken, said):
    assert said in refusal(write(tmp_path / "street.csv", line("a1"), broken))


def test_all_broken_rules_are_told_with_row_and_times(tmp_path):
    path = write(
        tmp_path / "street.csv",
        line("a1"),
        line("a2", kind="?"),
        line("a3", kind="?"),
        line(month="x"),
    )
    said = refusal(path)
    assert "row 3: expected one of the 14 crime types" in said
    assert "2 times" in said
    assert "row 5: expected a month as YYYY-MM" in said


def test_cut_last_line_is_refused(tmp_path):
    path = write(tmp_path / "street.csv", line("a1"), line("a2")[:40], end="")
    assert "row 3: expected 12 cells in every row" in refusal(path)


def test_every_point_of_truncation_inside_a_row_is_refused(tmp_path):
    whole = line("a2")
    for length in range(1, len(whole)):
        path = write(tmp_path / "street.csv", line("a1"), whole[:length], end="")
        assert "12 cells in every row" in refusal(path), whole[:length]


def test_quote_that_is_never_closed_is_refused(tmp_path):
    path = write(tmp_path / "street.csv", line("a1"), line('"a2'), line("a3"))
    assert "complete comma-separated text" in refusal(path)
    above = [line(f"a{number}") for number in range(HEAD_ROWS)]  # recognition looks no further
    path = write(tmp_path / "street.csv", *above, line('"b2'), line("b3"))
    assert "12 cells in every row" in refusal(path)


def test_longer_row_is_refused(tmp_path):
    assert "found 13" in refusal(write(tmp_path / "street.csv", line("a1") + ","))


def test_changed_header_is_refused(tmp_path):
    path = tmp_path / "street.csv"
    path.write_text(f"{HEADER},Victim age\n{line()},21\n")
    assert "an unknown 'Victim age'" in refusal(path)
    path.write_text(HEADER.replace("Latitude,", "") + f"\n{line()}\n")
    assert "no 'Latitude'" in refusal(path)
    path.write_text(HEADER.replace("Longitude,Latitude", "Latitude,Longitude") + f"\n{line()}\n")
    assert "another order" in refusal(path)


def test_header_alone_is_refused(tmp_path):
    assert "at least one row of data" in refusal(write(tmp_path / "street.csv"))


def test_another_force_is_refused(tmp_path):
    path = write(tmp_path / "street.csv", line(force="Nottinghamshire Police"))
    assert "Nottinghamshire Police" in refusal(path)


def test_row_of_another_force_in_our_file_is_set_aside(tmp_path):
    path = write(tmp_path / "street.csv", line("a1"), line("a2", force="British Transport Police"))
    reading = read(path)
    assert note_rows(reading, "another force") == 1
    assert note_rows(reading, "nine districts") == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_encodings_give_the_same(tmp_path, encoding):
    text = line("a1").replace("High Street", "Café Row")
    reading = read(write(tmp_path / "street.csv", text, nowhere(), encoding=encoding))
    assert note_rows(reading, "nine districts") == 1


def test_windows_line_ends_and_quoted_cells(tmp_path):
    path = tmp_path / "street.csv"
    quoted = line("a1").replace("On or near High Street", '"Shop ""A"", High Street"')
    path.write_bytes(f"{HEADER}\r\n{quoted}\r\n".encode())
    assert note_rows(read(path), "nine districts") == 1


def zip_of(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def member(month, slug="leicestershire", table="street"):
    return f"{month}/{month}-{slug}-{table}.csv"


def test_zip_reads_our_street_files_and_tells_of_the_rest(tmp_path):
    path = zip_of(
        tmp_path / "crimes.zip",
        **{
            member("2025-01"): f"{HEADER}\n{line('a1')}\n",
            member(
                "2025-02"
            ): f"{HEADER}\n{line('a2', month='2025-02')}\n{nowhere(month='2025-02')}",
            member("2025-01", "nottinghamshire"): f"{HEADER}\n{line('b1')}\n{line('b2')}\n",
            member("2025-01", table="outcomes"): "Crime ID,Month\n",
            member("2025-01", table="stop-and-search"): "Type,Date\n",
            "README.txt": "hello",
        },
    )
    reading = read(path)
    assert note_rows(reading, "nine districts") == 2
    assert note_rows(reading, "other forces") == 2
    texts = " ".join(note.text for note in reading.notes)
    assert "1 files of outcomes" in texts
    assert "1 files of stops and searches" in texts
    assert "1 files that are none" in texts
    assert reading.edition == date(2025, 2, 28)


def test_zip_names_the_member_of_a_broken_row(tmp_path):
    path = zip_of(
        tmp_path / "crimes.zip",
        **{
            member("2025-01"): f"{HEADER}\n{line('a1')}\n",
            member("2025-02"): f"{HEADER}\n{line('a2', month='2025-02')}\n{line('a3')}\n",
        },
    )
    said = refusal(path)
    assert f"sheet '{member('2025-02')}', row 3: expected the month in the file's name" in said


def test_zip_with_one_month_twice_is_refused(tmp_path):
    text = f"{HEADER}\n{line('a1')}\n"
    path = zip_of(
        tmp_path / "crimes.zip",
        **{member("2025-01"): text, f"old/{member('2025-01')}": text},
    )
    assert "one street file of the force for each month" in refusal(path)


def test_zip_of_other_forces_is_refused(tmp_path):
    path = zip_of(tmp_path / "crimes.zip", **{member("2025-01", "kent"): f"{HEADER}\n{line()}\n"})
    assert "street files of other forces only" in refusal(path)


def test_damaged_member_is_refused(tmp_path):
    path = tmp_path / "crimes.zip"
    text = f"{HEADER}\n" + "\n".join(line(f"id{number}") for number in range(500))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member("2025-01"), text)
    content = bytearray(path.read_bytes())
    for position in range(600, 680):
        content[position] ^= 0xFF
    path.write_bytes(content)
    assert "a member that unpacks" in refusal(path)


def test_outcomes_file_is_not_claimed(tmp_path):
    path = tmp_path / "outcomes.csv"
    path.write_text(
        "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
        "Outcome type\n"
    )
    assert not police_street.recognise(open_document(path))


@pytest.fixture(scope="module")
def counted(real):
    """The six real months by the csv module: rows by month, district (or reason) and type."""
    names = {each.name: each.code for each in areas.districts()}
    found = Counter()
    for month in MONTHS:
        path = real(f"police_uk/{month}/{month}-leicestershire-street.csv")
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                district = row["LSOA name"].rpartition(" ")[0]
                where = names.get(district, "outside") if district else areas.UNASSIGNED
                found[month, where, row["Crime type"]] += 1
    return found


@pytest.fixture(scope="module")
def real_zip(real, tmp_path_factory):
    path = tmp_path_factory.mktemp("street") / "crimes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for month in MONTHS:
            name = member(month)
            archive.write(real(f"police_uk/{name}"), name)
    return read(path)


def test_real_months_agree_with_an_independent_count(real_zip, counted):
    rows = real_zip.observations
    assert len(rows) == 6 * 10 * 14
    for row in rows.itertuples():
        kind = next(
            each
            for each in police_street.CRIME_TYPES
            if police_street.series_key(each) == row.series
        )
        assert row.lower == counted[f"{row.period_start:%Y-%m}", row.area_code, kind]
    assert rows["lower"].sum() == sum(
        count for (_, where, _), count in counted.items() if where != "outside"
    )


def test_real_rows_are_all_accounted_for(real_zip, counted):
    assert sum(note.rows for note in real_zip.notes) == sum(counted.values()) == 54_028
    by_month = {
        (month, reason): sum(
            count
            for (when, where, _), count in counted.items()
            if when == month and (where == reason if reason != "kept" else where.startswith("E0"))
        )
        for month in MONTHS
        for reason in ("kept", "outside")
    }
    labels = dict(
        zip(MONTHS, ("January", "February", "March", "April", "May", "June"), strict=True)
    )
    for (month, reason), count in by_month.items():
        words = "placed outside" if reason == "outside" else "incidents in the nine"
        assert note_rows(real_zip, f"{labels[month]} 2025: {words}") == count


def test_real_tables_add_up_to_the_observations(real_zip):
    located = real_zip.observations[real_zip.observations["area_code"] != areas.UNASSIGNED]
    points = joined(real_zip)
    points["series"] = points["crime_type"].map(police_street.series_key)
    summed = points.groupby(["month", "district_code", "series"])["count"].sum()
    filled = located[located["lower"] > 0].set_index(["period_start", "area_code", "series"])
    assert summed.to_dict() == filled["lower"].to_dict()
    assert not points.duplicated(
        ["month", "crime_type", "lsoa_code", "longitude", "latitude"]
    ).any()
    assert points["lsoa_code"].nunique() <= 634


def test_real_month_as_one_file_equals_the_same_month_in_a_zip(real, real_zip):
    alone = read(real(f"police_uk/{member('2025-06')}"))
    together = real_zip.observations
    june = together[together["period_start"] == date(2025, 6, 1)].reset_index(drop=True)
    pd.testing.assert_frame_equal(alone.observations, june)
