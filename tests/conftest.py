"""What every test may ask for."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from tests import once
from tests.postgres import Server, find_binaries

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# A folder that all processes of one run share; whoever makes it removes it.
RUN_FOLDER = "VRN_TEST_RUN_FOLDER"


def pytest_configure(config: pytest.Config) -> None:
    """Make the run's folder in the first process; its workers inherit the name of it."""
    os.environ.setdefault("VRN_FOUR_EYES", "off")  # tests load and approve as one user
    if RUN_FOLDER not in os.environ:
        folder = Path(tempfile.mkdtemp(prefix="vrn-tests-"))
        folder.chmod(0o755)  # the database server's user must get through
        os.environ[RUN_FOLDER] = str(folder)
        config.add_cleanup(lambda: _clean(folder))


def _clean(folder: Path) -> None:
    """Stop what the run started; workers are gone by now, whatever became of them."""
    del os.environ[RUN_FOLDER]
    binaries = find_binaries()
    server = folder / "postgresql"
    if binaries and (server / "data" / "postmaster.pid").exists():
        Server(binaries, server).stop()
    shutil.rmtree(folder)


def missing(reason: str) -> NoReturn:
    """Skip a test whose program is not installed; where everything must be, fail it."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def run_folder() -> Path:
    """The folder that every process of this run shares."""
    return Path(os.environ[RUN_FOLDER])


@pytest.fixture(scope="session")
def real() -> Callable[[str], Path]:
    """A real published file by its path in the shared folder; the test is skipped without it."""

    def find(name: str) -> Path:
        path = SHARED / "real" / name
        if not path.exists():
            pytest.skip(f"the real file {name} is not beside this checkout")
        return path

    return find


@pytest.fixture(scope="session")
def golden() -> Callable[[str], dict]:
    """A suite of reference values by name; the test is skipped without it."""
    import json

    def find(name: str) -> dict:
        path = SHARED / "golden" / f"{name}.json"
        if not path.exists():
            pytest.skip(f"the reference values {name} are not beside this checkout")
        return json.loads(path.read_text())

    return find


@pytest.fixture(scope="session")
def postgres_url(run_folder: Path) -> str:
    """The maintenance database of a PostgreSQL server, one for the whole run."""
    binaries = find_binaries()
    if binaries is None:
        missing("no PostgreSQL server: sh .ci/install-system-packages postgresql")
    server = Server(binaries, run_folder / "postgresql")
    return once.made(run_folder / "postgresql.url", server.start)


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[str]:
    """The address of an empty PostgreSQL database that is dropped after the test."""
    from sqlalchemy import create_engine, make_url, text

    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def demo_database(run_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the demonstration: built once for the run, a copy for each process."""
    from vrn_metrics.store import demo, open_store

    built = run_folder / "demo.sqlite"

    def build() -> str:
        store = open_store(f"sqlite:///{built}")
        demo.build(store)
        store.engine.dispose()  # the last connection to close folds the log into the file
        return "built"

    once.made(run_folder / "demo.built", build)
    copy = tmp_path_factory.mktemp("demo") / "demo.sqlite"
    shutil.copy(built, copy)
    return f"sqlite:///{copy}"
