"""What is measured, against what, from where: the catalogue as tables for machines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from vrn_metrics.areas import network
from vrn_metrics.exports.dataset import Column, Dataset, Mark, Row, dataset, known
from vrn_metrics.exports.provenance import Provenance
from vrn_metrics.measures import CATALOGUE, baselines, breaks
from vrn_metrics.sources import all_readers

_MEASURES: Final = (
    Column("measure", "Measure key", "Key of the measure."),
    Column("title", "Measure", "What is counted."),
    Column("definition", "Definition", "What is counted, in full."),
    Column("ages", "Ages", "Whom it counts."),
    Column("rate_per", "Rate per people", "How many people the rate is per.", "integer", "people"),
    Column("months", "Months", "How much time one figure pools.", "integer", "months"),
    Column("success_measure", "Success measure", "One of the Home Office's: yes or no."),
    Column("checked_by", "Checked by", "Who has checked the definition."),
    Column("next_review", "Next review", "When it is due again.", "date"),
)
_BASELINES: Final = (
    Column("baseline", "Baseline key", "Key of the baseline."),
    Column("title", "Baseline", "What it is called."),
    Column("reason", "Why", "Why to compare with it."),
)
_BREAKS: Final = (
    Column("break", "Break key", "Key of the change."),
    Column("since", "From", "First day after the change.", "date"),
    Column("until", "Until", "Last day, where it ended.", "date"),
    Column("title", "Change", "What it is called."),
    Column("effect", "Effect", "breaks: bars comparison across it; context: drawn and named."),
    Column("reason", "What happened", "In a sentence."),
    Column("source", "Source", "Where it is documented."),
)
_SOURCES: Final = (
    Column("source", "Source key", "Key of the table."),
    Column("title", "Table", "What the table is called."),
    Column("publisher", "Publisher", "Who publishes it, or gives it."),
    Column("kind", "Kind", "published, local or reference."),
    Column("cadence", "Comes", "How often."),
    Column("licence", "Licence", "Under which it may be used."),
    Column("address", "Address", "Where it is found."),
)


def measures_dataset(as_of: date) -> Dataset:
    """One row a measure."""
    rows = [
        {
            "measure": each.key,
            "title": each.title,
            "definition": each.definition,
            "ages": each.age_words,
            "rate_per": each.per,
            "months": each.window_months,
            "success_measure": "yes" if each.success else "no",
            "checked_by": each.checked_by,
            "next_review": each.next_review,
        }
        for each in CATALOGUE.values()
    ]
    return _of("measures", "What is measured", _MEASURES, rows, as_of)


def baselines_dataset(as_of: date) -> Dataset:
    """One row a baseline."""
    rows = [
        {"baseline": each.key, "title": each.title, "reason": each.reason}
        for each in baselines().values()
    ]
    return _of("baselines", "Stretches of time to compare with", _BASELINES, rows, as_of)


def breaks_dataset(as_of: date) -> Dataset:
    """One row a change in recording."""
    rows = [
        {
            "break": each.key,
            "since": each.since,
            "until": known(each.until, Mark.NOT_APPLICABLE),
            "title": each.title,
            "effect": each.effect,
            "reason": each.reason,
            "source": each.source,
        }
        for each in breaks()
    ]
    return _of("breaks", "Changes in recording", _BREAKS, rows, as_of)


def sources_dataset(as_of: date) -> Dataset:
    """One row a table that can be read."""
    rows = [
        {
            "source": each.source.key,
            **{
                name: getattr(each.source, name)
                for name in ("title", "publisher", "kind", "cadence", "licence", "address")
            },
        }
        for each in all_readers().values()
    ]
    return _of("sources", "Tables that can be read", _SOURCES, rows, as_of)


def _of(
    name: str, title: str, columns: Sequence[Column], rows: Sequence[Row], as_of: date
) -> Dataset:
    origin = Provenance.of_releases(network(), as_of, ())
    stem = f"{name}-{as_of.isoformat()}"
    return dataset(stem, title, columns, rows, (columns[0].name,), origin)
