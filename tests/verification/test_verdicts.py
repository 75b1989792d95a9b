"""How often a verdict is wrong where the truth is known: what is said to be shown, to lead, or to hang on something."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from sco_sim.numerics.arrays import Array
from sco_sim.studies.comparison.fragile import JudgementRanks
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.effects.effects import verdict
from sco_sim.studies.statistics import mean_interval, ranks, standard_error, sure
from tests.verification.coverage import SETTINGS, covers, seldom, share

MEAN = 0.3
TOGETHER = len(IMPORTANT)
PARAMETERS = 60
"""About as many judgement entries as a comparison has."""


def named(rng: np.random.Generator, effect: float, settings: int = SETTINGS) -> str:
    """The parameter that a difference is said to hang on, where it hangs on the first with this strength."""
    draws = pd.DataFrame(rng.normal(size=(settings, PARAMETERS)), columns=[f"p{n}" for n in range(PARAMETERS)])
    name, _ = JudgementRanks(draws).strongest(effect * draws["p0"] + rng.standard_t(3, settings))
    return name


@pytest.mark.slow
def test_no_parameter_is_named_under_pure_noise() -> None:
    """Catches the largest of many correlations that is set against the chance of one."""
    seldom("fragile names a parameter", share(lambda rng: named(rng, 0.0) != ""))


@pytest.mark.slow
def test_a_parameter_that_matters_is_named() -> None:
    """The same small, and its power: half a standard deviation is found at the default number of worlds."""
    assert share(lambda rng: named(rng, 0.7) == "p0", repetitions=20) >= 0.9
    assert share(lambda rng: named(rng, 0.0) != "", repetitions=20) <= 0.2


def judged(moved: Array) -> tuple[list[str], bool]:
    """Verdicts on promises of a rise in several outcomes, (outcome, world), and whether all intervals cover MEAN."""
    verdicts, covered, settings = [], True, np.arange(SETTINGS)
    for one in moved:
        error = standard_error(one, settings)
        low, high = mean_interval(float(one.mean()), error, settings, len(moved))
        verdicts.append(verdict(1, low, high, "literature 1"))
        assert (verdicts[-1] == "not shown") == (abs(one.mean()) <= sure(len(moved), SETTINGS) * error)
        covered &= low <= MEAN <= high
    return verdicts, covered


def normal(rng: np.random.Generator, outcomes: int) -> Array:
    return rng.normal(size=(outcomes, SETTINGS))


def skewed(rng: np.random.Generator, outcomes: int) -> Array:
    return rng.exponential(1.0, (outcomes, SETTINGS)) - 1.0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("draw", "outcomes", "level"),
    [(normal, 1, 0.05), (normal, TOGETHER, 0.05), (skewed, 1, 0.05), (skewed, TOGETHER, 0.1)],
)
def test_an_effect_of_nothing_is_seldom_shown(
    draw: Callable[[np.random.Generator, int], Array], outcomes: int, level: float
) -> None:
    """Catches outcomes that are tested one by one: of fifteen idle ones every other component would have one shown.

    Of worlds as skewed as an exponential docs/statistics.md says that it is one in ten.
    """
    got = share(lambda rng: set(judged(draw(rng, outcomes))[0]) != {"not shown"})
    seldom(f"effects shows one of {outcomes} idle outcomes, {draw.__name__}", got, level)


@pytest.mark.slow
def test_the_mean_of_an_effect_is_covered() -> None:
    """Catches a verdict by the range of single worlds, which never shows what the mean shows surely."""
    covers("fifteen mean effects", share(lambda rng: judged(MEAN + normal(rng, TOGETHER))[1]))
    covers("mean effect", share(lambda rng: judged(MEAN + skewed(rng, 1))[1]))
    assert share(lambda rng: judged(MEAN + skewed(rng, 1))[0] == ["shown"]) > 0.95  # four standard errors of the mean


@pytest.mark.slow
def test_ranks_are_seldom_outside_their_sets() -> None:
    """Catches an order of winners that changes with the seed."""
    truth = np.array([0.3, 0.1, 0.0, 0.0, -0.2] + 10 * [0.0])

    def wrong(rng: np.random.Generator) -> bool:
        moved = truth + rng.normal(size=(SETTINGS, len(truth))) + rng.normal(size=(SETTINGS, 1))
        best, worst = ranks(moved, np.arange(SETTINGS))
        first = np.array([(truth > one).sum() + 1 for one in truth])
        last = np.array([(truth >= one).sum() for one in truth])
        return bool((best > last).any() or (worst < first).any())

    seldom("a rank outside its set", share(wrong))


def test_ranks_by_hand() -> None:
    """Catches ranks turned round, and an order where nothing is known."""
    wobble = np.tile([-1.0, 1.0], 20)
    best, worst = ranks(
        np.stack([wobble, wobble + 5.0 + np.roll(wobble, 1) * 0.1, 0.0 * wobble], axis=1), np.arange(40)
    )
    assert (best.tolist(), worst.tolist()) == ([2, 1, 2], [3, 1, 3])
    assert ranks(np.ones((4, 2)), np.zeros(4, dtype=int))[1].tolist() == [2, 2]
