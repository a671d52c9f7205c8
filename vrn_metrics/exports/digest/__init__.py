"""What is new, to be sent: text, a web page, an e-mail, an Atom feed, JSON.

One letter is written once (`contents`) and put into each shape, so that none says what another
does not. Nothing is sent.
"""

from vrn_metrics.exports.digest.atom_xml import atom, with_entry
from vrn_metrics.exports.digest.contents import Letter, digest_json, letter
from vrn_metrics.exports.digest.written import email, html, text

__all__ = ["Letter", "atom", "digest_json", "email", "html", "letter", "text", "with_entry"]
