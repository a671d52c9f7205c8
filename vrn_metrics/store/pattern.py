"""Which figures of one family are shown and which hidden, with all that was shown before."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from vrn_metrics.areas import NETWORK
from vrn_metrics.counts import Status
from vrn_metrics.methods.attack import tighten
from vrn_metrics.methods.profiles import Profile
from vrn_metrics.methods.protection import ProtectionError, protect
from vrn_metrics.store.askable import CELL, Askable
from vrn_metrics.store.quantities import Mask, Numbers

LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class Figures:
    """The figures of several sets as one list: those of the same name and value are one.

    Parameters
    ----------
    value, worth, months
        Of each figure.
    over_network
        Whether it is of the whole network.
    undecided
        On offer now, and neither shown nor hidden before.
    public
        Shown before: it is known, and stays shown.
    equations
        All sums of all sets.
    """

    value: Numbers
    worth: Numbers
    months: Numbers
    over_network: Mask
    undecided: Mask
    public: Mask
    equations: sparse.csr_array


def decide_family(
    family: Askable, history: Sequence[tuple[Askable, pd.DataFrame]], profile: Profile
) -> tuple[pd.DataFrame, str]:
    """What may be seen of a family's figures on offer, and the rule that fired in words.

    Parameters
    ----------
    history
        The same family in earlier sets of releases, each with what was decided then
        (`CELL` and the rank of the status).
    """
    figures, figure = _stacked(family, history)
    low, high = profile.shown_bounds(figures.value)
    small = (figures.value >= 1) & (figures.value <= profile.hidden_up_to)
    is_seen, proof = _chosen(figures, small, low, high, profile)
    least, most = tighten(
        figures.equations, np.where(is_seen, low, 0.0), np.where(is_seen, high, np.inf)
    )
    wanted = family.cells["offered"].to_numpy(bool)
    own = figure[: len(family.cells)][wanted]
    shown_as = np.where(low == high, Status.EXACT.rank, Status.ROUNDED.rank)
    decided = family.cells.loc[wanted, [*CELL, "provisional"]].assign(
        lower=np.where(is_seen, low, least)[own],
        upper=np.where(is_seen, high, np.where(np.isinf(most), np.nan, most))[own],
        status=np.where(is_seen, shown_as, Status.SUPPRESSED.rank)[own],
    )
    primary, hidden = int(small[own].sum()), int((~is_seen)[own].sum())
    name = family.cells["quantity"].iloc[-1]
    return decided, (
        f"{name}: of {len(own)} figures {primary} hidden as 1 to {profile.hidden_up_to}, "
        f"{hidden - primary} to protect these; {proof}"
    )


def _stacked(
    family: Askable, history: Sequence[tuple[Askable, pd.DataFrame]]
) -> tuple[Figures, npt.NDArray[np.intp]]:
    """All sets over one list of figures, and the figure of each of their cells in order."""
    tables = [family, *(old for old, _ in history)]
    cells = pd.concat([each.cells for each in tables], ignore_index=True)
    figure, first = pd.factorize(pd.MultiIndex.from_frame(cells[[*CELL, "value"]]))
    one_each = cells.loc[~pd.Series(figure).duplicated()]
    before = [pd.Series(np.nan, index=family.cells.index)]
    for old, decided in history:
        before.append(old.cells[list(CELL)].merge(decided, on=list(CELL), how="left")["status"])
    status = pd.concat(before, ignore_index=True).to_numpy(float)
    hidden_before = status == Status.SUPPRESSED.rank
    shown_before = ~np.isnan(status) & ~hidden_before
    offered = np.zeros(len(cells), dtype=bool)
    offered[: len(family.cells)] = family.cells["offered"]

    def any_of(rows: Mask) -> Mask:
        return np.asarray(np.bincount(figure, weights=rows, minlength=len(first)) > 0)

    public = any_of(shown_before)
    places = (np.arange(len(cells)), figure)
    columns = sparse.csr_array((np.ones(len(cells)), places), shape=(len(cells), len(first)))
    rows = sparse.block_diag([each.equations for each in tables], format="csr")
    return (
        Figures(
            value=one_each["value"].to_numpy(float),
            worth=one_each["worth"].to_numpy(float),
            months=np.array([each.months for each in one_each["period"]], dtype=float),
            over_network=(one_each["area_code"] == NETWORK).to_numpy(),
            undecided=any_of(offered) & ~public & ~any_of(hidden_before),
            public=public,
            equations=sparse.csr_array(rows @ columns),
        ),
        figure,
    )


def _chosen(
    figures: Figures, small: Mask, low: Numbers, high: Numbers, profile: Profile
) -> tuple[Mask, str]:
    """Which figures are seen, and what is proven of it."""
    for on_offer, proof in _offers(figures):
        may_show = figures.public | on_offer
        try:
            found = protect(
                figures.value,
                small,
                figures.equations,
                standard=profile.standard,
                may_hide=on_offer,
                shown_lower=np.where(may_show, low, 0.0),
                shown_upper=np.where(may_show, high, np.inf),
                cost=figures.worth,
                effort=0,
            )
        except ProtectionError as failure:
            LOG.warning("no protection of %d figures: %s", int(on_offer.sum()), failure)
        else:
            return may_show & ~found.hidden, proof
    return figures.public & ~small, "no protection was found: nothing new is shown"


def _offers(figures: Figures) -> Iterator[tuple[Mask, str]]:
    """All figures, then fewer, should no protection of all be found."""
    yield figures.undecided, "none of them can be worked out"
    fewer = figures.undecided & (figures.over_network | (figures.months > 3))
    yield fewer, "quarters of districts were taken off, as no protection was found with them"
    fewer = figures.undecided & figures.over_network
    yield fewer, "districts were taken off, as no protection was found with them"
