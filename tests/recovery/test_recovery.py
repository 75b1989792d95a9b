from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chisquare

from sco_sim.evidence.calibration.inference import posterior
from tests.recovery.truths import recover, shipped, synthetic


@pytest.mark.slow
@pytest.mark.parametrize("key", ["trade", "trust", "dispute"])
def test_known_parameters_are_found_again(key: str) -> None:
    """Catches a likelihood that is not that of the equations, and intervals that are far too narrow or wide."""
    found = recover(key, truths=4, seed=11)
    assert found.inside.mean() >= 0.7
    assert 0.2 < found.rank.mean() < 0.8


@pytest.mark.slow
def test_ranks_of_the_truth_are_uniform() -> None:
    """Catches a posterior that leans to one side or whose width is wrong (simulation-based calibration, small)."""
    ranks = recover("dispute", truths=40, seed=5, narrow=1.0).rank.ravel()
    counts, _ = np.histogram(ranks, bins=5, range=(0.0, 1.0))
    assert chisquare(counts).pvalue > 1e-3


@pytest.mark.slow
def test_a_fit_to_data_without_an_effect_reports_none() -> None:
    """Catches a fit that finds effects of disputes and trade on trust where there are none."""
    prior = shipped("trust").prior
    truth = prior.mean.copy()
    truth[[4, 5]] = 0.0
    inside = []
    for seed in range(3):
        stage = synthetic("trust", truth, np.random.default_rng(seed))
        draws = stage.to_ledger(posterior(stage.density, prior.mean, draws=400).draws)
        low, high = np.quantile(draws[:, 4:6], [0.025, 0.975], axis=0)
        inside.append((low <= 0.0) & (high >= 0.0))
    assert np.mean(inside) >= 5 / 6
