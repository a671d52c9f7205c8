"""Approving and withdrawing in the background, with progress for whoever looks.

Deciding what may be shown of twelve years takes some ten seconds. It runs beside the sessions,
so that nobody's page waits for it, and goes on if the one who asked leaves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread

import streamlit as st

from vrn_metrics.errors import VrnMetricsError
from vrn_metrics.store import Release
from vrn_metrics.ui.words import plain

Decide = Callable[..., Release]


@dataclass
class Decision:
    """One decision under way, or just ended."""

    title: str
    said: str = ""
    refused: str = ""
    thread: Thread = field(init=False)

    def begin(self, decide: Decide, release_id: int) -> None:
        """Start it; `decide` is the store's approve or withdraw."""
        self.thread = Thread(target=self._run, args=(decide, release_id), daemon=False)
        self.thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.thread.is_alive()

    def _run(self, decide: Decide, release_id: int) -> None:
        try:
            decide(release_id, progress=self._hear)
        except VrnMetricsError as error:
            self.refused = str(error)

    def _hear(self, message: str) -> None:
        self.said = message


@dataclass
class Decisions:
    """What is being decided on this server, by database and release."""

    by_release: dict[tuple[str, int], Decision] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def begin(self, title: str, url: str, decide: Decide, release_id: int) -> None:
        """Start a decision, unless one about this release is under way."""
        with self.lock:
            found = self.by_release.get((url, release_id))
            if found is None or not found.is_running:
                made = Decision(title)
                made.begin(decide, release_id)
                self.by_release[url, release_id] = made

    def of(self, url: str) -> list[Decision]:
        """Those about a database; one that has ended is told of once."""
        with self.lock:
            own = [key for key in self.by_release if key[0] == url]
            found = [self.by_release[key] for key in own]
            for key in own:
                if not self.by_release[key].is_running:
                    del self.by_release[key]
            return found


@st.cache_resource
def decisions() -> Decisions:
    """The one list of this server."""
    return Decisions()


def show_decisions(url: str) -> None:
    """What is being decided, followed until it ends."""
    found = decisions().of(url)
    for each in found:
        if each.refused:
            st.error(plain(each.refused))
    running = [each for each in found if each.is_running]
    if running:
        st.fragment(lambda: _follow(running), run_every=1.0)()


def _follow(running: list[Decision]) -> None:
    for each in running:
        st.info(f"{plain(each.title)}. {plain(each.said)}")
    if not all(each.is_running for each in running):
        st.rerun()
