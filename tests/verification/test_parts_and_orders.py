"""Coverage of the parts of what an enlargement loses, and of the gain of the best of many orders."""

from __future__ import annotations

from itertools import chain, combinations
from types import SimpleNamespace

import numpy as np
import pytest

from sco_sim.studies.enlargement.enlargement import BROUGHT, CAUSES, NONE, NUMBER, EnlargementStudy
from sco_sim.studies.sequence.sequence import SequenceStudy
from sco_sim.studies.statistics import halves, ranks
from tests.verification.coverage import SETTINGS, covers, seldom, share

LOSSES = dict(zip(CAUSES, (2.0, 1.0, 0.0, 0.3), strict=True))
"""Mean loss by cause, in points."""
ORDERS = 24
"""As many as four texts have."""


def parts(rng: np.random.Generator) -> list[bool]:
    """Which intervals cover: of the loss and then of the share of each cause, where worlds differ and are skewed."""
    study = object.__new__(EnlargementStudy)
    study.settings = np.arange(SETTINGS)
    common = rng.exponential(1.0, SETTINGS)
    lost = {cause: mean * common + rng.normal(0.0, 1.0, SETTINGS) for cause, mean in LOSSES.items()}
    sets = chain.from_iterable(combinations(BROUGHT, count) for count in range(len(BROUGHT) + 1))
    values = {NONE: rng.normal(60.0, 5.0, SETTINGS)}
    for brought in sets:
        causes = frozenset(brought) | {NUMBER}
        values[causes] = values[NONE] - np.sum([lost[cause] for cause in causes], axis=0)
    rows = {row["cause"]: row for row in study._shared_out(values)}
    total = sum(LOSSES.values())
    return [
        inside
        for cause, mean in LOSSES.items()
        for inside in (
            rows[cause]["loss_low"] <= mean <= rows[cause]["loss_high"],
            rows[cause]["share_low"] <= mean / total <= rows[cause]["share_high"],
        )
    ]


@pytest.mark.slow
def test_parts_of_a_loss_and_their_shares_cover() -> None:
    """Catches a share whose error takes the whole loss for certain, or ignores that parts and whole go together."""
    hits = np.array([parts(np.random.default_rng([1, number])) for number in range(400)]).mean(axis=0)
    names = [f"{name} of {cause}" for cause in LOSSES for name in ("loss", "share")]
    for name, got in zip(names, hits.tolist(), strict=True):
        covers(name, got, repetitions=400)


def best(rng: np.random.Generator, gains: np.ndarray) -> tuple[bool, bool]:
    """Whether the interval of the best order's gain covers, and whether the truly best is among those that may be."""
    settings = np.arange(SETTINGS)
    values = gains + rng.normal(size=(SETTINGS, 1)) + rng.normal(0.0, 0.7, (SETTINGS, ORDERS))
    choosing = halves(settings, rng)
    study = object.__new__(SequenceStudy)
    study.trials = SimpleNamespace(
        settings=settings, choosing=choosing, outcomes=["trade_total_busd"],
        values=lambda order, chooses: values[choosing == chooses][:, [order]],
    )  # fmt: skip
    study.orders = SimpleNamespace(scenario_of=lambda order, _: order)
    chosen = int(values[choosing].mean(axis=0).argmax())
    row = study._compared(values[~choosing][:, 0], chosen, None, 0)
    first = ranks(values[choosing], settings[choosing])[0]
    return bool(row["low"] <= gains[chosen] - gains[0] <= row["high"]), bool(first[gains.argmax()] == 1)


@pytest.mark.slow
@pytest.mark.parametrize("spread", [0.0, 0.2])
def test_the_gain_of_the_best_order_covers_and_the_truly_best_may_be_best(spread: float) -> None:
    """Catches an order that is judged in the worlds in which it was the luckiest of many."""
    gains = spread * np.linspace(0.0, 1.0, ORDERS)
    rows = np.array([best(np.random.default_rng([2, number]), gains) for number in range(400)])
    covers(f"gain of the best of {ORDERS} orders, spread {spread}", float(rows[:, 0].mean()), repetitions=400)
    seldom("the truly best order is left out", 1.0 - float(rows[:, 1].mean()), repetitions=400)


def test_a_few_parts_and_orders_show_what_many_do() -> None:
    """The same, small."""
    assert np.mean([parts(np.random.default_rng([3, number])) for number in range(20)]) >= 0.85
    assert share(lambda rng: best(rng, np.zeros(ORDERS))[0], repetitions=20) >= 0.8
