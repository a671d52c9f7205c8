"""The `vrn` command: the same answers as the pages and the Python names.

Exit code 0 is done, 2 wrong usage, 3 bad input, with one line on standard error and
nothing changed.
"""

from vrn_metrics.cli import (
    digests,
    fetching,
    measured,
    money,
    places,
    promised,
    releases,
    taken_away,
)
from vrn_metrics.cli.command import vrn

__all__ = [
    "digests",
    "fetching",
    "main",
    "measured",
    "money",
    "places",
    "promised",
    "releases",
    "taken_away",
    "vrn",
]


def main() -> None:
    """Run the command."""
    vrn()
