"""A digest as an entry of an Atom feed (RFC 4287)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from xml.etree import ElementTree as ET

from vrn_metrics.errors import BadInputError, Problem
from vrn_metrics.exports.digest.contents import Letter
from vrn_metrics.exports.digest.written import body

ATOM: Final = "http://www.w3.org/2005/Atom"
MOST_ENTRIES: Final = 50
ET.register_namespace("", ATOM)  # readers want the plain names, without a prefix
# What no XML may hold; a file's name may.
_UNSAYABLE: Final = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(written: Letter, *, site: str) -> bytes:
    """A feed with this digest in it."""
    return with_entry(None, written, site=site)


def with_entry(before: bytes | None, written: Letter, *, site: str, name: str = "a feed") -> bytes:
    """The feed with this digest as its newest entry.

    An entry of the same number is replaced, and the oldest go where there are more than fifty.

    Raises
    ------
    BadInputError
        If what is there is no Atom feed; nothing of it is lost.
    """
    entries = [] if before is None else _entries(before, name)
    entries = [each for each in entries if each.findtext(_tag("id")) != written.identity]
    made = [_entry(written), *entries][:MOST_ENTRIES]
    root = ET.Element(_tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": "en-GB"})
    host = written.host
    _put(root, "id", f"tag:{host},2026:digests")
    _put(root, "title", f"What is new: {written.author}")
    _put(root, "updated", max(each.findtext(_tag("updated")) or "" for each in made))
    author = ET.SubElement(root, _tag("author"))
    _put(author, "name", written.author)
    ET.SubElement(root, _tag("link"), {"rel": "alternate", "type": "text/html", "href": site})
    root.extend(made)
    ET.indent(root)
    written_out: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written_out + b"\n"


def _entry(written: Letter) -> ET.Element:
    entry = ET.Element(_tag("entry"))
    _put(entry, "id", written.identity)
    _put(entry, "title", written.title)
    _put(entry, "updated", _moment(written.updated))
    link = {"rel": "alternate", "type": "text/html", "href": written.address}
    ET.SubElement(entry, _tag("link"), link)
    author = ET.SubElement(entry, _tag("author"))
    _put(author, "name", written.author)
    mark = (written.notice,) if written.notice else ()
    _put(entry, "summary", " ".join((*mark, *written.said)))
    _put(entry, "content", body(written), type="html")
    return entry


def _entries(content: bytes, name: str) -> list[ET.Element]:
    try:
        root = ET.fromstring(content)  # noqa: S314 - a file of our own, and expat bounds entities
    except ET.ParseError as error:
        raise _refused(name, f"a fault: {error}") from error
    if root.tag != _tag("feed"):
        raise _refused(name, f"'{root.tag}'")
    return root.findall(_tag("entry"))


def _refused(name: str, found: str) -> BadInputError:
    fix = "Move it away, or name another folder."
    return BadInputError(name, [Problem("an Atom feed", found, fix)])


def _put(parent: ET.Element, name: str, words: str, **attributes: str) -> None:
    ET.SubElement(parent, _tag(name), attributes).text = _UNSAYABLE.sub("\ufffd", words)


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _moment(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
