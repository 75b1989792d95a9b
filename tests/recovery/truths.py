"""Synthetic worlds with known parameters, and how well the fits find them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from sco_sim.case.case import Case
from sco_sim.evidence.calibration.exchange import simulate
from sco_sim.evidence.calibration.inference import posterior
from sco_sim.evidence.calibration.stages import (
    Stage,
    TrustData,
    dispute_rows,
    disputes_stage,
    logistic,
    trade_series,
    trade_stage,
    trust_data,
    trust_stage,
)
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import expit

KEYS = ("trade", "trust", "dispute")


@cache
def case() -> Case:
    return Case()


@cache
def shipped(key: str) -> Stage:
    return {"trade": trade_stage, "trust": trust_stage, "dispute": disputes_stage}[key](case())


def synthetic(key: str, truth: Array, rng: np.random.Generator) -> Stage:
    """The shipped stage with data drawn at a truth on the free scale."""
    stage = shipped(key)
    if key == "trade":
        return replace(stage, likelihood=simulate(truth, trade_series(case()), rng).log_likelihood)
    if key == "trust":
        return replace(stage, likelihood=simulate_trust(truth, trust_data(case()), rng).log_likelihood)
    x, _ = dispute_rows(case())
    y = (rng.random(len(x)) < expit(x @ truth)).astype(np.float64)
    return replace(stage, likelihood=logistic(x, y))


def simulate_trust(x: Array, like: TrustData, rng: np.random.Generator) -> TrustData:
    """Logits of one truth with the counts, disputes and trade of the tables."""
    rho, sigma, walk, psi = expit(x[0]), np.exp(x[1]), np.exp(x[2]), np.exp(x[3])
    ties = len(like.rivalry)
    level = x[6] + x[7] * like.rivalry + np.exp(x[8]) * rng.standard_normal(ties)
    deviation = sigma / np.sqrt(1.0 - rho**2) * rng.standard_normal(ties)
    logit = np.full_like(like.logit, np.nan)
    for row in range(len(logit)):
        if row:
            level = level + walk * rng.standard_normal(ties)
            deviation = rho * deviation + sigma * rng.standard_normal(ties)
        deviation = deviation - x[4] * like.onsets[row]
        noise = np.sqrt(psi * like.binomial[row]) * rng.standard_normal(ties)
        logit[row] = level + deviation + x[5] * like.trade[row] + noise
    return replace(like, logit=np.where(np.isfinite(like.logit), logit, np.nan))


@dataclass(frozen=True)
class Found:
    """Per truth and parameter: is it inside the 90 % interval, and its rank among the draws (0-1)."""

    inside: Array
    rank: Array


def recover(key: str, truths: int, seed: int, draws: int = 400, narrow: float = 0.6) -> Found:
    """Fit `truths` synthetic worlds whose parameters come from the prior, drawn `narrow` times as wide."""
    rng = np.random.default_rng(seed)
    prior = shipped(key).prior
    inside, rank = [], []
    for number in range(truths):
        truth = prior.mean + narrow * prior.sd * rng.standard_normal(len(prior.mean))
        stage = synthetic(key, truth, rng)
        if narrow != 1.0:
            stage = replace(stage, prior=replace(prior, sd=narrow * prior.sd))
        found = posterior(stage.density, stage.prior.mean, seed=number, draws=draws).draws
        low, high = np.quantile(found, [0.05, 0.95], axis=0)
        inside.append((low <= truth) & (truth <= high))
        rank.append((found < truth).mean(axis=0))
    return Found(np.array(inside, dtype=float), np.array(rank))
