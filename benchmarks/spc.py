"""How long do ten thousand control charts take, beside one chart after another in pandas?

Prints processor seconds of one vectorised call with all rules on 10,000 series of 36 points,
and of the same rules written with pandas' groupby on a part of them, scaled to all. Run it
with `python -m benchmarks.spc`.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from vrn_metrics.methods.spc import process_limits, special_causes

SERIES, POINTS = 10_000, 36
IN_PANDAS = 300
BUDGET_SECONDS = 0.4
TIMES_FASTER = 150


def with_pandas(values: pd.Series) -> pd.Series:
    """The label of each point of one series, as an analyst would write it."""
    mean = values.mean()
    moving = values.diff().abs()
    moving = moving[moving < 3.267 * moving.mean()]
    width = 2.66 * moving.mean()
    side = np.sign(values - mean)
    label = pd.Series("", index=values.index)
    run = side.groupby((side != side.shift()).cumsum()).transform("size") * side.abs()
    label[run >= 7] = "run"
    near = ((values - mean).abs() > width * 2 / 3) & ((values - mean).abs() <= width)
    for sign in (1, -1):
        close = (near & (side == sign)).astype(int)
        for shift in range(3):
            three = close.shift(shift - 2).rolling(3).sum()
            same = (side == sign).astype(int).shift(shift - 2).rolling(3).sum()
            label[(three >= 2) & (same == 3) & (close == 1)] = "two of three"
    step = np.sign(values.diff())
    steps = step.groupby((step != step.shift()).cumsum()).cumcount() + 1
    for end in np.flatnonzero((steps >= 6) & (step != 0)):
        label.iloc[end - 6 : end + 1] = "trend"
    label[values > mean + width] = "above"
    label[values < mean - width] = "below"
    return label


def main() -> None:
    """Measure and print."""
    values = np.random.default_rng(1).poisson(25, (SERIES, POINTS)).astype(float)
    taken = []
    for _ in range(5):
        start = time.process_time()
        special_causes(values, limits=process_limits(values))
        taken.append(time.process_time() - start)
    ours = min(taken)
    frame = pd.DataFrame(
        {
            "series": np.repeat(np.arange(IN_PANDAS), POINTS),
            "value": values[:IN_PANDAS].ravel(),
        }
    )
    start = time.process_time()
    frame.groupby("series")["value"].transform(with_pandas)
    theirs = (time.process_time() - start) * SERIES / IN_PANDAS
    ratio = theirs / ours
    print(f"{SERIES:,} charts of {POINTS} points, all rules: {ours:.3f} s")
    print(f"pandas groupby, {IN_PANDAS} charts scaled to all: {theirs:.1f} s, {ratio:.0f} times")
    met = ours <= BUDGET_SECONDS and ratio >= TIMES_FASTER
    print(f"goal: {BUDGET_SECONDS} s and {TIMES_FASTER} times: {'met' if met else 'MISSED'}")


if __name__ == "__main__":
    main()
