"""What a digest says, part by part, and where each thing is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from vrn_metrics import narrative
from vrn_metrics.analyses.digest import Digest, News
from vrn_metrics.areas import NETWORK
from vrn_metrics.exports.addresses import SITE, view_address
from vrn_metrics.exports.changes import changes_json
from vrn_metrics.exports.contract import period_json
from vrn_metrics.measures import DUTY


@dataclass(frozen=True)
class Line:
    """One thing that is said, and the view in which it is seen."""

    words: str
    address: str = ""


@dataclass(frozen=True)
class Part:
    """Things of one kind under a heading; `nothing` is said where there are none."""

    title: str
    lines: tuple[Line, ...]
    nothing: str = ""


@dataclass(frozen=True)
class Letter:
    """A digest in words.

    `identity` stays the same for the same releases and view; `updated` is when the last of them
    was decided.
    """

    title: str
    notice: str
    said: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    address: str
    identity: str
    host: str
    author: str
    updated: datetime


def letter(
    found: Digest, *, site: str = SITE, baseline_key: str | None = None, definition_key: str = DUTY
) -> Letter:
    """The letter of a digest, with links to the pages at `site`."""
    keys = {
        "area": found.area.code if found.area.code != NETWORK else None,
        "baseline": baseline_key,
        "definition": definition_key if definition_key != DUTY else None,
    }

    def seen(page: str, measure: str | None = None) -> str:
        return view_address(site, page, found.as_of, measure=measure, **keys)

    def trend_of(news: News) -> str:
        return seen("trend", news.now.entry.measure.key)

    title = narrative.digest_title(found)
    notice = narrative.demonstration_notice() if found.demonstration_data else ""
    host = urlsplit(site).hostname or "localhost"
    updated = _updated(found)
    return Letter(
        title=f"[Demonstration] {title}" if notice else title,
        notice=notice,
        said=tuple(narrative.digest_words(found)),
        parts=(
            Part(
                "Verdicts that changed",
                tuple(
                    Line(narrative.change_line(each), seen("trend", each.now.measure.key))
                    for each in found.changes.verdicts
                ),
                "None.",
            ),
            Part(
                "Special causes that are new",
                (
                    *(
                        Line(words, trend_of(each))
                        for each in found.news
                        for words in narrative.signal_lines(each)
                    ),
                    *(
                        Line(narrative.no_longer_line(each), trend_of(each))
                        for each in found.news
                        if each.no_longer
                    ),
                ),
                "None.",
            ),
            Part(
                "Earlier figures that were revised",
                tuple(
                    Line(narrative.moved_line(change, each), seen("scorecard"))
                    for change, each in found.changes.moved
                ),
                "None.",
            ),
            Part(
                "Where each measure stands" if found.since is None else "What did not change",
                tuple(
                    Line(narrative.unchanged_line(each), trend_of(each))
                    for each in found.news
                    if found.since is None or not each.is_news
                ),
                "No measure is as it was.",
            ),
            Part(
                "Releases it rests on",
                tuple(Line(narrative.release_line(each)) for each in found.releases),
                "No release was approved or withdrawn.",
            ),
        ),
        notes=(
            *(narrative.older_marks_line(each) for each in found.news if each.older_marks_changed),
            narrative.CHANCE,
        ),
        address=seen("scorecard"),
        identity=_identity(found, host, updated, keys),
        host=host,
        author=f"Violence Reduction Network dashboard, {found.area.name}",
        updated=updated,
    )


def digest_json(found: Digest, written: Letter) -> dict[str, Any]:
    """`vrn digest --format json`: what is new, by key, with the words of the letter."""
    return {
        **changes_json(found.changes),
        "demonstration_data": found.demonstration_data,
        **({"notice": written.notice} if written.notice else {}),
        "id": written.identity,
        "title": written.title,
        "updated": written.updated.isoformat(),
        "address": written.address,
        "releases": [
            {
                "release": each.id,
                "source": each.source,
                "state": each.state,
                "edition": each.edition.isoformat(),
            }
            for each in found.releases
        ],
        "special_causes": [
            {
                "measure": news.now.entry.measure.key,
                "period": period_json(signal.figure.period),
                "count": signal.figure.count.as_json(),
                "special_cause": str(signal.cause),
                "was": str(signal.was) if signal.was else None,
            }
            for news, signal in found.signals
        ],
        "no_longer": [
            {"measure": news.now.entry.measure.key, "period": period_json(period)}
            for news in found.news
            for period in news.no_longer
        ],
        "unchanged": [
            each.now.entry.measure.key
            for each in found.news
            if found.since is not None and not each.is_news
        ],
        "said": list(written.said),
        "parts": [
            {
                "title": part.title,
                "lines": [{"words": e.words, "address": e.address or None} for e in part.lines],
            }
            for part in written.parts
        ],
        "notes": list(written.notes),
    }


def _updated(found: Digest) -> datetime:
    """When the last of its releases was decided, else the day that it is of."""
    decided = [each.changed_at for each in found.releases]
    if not decided:
        return datetime.combine(found.as_of, datetime.min.time(), UTC)
    return max(decided).replace(microsecond=0, tzinfo=UTC)


def _identity(found: Digest, host: str, updated: datetime, keys: dict[str, str | None]) -> str:
    """A tag URI (RFC 4151) of the releases; of the two days where there are none."""
    numbers = [each.id for each in found.releases]
    of = f"releases-{_ranges(numbers)}" if numbers else f"days-{found.since}-{found.as_of}"
    more = "".join(f"/{name}-{value}" for name, value in keys.items() if value)
    return f"tag:{host},{updated:%Y-%m-%d}:digest/{of}{more}"


def _ranges(numbers: Sequence[int]) -> str:
    """Numbers in order, runs of them as first and last.

    Examples
    --------
    >>> _ranges([3, 4, 5, 9])
    '3-5+9'
    """
    runs: list[list[int]] = []
    for each in numbers:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return "+".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
