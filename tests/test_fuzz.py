"""Spoil every demonstration file in every way: refused with a message, or loaded whole."""

import random
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.observations import broken_rules
from vrn_metrics.sources import identify, open_document
from vrn_metrics.store.releases import DEMO

FILES = sorted(
    path
    for path in DEMO.iterdir()
    if path.suffix in (".csv", ".xlsx", ".ods", ".zip", ".geojson") and path.name != "MANIFEST.csv"
)


def outcome(path, name):
    """Refused with a message, or read to a sound table whose rows are all accounted for."""
    try:
        document = open_document(path, name)
        reading = identify(document).read(document)
    except VrnMetricsError:
        return "refused"
    assert len(reading.observations) or any(map(len, reading.tables.values()))
    if len(reading.observations):
        assert broken_rules(reading.observations) == []
    return "read"


def spoil_bytes(content, chance):
    """Flip, cut or repeat some bytes."""
    kind = chance.choice(["flip", "cut", "repeat", "insert"])
    at = chance.randrange(len(content))
    if kind == "flip":
        return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
    if kind == "cut":
        return content[:at]
    if kind == "repeat":
        return content[:at] + content[max(0, at - 200) : at] + content[at:]
    return content[:at] + bytes(chance.randrange(256) for _ in range(5)) + content[at:]


CELLS = [
    "",
    "*",
    "-1",
    "abc",
    "1e400",
    "NaN",
    "99999999999999999999",
    "=1+1",
    "2099-12",
    "\ufffd",
    '"',
    "0",
]


def spoil_cells(content, chance):
    """Change one cell, drop a column, or repeat, drop or swap lines of a text table."""
    lines = content.decode("utf-8-sig").split("\n")
    at = chance.randrange(len(lines))
    cells = lines[at].split(",")
    column = chance.randrange(len(cells))
    kind = chance.choice(["cell", "column", "repeat", "drop", "swap", "short"])
    if kind == "cell":
        cells[column] = chance.choice(CELLS)
        lines[at] = ",".join(cells)
    elif kind == "column":
        lines = [
            ",".join(each.split(",")[:column] + each.split(",")[column + 1 :]) for each in lines
        ]
    elif kind == "repeat":
        lines.insert(at, lines[at])
    elif kind == "drop":
        del lines[at]
    elif kind == "swap":
        other = chance.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    else:
        lines[at] = ",".join(cells[:column])
    return "\n".join(lines).encode()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 2**32), ways=st.integers(1, 3))
def test_a_spoilt_file_is_refused_or_read_whole(path, seed, ways, tmp_path):
    chance = random.Random(seed)  # noqa: S311
    content = path.read_bytes()
    for _ in range(ways):
        spoil = spoil_cells if path.suffix == ".csv" and chance.random() < 0.7 else spoil_bytes
        try:
            content = spoil(content, chance)
        except UnicodeDecodeError:
            content = spoil_bytes(content, chance)
    spoilt = tmp_path / f"spoilt{path.suffix}"
    spoilt.write_bytes(content or b" ")
    outcome(spoilt, path.name)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_sound_file_is_read(path):
    assert outcome(path, path.name) == "read"


def test_a_zip_of_nothing_useful_is_refused(tmp_path):
    path = tmp_path / "nothing.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert outcome(path, path.name) == "refused"
