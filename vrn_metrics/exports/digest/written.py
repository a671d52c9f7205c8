"""A digest as text, as a web page and as an e-mail that nobody has sent yet."""

from __future__ import annotations

import textwrap
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from vrn_metrics.exports.digest.contents import Letter, Line, Part

WIDTH: Final = 76
_STYLE: Final = "font: 16px/1.5 Arial, sans-serif; color: #0b0c0c; max-width: 46em"


def text(written: Letter) -> str:
    """Plain text in lines that any reader of mail shows as they are."""
    blocks = [_wrapped(written.title)]
    blocks += [_wrapped(written.notice)] if written.notice else []
    blocks += [_wrapped(each) for each in written.said]
    for part in written.parts:
        blocks.append("\n".join([f"{part.title}\n{'-' * len(part.title)}", *_lines(part)]))
    blocks += [_wrapped(each) for each in written.notes]
    blocks.append(f"The scorecard of that day:\n{written.address}")
    return "\n\n".join(blocks) + "\n"


def html(written: Letter) -> str:
    """A page that asks for nothing: no script, no picture, no font."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(written.title)}</title></head>"
        f'<body style="{_STYLE}"><main>{body(written)}</main></body></html>\n'
    )


def body(written: Letter) -> str:
    """What is inside the page, which is also the content of an entry in a feed."""
    mark = f'<p style="color:#a0310a"><strong>{escape(written.notice)}</strong></p>'
    said = "".join(f"<p>{escape(each)}</p>" for each in written.said)
    parts = "".join(_part(each) for each in written.parts)
    notes = "".join(f"<p>{escape(each)}</p>" for each in written.notes)
    address = escape(written.address)
    return (
        f"<h1>{escape(written.title)}</h1>{mark if written.notice else ''}{said}{parts}{notes}"
        f'<p>The scorecard of that day: <a href="{address}">{address}</a></p>'
    )


def email(written: Letter, *, sender: str = "", to: str = "") -> bytes:
    """A message with both, ready to be opened as a draft (`X-Unsent`) or handed to a mail server.

    Its number is made of the digest's, so that the same digest is the same message.
    """
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(written.title)
    message["From"] = sender or f"no-reply@{written.host}"
    if to:
        message["To"] = to
    message["Date"] = written.updated
    number = uuid5(NAMESPACE_URL, written.identity)
    message["Message-ID"] = f"<{number}@{written.host}>"
    message["X-Unsent"] = "1"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text(written), cte="quoted-printable")
    message.add_alternative(html(written), subtype="html", cte="quoted-printable")
    message.set_boundary(f"part-{number}")
    return message.as_bytes()


def _lines(part: Part) -> list[str]:
    if not part.lines:
        return [_wrapped(part.nothing)]
    said = []
    for line in part.lines:
        said.append(textwrap.fill(line.words, WIDTH, initial_indent="* ", subsequent_indent="  "))
        said += [f"  {line.address}"] if line.address else []
    return said


def _part(part: Part) -> str:
    lines = "".join(f"<li>{_line(each)}</li>" for each in part.lines)
    inside = f"<ul>{lines}</ul>" if part.lines else f"<p>{escape(part.nothing)}</p>"
    return f"<h2>{escape(part.title)}</h2>{inside}"


def _line(line: Line) -> str:
    if not line.address:
        return escape(line.words)
    return f'{escape(line.words)} <a href="{escape(line.address)}">See it</a>'


def _wrapped(words: str) -> str:
    return textwrap.fill(words, WIDTH)


def _one_line(words: str) -> str:
    return " ".join(words.split())
