"""Trust: the share of cooperative events, fitted up to 2010 and scored on 2011-14; its levels against GDELT 2018-20.

The measurement model is an overdispersed binomial: the logit of a year's events has variance psi (1/coop + 1/conf), so
a tie with few events teaches little. GDELT is another instrument on a scale of its own, joined by its own line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.polynomial.hermite_e import hermegauss
from scipy.optimize import minimize

from sco_sim.case.case import Case
from sco_sim.case.filters import ACTIVE_DAYS, Belief
from sco_sim.evidence.hindcast.bands import SHARE_CENTRE, by_share
from sco_sim.evidence.hindcast.naive import Forecaster, dyad_mean, persistence, shrunk_mean, smoothing
from sco_sim.evidence.hindcast.panel import Bools, Panel, Past, between_members
from sco_sim.evidence.hindcast.rolling import MODEL, Forecasters
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.world.ties import Ties

ORIGINS = ((2010, 2014),)
EVENTS = 20
"""Fewest events of a tie-year that is scored."""
FIRST, LAST = 2002, 2014
NODES, WEIGHTS = hermegauss(15)


@dataclass(frozen=True)
class Counts:
    """Cooperative and conflictual events, (year, tie), NaN where the source has no such tie, and rivalry in force."""

    cooperative: Array
    conflictual: Array
    rivalry: Array

    def until(self, rows: int) -> Counts:
        """The first years of it."""
        return Counts(self.cooperative[:rows], self.conflictual[:rows], self.rivalry)

    def of(self, ties: Bools) -> Counts:
        """Some of the ties."""
        return Counts(self.cooperative[:, ties], self.conflictual[:, ties], self.rivalry[ties])

    @property
    def logit(self) -> Array:
        """Logit of the share, NaN without events."""
        seen = self.cooperative + self.conflictual > 0.0
        return np.where(seen, np.log(self.cooperative + 0.5) - np.log(self.conflictual + 0.5), np.nan)

    @property
    def binomial(self) -> Array:
        """Binomial variance of that logit."""
        out: Array = 1.0 / (self.cooperative + 0.5) + 1.0 / (self.conflictual + 0.5)
        return out


@dataclass(frozen=True)
class TrustFit:
    """Persistence and noise of the deviation, walk of the level, overdispersion, and the start over ties."""

    persistence: float
    noise: float
    walk: float
    overdispersion: float
    mean: float
    rivalry: float
    spread: float

    def belief(self, counts: Counts) -> tuple[Belief, Array]:
        """Filter all years; the belief after the last one and the log likelihood of each tie."""
        level = self.mean + self.rivalry * counts.rivalry
        belief = Belief(level, self.spread, self.noise / np.sqrt(1.0 - self.persistence**2))
        likelihood = np.zeros_like(level)
        variance = self.overdispersion * counts.binomial
        for row, seen in enumerate(counts.logit):
            if row:
                belief.age(self.persistence, self.noise, self.walk)
            new = np.isfinite(seen)
            total = belief.p_uu + 2.0 * belief.p_ud + belief.p_dd + np.where(new, variance[row], 1.0)
            gap = np.where(new, seen - belief.level - belief.deviation, 0.0)
            likelihood += np.where(new, -0.5 * np.log(2.0 * np.pi * total) - 0.5 * gap**2 / total, 0.0)
            belief.update(seen, 1.0, np.where(new, variance[row], 1.0))
        return belief, likelihood


CENTRE = np.array([0.0, -0.7, -2.5, 0.5, 3.0, -1.5, 0.0])
"""Prior mean of: logit rho, ln sigma, ln walk sd, ln psi, level, shift by rivalry, ln spread."""
LOOSE = np.array([1.0, 0.5, 0.7, 0.5, 1.0, 1.0, 0.5])
"""Prior spread of the same."""


def unpack(x: Array) -> TrustFit:
    """Parameters from the free vector of the fit."""
    return TrustFit(
        persistence=float(1.0 / (1.0 + np.exp(-x[0]))),
        noise=float(np.exp(x[1])),
        walk=float(np.exp(2.0 * x[2])),
        overdispersion=float(np.exp(x[3])),
        mean=float(x[4]),
        rivalry=float(x[5]),
        spread=float(np.exp(x[6])),
    )


def fit_trust(counts: Counts) -> TrustFit:
    """Parameters of largest posterior density on all ties."""

    def loss(x: Array) -> float:
        return float(-unpack(x).belief(counts)[1].sum() + 0.5 * (((x - CENTRE) / LOOSE) ** 2).sum())

    return unpack(np.asarray(minimize(loss, CENTRE, method="L-BFGS-B").x, dtype=float))


def counts(case: Case, ties: Ties, rivalry_year: int = 2010) -> Counts:
    """ICEWS counts of all years; the rivalries of a year."""
    years = range(FIRST, LAST + 1)
    start = case.tie_column("ties", "rivalry_from_year", ties, np.inf)
    stop = case.tie_column("ties", "rivalry_to_year", ties, np.inf)
    return Counts(
        case.tie_path("icews_cooperative_events", ties, years),
        case.tie_path("icews_conflictual_events", ties, years),
        ((start <= rivalry_year) & (rivalry_year <= stop)).astype(np.float64),
    )


def trust_panel(case: Case, seen: Counts, ties: Ties) -> Panel:
    """Shares of ties with twenty or more events; those between members are scored."""
    inside = between_members(case, ties.pairs)
    total = seen.cooperative + seen.conflictual
    share = np.where(total >= EVENTS, seen.cooperative / np.maximum(total, 1.0), np.nan)
    flat = np.zeros((LAST + 1 - FIRST, len(ties.states)))
    return Panel(
        channel="trust",
        columns=ties.pairs,
        states=ties.states,
        years=tuple(range(FIRST, LAST + 1)),
        y=share,
        gdp=flat,
        real=flat,
        traits=np.zeros((len(ties), 0)),
        pool=inside,
        scored=inside,
    )


class TrustViews:
    """Forecasts of shares by the filter of equations 15 and 16; one fit an origin, on the ties of the pool."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._fits: dict[int, TrustFit] = {}

    def filtered(self, past: Past) -> Array:
        """Mean share by level and deviation, (horizon, tie)."""
        known = self._counts.until(len(past.y))
        if past.origin not in self._fits:
            self._fits[past.origin] = fit_trust(known.of(past.pool))
        fit = self._fits[past.origin]
        belief, _ = fit.belief(known)
        out = []
        for _ in range(past.horizon):
            belief.age(fit.persistence, fit.noise, fit.walk)
            spread = np.sqrt(belief.p_uu + 2.0 * belief.p_ud + belief.p_dd)
            nodes = expit(belief.level + belief.deviation + spread * NODES[:, None])
            out.append((WEIGHTS[:, None] * nodes).sum(axis=0) / WEIGHTS.sum())
        return np.array(out)

    def model(self, past: Past) -> Array:
        """The mean of the filter and of the tie's shrunk mean share, settled on origins 2005-08 scored up to 2010."""
        return 0.5 * (self.filtered(past) + shrunk_mean(past))

    def forecasters(self) -> Forecasters:
        """The model and the naive forecasts of shares."""
        points: dict[str, Forecaster] = {
            MODEL: self.model,
            "filter_alone": self.filtered,
            "persistence": persistence,
            "dyad_mean": dyad_mean,
            "shrunk_mean": shrunk_mean,
            "pooled_mean": pooled_mean,
            "smoothing": smoothing,
        }
        return {name: (by_share(point), SHARE_CENTRE) for name, point in points.items()}


def pooled_mean(past: Past) -> Array:
    """The tie's mean share drawn to the mean of all ties, by its years (two years' worth of the others)."""
    ok = np.isfinite(past.y)
    count, total = ok.sum(axis=0), np.where(ok, past.y, 0.0).sum(axis=0)
    overall = total[past.pool].sum() / max(count[past.pool].sum(), 1)
    mean = np.where(count > 0, (total + 2.0 * overall) / (count + 2.0), np.nan)
    return np.repeat(mean[None], past.horizon, axis=0)


def against_gdelt(case: Case, seen: Counts, ties: Ties) -> Mapping[str, Mapping[str, float]]:
    """How well each measure of 2002-14 orders the GDELT balance of 2018-20: leave-one-out R2, rank correlation.

    The ties of all states of the case with usable days in both; the filter is fitted on 2002-14.
    """
    years = range(2018, 2021)
    active = case.tie_path("gdelt_active_days", ties, years) >= ACTIVE_DAYS
    balance = np.where(active, case.tie_path("gdelt_balance", ties, years), np.nan)
    number = np.isfinite(balance).sum(axis=0)
    mean = np.nansum(balance, axis=0) / np.maximum(number, 1)
    enough = (seen.cooperative + seen.conflictual) >= EVENTS
    logit = np.where(enough, seen.logit, np.nan)
    years_seen = np.isfinite(logit).sum(axis=0)
    use = (number > 0) & (years_seen > 0)
    shares = np.nansum(np.where(enough, expit(np.nan_to_num(seen.logit)), 0.0), axis=0) / np.maximum(years_seen, 1)
    measures = {
        "model_level": fit_trust(seen).belief(seen)[0].level,
        "mean_logit": np.nansum(logit, axis=0) / np.maximum(years_seen, 1),
        "mean_share": shares,
        "last_logit": np.where(np.isfinite(logit[-1]), logit[-1], np.nansum(logit, axis=0) / np.maximum(years_seen, 1)),
    }
    return {name: _line(value[use], mean[use]) for name, value in measures.items()}


def _line(x: Array, y: Array) -> dict[str, float]:
    design = np.column_stack([np.ones_like(x), x])
    slope = np.linalg.solve(design.T @ design, design.T @ y)
    hat = np.einsum("ij,jk,ik->i", design, np.linalg.inv(design.T @ design), design)
    left_out = (y - design @ slope) / (1.0 - hat)
    rank = np.corrcoef(x.argsort().argsort(), y.argsort().argsort())[0, 1]
    r2 = 1.0 - (left_out**2).sum() / ((y - y.mean()) ** 2).sum()
    return {"r2": float(r2), "rank": float(rank), "n": float(len(x))}
