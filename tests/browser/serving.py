"""The dashboard served as a user starts it, and a page that has come to rest."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page

from tests.conftest import ROOT
from tests.postgres import free_port

START_SECONDS: Final = 60
IDLE: Final = (
    '[data-testid="stApp"]'
    '[data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
)


@contextmanager
def serving(
    database: str,
    log: Path,
    script: Path = ROOT / "app.py",
    *,
    options: Sequence[str] = (),
    environment: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """The address of a server of its own process; nobody has visited it yet."""
    port = free_port()
    with log.open("wb") as out:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "streamlit", "run", str(script)),
                *("--server.port", str(port), "--server.headless", "true"),
                *options,
            ],
            cwd=ROOT,
            env={**os.environ, "VRN_DATABASE_URL": database, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        address = f"http://localhost:{port}"
        _wait_for(server, f"{address}/_stcore/health", log)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def wait_until_idle(page: Page, seconds: float = 30) -> None:
    """Wait until the page is connected and its script has run."""
    page.wait_for_selector(IDLE, state="attached", timeout=seconds * 1000)


def find_browser() -> str | None:
    """The system's Chromium, or `None`."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


def _wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"no answer at {address} in {START_SECONDS} s:\n{log.read_text()}")
