"""A page as the law asks to look at it: every fold open, both themes, a wide screen and a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import axe_playwright_python
from playwright.sync_api import Page

from tests.attacker.outlets import UNFOLDED
from tests.browser.serving import wait_until_idle

WIDE: Final = {"width": 1280, "height": 900}
PHONE: Final = {"width": 390, "height": 844}
THEMES: Final = ("light", "dark")
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
DARK_RULES: Final = ("color-contrast",)
"""In the dark nothing but the colours is another."""
GROUNDS: Final = {"light": (255, 255, 255), "dark": (18, 23, 28)}
"""The ground of `.streamlit/config.toml`."""


@dataclass(frozen=True)
class Fault:
    """A rule of axe-core broken by one element; `inside` says of which known parts it is one."""

    rule: str
    where: str
    inside: tuple[str, ...]
    theme: str
    width: int


def open_whole(page: Page, address: str) -> None:
    """Go to a page and open whatever is folded away."""
    asked = "&".join(f"{name}={value}" for name, value in UNFOLDED.items())
    page.goto(f"{address}?{asked}")
    wait_until_idle(page)
    closed = "[data-testid=stMain] details:not([open]) > summary"
    page.evaluate(f"document.querySelectorAll('{closed}').forEach(each => each.click())")
    page.wait_for_timeout(300)
    wait_until_idle(page)
    page.wait_for_function(
        "[...document.querySelectorAll('[data-testid=stVegaLiteChart]')]"
        ".every(each => each.querySelector('svg.marks'))"
    )


def every_look(page: Page) -> Iterator[tuple[str, Mapping[str, int]]]:
    """The open page in both themes, wide and on a phone."""
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            page.wait_for_function(
                "theme => getComputedStyle(document.querySelector('[data-testid=stApp]'))"
                ".colorScheme === theme",
                arg=theme,
            )
            page.wait_for_timeout(200)  # charts are drawn anew
            yield theme, size


def faults(page: Page, theme: str, width: int, parts: Sequence[str]) -> set[Fault]:
    """What axe-core finds wrong with the page as it is now."""
    page.evaluate(_axe())
    found: list[dict[str, Any]] = page.evaluate(
        """async ([rules, parts]) => {
            const result = await axe.run(document, {
                runOnly: {type: rules[0].includes('-') ? 'rule' : 'tag', values: rules},
                resultTypes: ['violations'], elementRef: true});
            return result.violations.flatMap(rule => rule.nodes.map(node => ({
                rule: rule.id,
                where: node.target.join(' '),
                inside: parts.filter(part => part && node.element.closest(part)),
            })));
        }""",
        [RULES if theme == "light" else DARK_RULES, list(parts)],
    )
    return {
        Fault(each["rule"], each["where"], tuple(each["inside"]), theme, width) for each in found
    }


def contrast(one: Sequence[int], other: Sequence[int]) -> float:
    """The contrast ratio of two colours, as WCAG 2.2 defines it.

    Examples
    --------
    >>> round(contrast((0, 0, 0), (255, 255, 255)), 1)
    21.0
    """
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Sequence[int]) -> float:
    """Relative luminance of a colour in sRGB, as WCAG 2.2 defines it."""
    parts = [each / 255 for each in colour]
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def _axe() -> str:
    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8")
