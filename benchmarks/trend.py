"""How long does a trend take to be found, beside the rules alone, on the demonstration?

Prints processor seconds of the whole analysis of one measure, warm: the store, the card
against every baseline, the chart, the years and the outlook. Run it with
`python -m benchmarks.trend`.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path

from vrn_metrics.analyses.trend import trend
from vrn_metrics.measures import CATALOGUE
from vrn_metrics.store import demo, open_store

BUDGET_SECONDS = 0.150
RUNS = 5


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'demo.sqlite'}")
        demo.build(store)
        slowest = 0.0
        for key in CATALOGUE:
            taken = []
            for _ in range(RUNS):
                start = time.process_time()
                found = trend(store, key)
                taken.append(time.process_time() - start)
            slowest = max(slowest, min(taken))
            print(f"{key:40} {min(taken) * 1000:6.0f} ms  {found.choice.method}")
        store.engine.dispose()
    print(
        f"goal: {BUDGET_SECONDS * 1000:.0f} ms: {'met' if slowest <= BUDGET_SECONDS else 'MISSED'}"
    )


if __name__ == "__main__":
    main()
