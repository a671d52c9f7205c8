"""Tests of a difference between two groups of clusters, when clusters are few.

Each cluster is one number here: its change from before the start to after it. With a balanced
panel that is all that difference-in-differences uses, and serial correlation within a cluster
is in it already (Bertrand, Duflo and Mullainathan 2004).
"""

from __future__ import annotations

import itertools
import math
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

MOST_ASSIGNMENTS: Final = 20_000  # gone through one by one up to here
DRAWN: Final = 9_999  # at random beyond it; with the true one, a round number
SEED: Final = 20_240_331
WEBB_CLUSTERS: Final = 7  # 6^7 vectors of weights; two-point weights are too few below 8
ENUMERATED_CLUSTERS: Final = 16  # 2^16 vectors
WEBB: Final = np.array([-np.sqrt(1.5), -1.0, -np.sqrt(0.5), np.sqrt(0.5), 1.0, np.sqrt(1.5)])
TIE: Final = 1e-9

Scheme = Literal["Webb, enumerated", "Rademacher, enumerated", "Rademacher, drawn"]


class WildBootstrap(NamedTuple):
    """The wild cluster bootstrap-t with the null imposed, or why there is none."""

    p_value: float | None
    scheme: Scheme | None
    reason: str | None = None


class TwoSample(NamedTuple):
    """Welch's test with each cluster as one observation, or why there is none."""

    p_value: float | None
    degrees: float | None
    lower: float | None
    upper: float | None
    reason: str | None = None


def assignments(clusters: int, treated: Mask) -> tuple[Mask, bool]:
    """Who else might have been treated: one row each but the true one, and whether that is all.

    Every other choice of as many clusters, or that many drawn at random where they are too
    many to go through.
    """
    size = int(treated.sum())
    if math.comb(clusters, size) <= MOST_ASSIGNMENTS:
        chosen = np.array(list(itertools.combinations(range(clusters), size)))
        rows = np.zeros((len(chosen), clusters), dtype=bool)
        rows[np.arange(len(chosen))[:, None], chosen] = True
        return rows[(rows != treated).any(axis=1)], True
    random = np.random.default_rng(SEED)
    order = np.argsort(random.random((DRAWN, clusters)), axis=1)[:, :size]
    rows = np.zeros((DRAWN, clusters), dtype=bool)
    rows[np.arange(DRAWN)[:, None], order] = True
    return rows, False


def wild_bootstrap(changes: Floats, treated: Mask) -> WildBootstrap:
    """Does the difference of mean changes stand out when clusters' residuals swap signs?

    Parameters
    ----------
    changes
        One a cluster.
    treated
        Which of them are treated.

    Notes
    -----
    Residuals under the null of no effect are multiplied by one random weight a cluster, and
    t-statistics compared. With seven clusters or fewer the weights are Webb's six, every
    vector of them once; up to sixteen, every vector of signs; beyond, signs drawn at random.
    With one treated cluster the bootstrap cannot work at all: it rejects hardly ever or nearly
    always, by which residuals it takes (MacKinnon and Webb 2017). It is withheld then. With
    few treated ones it still rejects too seldom.

    References
    ----------
    Cameron AC, Gelbach JB, Miller DL. Bootstrap-based improvements for inference with clustered
    errors. Review of Economics and Statistics 2008; 90: 414-427. Webb MD. Reworking wild
    bootstrap-based inference for clustered errors. Canadian Journal of Economics 2023; 56:
    839-858. MacKinnon JG, Webb MD. Wild bootstrap inference for wildly different cluster sizes.
    Journal of Applied Econometrics 2017; 32: 233-254.
    """
    if min(treated.sum(), (~treated).sum()) < 2:
        return WildBootstrap(
            None, None, "a wild bootstrap needs two clusters or more on either side"
        )
    own = _t_statistics(changes[None], treated)[0]
    vectors, scheme = _weights(len(changes))
    residuals = changes - changes.mean()
    drawn = np.abs(_t_statistics(residuals * vectors, treated))
    as_far = int((drawn >= abs(own) * (1 - TIE)).sum())
    if scheme == "Rademacher, drawn":
        return WildBootstrap((1 + as_far) / (1 + len(drawn)), scheme)
    return WildBootstrap(as_far / len(drawn), scheme)  # the true signs are among them


def two_sample(changes: Floats, treated: Mask, level: float) -> TwoSample:
    """Welch's t-test of clusters' changes: each cluster is one observation.

    References
    ----------
    Ibragimov R, Müller UK. Inference with few heterogeneous clusters. Review of Economics and
    Statistics 2016; 98: 83-96. They show that it keeps its level up to 8%, and otherwise below.
    """
    sides = changes[treated], changes[~treated]
    if min(map(len, sides)) < 2:
        return TwoSample(None, None, None, None, "Welch's test needs two clusters on either side")
    spread = [float(side.var(ddof=1)) / len(side) for side in sides]
    if sum(spread) == 0:
        return TwoSample(None, None, None, None, "clusters of a side changed all alike")
    degrees = sum(spread) ** 2 / sum(
        each**2 / (len(side) - 1) for each, side in zip(spread, sides, strict=True)
    )
    error = math.sqrt(sum(spread))
    difference = float(sides[0].mean() - sides[1].mean())
    reach = float(special.stdtrit(degrees, 1 - level / 2)) * error
    return TwoSample(
        2 * float(special.stdtr(degrees, -abs(difference) / error)),
        degrees,
        difference - reach,
        difference + reach,
    )


def _weights(clusters: int) -> tuple[Floats, Scheme]:
    if clusters <= WEBB_CLUSTERS:
        return np.array(list(itertools.product(WEBB, repeat=clusters))), "Webb, enumerated"
    if clusters <= ENUMERATED_CLUSTERS:
        signs = np.array(list(itertools.product([-1.0, 1.0], repeat=clusters)))
        return signs, "Rademacher, enumerated"
    random = np.random.default_rng(SEED)
    return random.choice([-1.0, 1.0], (DRAWN, clusters)), "Rademacher, drawn"


def _t_statistics(rows: Floats, treated: Mask) -> Floats:
    """The difference of means over its cluster-robust error, one a row."""
    one, other = rows[:, treated], rows[:, ~treated]
    difference = one.mean(axis=1) - other.mean(axis=1)
    error = np.sqrt(one.var(axis=1) / one.shape[1] + other.var(axis=1) / other.shape[1])
    with np.errstate(divide="ignore", invalid="ignore"):
        found = difference / error
    return np.where(error > 0, found, np.where(difference != 0, np.inf, 0.0))
