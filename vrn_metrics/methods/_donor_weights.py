"""The weights of many synthetic controls, and whether each had a choice."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from vrn_metrics.methods._simplex import Mixtures, nearest
from vrn_metrics.methods._ties import is_unique, least_norm

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class DonorWeights(NamedTuple):
    """One row a problem: its weights, and whether no others fit equally well."""

    weights: Floats
    unique: Mask
    mixtures: Mixtures


def donor_weights(points: Floats, targets: Floats, allowed: Mask | None = None) -> DonorWeights:
    """The nearest mixture for each target; the most even weights where several make it.

    Parameters
    ----------
    points
        Donors by periods before the start.
    targets
        Problems by periods.
    allowed
        Problems by donors: which each may use.
    """
    mixtures = nearest(points, targets, allowed=allowed)
    weights = mixtures.weights.copy()
    unique = np.ones(len(targets), dtype=bool)
    support = weights > 0
    for row in np.flatnonzero((mixtures.could_enter & ~support).any(axis=1)):
        free = mixtures.could_enter[row]
        unique[row] = is_unique(points, support[row], free)
        if not unique[row]:
            weights[row] = least_norm(points, weights[row], free)
    return DonorWeights(weights, unique, mixtures)
