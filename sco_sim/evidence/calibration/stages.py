"""The separable equations, each with its data, its prior and its likelihood: trade, students, trust, disputes, GDELT.

Priors are wider than what the tables say and come from the literature or from nothing; the ledger's own entries were
measured on the same tables and would count them twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.filters import NO_YEAR, Belief, Centres, count_variance, filter_trust, gdelt_logit, trade_observations
from sco_sim.evidence.calibration.exchange import Series, natural
from sco_sim.evidence.calibration.inference import LogDensity, Prior
from sco_sim.evidence.events import EVENTS, FIRST, LAST, counts
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit
from sco_sim.world.channels import BY_CHANNEL
from sco_sim.world.ties import Ties

LEVEL_RATE = 0.175
"""Rate at which the level of trust follows its target, held at its centre: thirteen years do not identify it."""
STUDENT_ERROR = 0.05
"""Standard error of a reported number of students (ln)."""
TRADE_LAST = 2020
"""Last year of trade that the fit sees; later ones are for scoring, and thin until 2023."""
GDELT_YEARS = range(2018, 2021)
"""Years of GDELT that the fit sees; later ones are for scoring."""
LATEST = 9999
"""No limit on the years that are seen."""


@dataclass(frozen=True)
class Stage:
    """One fit: names in the ledger, the density on the free scale, and the way from there to the ledger's scale."""

    key: str
    names: tuple[str, ...]
    prior: Prior
    likelihood: LogDensity
    to_ledger: Callable[[Array], Array]
    """(draw, parameter) free -> (draw, parameter) of the ledger."""
    observations: int
    source: str
    """Data and period, for the ledger."""
    views: Callable[[Array], Array] = lambda draws: draws
    """What other views of the equation make of the draws, (draw, parameter) of the ledger."""

    def density(self, x: Array) -> Array:
        """Log posterior density up to a constant, (draw,)."""
        out: Array = self.likelihood(x) + self.prior.log(x)
        return out


def _last(usual: int, until: int) -> int:
    """Last year that a stage sees: an origin of its own, or the usual one, which leaves later years for scoring."""
    return usual if until == LATEST else until


def _gdp(case: Case, states: tuple[str, ...], years: range) -> Array:
    """Ln GDP with its gaps closed, (year, state); a state without any does not grow."""
    return _closed(case.gdp(states, years))


def _closed(path: Array) -> Array:
    known = pd.DataFrame(path).interpolate(limit_direction="both")
    return known.fillna(0.0).to_numpy(dtype=float)


def _gravity(case: Case, ties: Ties, years: range) -> Array:
    gdp = _gdp(case, ties.states, years)
    out: Array = gdp[:, ties.first] + gdp[:, ties.second]
    return out


def trade_series(case: Case, until: int = LATEST) -> Series:
    """Trade of all ties between members, with the shift of their shares of cooperation."""
    ties = Ties(case.studied)
    reported = case.table("trade_reports")["year"]
    years = range(int(reported.min()), min(int(reported.max()), _last(TRADE_LAST, until)) + 1)
    y, error = trade_observations(case, case.written, ties, years)
    return Series(
        y, error, _gravity(case, ties, years), _trust_shift(case, ties, years), *_noise_shape(case, "trade"),
        common=True,
    )  # fmt: skip


def _noise_shape(case: Case, channel: str) -> tuple[float, float, tuple[float, float]]:
    """Floor, pivot and tail of the noise of a channel, as a `Series` has them."""
    pivot, centre = BY_CHANNEL[channel].noise_pivot, Centres(case.written)
    assert pivot is not None, f"the noise of {channel} does not go with size"
    tail = (centre[f"{channel}.tail_share"], centre[f"{channel}.tail_spread"])
    return centre[f"{channel}.noise_floor"], pivot, tail


def trade_stage(case: Case, until: int = LATEST) -> Stage:
    """Equation 10 on the two reports of every direction."""
    series = trade_series(case, until)
    prior = Prior(np.array([0.8, 0.0, -1.0, -2.1, 0.0, -2.0, 0.0]), np.array([0.3, 1.5, 0.5, 0.6, 0.1, 0.7, 0.5]))
    order = ("elasticity", "adjustment", "level", "size", "trust", "common", "common_elasticity")
    return Stage(
        "trade",
        tuple(f"trade.{name}" for name in _TRADE),
        prior,
        series.log_likelihood,
        lambda x: np.column_stack([natural(x, True)[name] for name in order]),
        int(np.isfinite(series.y).sum()),
        "IMF Direction of Trade 1992-2020, ten members, filtered partial adjustment; half of them 0.5, 0 common",
        _gravity_views,
    )


VIEW_SHARE, VIEW_ELASTICITY = 2, 0.5
"""Every second draw takes the other view of what GDP does to trade, and the elasticity of that view."""


def _gravity_views(draws: Array) -> Array:
    """Half of the draws as fitted, half with one elasticity of 0.5 and none of the growth that all states share.

    The two views are a structural uncertainty: no data up to 2010 decide between them, and worlds of both forecast
    better than those of either (docs/evidence.md).
    """
    out = draws.copy()
    out[::VIEW_SHARE, _TRADE.index("gdp_elasticity")] = VIEW_ELASTICITY
    out[::VIEW_SHARE, _TRADE.index("common_elasticity")] = 0.0
    return out


_TRADE = (
    "gdp_elasticity", "adjustment", "noise_level", "noise_size", "trust_elasticity", "common_noise",
    "common_elasticity",
)  # fmt: skip


def _trust_shift(case: Case, ties: Ties, years: range) -> Array:
    """Smoothed logit of cooperation less its first value; 0 before ICEWS, held after it; nothing after `years`."""
    seen = counts(case, ties).until(max(years.stop - FIRST, 1))
    logit = np.where(seen.cooperative + seen.conflictual >= EVENTS, seen.logit, np.nan)
    smooth = pd.DataFrame(logit).ewm(alpha=0.3).mean().ffill().bfill().fillna(0.0)
    shift = (smooth - smooth.iloc[0]).set_axis(list(range(2002, 2002 + len(smooth))), axis=0)
    return shift.reindex(list(years)).ffill().fillna(0.0).to_numpy(dtype=float)


def students_stage(case: Case, until: int = LATEST) -> Stage:
    """Equation 12 on the directed series between members with five or more observations."""
    table = case.table("students")
    wide = table.pivot(index="year", columns=["iso3_origin", "iso3_destination"], values="students_persons")
    members = set(case.studied)
    wide = wide[wide.index <= until]
    long = wide.loc[:, wide.notna().sum() >= 5]
    pairs = [(str(pair[0]), str(pair[1])) for pair in long.columns]
    columns = [pair for pair in pairs if set(pair) <= members]
    years = range(int(wide.index.min()), int(wide.index.max()) + 1)
    states = tuple(sorted({iso for c in columns for iso in c}))
    volume = _closed(case.volume(states, years))
    row = {iso: i for i, iso in enumerate(states)}
    gravity = np.column_stack([volume[:, row[c[0]]] + volume[:, row[c[1]]] for c in columns])
    y = np.log1p(wide.reindex(index=list(years), columns=pd.MultiIndex.from_tuples(columns)).to_numpy(dtype=float))
    series = Series(y, np.full_like(y, STUDENT_ERROR), gravity, np.zeros_like(y), *_noise_shape(case, "students"))
    order = ("elasticity", "adjustment", "level", "size")
    names = ("gdp_elasticity", "adjustment", "noise_level", "noise_size")
    return Stage(
        "students",
        tuple(f"students.{name}" for name in names),
        Prior(np.array([0.5, 0.0, -1.0, -2.1]), np.array([0.5, 1.5, 0.5, 0.6])),
        series.log_likelihood,
        lambda x: np.column_stack([natural(x, False)[name] for name in order]),
        int(np.isfinite(y).sum()),
        "UNESCO and other students 1998-2023, directed series between members, filtered partial adjustment",
    )


@dataclass(frozen=True)
class TrustData:
    """What the trust stage sees, (year, tie) but for the rivalries (tie,).

    Logit of the share of cooperation and its binomial variance, disputes that began, and trade above expectation as the
    level of trust would feel it.
    """

    logit: Array
    binomial: Array
    rivalry: Array
    onsets: Array
    trade: Array

    def log_likelihood(self, x: Array) -> Array:
        """Log likelihood (draw,) of free parameters (draw, 9): see `trust_stage`."""
        rho, sigma = expit(x[:, 0:1]), np.exp(x[:, 1:2])
        walk, psi = np.exp(2.0 * x[:, 2:3]), np.exp(x[:, 3:4])
        level = x[:, 6:7] + x[:, 7:8] * self.rivalry
        belief = Belief(level, 1.0, 1.0)
        belief.p_uu = np.broadcast_to(np.exp(2.0 * x[:, 8:9]), level.shape).copy()
        belief.p_dd = np.broadcast_to(sigma**2 / (1.0 - rho**2), level.shape).copy()
        total = np.zeros(len(x))
        for row, (seen, binomial) in enumerate(zip(self.logit, self.binomial, strict=True)):
            if row:
                belief.age(rho, sigma, walk)  # type: ignore[arg-type]
            belief.deviation = belief.deviation - x[:, 4:5] * self.onsets[row]
            shift = x[:, 5:6] * self.trade[row]
            new = np.isfinite(seen)
            error = psi * np.where(new, binomial, 1.0)
            spread = belief.p_uu + 2.0 * belief.p_ud + belief.p_dd + error
            gap = np.where(new, np.where(new, seen, 0.0) - belief.level - belief.deviation - shift, 0.0)
            total += np.where(new, -0.5 * np.log(2.0 * np.pi * spread) - 0.5 * gap**2 / spread, 0.0).sum(axis=1)
            belief.update(np.where(new, np.where(new, seen, 0.0) - shift, np.nan), 1.0, error)
        return total


def trust_data(case: Case, until: int = LATEST) -> TrustData:
    """ICEWS counts 2002-14, disputes and trade of the ties between members."""
    ties = Ties(case.studied)
    years = range(FIRST, min(LAST, until) + 1)
    seen = counts(case, ties).until(len(years))
    onsets = (np.nan_to_num(case.tie_path("mid_onsets", ties, years)) > 0.0).astype(np.float64)
    return TrustData(
        seen.logit, count_variance(seen.cooperative, seen.conflictual), seen.rivalry, onsets, _felt(case, ties, years)
    )


def trust_stage(case: Case, until: int = LATEST) -> Stage:
    """Equations 15 to 17 as an overdispersed binomial."""
    data = trust_data(case, until)
    prior = Prior(
        np.array([0.0, -0.7, -2.5, 0.5, 0.3, 0.0, 3.2, -1.5, 0.0]),
        np.array([1.0, 0.5, 0.7, 0.4, 0.3, 0.3, 0.7, 0.7, 0.4]),
    )
    names = ("persistence", "noise", "level_noise", "overdispersion", "dispute_drop", "trade_effect")

    def to_ledger(x: Array) -> Array:
        walk = np.exp(x[:, 2]) / np.sqrt(LEVEL_RATE)
        return np.column_stack([expit(x[:, 0]), np.exp(x[:, 1]), walk, np.exp(x[:, 3]), x[:, 4], x[:, 5]])

    usable = int(np.isfinite(data.logit).sum())
    source = "ICEWS events 2002-14, ten members, overdispersed binomial; disputes MID 5.0; trade IMF"
    return Stage("trust", tuple(f"trust.{n}" for n in names), prior, data.log_likelihood, to_ledger, usable, source)


def _felt(case: Case, ties: Ties, years: range) -> Array:
    """Tanh of trade above its gravity path since the first year, as a level that follows it at LEVEL_RATE holds it."""
    y, _ = trade_observations(case, case.written, ties, years)
    gravity = _gravity(case, ties, years)
    above = pd.DataFrame(y - case.written["trade.gdp_elasticity"].central * gravity).ffill().bfill().fillna(0.0)
    pull = np.tanh((above - above.iloc[0]).to_numpy(dtype=float))
    felt: Array = np.zeros_like(pull)
    for row in range(1, len(pull)):
        felt[row] = felt[row - 1] + LEVEL_RATE * (pull[row] - felt[row - 1])
    return felt


def dispute_rows(case: Case, until: int = LATEST) -> tuple[Array, Array]:
    """Regressors (row, 5) of equation 2 and onsets (row,), all tie-years of 1992-2014 between members."""
    ties = Ties(case.studied)
    years = range(1992, min(2014, until) + 1)
    onset = np.nan_to_num(case.tie_path("mid_onsets", ties, years)) > 0.0
    hostile = onset | (np.nan_to_num(case.tie_path("ucdp_intensity", ties, years)) > 0.0)
    start = case.tie_column("ties", "rivalry_from_year", ties, np.inf)
    stop = case.tie_column("ties", "rivalry_to_year", ties, np.inf)
    stability = case.held("stability_wgi_pv", ties.states, years, 0.0)
    weaker = np.minimum(stability[:, ties.first], stability[:, ties.second])
    recent = np.array([hostile[max(0, row - 5) : row].any(axis=0) for row in range(len(hostile))])
    calendar = np.array(list(years))[:, None]
    rivalry = (start <= calendar) & (calendar <= stop)
    border = np.broadcast_to(case.tie_column("ties", "land_border", ties, 0.0), onset.shape)
    columns = [np.ones(onset.shape), border, rivalry, recent, -(weaker + 0.5)]
    x = np.column_stack([np.asarray(c, dtype=float).ravel() for c in columns])
    return x, onset.ravel().astype(np.float64)


def disputes_stage(case: Case, until: int = LATEST) -> Stage:
    """Equation 2: a logistic regression with normal priors."""
    x, onset = dispute_rows(case, until)
    prior = Prior(np.array([-4.0, 1.0, 1.0, 1.0, 0.3]), np.array([1.5, 1.0, 1.0, 1.0, 0.5]))
    names = ("base", "border", "rivalry", "recent", "instability")
    return Stage(
        "dispute",
        tuple(f"dispute.{n}" for n in names),
        prior,
        logistic(x, onset),
        lambda z: z,
        len(onset),
        "militarised disputes 1992-2014 (Correlates of War MID 5.0), ten members, logistic regression",
    )


def logistic(x: Array, y: Array) -> LogDensity:
    """Log likelihood of a logistic regression for many coefficient vectors (draw, column) at once."""

    def log_likelihood(slopes: Array) -> Array:
        odds = slopes @ x.T
        out: Array = (y * odds - np.logaddexp(0.0, odds)).sum(axis=1)
        return out

    return log_likelihood


def gdelt_stage(case: Case, until: int = LATEST) -> Stage:
    """GDELT 2018-20 equated to the ICEWS logit 2002-14, its yearly noise, and the lasting gap between the two.

    The two sources do not overlap, so no regression can tell a change of the level from a difference of the scale. They
    are equated (linear equating, Kolen and Brennan 2014): the levels of the ties have the same mean and spread by both.
    What is estimated is how much a year of GDELT errs and how far a tie's level may have moved between the two.
    """
    ties, ledger = Ties(sorted(case.table("states")["iso3"])), case.written
    years = range(GDELT_YEARS.start, _last(GDELT_YEARS.stop - 1, until) + 1)
    rivalry = case.rivalries(ties, range(years.start - 1, years.start))[0]
    before = filter_trust(case, ledger, ties, LAST, rivalry)
    tone = gdelt_logit(case, ties, years) if len(years) else np.full((1, len(ties)), np.nan)
    use = (before.year > NO_YEAR) & np.isfinite(tone).any(axis=0)
    tone, level = tone[:, use], before.level[use]
    rho, sigma = ledger["trust.persistence"].central, ledger["trust.noise"].central
    walk = ledger["trust.level_rate"].central * ledger["trust.level_noise"].central ** 2
    own = np.nanmean(tone, axis=0)

    def scale(noise: Array) -> tuple[Array, Array]:
        """Intercept and slope that equate mean and spread, each (draw, 1)."""
        spread = np.sqrt(np.maximum(own.var() - noise**2 / len(years), 1e-6))
        slope = spread / level.std()
        return own.mean() - slope * level.mean(), slope

    def log_likelihood(x: Array) -> Array:
        gap, noise = np.exp(x[:, 0:1]), np.exp(x[:, 1:2])
        intercept, slope = scale(noise)
        belief = Belief(np.broadcast_to(level, (len(x), len(level))), 1.0, 1.0)
        belief.deviation = np.broadcast_to(before.deviation[use], belief.level.shape)
        belief.p_uu = np.broadcast_to(before.level_sd[use] ** 2, belief.level.shape)
        belief.p_dd = np.broadcast_to(before.deviation_sd[use] ** 2, belief.level.shape)
        belief.p_ud = np.broadcast_to(before.covariance[use], belief.level.shape)
        for _ in range(LAST, years.start - 1):
            belief.age(rho, sigma, walk)
        belief.p_uu = belief.p_uu + gap**2
        total = np.zeros(len(x))
        for seen in tone:
            belief.age(rho, sigma, walk)
            new = np.isfinite(seen)
            error = np.where(new, np.where(new, seen, 0.0) - intercept - slope * (belief.level + belief.deviation), 0.0)
            spread = slope**2 * (belief.p_uu + 2.0 * belief.p_ud + belief.p_dd) + noise**2
            total += np.where(new, -0.5 * np.log(2.0 * np.pi * spread) - 0.5 * error**2 / spread, 0.0).sum(axis=1)
            belief.update(np.where(new, seen, np.nan) - intercept, slope, noise**2)  # type: ignore[arg-type]
        return total

    def to_ledger(x: Array) -> Array:
        noise = np.exp(x[:, 1:2])
        return np.column_stack([*scale(noise), noise, np.exp(x[:, 0:1])])

    names = ("gdelt_intercept", "gdelt_slope", "gdelt_noise", "gdelt_gap")
    return Stage(
        "gdelt",
        tuple(f"trust.{name}" for name in names),
        Prior(np.array([-0.7, -1.2]), np.array([0.7, 0.7])),
        log_likelihood,
        to_ledger,
        int(np.isfinite(tone).sum()),
        "GDELT balance 2018-20 equated to the ICEWS logit 2002-14, ties of 27 states",
    )


STAGES: dict[str, Callable[[Case, int], Stage]] = {
    "trade": trade_stage,
    "students": students_stage,
    "trust": trust_stage,
    "dispute": disputes_stage,
    "gdelt": gdelt_stage,
}
"""Builders by key; the second argument is the last year whose data may be seen."""
