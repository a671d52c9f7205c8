"""A board pack as one web page that needs nothing else: no script, no font, no picture to fetch.

Its own policy forbids every request, so that it opens the same from a stick or an attachment.
"""

from __future__ import annotations

from html import escape
from typing import Final

from vrn_metrics.exports.pack.contents import Progress, drawn
from vrn_metrics.exports.pack.section import Pack, Section, Table
from vrn_metrics.exports.pictures import NAMED, bare, svg

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"
_STYLE: Final = """
body { font: 1.05rem/1.5 Arial, 'Liberation Sans', sans-serif; color: #0b0c0c; background: #fff;
  max-width: 62rem; margin: 0 auto; padding: 1.5rem; }
h1, h2 { color: #0b6477; line-height: 1.25; }
h1 { font-size: 2rem; } h2 { font-size: 1.4rem; margin-top: 0; } h3 { font-size: 1.05rem; }
a { color: #0b6477; }
.mark { color: #a0310a; font-weight: bold; }
section { border-top: 3px solid #0b6477; margin-top: 2.5rem; padding-top: 1rem; }
figure { margin: 1rem 0; } svg { max-width: 100%; height: auto; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; margin: 1rem 0; }
caption { text-align: left; font-weight: bold; padding-bottom: 0.4rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem 0.35rem 0;
  border-bottom: 1px solid #b1b8bd; }
summary { cursor: pointer; color: #0b6477; text-decoration: underline; padding: 0.3rem 0; }
summary:focus-visible, a:focus-visible { outline: 3px solid #0b0c0c; outline-offset: 2px; }
.notes { font-size: 0.92rem; color: #33393e; }
footer { border-top: 1px solid #b1b8bd; margin-top: 3rem; font-size: 0.92rem; }
@media print { section { break-before: page; } }
"""


def html(pack: Pack, progress: Progress = lambda _message, _share: None) -> bytes:
    """The pack as one page, byte for byte the same for the same figures."""
    told = drawn(progress, len(pack.sections))
    parts = []
    for place, section in enumerate(pack.sections):
        told(place, section.title)
        parts.append(_section(section))
    listed = "".join(
        f'<li><a href="#{escape(each.key)}">{escape(each.title)}</a></li>' for each in pack.sections
    )
    mark = f'<p class="mark">{escape(pack.origin.notice)}</p>' if pack.origin.notice else ""
    vintage = escape(pack.origin.vintage)
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(pack.title)}</title><style>{_STYLE}</style></head><body>"
        f"<header>{mark}<h1>{escape(pack.title)}</h1><p>{vintage}</p></header>"
        f'<nav aria-label="Contents"><ol>{listed}</ol></nav>'
        f"<main>{''.join(parts)}</main><footer>{mark}<p>{vintage}</p></footer></body></html>\n"
    ).encode()


def _section(section: Section) -> str:
    key, address = escape(section.key), escape(section.address)
    said = "".join(f"<p>{escape(each)}</p>" for each in section.said)
    tables = "".join(_table(each) for each in (section.table, *section.more) if each)
    points = (
        f"<details><summary>{escape(section.points.caption)}</summary>"
        f"{_table(section.points)}</details>"
        if section.points
        else ""
    )
    notes = "".join(f"<li>{escape(each)}</li>" for each in section.notes)
    return (
        f'<section id="{key}" aria-labelledby="{key}-title">'
        f'<h2 id="{key}-title">{escape(section.title)}</h2>'
        f"{_figures(section)}{said}{tables}{points}"
        f'<div class="notes"><h3>What to mind, and where it comes from</h3><ul>{notes}</ul>'
        f'<p>This view: <a href="{address}">{address}</a></p></div></section>'
    )


def _figures(section: Section) -> str:
    made = []
    for place, each in enumerate(section.drawn, start=1):
        # Two charts on one page would take each other's names.
        own = rf"\1{section.key}-{place}-\2"
        made.append(NAMED.sub(own, svg(bare(each.spec), section.title)))
    return "".join(f"<figure>{each}</figure>" for each in made)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in table.columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(cells[0])}</th>'
        f"{''.join(f'<td>{escape(each)}</td>' for each in cells[1:])}</tr>"
        for cells in table.rows
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.caption)}"><table>'
        f"<caption>{escape(table.caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
