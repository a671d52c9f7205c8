"""Fingertips: the CSV of one table, at an address that does not change."""

from __future__ import annotations

from vrn_metrics.fetch.catalogue import Entry
from vrn_metrics.fetch.newest import Candidate
from vrn_metrics.fetch.web import Web


def find(entry: Entry, web: Web) -> Candidate:  # noqa: ARG001 - every publisher is asked alike
    """The address itself: the service gives what is current."""
    return Candidate(entry.address, f"{entry.key}.csv", entry.title)
