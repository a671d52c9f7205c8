"""Ratios and paths from fitted coefficients, with the larger of two standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from vrn_metrics.methods._count_model import CountModel
from vrn_metrics.methods._interrupted_input import Series
from vrn_metrics.methods._interrupted_result import HAC, MODEL, Change, Path
from vrn_metrics.methods._interruption import Design
from vrn_metrics.methods._serial_correlation import newey_west

Floats = NDArray[np.float64]

WIDEST = 50.0  # on the log scale: a limit of e^50 is no answer, and e^710 is none in a computer
TOO_WIDE = "too uncertain to state: the limits lie more than twenty powers of ten apart"


@dataclass(frozen=True)
class Fitted:
    """A series, the columns it was fitted with, and the fit."""

    series: Series
    design: Design
    model: CountModel
    lags: int
    notes: tuple[str, ...]


class Term(NamedTuple):
    """What the coefficients of one fit are multiplied by, one row for each figure wanted."""

    fitted: Fitted
    rows: Floats


def ratio(terms: Sequence[Term], confidence: float, logarithm: float | None = None) -> Change:
    """The exponential of a sum over fits, one row each; `logarithm` where it is not that sum."""
    if logarithm is None:
        logarithm = float(_sum(terms)[0])
    model_error, hac_error, error = (float(each[0]) for each in _errors(terms))
    widened = error == hac_error
    method = f"{HAC if widened else MODEL} standard error"
    freedom = _freedom(terms, widened)
    width = _width(freedom, confidence)
    if abs(logarithm) + width * error > WIDEST:
        return Change.withheld(TOO_WIDE, confidence=confidence, method=method)
    away = -abs(logarithm) / error
    tail = special.ndtr(away) if freedom is None else special.stdtr(freedom, away)
    return Change(
        value=float(np.exp(logarithm)),
        lower=float(np.exp(logarithm - width * error)),
        upper=float(np.exp(logarithm + width * error)),
        confidence=confidence,
        method=method,
        p_value=float(2 * tail),
        error=error,
        model_error=model_error,
        hac_error=hac_error,
    )


def path(terms: Sequence[Term], confidence: float) -> Path | None:
    """Expected events of every point of the first fit's series, if they can be said at all."""
    people = terms[0].fitted.series.people
    _, hac_error, error = _errors(terms)
    width = _width(_freedom(terms, bool((error == hac_error).any())), confidence)
    logarithm = _sum(terms)
    if (np.abs(logarithm) + width * error).max() > WIDEST:
        return None
    return Path(
        people * np.exp(logarithm),
        people * np.exp(logarithm - width * error),
        people * np.exp(logarithm + width * error),
    )


def _sum(terms: Sequence[Term]) -> Floats:
    parts = [np.atleast_2d(each.rows) @ each.fitted.model.coefficients for each in terms]
    return np.asarray(sum(parts))


def _errors(terms: Sequence[Term]) -> tuple[Floats, Floats, Floats]:
    """By the model, series independent; by Newey and West, whatever they are; and the one used.

    That is the larger of the two, the model's having been corrected first.
    """
    rows = [np.atleast_2d(each.rows) for each in terms]
    models = [each.fitted.model for each in terms]
    variances = [
        ((row @ model.covariance) * row).sum(axis=1)
        for row, model in zip(rows, models, strict=True)
    ]
    corrected = [
        variance * model.correction for variance, model in zip(variances, models, strict=True)
    ]
    influence = sum(model.influence @ row.T for row, model in zip(rows, models, strict=True))
    hac = newey_west(np.asarray(influence), max(each.fitted.lags for each in terms))
    model_error, corrected_error = (np.sqrt(np.asarray(sum(x))) for x in (variances, corrected))
    return model_error, hac, np.maximum(corrected_error, hac)


def _freedom(terms: Sequence[Term], widened: bool) -> int | None:
    """Of the t distribution where a variance was estimated, `None` where Poisson's is known."""
    if not widened and all(each.fitted.model.family == "poisson" for each in terms):
        return None
    return min(each.fitted.model.degrees_of_freedom for each in terms)


def _width(freedom: int | None, confidence: float) -> float:
    tail = (1 - confidence) / 2
    return float(-special.ndtri(tail) if freedom is None else -special.stdtrit(freedom, tail))
