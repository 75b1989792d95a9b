"""Flows of students that no source lists: what their absence says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from sco_sim.case.initial import initial_state
from sco_sim.case.listing import Listing, fit_listing
from sco_sim.world.ties import Ties
from tests.worlds import CASE, variant

TRUTH = Listing(np.array([2.0, 1.0, -1.5]), 1.5, 4.0, 1.0, 1.0)


def flows(rng: np.random.Generator, count: int = 4000) -> tuple[Any, Any, Any, Any]:
    """Regressors, true sizes, what is listed of them, and coverage, drawn from TRUTH."""
    x = np.column_stack([np.ones(count), rng.uniform(0.0, 5.0, count), rng.integers(0, 2, count)])
    others = rng.integers(0, 20, count).astype(float)
    y = x @ TRUTH.slopes + TRUTH.residual * rng.standard_normal(count)
    threshold = TRUTH.half - TRUTH.coverage * np.log((1.0 + others) / 11.0)
    return x, y, np.where(rng.random(count) < ndtr((y - threshold) / TRUTH.spread), y, np.nan), others


def test_size_and_listing_are_recovered() -> None:
    """Catches a likelihood of the listed flows alone: unlisted flows are small, and their slopes would be flat."""
    x, _, listed, others = flows(np.random.default_rng(1))
    fit = fit_listing(x, listed, others)
    assert fit.slopes == pytest.approx(TRUTH.slopes, abs=0.15)
    assert (fit.residual, fit.half, fit.coverage) == pytest.approx((1.5, 4.0, 1.0), abs=0.2)
    seen = np.isfinite(listed)
    naive = np.linalg.lstsq(x[seen], listed[seen], rcond=None)[0]
    assert abs(naive[1] - 1.0) > 2.0 * abs(fit.slopes[1] - 1.0)


def test_what_is_expected_of_an_absence() -> None:
    """Catches a moment of the wrong side, and coverage that makes an absence say less."""
    x, y, listed, others = flows(np.random.default_rng(2), 60_000)
    absent = np.isnan(listed)
    mean, sd = TRUTH.unlisted(x[absent], others[absent])
    assert (y[absent] - mean).mean() == pytest.approx(0.0, abs=0.03)
    assert ((y[absent] - mean) / sd).std() == pytest.approx(1.0, abs=0.02)
    one = np.array([[1.0, 4.0, 0.0]])
    assert TRUTH.unlisted(one, np.array([15.0]))[0] < TRUTH.unlisted(one, np.array([0.0]))[0] < (one @ TRUTH.slopes)


def test_rivals_that_no_source_lists_have_few_students() -> None:
    """Catches a gravity prediction that knows nothing of rivalry or of the lists: 62,000 between India and Pakistan."""
    scenario = variant()
    ties = Ties(scenario.states)
    start = initial_state(2023, CASE, CASE.ledger, ties, CASE.rivalries(ties, range(2023, 2024))[0])
    where = ties.tie("IND", "PAK")
    for name in ("students_ab", "students_ba"):
        known = start.channels[name]
        assert start.unseen(name)[where] == 1.0
        assert np.expm1(known.mean[where]) < 2000.0
    drawn = sum(
        (np.exp(known.mean + 0.5 * known.sd**2) * start.unseen(name)).sum()
        for name, known in start.channels.items()
        if name.startswith("students")
    )
    assert drawn < 60_000.0  # in all; the flows that are listed sum to 354,000
