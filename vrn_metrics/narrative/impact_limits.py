"""What no impact estimate takes off, and what each method assumes."""

from __future__ import annotations

from typing import Final

from vrn_metrics.analyses.impact_effects import ImpactMethod

HAZARDS: Final = (
    "Regression to the mean: the Home Office chose the forces with most serious violence in the "
    "years ending March 2016 to 2018. Places chosen for being high tend to fall whatever is "
    "done, and every method here counts some of that as effect.",
    "Not the network alone: the same forces were given Surge and Grip money for enforcement at "
    "the same time. Any effect is that of both together.",
    "Covid: restrictions from March 2020 moved violence down and indoors, and not by the same "
    "amount everywhere. Compare the curve with and without the year ending March 2021.",
    "Recording: inspectors found that Leicestershire Police recorded 66% of reported violent "
    "crime in 2016/17, and the force then mended it. Recorded violence rose by a quarter or so "
    "from recording alone, years before the network: a gap that no network made. Hospital "
    "admissions and homicides are not touched by it.",
    "Spill-over: unfunded forces had duties and money of their own. What helped them too makes "
    "an effect look smaller than it was.",
    "Many looks: every further method, start or set of donors is another chance to find "
    "something. Write an analysis plan first, and hold on to it.",
)


def method_words(method: ImpactMethod) -> str:
    """What the method assumes, and which way it leans if that is wrong."""
    return _METHODS[method]


_METHODS: Final = {
    ImpactMethod.SYNTHETIC: (
        "The network is compared with the mixture of unfunded forces whose rates ran nearest to "
        "its own before the start. It assumes that the mixture would have gone on like the "
        "network; donors that were helped as well make the effect too small, and a network "
        "chosen for a run of high years makes it too large."
    ),
    ImpactMethod.AUGMENTED: (
        "The synthetic control, with what it still missed before the start taken off by a ridge "
        "regression on the donors. It may leave their range: a straight line is trusted there."
    ),
    ImpactMethod.SYNTHETIC_DIFFERENCE: (
        "The network's change beside that of weighted donors, between weighted periods. Levels "
        "may differ; what counts is that both ran parallel. A passing dip just before the start "
        "would be taken for the level."
    ),
    ImpactMethod.DIFFERENCE: (
        "The network's change less the plain mean change of all donors. It assumes that all "
        "would have gone parallel, which a place chosen for being high does not."
    ),
    ImpactMethod.INTERRUPTED: (
        "The network's own trend continued, less what befell all donors together at the start. "
        "A trend that was about to end anyway is counted as effect."
    ),
    ImpactMethod.RATIO: (
        "The latest period over the one before the start, divided by the same for the rest of "
        "England and Wales. It assumes that the network would have changed as the country did."
    ),
}
