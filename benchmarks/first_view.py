"""The scorecard's first view in a browser beside an empty Streamlit page: seconds and bytes.

Both are served in the same run on the same machine, each visited by a fresh browser
profile; the ratio is what counts.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
VISITS = 5
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def main() -> None:
    """Visit both pages and print medians and ratios."""
    from playwright.sync_api import sync_playwright

    from vrn_metrics.store import demo, open_store

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'demo.sqlite'}"
        demo.build(open_store(url))
        empty = Path(folder) / "empty.py"
        empty.write_text("import streamlit as st\n\nst.title('Empty')\n")
        with (
            served(ROOT / "app.py", url) as ours,
            served(empty, url) as bare,
            sync_playwright() as playwright,
        ):
            visits: dict[str, list[tuple[float, float]]] = {ours: [], bare: []}
            for _ in range(VISITS):
                for address in (ours, bare):
                    visits[address].append(_visit(playwright, address))
    ours_s, ours_kb = (median(each) for each in zip(*visits[ours], strict=True))
    bare_s, bare_kb = (median(each) for each in zip(*visits[bare], strict=True))
    print(f"scorecard   {ours_s:6.2f} s {ours_kb:8.0f} KB")
    print(f"empty page  {bare_s:6.2f} s {bare_kb:8.0f} KB")
    print(f"ratio       {ours_s / bare_s:6.2f}   {ours_kb / bare_kb:8.2f}   (goal: 1.5 in time)")


def _visit(playwright: Any, address: str) -> tuple[float, float]:
    browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    page = browser.new_page()
    received = 0

    def count(event: dict[str, float]) -> None:
        nonlocal received
        received += int(event["encodedDataLength"])

    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", count)
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("h1")
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
    seconds = time.perf_counter() - began
    browser.close()
    return seconds, received / 1024


@contextmanager
def served(script: Path, database: str) -> Iterator[str]:
    """A Streamlit server of its own for a script; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "streamlit",
            "run",
            str(script),
            f"--server.port={port}",
            "--server.headless=true",
            "--server.address=127.0.0.1",
            "--browser.gatherUsageStats=false",
        ],
        cwd=ROOT,
        env={**os.environ, "VRN_DATABASE_URL": database},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(240):
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1)  # noqa: S310
                break
            except OSError:
                time.sleep(0.25)
        yield address
    finally:
        process.terminate()
        process.wait()


def chromium() -> str:
    """The browser of the machine."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise SystemExit("no Chromium found: run 'make test' once, which installs it")


if __name__ == "__main__":
    main()
