"""A chart as PNG or SVG with its title, source, day, releases and the demonstration mark in it.

A picture travels without its page, so all that its reader must know is drawn into it. It is
made here and asks nothing of the network: fonts are this machine's or the converter's own.
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from textwrap import wrap
from typing import Any, Final, Literal

from vrn_metrics.exports.provenance import Provenance

Spec = dict[str, Any]
Kind = Literal["png", "svg"]

FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
INK, QUIET, RULE, MARK = "#0b0c0c", "#4a5157", "#d5dadd", "#a0310a"
WIDTH: Final = 860
PIXELS_PER_INCH: Final = 192
_LETTERS_A_LINE: Final = 135
_TITLE_LETTERS: Final = 88
_LINE: Final = 15

# Streamlit gives charts its theme in the browser; a picture needs all of it said.
CONFIG: Final[Spec] = {
    "background": "#ffffff",
    "font": FONT,
    "padding": 16,
    "view": {"stroke": None},
    "axis": {
        "labelColor": QUIET,
        "titleColor": INK,
        "gridColor": RULE,
        "domainColor": QUIET,
        "tickColor": QUIET,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 12},
    "title": {
        "color": INK,
        "fontSize": 17,
        "subtitleColor": MARK,
        "subtitleFontSize": 13,
        "subtitleFontWeight": "bold",
        "subtitlePadding": 6,
        "anchor": "start",
        "frame": "group",
        "offset": 14,
    },
}
# What a chart names for itself only.
NAMED: Final = re.compile(r"(\bid=\"|url\(#|href=\"#)([^\")]+)")


@dataclass(frozen=True)
class Caption:
    """What stands round a chart: its title, and the lines at its foot.

    `notice` is the demonstration mark; empty where it does not apply.
    """

    title: str
    lines: tuple[str, ...]
    notice: str = ""

    @classmethod
    def of(cls, title: str, origin: Provenance) -> Caption:
        """The caption of a chart of these figures."""
        return cls(
            title,
            (origin.vintage, f"Source: {origin.source_words}."),
            origin.notice,
        )


def picture(spec: Spec, caption: Caption, kind: Kind) -> bytes:
    """The chart with its caption drawn in.

    Parameters
    ----------
    spec
        Vega-Lite as the page draws it; its `description` is the alternative text.

    Returns
    -------
    bytes
        PNG at 192 pixels to the inch, or SVG with a title and a description.
    """
    whole = captioned(spec, caption)
    if kind == "png":
        return png(whole)
    return svg(whole, f"{caption.title} {caption.notice}".strip()).encode()


def png(spec: Spec) -> bytes:
    """A chart as PNG at 192 pixels to the inch."""
    import vl_convert  # 20 ms, and only where a picture is asked for

    return bytes(vl_convert.vegalite_to_png(spec, ppi=PIXELS_PER_INCH, allowed_base_urls=[]))


def svg(spec: Spec, title: str) -> str:
    """A chart as SVG, whose title and description a screen reader says."""
    import vl_convert

    drawn = _named_anew(str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])))
    inside = drawn.index(">", drawn.index("<svg")) + 1
    told = f"<title>{escape(title)}</title><desc>{escape(str(spec['description']))}</desc>"
    head = drawn[:inside].replace("<svg ", '<svg role="img" ', 1)
    return f"{head}{told}{drawn[inside:]}"


def _named_anew(drawn: str) -> str:
    """The drawing with its parts numbered from one: Vega counts on from picture to picture."""
    numbers: dict[str, int] = {}

    def name(found: re.Match[str]) -> str:
        return f"{found[1]}part{numbers.setdefault(found[2], len(numbers) + 1)}"

    return NAMED.sub(name, drawn)


def bare(spec: Spec, width: int = WIDTH, height: int | None = None) -> Spec:
    """The chart alone, in the looks of a picture, for a document that has its own captions."""
    chart = deepcopy(spec)
    chart["width"] = width
    if height is not None:
        chart["height"] = height
    return {**chart, "config": CONFIG}


def captioned(spec: Spec, caption: Caption) -> Spec:
    """The chart between its title and the lines at its foot."""
    chart = deepcopy(spec)
    described = chart.pop("description")
    for name in ("$schema", "usermeta"):
        chart.pop(name, None)
    chart["width"] = WIDTH
    foot = [line for each in caption.lines for line in wrap(each, _LETTERS_A_LINE)]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": described,
        "config": CONFIG,
        "title": {
            "text": wrap(caption.title, _TITLE_LETTERS),
            **({"subtitle": caption.notice} if caption.notice else {}),
        },
        "spacing": 10,
        # else legends of the chart are drawn under the foot
        "resolve": {"legend": {"color": "independent", "shape": "independent"}},
        "vconcat": [chart, _foot(foot)],
    }


def _foot(lines: list[str]) -> Spec:
    return {
        "data": {"values": [{}]},
        "width": WIDTH,
        "height": _LINE * len(lines),
        "mark": {
            "type": "text",
            "align": "left",
            "baseline": "top",
            "fontSize": 11,
            "lineHeight": _LINE,
            "color": QUIET,
        },
        "encoding": {
            "x": {"value": 0},
            "y": {"value": 0},
            "text": {"value": lines},
        },
    }
