"""The scorecard's time: cold in a new process, warm in a running one, and beside its own SQL.

Ratios of one run: the analysis over the queries it cannot do without.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

COLD = """
import time
began = time.process_time()
from vrn_metrics.analyses.scorecard import scorecard
from vrn_metrics.store import open_store
import sys
scorecard(open_store(sys.argv[1]))
print(time.process_time() - began)
"""

RUNS = 20


def main() -> None:
    """Build the demonstration and time the scorecard on it."""
    from vrn_metrics.analyses.scorecard import scorecard
    from vrn_metrics.measures import CATALOGUE
    from vrn_metrics.store import demo, open_store

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'demo.sqlite'}"
        store = open_store(url)
        demo.build(store)
        cold = min(
            float(subprocess.check_output([sys.executable, "-c", COLD, url])) for _ in range(3)
        )
        warm = _best(lambda: scorecard(store))
        view = store.view()
        queries = _best(
            lambda: [
                view.timeline(each, "E23000021")
                for measure in CATALOGUE.values()
                for each in measure.numerators
            ]
        )
    print(f"scorecard, cold process        {1000 * cold:8.0f} ms CPU")
    print(f"scorecard, warm                {1000 * warm:8.1f} ms CPU  (goal: under 100)")
    print(f"its numerator queries alone    {1000 * queries:8.1f} ms CPU")
    print(f"warm over queries              {warm / queries:8.2f} times")
    print(f"cold over warm                 {cold / warm:8.1f} times")


def _best(call: object) -> float:
    times = []
    for _ in range(RUNS):
        began = time.process_time()
        call()  # type: ignore[operator]
        times.append(time.process_time() - began)
    return min(times)


if __name__ == "__main__":
    main()
