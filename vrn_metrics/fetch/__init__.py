"""Getting what is published now: the one part that calls a network, and only when it is asked to.

`catalogue` says where each publisher keeps a table, `fetch` gets its newest file. What it gets is
a file in a folder; whether that is a release is for the store to say, and whether it counts for
whoever approves it.
"""

from vrn_metrics.fetch.catalogue import CATALOGUE_FILE, Entry, catalogue, chosen
from vrn_metrics.fetch.fetching import Fetched, What, fetch, recognised
from vrn_metrics.fetch.held import Held, held
from vrn_metrics.fetch.web import Patience

__all__ = [
    "CATALOGUE_FILE",
    "Entry",
    "Fetched",
    "Held",
    "Patience",
    "What",
    "catalogue",
    "chosen",
    "fetch",
    "held",
    "recognised",
]
