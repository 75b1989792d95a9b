"""Coverage of what `compare` reports: means, quantiles, medians and shares of paired and unpaired differences."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import norm

from sco_sim.studies.comparison.cost import per_billion
from sco_sim.studies.comparison.histories import REPLICATES, superiority
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.comparison.prior import beside_prior
from sco_sim.studies.comparison.verdict import beside_the_prior, settled
from sco_sim.studies.statistics import FIGURES, Z, paired, unpaired
from tests.verification.coverage import REPETITIONS, SETTINGS, covers, seldom, share

BETWEEN, WITHIN, SHIFT = 1.0, 0.5, 0.4
TOTAL = float(np.hypot(BETWEEN, WITHIN))
NORMAL = {
    "difference": SHIFT, "low_05": norm.ppf(0.05, SHIFT, TOTAL), "high_95": norm.ppf(0.95, SHIFT, TOTAL),
    "chance_better": norm.sf(0.0, SHIFT, TOTAL), "difference_median": SHIFT,
}  # fmt: skip
APART = {
    "difference": SHIFT, "low_05": norm.ppf(0.05, SHIFT, np.sqrt(2.0)), "high_95": norm.ppf(0.95, SHIFT, np.sqrt(2.0)),
    "chance_better": norm.sf(0.0, SHIFT, np.sqrt(2.0)), "difference_median": SHIFT,
}  # fmt: skip
SKEWED = {
    "difference": float(np.exp(0.5)) - 1.0, "low_05": float(np.exp(norm.ppf(0.05))) - 1.0,
    "high_95": float(np.exp(norm.ppf(0.95))) - 1.0, "chance_better": 0.5, "difference_median": 0.0,
}  # fmt: skip


def inside(effect, truth):
    """Which figures of an effect lie within 1.96 of their standard errors of the truth."""
    return [abs(getattr(effect, name) - truth[name]) <= Z * getattr(effect, error) for name, error in FIGURES.items()]


def normal(rng, replicates):
    settings = np.repeat(np.arange(SETTINGS // replicates), replicates)
    moved = SHIFT + rng.normal(0.0, BETWEEN, settings[-1] + 1)[settings] + rng.normal(0.0, WITHIN, len(settings))
    return inside(paired(np.zeros(len(moved)), moved, settings, "higher"), NORMAL)


def skewed(rng, _):
    moved = np.exp(rng.normal(size=SETTINGS)) - 1.0
    return inside(paired(np.zeros(SETTINGS), moved, np.arange(SETTINGS), "higher"), SKEWED)


def independent(rng, _):
    first, second = rng.normal(size=SETTINGS), rng.normal(SHIFT, 1.0, SETTINGS)
    return inside(unpaired(first, second, (np.arange(SETTINGS),) * 2, "higher"), APART)


def coverage(draw, replicates, repetitions):
    hits = [draw(np.random.default_rng([1, number]), replicates) for number in range(repetitions)]
    return dict(zip(FIGURES, np.mean(hits, axis=0).tolist(), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(("draw", "replicates"), [(normal, 1), (normal, 2), (skewed, 1), (independent, 1)])
def test_errors_of_every_figure_cover(draw, replicates):
    """Catches an end of an interval, a share or a median without an error, and an error that ignores clusters."""
    for name, got in coverage(draw, replicates, REPETITIONS).items():
        covers(f"{draw.__name__} x {replicates}, {name}", got)


def test_a_few_repetitions_show_what_the_many_do():
    """The same as above, small: catches an error that is out by a factor."""
    for name, got in coverage(normal, 1, 60).items():
        assert got >= 0.85, name


def any_settled(rng):
    """Whether the sign of any outcome of an answer is settled, where a scenario moves none of them on average."""
    moved = rng.normal(size=(len(IMPORTANT), SETTINGS))
    idle = (paired(np.zeros(SETTINGS), one, np.arange(SETTINGS), "higher") for one in moved)
    return any(settled({"difference": one.difference, "mean_se": one.mean_se}) for one in idle)


@pytest.mark.slow
def test_no_outcome_of_an_answer_is_settled_by_luck():
    """Catches outcomes that are tested one by one: of fifteen idle ones every other answer would name one."""
    seldom("an idle outcome has a settled sign", share(any_settled))


def dear(rng, mean):
    """Whether the interval of the gain per 1,000 million covers, where a tenth of the worlds spend nothing."""
    spent = 500.0 * rng.lognormal(0.0, 0.5, SETTINGS) * (rng.random(SETTINGS) < 0.9)
    gain = (mean + rng.normal(0.0, 2.0, SETTINGS)) * spent / 1000.0 + rng.normal(0.0, 0.5, SETTINGS)
    got = per_billion(gain, spent, np.arange(SETTINGS))
    return bool(abs(got.per_bn - mean) <= Z * got.per_bn_se)


@pytest.mark.slow
@pytest.mark.parametrize("mean", [0.0, 3.0])
def test_the_gain_per_billion_covers(mean):
    """Catches an error that takes the cost for certain."""
    covers(f"gain per 1,000 million of {mean}", share(lambda rng: dear(rng, mean)))


def history(rng, shift, shared=0.0):
    """Whether the interval of the chance that a history is better covers the truth, with a block of the usual size.

    Where `shared` is above zero, settings with larger effects have histories that are farther apart.
    """
    effect = rng.normal(0.0, 0.3, SETTINGS)
    own = rng.normal(size=(SETTINGS, REPLICATES)) * np.exp(shared * effect)[:, None]
    got, error = superiority(shift + effect, np.arange(SETTINGS), own, "higher", np.arange(SETTINGS))
    spread = np.exp(shared * 0.3 * np.linspace(-4.0, 4.0, 801))  # of a pair of any setting, beside any effect
    chances = norm.sf(0.0, shift, np.sqrt(2.0 * spread**2 + 0.09))
    truth = np.average(chances, weights=norm.pdf(np.linspace(-4.0, 4.0, 801)))
    return bool(abs(got - truth) <= Z * error)


@pytest.mark.slow
@pytest.mark.parametrize(("shift", "shared"), [(0.0, 0.0), (0.2, 0.0), (1.0, 0.0), (1.0, 3.0), (1.0, -3.0)])
def test_the_chance_that_a_history_is_better_covers(shift, shared):
    """Catches an error that leaves out how little is known of the spread, or what a setting adds to both samples."""
    if shift == 0.0:  # by symmetry nearly exact, so its interval may cover too often but not too seldom
        assert share(lambda rng: history(rng, shift)) >= 0.9
    else:
        covers(f"superiority at {shift}, {shared}", share(lambda rng: history(rng, shift, shared)))


def test_superiority_is_that_of_pairs_drawn_out():
    """Catches a convolution that is not the share of pairs: every pair of histories drawn and counted."""
    rng = np.random.default_rng(1)
    own, moved = rng.normal(size=(6, 4)), rng.normal(0.3, 0.5, 30)
    pairs = [own[:, a] - own[:, b] for a, b in permutations(range(4), 2)]
    counted = np.mean([(m + d > 0.0) for m in moved for d in np.concatenate(pairs)])
    assert superiority(moved, np.arange(30), own, "higher")[0] == pytest.approx(counted)


def verdicts(rng, agreement, settings=SETTINGS):
    """The verdict on a run whose sign is that of the priors with this chance, else the other way round at random."""
    prior = rng.normal(0.5, 1.0, settings)
    follows = rng.random(settings) < agreement
    moved = np.where(follows, prior, rng.normal(0.5, 1.0, settings)) * (rng.random(settings) < 0.6)
    beside = beside_prior(moved, np.arange(settings), prior, "higher")
    return beside_the_prior(beside._asdict())


def beside(rng, settings=SETTINGS):
    """Which intervals cover: of the share that moves, of the better among those, and of the gap to the priors."""
    prior = np.where(rng.random(settings) < 0.6, 1.0, -1.0)
    moved = np.where(rng.random(settings) < 0.7, prior, np.where(rng.random(settings) < 0.9, 1.0, -1.0))
    moved *= rng.random(settings) < 0.55
    got = beside_prior(moved, np.arange(settings), prior, "higher")
    better = 0.7 * 0.6 + 0.3 * 0.9
    return [
        abs(got.moved - 0.55) <= Z * got.moved_se,
        abs(got.better_if_moved - better) <= Z * got.better_if_moved_se,
        abs(got.better_if_moved - got.prior_chance_better - (better - 0.6)) <= Z * got.prior_gap_se,
    ]


@pytest.mark.slow
def test_shares_of_the_worlds_that_move_cover():
    """Catches an error of a share of the worlds that move which takes their number for that of all worlds."""
    hits = np.mean([beside(np.random.default_rng([3, number])) for number in range(REPETITIONS)], axis=0).tolist()
    for name, got in zip(("moved", "better if moved", "gap to the priors"), hits, strict=True):
        covers(name, got)


@pytest.mark.slow
def test_a_run_that_adds_nothing_is_not_said_to_differ():
    """Both verdicts keep their level: the chance of better is the same with and without the run here."""
    seldom("differs though it is the same", share(lambda rng: verdicts(rng, 0.8) == "differs"))
    same = share(lambda rng: verdicts(rng, 1.0) == "same")
    assert same == 1.0


@pytest.mark.slow
def test_a_gap_at_the_margin_is_seldom_called_none():
    """The equivalence test holds 5 % where the gap is exactly the margin."""

    def same(rng):
        prior = np.where(rng.random(SETTINGS) < 0.6, 1.0, -1.0)
        moved = np.where((prior < 0.0) & (rng.random(SETTINGS) < 0.25), 1.0, prior)  # 60 % become 70 %
        beside = beside_prior(moved, np.arange(SETTINGS), prior, "higher")
        return beside_the_prior(beside._asdict()) == "same"

    seldom("same though it differs by the margin", share(same))
