"""How often each method finds an effect where there is none, at a level of 5%.

Panels are made up with no effect: 20 units, 4 to 20 periods before the start and 4 since.
`tests/methods/test_null_rates.py` keeps the figures; `METHODS.md` reports them. Run it with
`python -m benchmarks.false_positives [PANELS]`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator

ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
UNITS, AFTER, LEVEL = 20, 4, 0.05
PANELS = 100  # as `make bench` runs it; METHODS.md was written from a thousand
TOO_MANY = 0.001  # the chance, at 5%, of so many rejections that something is wrong
BEFORE = (4, 10, 20)


def main(panels_each: int) -> None:
    """Print the table; fail where a method that is offered rejects too often."""
    import numpy as np
    from numpy.typing import NDArray
    from scipy import special

    from vrn_metrics.methods import (
        augmented_control,
        conformal,
        difference,
        synthetic_control,
        synthetic_difference,
    )

    Panel = NDArray[np.float64]  # noqa: N806

    def noise(random: np.random.Generator, periods: int) -> Panel:
        return random.normal(10, 2, UNITS) + random.normal(size=(periods, UNITS))

    def factors(random: np.random.Generator, periods: int) -> Panel:
        """Two common factors and errors that last: the usual world of synthetic controls."""
        steps = random.normal(size=(periods + 20, UNITS))
        for period in range(1, len(steps)):
            steps[period] += 0.6 * steps[period - 1]
        common = random.normal(size=(periods, 2)).cumsum(axis=0)
        return 20 + common @ random.normal(size=(2, UNITS)) + steps[20:]

    def counts(random: np.random.Generator, periods: int) -> Panel:
        """Poisson rates of forces of unlike size; any of them may be the treated one."""
        people = random.lognormal(0, 0.6, UNITS)
        rates = (
            random.gamma(20, 2, UNITS)
            * np.exp(0.03 * random.normal(size=periods).cumsum())[:, None]
        )
        return random.poisson(rates * people) / people

    def clustered_t(panel: Panel, before: int) -> float:
        """What software prints: the clustered error, and t with as many degrees as clusters."""
        found = difference.fit(panel, treated=0, pre_periods=before)
        error = found.standard_errors[difference.CR1]
        return float(2 * special.stdtr(UNITS - 1, -abs(found.att) / error))

    def filtered(panel: Panel, before: int) -> float:
        test = synthetic_control.placebo_test(
            panel, treated=0, pre_periods=before, treated_in_pools=True
        )
        return test.filters[0].p_value or 1.0

    methods: dict[str, Callable[[Panel, int], float]] = {
        "synthetic control, treated unit in pools": lambda panel, before: (
            synthetic_control.placebo_test(
                panel, treated=0, pre_periods=before, treated_in_pools=True
            ).p_value
        ),
        "synthetic control, treated unit left out": lambda panel, before: (
            synthetic_control.placebo_test(panel, treated=0, pre_periods=before).p_value
        ),
        "the first, filtered at twice the error": filtered,
        "augmented synthetic control": lambda panel, before: (
            augmented_control.placebo_test(panel, treated=0, pre_periods=before).p_value
        ),
        "synthetic difference-in-differences": lambda panel, before: (
            synthetic_difference.placebo_test(panel, treated=0, pre_periods=before).p_value
        ),
        "difference-in-differences, permutation": lambda panel, before: (
            difference.fit(panel, treated=0, pre_periods=before).p_value
        ),
        "conformal": lambda panel, before: conformal.no_effect(
            panel[:, 0], panel[:, 1:], pre_periods=before
        ),
        "(clustered t, one treated: not offered)": clustered_t,
    }
    unsafe = {"(clustered t, one treated: not offered)", "conformal"}

    def panels(kind: Callable[[np.random.Generator, int], Panel], before: int) -> Iterator[Panel]:
        for each in range(panels_each):
            yield kind(np.random.default_rng([7, each]), before + AFTER)

    error = (LEVEL * (1 - LEVEL) / panels_each) ** 0.5
    print(f"{panels_each} panels each; Monte Carlo error {100 * error:.1f} points at 5%")

    def chance(rate: float) -> float:
        return float(special.bdtrc(round(rate * panels_each) - 1, panels_each, LEVEL))

    failed = []
    for kind in (noise, factors, counts):
        for name, p_value in methods.items():
            rates = [
                float(np.mean([p_value(panel, before) <= LEVEL for panel in panels(kind, before)]))
                for before in BEFORE
            ]
            print(f"  {kind.__name__:<8} {name:<42}" + "".join(f"{r:8.1%}" for r in rates))
            if name not in unsafe and chance(max(rates)) < TOO_MANY:
                failed.append((kind.__name__, name, max(rates)))
    assert not failed, f"rejects too often: {failed}"


if __name__ == "__main__":
    if all(os.environ.get(name) == value for name, value in ONE_THREAD.items()):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else PANELS)
    else:  # threads are counted when numpy is imported: too late for this process
        sys.exit(
            subprocess.run(
                [sys.executable, "-m", "benchmarks.false_positives", *sys.argv[1:]],
                env=os.environ | ONE_THREAD,
            ).returncode
        )
