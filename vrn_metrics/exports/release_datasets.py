"""The register of releases as a table for machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from vrn_metrics.areas import network
from vrn_metrics.exports.contract import release_json
from vrn_metrics.exports.dataset import Column, Dataset, Mark, dataset, known, span_values
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.store import Release

_RELEASES: Final = (
    Column("release", "Release", "Its number.", "integer"),
    Column("state", "State", "loaded, approved or withdrawn."),
    Column("source", "Source key", "Key of the table that it is an edition of."),
    Column("title", "Table", "What the table is called."),
    Column("file", "File", "The file's name."),
    Column("edition", "Edition", "Day of the edition.", "date"),
    Column("period_start", "Covers from", "First day that it covers.", "date"),
    Column("period_end", "Covers to", "Last day that it covers.", "date"),
    Column("rows", "Rows", "As it was kept; hidden where they would count people.", "integer"),
    Column("sha256", "Hash", "SHA-256 of the file."),
    Column("demonstration_data", "Made up", "yes or no."),
    Column("changed_at", "Changed", "When it was loaded or last decided about."),
    Column("changed_by", "By", "Who did so."),
)


def releases_dataset(releases: Sequence[Release], as_of: date) -> Dataset:
    """One row a release, as the page lists them."""
    rows = []
    for release in releases:
        answer = release_json(release)
        rows.append(
            {
                **{name: answer[name] for name in ("release", "state", "source", "file")},
                "title": release.title,
                "edition": date.fromisoformat(answer["edition"]),
                **span_values("period", answer["period"]),
                "rows": known(answer["rows"], Mark.HIDDEN),
                "sha256": answer["sha256"],
                "demonstration_data": "yes" if answer["demonstration_data"] else "no",
                "changed_at": answer["changed_at"],
                "changed_by": answer["changed_by"],
            }
        )
    return dataset(
        f"releases-{as_of.isoformat()}",
        "Releases that were loaded",
        _RELEASES,
        rows,
        ("release",),
        Provenance.of_releases(network(), as_of, releases),
    )
