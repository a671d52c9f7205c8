"""What 54 interrupted time series cost, beside statsmodels' own negative binomial.

Nine districts, three measures and two age bands, made up: 72 months with a change after 36.
Processor seconds on one thread, the best of several runs. Run it with
`python -m benchmarks.interrupted`.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
import warnings
from collections.abc import Callable

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
SERIES, MONTHS, START = 54, 72, 36
RUNS = 5
BUDGET_SECONDS = 0.3


def best_seconds(task: Callable[[], object]) -> float:
    """The least processor time of several runs: the others were disturbed."""
    taken = []
    for _ in range(RUNS):
        began = time.process_time()
        task()
        taken.append(time.process_time() - began)
    return min(taken)


def main() -> None:
    """Print the table; fail where a series is lost or the budget is not kept."""
    began = time.process_time()
    from statsmodels.discrete.discrete_model import NegativeBinomial

    imported = time.process_time() - began
    import numpy as np

    from vrn_metrics.methods import interrupted

    random = np.random.default_rng(4)
    months = np.arange(MONTHS)
    people = random.uniform(40_000, 370_000, (SERIES, 1)) * (1 + 0.0007 * months)
    season = np.exp(0.2 * np.sin(2 * np.pi * months / 12))
    expected = random.lognormal(3, 1, (SERIES, 1)) * season * np.where(months < START, 1, 0.85)
    alpha = random.choice([1e-6, 0.02, 0.1, 0.2], (SERIES, 1))  # a few are as good as Poisson
    counts = random.poisson(expected * random.gamma(1 / alpha, alpha, expected.shape))

    def ours(family: interrupted.Choice) -> list[interrupted.InterruptedFit]:
        return [
            interrupted.fit(each, exposure, start=START, family=family)
            for each, exposure in zip(counts, people, strict=True)
        ]

    time_since = months - START + 1.0
    after = months >= START
    angle = 2 * np.pi * months / 12
    waves = [wave(pair * angle) for pair in (1, 2) for wave in (np.sin, np.cos)]
    design = np.column_stack([np.ones(MONTHS), time_since, after, time_since * after, *waves])

    def theirs() -> int:
        lost = 0
        for each, exposure in zip(counts, people, strict=True):
            model = NegativeBinomial(each, design, offset=np.log(exposure))
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                try:
                    fitted = model.fit(disp=0)
                    lost += not (fitted.mle_retvals["converged"] and np.isfinite(fitted.bse).all())
                except np.linalg.LinAlgError:
                    lost += 1
        return lost

    lost = [sum(fit.reason is not None for fit in ours("negative-binomial")), theirs()]
    seconds = {
        "negative binomial": best_seconds(lambda: ours("negative-binomial")),
        "family chosen": best_seconds(lambda: ours("auto")),
        "Poisson": best_seconds(lambda: ours("poisson")),
        "statsmodels' own": best_seconds(theirs),
    }
    print(f"{SERIES} series of {MONTHS} months; importing statsmodels {imported:.2f} s, once")
    for name, taken in seconds.items():
        ratio = taken / seconds["negative binomial"]
        print(f"  {name:<20}{taken:8.3f} s {1000 * taken / SERIES:8.2f} ms each {ratio:8.2f} x")
    print(f"  without an answer: {lost[0]} of ours, {lost[1]} of statsmodels' own")
    assert lost[0] == 0, "a series was lost"
    assert seconds["negative binomial"] < BUDGET_SECONDS, f"over {BUDGET_SECONDS} s"


if __name__ == "__main__":
    if all(os.environ.get(name) == value for name, value in ONE_THREAD.items()):
        main()
    else:  # threads are counted when numpy is imported: too late for this process
        sys.exit(
            subprocess.run(
                [sys.executable, "-m", "benchmarks.interrupted"], env=os.environ | ONE_THREAD
            ).returncode
        )
