"""Where figures come from, as every file that leaves says it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from vrn_metrics import narrative
from vrn_metrics.analyses.figures import WHY_HIDDEN
from vrn_metrics.analyses.scorecard import Entry
from vrn_metrics.areas import Area
from vrn_metrics.methods.disclosure import PROFILES
from vrn_metrics.sources import Source, all_readers
from vrn_metrics.store import Release


@dataclass(frozen=True)
class Provenance:
    """The area, the day, and the sources and releases behind some figures.

    `definitions` are of the measures in them; `notice` is the demonstration mark, empty where
    no figure is made up.
    """

    area: Area
    as_of: date
    sources: tuple[Source, ...]
    releases: tuple[Release, ...]
    definitions: tuple[str, ...]
    caveats: tuple[str, ...]
    notice: str

    @classmethod
    def of(cls, area: Area, as_of: date, entries: Iterable[Entry]) -> Provenance:
        """That of the entries of a scorecard, each thing once."""
        found = list(entries)
        releases = {each.id: each for entry in found for each in entry.releases}
        return cls(
            area,
            as_of,
            tuple(dict.fromkeys(each.source for each in found if each.source)),
            tuple(releases[number] for number in sorted(releases)),
            tuple(f"{each.measure.title}: {each.definition_text}" for each in found),
            tuple(dict.fromkeys(caveat for each in found for caveat in each.caveats)),
            narrative.demonstration_notice()
            if any(each.is_demonstration for each in found)
            else "",
        )

    @classmethod
    def of_releases(
        cls,
        area: Area,
        as_of: date,
        releases: Iterable[Release],
        *,
        definitions: Iterable[str] = (),
        caveats: Iterable[str] = (),
    ) -> Provenance:
        """That of figures which no entry of a scorecard holds; its sources are the releases'."""
        used = sorted({each.id: each for each in releases}.values(), key=lambda each: each.id)
        readers = all_readers()
        return cls(
            area,
            as_of,
            tuple(readers[key].source for key in dict.fromkeys(each.source for each in used)),
            tuple(used),
            tuple(dict.fromkeys(definitions)),
            tuple(dict.fromkeys(caveats)),
            narrative.demonstration_notice() if any(each.demonstration for each in used) else "",
        )

    def with_releases(self, others: Iterable[Release]) -> Provenance:
        """The same with further releases behind it, and their mark."""
        known = {each.id: each for each in (*self.releases, *others)}
        made_up = any(each.demonstration for each in known.values())
        return replace(
            self,
            releases=tuple(known[number] for number in sorted(known)),
            notice=narrative.demonstration_notice() if made_up else self.notice,
        )

    @property
    def day(self) -> str:
        """The day in words."""
        return f"{self.as_of.day} {self.as_of:%B %Y}"

    @property
    def vintage(self) -> str:
        """Which figures these are, in one line: another day may have others."""
        numbers = ", ".join(str(each.id) for each in self.releases) or "none"
        return f"{self.area.name}, as of {self.day}. Releases: {numbers}."

    @property
    def source_words(self) -> str:
        """The sources in one line."""
        return "; ".join(f"{each.title} ({each.publisher})" for each in self.sources) or "No source"

    @property
    def release_words(self) -> tuple[str, ...]:
        """Each release with its file, the end of what it covers and its hash."""
        return tuple(
            f"Release {each.id}: {each.title}, {each.file_name}, edition of "
            f"{each.edition.isoformat()}, sha256 {each.sha256[:12]}"
            for each in self.releases
        )

    @property
    def suppression(self) -> tuple[str, ...]:
        """What is hidden and why, by the rule of each source."""
        rules = dict.fromkeys(PROFILES[each.profile].reason for each in self.sources)
        return (WHY_HIDDEN, *rules)

    @property
    def licences(self) -> tuple[str, ...]:
        """Under what the figures may be used."""
        return tuple(dict.fromkeys(each.licence for each in self.sources))
