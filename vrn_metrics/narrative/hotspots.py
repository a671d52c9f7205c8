"""The sentences of hotspots: what stands out, what a small area did, what is not known."""

from __future__ import annotations

from typing import Final

from vrn_metrics.analyses.hotspots import ByDeprivation, Hotspots, SmallArea
from vrn_metrics.methods.small_area_change import Course

COURSES: Final = {
    Course.EMERGING: ("▲", "Emerging: rose by more than chance and more than the others"),
    Course.PERSISTENT: ("■", "Persistent: twice the average in both windows"),
    Course.FALLING: ("▼", "Falling: fell by more than chance and more than the others"),
    Course.NO_CLEAR_CHANGE: ("◆", "No clear change"),
    Course.TOO_FEW: ("○", "Too few to judge"),
}
CRIME_DOMAIN: Final = (
    "Deprivation deciles are of the whole index of 2025, 1 the most deprived tenth of England. Its "
    "crime domain already counts recorded violence, so deprivation does not explain violence here: "
    "it partly is it."
)


def hotspots_sentence(found: Hotspots) -> str:
    """How many small areas stand out, and against what."""
    said = f"{found.crime_type}, {found.area.name}: {found.total:,} in the {found.now.label}"
    if found.before is None:
        return f"{said}. Fewer than two months are held, so nothing can be compared."
    parts = [
        f"{len(found.of_course(course))} {word}"
        for course, word in (
            (Course.EMERGING, "emerging"),
            (Course.PERSISTENT, "persistent"),
            (Course.FALLING, "falling"),
        )
    ]
    return (
        f"{said}. Of {len(found.found)} small areas {', '.join(parts)}, against the "
        f"{found.before.label}."
    )


def course_words(one: SmallArea) -> str:
    """What became of a small area, with a mark that differs by shape."""
    if one.course is None:
        return "nothing to compare with"
    symbol, words = COURSES[one.course]
    return f"{symbol} {words}"


def change_of(one: SmallArea) -> str:
    """Its change beside the others', drawn towards none by as much as chance allows."""
    if one.ratio is None or one.lower is None or one.upper is None:
        return ""
    return f"{one.ratio:.2f} times ({one.lower:.2f} to {one.upper:.2f})"


def small_area_words(one: SmallArea) -> str:
    """A small area's tooltip."""
    before = "" if one.before is None else f", {one.before} before"
    decile = "" if one.decile is None else f"; deprivation decile {one.decile}"
    return f"{one.name}: {one.now}{before}; {course_words(one)}{decile}"


def deprivation_words(found: ByDeprivation | None) -> str:
    """How much more is recorded where people are most deprived."""
    if found is None:
        return "No deprivation index is in a release that counts."
    rates = [count / size for count, size in zip(found.events, found.areas, strict=True)]
    said = (
        f"An LSOA of the network's least deprived fifth has {rates[0]:.1f} on average, one of the "
        f"most deprived {rates[-1]:.1f}."
    )
    index = found.index
    if index.relative is None:
        return f"{said} No index of inequality: {index.reason}."
    return (
        f"{said} Relative index of inequality {index.relative:.2f} (95% interval "
        f"{index.relative_lower:.2f} to {index.relative_upper:.2f}); slope {index.slope:.1f} an "
        f"LSOA ({index.slope_lower:.1f} to {index.slope_upper:.1f}). LSOAs stand for equal "
        f"numbers of people, which they have within a factor of three."
    )


def hotspot_qualifications(found: Hotspots) -> list[str]:
    """What the marks rest on."""
    said = [
        "All small areas of the network are tested together, at a false-discovery rate of 5%: of "
        "the emerging and falling ones about one in twenty is chance.",
    ]
    if found.dispersion is not None and found.dispersion > 1:
        said.append(
            f"Counts vary {found.dispersion:.1f} times as much as chance alone, which the test "
            f"allows for."
        )
    if not found.same_season:
        said.append("Fewer than two years are held, so the two windows differ in season.")
    said.append(
        "Residents are in no denominator: a town centre is high because it is visited. Movements "
        "between neighbouring areas, and a police operation, look alike."
    )
    return said
