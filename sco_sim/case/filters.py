"""What the observations up to a year say about trade and trust: two small Kalman filters, all ties at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.gravity import EACH, all_ties, enough, expected_flows, gravity_regressors, without_direction
from sco_sim.case.ledger import Ledger
from sco_sim.case.observables import ACTIVE_DAYS
from sco_sim.case.trade_reports import reconcile
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.mixture import mixture_variance, noise_scale
from sco_sim.world.channels import BY_CHANNEL
from sco_sim.world.ties import Ties

BALANCE_END = 0.02
"""How far a GDELT balance of one is drawn in before its logit is taken."""
NO_YEAR = -1
"""Stands for a year where nothing was ever observed."""


@dataclass(frozen=True)
class Estimate:
    """Mean and standard deviation at the start, and the year of the last observation (-1: none), each (tie,)."""

    mean: Array
    sd: Array
    year: Array


@dataclass(frozen=True)
class TrustEstimate:
    """Level and deviation of trust: means, standard deviations, covariance, and last year observed, each (tie,)."""

    level: Array
    deviation: Array
    level_sd: Array
    deviation_sd: Array
    covariance: Array
    year: Array


class Centres:
    """The centres of a ledger by name."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def __getitem__(self, name: str) -> float:
        return self.ledger[name].central


def trade_observations(case: Case, ledger: Ledger, ties: Ties, years: range) -> tuple[Array, Array]:
    """Ln trade in USD of 2015 and its standard deviation, each (year, tie), NaN where neither direction is known.

    Two reports err little from year to year however far they lie apart: their gap is mostly a lasting one, and as an
    error of the year it would make every forecast inside 1992-2010 worse (docs/evidence.md).
    """
    single = ledger["trade.report_error_single"].central
    table = observed_flows(case, ledger, years)
    if table.empty:
        return np.full((len(years), len(ties)), np.nan), np.full((len(years), len(ties)), np.nan)
    columns = pd.MultiIndex.from_tuples(ties.pairs)
    backwards = pd.MultiIndex.from_tuples([(b, a) for a, b in ties.pairs])
    wide = table.pivot(index="year", columns=["iso3_o", "iso3_d"], values=["value", "error"]).reindex(list(years))

    def pick(what: str, order: pd.MultiIndex) -> Array:
        part: pd.DataFrame = wide[what]  # type: ignore[assignment]
        return part.reindex(columns=order).to_numpy(dtype=float)

    there, back = pick("value", columns), pick("value", backwards)
    total = np.nansum([there, back], axis=0)
    seen = total > 0.0
    safe = np.where(seen, total, 1.0)
    variance = sum(
        (np.nan_to_num(v) / safe * np.nan_to_num(e)) ** 2
        for v, e in ((there, pick("error", columns)), (back, pick("error", backwards)))
    )
    share, wandered = _one_way(there, back, single, ledger["trade.direction_step"].central)
    total, variance, safe = total / share, variance + wandered, safe / share
    deflator = case.deflator.reindex(list(years)).ffill().to_numpy(dtype=float)
    log = np.log(safe * 1000.0 / deflator[:, None])
    return np.where(seen, log, np.nan), np.where(seen, np.sqrt(variance), np.nan)


def _one_way(there: Array, back: Array, single: float, step: float) -> tuple[Array, Array]:
    """Share of a tie's trade that is seen where one direction is, and the variance of its log, each (year, tie).

    The other direction is as large beside it as in the last year that had both, and that ratio wanders by `step` a
    year; before any such year the direction stands for the whole, with the error of a report that stands alone.
    """
    share, variance = np.ones(there.shape), np.zeros(there.shape)
    first_part, since = np.full(there.shape[1], np.nan), np.zeros(there.shape[1])
    for row, (first, second) in enumerate(zip(there, back, strict=True)):
        both = (first > 0.0) & (second > 0.0)
        first_part[both] = first[both] / (first[both] + second[both])
        since = np.where(both, 0.0, since + 1.0)
        part = np.where(np.isnan(second), first_part, 1.0 - first_part)
        alone = np.isnan(first) != np.isnan(second)
        known = alone & ~np.isnan(part)
        share[row] = np.where(known, part, 1.0)
        variance[row] = np.where(known, (1.0 - part) ** 2 * step**2 * since, np.where(alone, single**2, 0.0))
    return share, variance


def observed_flows(case: Case, ledger: Ledger, years: range) -> pd.DataFrame:
    """iso3_o, iso3_d, year, value (thousand current USD, FOB) and error (ln) of every directed flow observed.

    Two reports by the one rule for them (`reconcile`); else a published figure from both reports, with an error of
    its own by basis (table `trade_reconciled`); else the one report there is.
    """
    key = ["iso3_o", "iso3_d", "year"]
    reports = case.table("trade_reports")
    reports = reports[reports["year"].isin(years)]
    flows = reconcile(reports)
    single = ledger["trade.report_error_single"].central
    table = reports[key].assign(
        value=flows.value, error=np.where(flows.both, ledger["trade.report_error"].central, single)
    )
    reconciled = case.table("trade_reconciled")
    reconciled = reconciled[reconciled["year"].isin(years)]
    if reconciled.empty:
        return table
    errors = {
        "reconciled": ledger["trade.reconciled_error"].central,
        "one_office": ledger["trade.office_error"].central,
        "split": ledger["trade.split_error"].central,
    }
    reconciled = reconciled[key].assign(
        value=reconciled["fob_kusd"].astype(float), error=reconciled["basis"].map(errors)
    )
    alone = table[~flows.both].merge(reconciled[key], how="left", indicator=True)["_merge"].eq("left_only").to_numpy()
    return pd.concat([table[flows.both], table[~flows.both][alone], reconciled], ignore_index=True).drop_duplicates(key)


def filter_trade(case: Case, ledger: Ledger, ties: Ties, start: int) -> Estimate:
    """Kalman filter of equation 10 without its target; a tie never seen is predicted from gravity.

    Where the case has no more ties with trade than the equation has coefficients, those of the shipped case are added.
    """
    first = case.first_trade_year(start)
    years = range(first, start + 1)
    seen, error = case.memo.get(
        ("trade_observations", ties.states, years), ledger, lambda noted: trade_observations(case, noted, ties, years)
    )
    gdp = case.gdp(ties.states, years)
    drift, c, pivot = _trade_drift(ledger, ties, gdp), Centres(ledger), BY_CHANNEL["trade"].noise_pivot
    assert pivot is not None
    tail = (c["trade.tail_share"], c["trade.tail_spread"])
    mean, variance = np.full(len(ties), np.nan), np.full(len(ties), np.inf)
    last = np.full(len(ties), float(NO_YEAR))
    for row, year in enumerate(years):
        size = np.nan_to_num(mean, nan=pivot)
        scale = noise_scale(size, c["trade.noise_level"], c["trade.noise_size"], c["trade.noise_floor"], pivot)
        mean = mean + drift[row]
        variance = variance + mixture_variance(scale, *tail) + c["trade.common_noise"] ** 2
        new = ~np.isnan(seen[row])
        noise = np.where(new, error[row], 1.0) ** 2
        started = new & np.isnan(mean)
        gain = np.where(np.isinf(variance), 1.0, variance / (np.where(np.isinf(variance), 0.0, variance) + noise))
        updated = np.where(started, seen[row], mean + gain * (seen[row] - mean))
        spread = np.where(started, noise, (1.0 - gain) * np.where(np.isinf(variance), 0.0, variance))
        mean, variance = np.where(new, updated, mean), np.where(new, spread, variance)
        last = np.where(new, float(year), last)
    known = ~np.isnan(mean)
    if known.all():
        return Estimate(mean, np.sqrt(variance), last)
    regressors = without_direction(gravity_regressors(case, ties, start))
    x, y = regressors[known], mean[known]
    if not enough(y, x, EACH):
        others_ties = all_ties(case.lender)
        lent = filter_trade(case.lender, ledger, others_ties, start)
        others = without_direction(gravity_regressors(case.lender, others_ties, start))
        x, y = np.vstack([x, others[lent.year >= 0]]), np.concatenate([y, lent.mean[lent.year >= 0]])
    predicted, sd = expected_flows(x, y, regressors)
    return Estimate(
        np.where(known, mean, predicted), np.where(known, np.sqrt(np.where(known, variance, 0.0)), sd), last
    )


def _trade_drift(ledger: Ledger, ties: Ties, log_gdp: Array) -> Array:
    """Change of ln trade that goes with GDP in each year (equation 10), (year, state) -> (year, tie); 0 if unknown."""
    known = pd.DataFrame(log_gdp).ffill().to_numpy(dtype=float)
    change = np.diff(known, axis=0, prepend=known[:1])
    own = np.nan_to_num(change[:, ties.first] + change[:, ties.second])
    there = np.isfinite(change)
    mean = np.where(there, change, 0.0).sum(axis=1, keepdims=True) / np.maximum(there.sum(axis=1, keepdims=True), 1)
    out: Array = ledger["trade.gdp_elasticity"].central * own + 2.0 * ledger["trade.common_elasticity"].central * mean
    return out


class Belief:
    """Gaussian belief about the level of trust and its deviation, all ties at once."""

    def __init__(self, level: Array, level_sd: float, deviation_sd: float) -> None:
        self.level = level
        self.deviation = np.zeros_like(level)
        self.p_uu = np.full_like(level, level_sd**2)
        self.p_dd = np.full_like(level, deviation_sd**2)
        self.p_ud = np.zeros_like(level)

    def age(self, rho: float, sigma: float, walk: float) -> None:
        """One year on: the level is a random walk of variance `walk`, the deviation follows equation 15."""
        self.deviation = rho * self.deviation
        self.p_uu, self.p_ud, self.p_dd = self.p_uu + walk, rho * self.p_ud, rho**2 * self.p_dd + sigma**2

    def update(self, seen: Array, slope: float, variance: Array) -> None:
        """Learn from observations of slope * (level + deviation); NaN teaches nothing."""
        new = ~np.isnan(seen)
        h_u, h_d = slope * (self.p_uu + self.p_ud), slope * (self.p_ud + self.p_dd)
        total = slope * (h_u + h_d) + np.where(new, variance, 1.0)
        k_u, k_d = np.where(new, h_u / total, 0.0), np.where(new, h_d / total, 0.0)
        surprise = np.where(new, seen - slope * (self.level + self.deviation), 0.0)
        self.level, self.deviation = self.level + k_u * surprise, self.deviation + k_d * surprise
        self.p_uu, self.p_ud, self.p_dd = self.p_uu - k_u * h_u, self.p_ud - k_u * h_d, self.p_dd - k_d * h_d


def filter_trust(case: Case, ledger: Ledger, ties: Ties, start: int, rivalry: Array) -> TrustEstimate:
    """Kalman filter of level (a random walk) and deviation (equation 15) over ICEWS and GDELT up to the start.

    The two sources hardly overlap and see the same thing on other scales, which are equated (`gdelt_logit`). Where a
    tie stands by GDELT and where it stood by ICEWS differ for good: that gap widens what is known of the level once,
    in the first year of GDELT, and the recent record then decides.
    """
    c = Centres(ledger)
    table = case.table("tie_years")
    first = table.loc[table["icews_cooperative_events"].notna(), "year"].min()
    years = range(int(np.nanmin([first, start])), start + 1)
    cooperative = case.tie_path("icews_cooperative_events", ties, years)
    conflictual = case.tie_path("icews_conflictual_events", ties, years)
    logit = np.log(cooperative + 0.5) - np.log(conflictual + 0.5)
    noise = c["trust.overdispersion"] * count_variance(cooperative, conflictual)
    events = np.where(cooperative + conflictual > 0.0, logit, np.nan)
    tone = gdelt_logit(case, ties, years)
    rho, sigma = c["trust.persistence"], c["trust.noise"]
    walk = c["trust.level_rate"] * c["trust.level_noise"] ** 2
    level = c["trust.start_mean"] + c["trust.start_rivalry"] * rivalry
    belief = Belief(level, c["trust.start_sd"], sigma / np.sqrt(1.0 - rho**2))
    last = np.full(len(ties), float(NO_YEAR))
    heard = np.zeros(len(ties), dtype=bool)
    for row, year in enumerate(years):
        if row:
            belief.age(rho, sigma, walk)
        belief.update(events[row], 1.0, noise[row])
        fresh = ~np.isnan(tone[row]) & ~heard
        belief.p_uu = belief.p_uu + np.where(fresh, c["trust.gdelt_gap"] ** 2, 0.0)
        heard |= fresh
        seen = tone[row] - c["trust.gdelt_intercept"]
        belief.update(seen, c["trust.gdelt_slope"], np.full(len(ties), c["trust.gdelt_noise"] ** 2))
        last = np.where(~np.isnan(events[row]) | ~np.isnan(tone[row]), float(year), last)
    return TrustEstimate(belief.level, belief.deviation, np.sqrt(belief.p_uu), np.sqrt(belief.p_dd), belief.p_ud, last)


def count_variance(cooperative: Array, conflictual: Array) -> Array:
    """Binomial variance of the logits with the events of the year and the mean share of the tie, (year, tie).

    With the share of the year itself a lucky year would look noisy and count for less, which bends the filter and any
    fit through it near the ceiling. The share is drawn a little towards ten cooperative events in eleven.
    """
    total = cooperative + conflictual
    share = (np.nansum(cooperative, axis=0) + 2.0) / (np.nansum(total, axis=0) + 2.2)
    out: Array = 1.0 / (total * share + 0.5) + 1.0 / (total * (1.0 - share) + 0.5)
    return out


def gdelt_logit(case: Case, ties: Ties, years: range) -> Array:
    """Logit of the GDELT balance of each year as a share of good days, (year, tie); NaN with few active days.

    The balance runs from -1 to 1; a balance at either end is drawn in a little, so that the logit stays finite.
    """
    active = case.tie_path("gdelt_active_days", ties, years) >= ACTIVE_DAYS
    balance = np.where(active, case.tie_path("gdelt_balance", ties, years), np.nan)
    out: Array = np.log1p(balance + BALANCE_END) - np.log1p(BALANCE_END - balance)
    return out
