"""How long do a million rates with their limits take, beside other ways to do it?

Prints processor seconds, the best of several runs, and ratios to `crude_rates`: the usual
way with `scipy.stats` (exact quantiles where needed, Byar elsewhere), and the bare division
that no implementation can beat. Run it with `python -m benchmarks.rates`.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy import stats

from vrn_metrics.methods.comparison import rate_ratio
from vrn_metrics.methods.power import approximate_detectable_fall, smallest_detectable_fall
from vrn_metrics.methods.rates import crude_rates

ROWS = 1_000_000
RUNS = 5
BUDGET_SECONDS = 0.2
PER = 100_000


def best_seconds(task: Callable[[], object], runs: int = RUNS) -> float:
    """The least processor time of several runs: the others were disturbed."""
    taken = []
    for _ in range(runs):
        start = time.process_time()
        task()
        taken.append(time.process_time() - start)
    return min(taken)


def usual(counts: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same rates with chi-squared quantiles, asked for only below 10 events."""
    z, few = stats.norm.ppf(0.975), counts < 10
    with np.errstate(divide="ignore", invalid="ignore"):
        lower = counts * (1 - 1 / (9 * counts) - z / (3 * np.sqrt(counts))) ** 3
    above = counts + 1
    upper = above * (1 - 1 / (9 * above) + z / (3 * np.sqrt(above))) ** 3
    lower[few] = np.nan_to_num(stats.chi2.ppf(0.025, 2 * counts[few]) / 2)
    upper[few] = stats.chi2.ppf(0.975, 2 * counts[few] + 2) / 2
    scale = PER / people
    return counts * scale, lower * scale, upper * scale


def main() -> None:
    """Print the table; fail where the budget is not kept or the two ways differ."""
    random = np.random.default_rng(1)
    small = random.random(ROWS) < 0.7  # as in counts by district, month and age
    counts = random.poisson(np.where(small, 3, 60)).astype(float)
    people = random.integers(10_000, 400_000, ROWS).astype(float)

    for ours, theirs in zip(crude_rates(counts, people), usual(counts, people), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)
    seconds = {
        "crude_rates": best_seconds(lambda: crude_rates(counts, people)),
        "scipy.stats, masked": best_seconds(lambda: usual(counts, people)),
        "a bare division": best_seconds(lambda: counts / people),
    }
    print(f"{ROWS:,} rates with 95% limits, {(counts < 10).mean():.0%} below 10 events")
    for name, taken in seconds.items():
        print(f"  {name:<24}{taken:8.4f} s   {taken / seconds['crude_rates']:8.3f} x crude_rates")
    assert seconds["crude_rates"] < BUDGET_SECONDS, f"over the budget of {BUDGET_SECONDS} s"

    print("One call, microseconds")
    sizes = iter(range(10, 10**6))
    one = {
        "rate_ratio": lambda: rate_ratio(26, 1_157_739, 42, 1_089_182),
        "smallest_detectable_fall": lambda: smallest_detectable_fall(100 + next(sizes) / 1e4),
        "approximate_detectable_fall": lambda: approximate_detectable_fall(100),
    }
    for name, task in one.items():
        print(f"  {name:<32}{1e6 * best_seconds(task, 50):8.0f}")


if __name__ == "__main__":
    main()
