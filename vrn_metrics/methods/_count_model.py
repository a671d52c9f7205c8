"""Which law do the counts follow, and what does a log-linear model of them then say?

statsmodels fits every generalised linear model here. The one thing it is not left to find is
the negative binomial's alpha: `GLM(family=NegativeBinomial())` silently holds it at 1, and
`discrete.NegativeBinomial` does not converge where there is little overdispersion.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]

Family = Literal["poisson", "quasi-poisson", "negative-binomial"]
Choice = Literal["auto", "poisson", "quasi-poisson", "negative-binomial"]

# The 5% point of the likelihood ratio of alpha = 0 against alpha > 0, which lies on the edge
# of what alpha can be: an even mixture of zero and chi-squared with one degree of freedom.
BEYOND_CHANCE: Final = 2.705543
# Alpha times the mean count: below, the standard errors are Poisson's to within 0.05%, and the
# likelihood's slope drowns in rounding; above, one count is a thousand times its mean.
LEAST_EXCESS: Final = 1e-3
MOST_ALPHA: Final = 1e3
MOST_ROUNDS: Final = 100
ENOUGH: Final = 1e-6  # of the variance; the next round would move a hundredth of this


@dataclass(frozen=True)
class CountModel:
    """A fitted log-linear model of counts.

    Parameters
    ----------
    coefficients
        On the log scale, one a column of the design.
    covariance
        Theirs, by the family's own variance.
    correction
        What that variance is to be multiplied by for inference. The likeliest alpha is too
        small, for it takes the coefficients as known: points over degrees of freedom, as in
        the variance of a normal sample. 1 for the other families.
    influence
        What each point adds to the coefficients' error, one row a point; zero where a point
        was left out, so that neighbours in the array are neighbours in time.
    expected, residuals
        Expected events and deviance residuals; NaN where a point was left out.
    degrees_of_freedom
        Points less coefficients.
    dispersion
        Pearson's chi-squared over its degrees of freedom under Poisson, whatever the family.
    overdispersion
        Alpha of the negative binomial, variance = m + alpha m²; 0 for the others.
    family, family_reason
        What was fitted, and why that.
    """

    coefficients: Floats
    covariance: Floats
    correction: float
    influence: Floats
    expected: Floats
    residuals: Floats
    degrees_of_freedom: int
    dispersion: float
    overdispersion: float
    family: Family
    family_reason: str


class NoMaximumError(ArithmeticError):
    """The likelihood has no maximum that could be found; the message says which."""


def fit_counts(
    events: Floats,
    people: Floats,
    design: Floats,
    used: NDArray[np.bool_],
    family: Choice,
) -> CountModel:
    """The maximum-likelihood fit of log(expected / people) = design × coefficients.

    Parameters
    ----------
    events, people, used
        One a point; only the used ones are fitted. They must not lie exactly on the model,
        and the design's rows with events must have full rank, or there is no maximum.
    design
        One row a point, all points.
    family
        `"auto"` takes the simplest that the counts allow: Poisson where the dispersion is 1 or
        less, negative binomial where alpha is above 0 beyond chance (likelihood ratio above
        2.71), and quasi-Poisson between or where no negative binomial can be fitted.
        Quasi-Poisson never narrows what Poisson gives.

    Raises
    ------
    NoMaximumError
        If no maximum was found.
    """
    y, x, offset = events[used], design[used], np.log(people[used])
    freedom = len(y) - x.shape[1]
    poisson = _glm(y, x, offset, 0.0)
    dispersion = float(((y - poisson.mu) ** 2 / poisson.mu).sum()) / freedom
    chosen, reason, fitted, alpha = _choose(y, x, offset, family, poisson, dispersion)
    covariance = np.asarray(fitted.normalized_cov_params)
    scores = ((y - fitted.mu) / (1 + alpha * fitted.mu))[:, None] * x
    influence = np.zeros((len(events), x.shape[1]))
    influence[used] = scores @ covariance
    expected, residuals = np.full((2, len(events)), np.nan)
    expected[used], residuals[used] = fitted.mu, fitted.resid_deviance
    scale = max(dispersion, 1.0) if chosen == "quasi-poisson" else 1.0
    return CountModel(
        coefficients=np.asarray(fitted.params),
        covariance=covariance * scale,
        correction=len(y) / freedom if chosen == "negative-binomial" else 1.0,
        influence=influence,
        expected=expected,
        residuals=residuals,
        degrees_of_freedom=freedom,
        dispersion=dispersion,
        overdispersion=alpha,
        family=chosen,
        family_reason=reason,
    )


def _choose(
    y: Floats, x: Floats, offset: Floats, family: Choice, poisson: Any, dispersion: float
) -> tuple[Family, str, Any, float]:
    """The family, why that one, its fit and its alpha."""
    if family in ("poisson", "quasi-poisson"):
        return family, "asked for", poisson, 0.0
    found = f"dispersion {dispersion:.2f}"
    if family == "auto" and dispersion <= 1:
        return "poisson", f"{found}: no more than chance makes the counts vary", poisson, 0.0
    narrower: Family = "quasi-poisson" if dispersion > 1 else "poisson"
    try:
        fitted, alpha = _negative_binomial(y, x, offset, poisson)
    except NoMaximumError as error:
        return narrower, f"{found}, but no negative binomial fits: {error}", poisson, 0.0
    if alpha == 0:
        return narrower, f"{found}, but the likeliest alpha is 0", poisson, 0.0
    if family == "negative-binomial":
        return family, "asked for", fitted, alpha
    gain = 2 * (_likelihood(y, fitted.mu, alpha) - _likelihood(y, poisson.mu, 0.0))
    found += f", likelihood ratio {gain:.1f}"
    if gain > BEYOND_CHANCE:
        return "negative-binomial", f"{found}: beyond chance", fitted, alpha
    return narrower, f"{found}: above 1, but not beyond chance", poisson, 0.0


def _glm(y: Floats, x: Floats, offset: Floats, alpha: float, start: Floats | None = None) -> Any:
    """The fit by statsmodels with variance m + alpha m², alpha given."""
    # Imported here: it takes seconds, and most of the package does without.
    from statsmodels.genmod.families import NegativeBinomial, Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    family = NegativeBinomial(alpha=alpha) if alpha > 0 else Poisson()
    with np.errstate(all="ignore"):  # a step too far is seen below, by what it leads to
        try:
            # By QR, as the default warns of a singular matrix where this raises.
            fitted = GLM(y, x, family=family, offset=offset).fit(
                start_params=start, tol=1e-10, maxiter=MOST_ROUNDS, wls_method="qr"
            )
        except (ValueError, np.linalg.LinAlgError) as error:
            raise NoMaximumError(f"the fit with alpha = {alpha:.3g} broke off: {error}") from error
        variances = np.diag(fitted.normalized_cov_params)
        found = np.isfinite(fitted.mu).all() and np.isfinite(fitted.params).all()
    if not (fitted.converged and found and (variances > 0).all()):
        raise NoMaximumError(f"the fit with alpha = {alpha:.3g} did not converge")
    return fitted


def _negative_binomial(y: Floats, x: Floats, offset: Floats, poisson: Any) -> tuple[Any, float]:
    """Coefficients and alpha in turns until neither moves, as `glm.nb` of R's MASS does."""
    fitted, alpha = poisson, 0.0
    for _ in range(MOST_ROUNDS):
        better = _alpha(y, fitted.mu)
        if better == 0:
            return poisson, 0.0
        if alpha > 0 and abs(better - alpha) < ENOUGH * (alpha + 1 / fitted.mu.mean()):
            return fitted, better
        alpha = better
        fitted = _glm(y, x, offset, alpha, fitted.params)
    raise NoMaximumError("the negative binomial's alpha did not settle")


def _alpha(y: Floats, expected: Floats) -> float:
    """The likeliest alpha where the expected counts are known; 0 where none is above zero."""

    def slope(log_alpha: float) -> float:
        """Of the likelihood, by log alpha."""
        size = math.exp(-log_alpha)
        total = size + expected
        gained = special.digamma(y + size) - special.digamma(size) - np.log1p(expected / size)
        return float(-size * (gained + 1 - (size + y) / total).sum())

    least, most = math.log(LEAST_EXCESS / expected.mean()), math.log(MOST_ALPHA)
    # At alpha = 0 the slope is that of variance over mean, and needs no special functions.
    if ((y - expected) ** 2 - y).sum() <= 0 or slope(least) <= 0:
        return 0.0
    if slope(most) >= 0:
        raise NoMaximumError("the counts vary without bound: alpha is infinite")
    return math.exp(optimize.brentq(slope, least, most, xtol=1e-12))


def _likelihood(y: Floats, expected: Floats, alpha: float) -> float:
    """The logarithm of it, less what depends on the counts alone."""
    if alpha == 0:
        return float((y * np.log(expected) - expected).sum())
    size = 1 / alpha
    return float(
        (
            special.gammaln(y + size)
            - special.gammaln(size)
            + y * np.log(expected / (size + expected))
            - size * np.log1p(expected / size)
        ).sum()
    )
