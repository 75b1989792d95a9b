"""Noise as it was fitted: how far it can go, and that it moves neither the mean of a flow nor that of the total."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from sco_sim.case.changes import Override
from sco_sim.evidence.calibration.exchange import of_total
from sco_sim.numerics.mixture import CUT, mixture_draws, mixture_mean, mixture_variance, noise_scale
from tests.worlds import CASE, model_of, quiet, variant

SHARE, SPREAD = np.array([[0.1]]), np.array([[2.3]])
NOISE_OF_EXCHANGE = ("trade.noise_level", "trade.common_noise", "students.noise_level", "people.noise")


def test_a_mixture_is_the_one_that_is_fitted() -> None:
    """Catches a share of the wrong normal, a spread taken for a variance, a uniform used twice for two things."""
    u = (np.arange(400_000) + 0.5) / 400_000
    drawn = np.sort(mixture_draws(u[None], SHARE, SPREAD)[0])
    exact = 0.9 * stats.norm.cdf(drawn) + 0.1 * stats.norm.cdf(drawn / 2.3)
    assert np.abs(exact - u).max() < 5e-4
    assert drawn.var() == pytest.approx(mixture_variance(np.ones(1), 0.1, 2.3)[0], rel=1e-2)
    assert np.exp(0.4 * drawn).mean() == pytest.approx(mixture_mean(np.array([0.4]), 0.1, 2.3)[0], rel=2e-3)  # the cut


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5])
def test_a_mixture_bears_the_ends_of_uniforms_and_shares(share: float) -> None:
    """Catches a division by a share of nothing, and a uniform at an end that gives an infinite year."""
    u = np.array([[2.0**-54, share or 0.3, np.nextafter(share, 0.0) or 2.0**-54, 1.0 - 2.0**-53]])
    drawn = mixture_draws(u, np.array([[share]]), SPREAD)
    assert np.abs(drawn).max() <= CUT * 2.3 * (1.0 + 1e-9)


def test_no_tie_jumps_by_more_than_eight_logs_in_a_million_years() -> None:
    """Catches a tail without a bound: the largest of 1,237 observed changes is 3.9."""
    draws = CASE.ledger.draw(1, range(1000))
    level, size, floor = (draws[f"trade.noise_{part}"] for part in ("level", "size", "floor"))
    widest = noise_scale(floor, level, size, floor, 18.0).max()
    u = np.random.default_rng(1).uniform(2.0**-54, 1.0, (1000, 1000))
    assert np.abs(widest * mixture_draws(u, SHARE, SPREAD)).max() < 8.0
    assert CUT * 2.3 * widest < 8.0  # whatever the uniform


def noisy(end: int = 2035, **values: float) -> Any:
    """A scenario in which nothing but the noise of one channel acts."""
    return quiet(2020, end, trade__trust_elasticity=0.0, students__trust_elasticity=0.0, cities__trade=0.0, **values)


@pytest.mark.slow
def test_noise_keeps_the_mean_of_students_given_their_return() -> None:
    """Catches half the variance taken off a year, which leaves a drift where there is a return (equation 12)."""
    scenario = noisy(students__noise_level=-1.2, students__noise_size=-0.14, students__adjustment=0.1)
    model = model_of(scenario, worlds=range(3000), replicates=3000)
    while model.year.year < 2035:
        model.step()
    for name in ("students_ab", "students_ba"):
        total = np.exp(model.state.arrays[name]).sum(axis=1)
        ratio = total / np.exp(model.year.expected(name)).sum(axis=1)
        assert abs(ratio.mean() - 1.0) < 4.0 * ratio.std() / np.sqrt(len(ratio))
        assert ratio.std() > 0.1


@pytest.mark.slow
def test_noise_keeps_the_mean_of_total_trade() -> None:
    """Catches a total that luck lets grow: each tie is noisy, their sum is what it would be without (equation 10)."""
    level, size, common = (
        CASE.ledger[f"trade.{name}"].central for name in ("noise_level", "noise_size", "common_noise")
    )
    scenario = noisy(trade__noise_level=level, trade__noise_size=size, trade__common_noise=common)
    model = model_of(scenario, worlds=range(3000), replicates=3000)
    while model.year.year < 2035:
        model.step()
    total, expected = np.exp(model.state.trade).sum(axis=1), np.exp(model.year.expected("trade")).sum(axis=1)
    ratio = total / expected
    assert abs(ratio.mean() - 1.0) < 4.0 * ratio.std() / np.sqrt(len(ratio))
    assert ratio.std() > 0.1


def test_the_fit_centres_the_total_as_the_model_does() -> None:
    """Catches a total weighed by logs: three equal flows of which one grows by a half."""
    x, log_mean = np.log([[2.0, 2.0, 2.0]]), np.log([[1.5, 1.0, 1.0]])
    assert np.exp(of_total(x, log_mean)) == pytest.approx(np.array([[3.5 / 3.0]]))


def test_states_and_ties_share_as_much_luck_as_the_ledger_says() -> None:
    """Catches a share of the variance used as one of the standard deviation, and a common draw of each tie's own."""
    states = variant().states
    scenario = noisy(2030, trade__gdp_elasticity=0.0, trade__common_elasticity=0.0, trade__common_noise=0.1,
                     trade__adjustment=0.01, growth__common_volume=0.36)  # fmt: skip
    spreads = {f"growth.spread.{iso}": Override(value=0.05) for iso in states}
    model = model_of(scenario.model_copy(update={"parameters": {**scenario.parameters, **spreads}}), range(600))
    growth, trade = [], []
    while model.year.year < 2030:
        before = model.state.log_gdp.copy(), model.state.trade.copy()
        model.step()
        growth.append(model.state.log_gdp - before[0])
        trade.append(model.state.trade - before[1])
    drawn = np.concatenate([one for one in growth if one.std() > 0.0][-6:])
    correlation = np.corrcoef(drawn.T)[np.triu_indices(len(states), 1)]
    assert correlation.mean() == pytest.approx(0.36, abs=0.03)
    jumps = np.array(trade[1:])
    assert np.abs(jumps - jumps[:, :, :1]).max() < 0.02  # one draw for all ties, less what returns to their own lines
    assert jumps[:, :, 0].std() == pytest.approx(0.1, rel=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "combined"])
def test_the_expected_totals_are_those_without_luck(name: str) -> None:
    """Catches noise that lifts what is expected: the bar is 5 %; 4,000 worlds give students 0.995 to 0.997 of it."""
    years = (2030, 2040)

    def totals(still: bool) -> dict[str, float]:
        model = model_of(variant(name), worlds=range(1000), replicates=1)
        for entry in NOISE_OF_EXCHANGE if still else ():
            model.year.p[entry] = np.full_like(model.year.p[entry], -60.0 if entry.endswith("level") else 0.0)  # type: ignore[index]
        out, state = {}, model.state
        while model.running:
            model.step()
            if model.year.year in years:
                students = sum(np.expm1(x).clip(0.0).sum() for x in (state.students_ab, state.students_ba))
                out |= {f"students {model.year.year}": students, f"trade {model.year.year}": np.exp(state.trade).sum()}
        return out

    assert totals(still=False) == pytest.approx(totals(still=True), rel=0.03)
