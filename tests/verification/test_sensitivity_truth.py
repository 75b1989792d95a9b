"""Sensitivity where the truth is known, luck included: coverage of Sobol indices, false alarms of PAWN."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from sco_sim.studies.sensitivity.indices import half_widths, orders, pawn, problem, sobol
from tests.verification.coverage import FULL, REPETITIONS, covers, seldom, share

NAMES = ["one", "other", "nothing"]
WORLDS, BASES = 8, 256
"""Of the shipped study."""
FEW = REPETITIONS if FULL else 40
"""SALib takes minutes for as many as elsewhere: all of them in .ci/full only."""


@lru_cache(maxsize=1000)
def design(seed: int = 1, bases: int = BASES) -> Any:
    """A scrambled Sobol design, (point, factor)."""
    from SALib.sample import sobol as sample

    return sample.sample(problem(NAMES), bases, calc_second_order=False, seed=seed)


def outcome(rng: np.random.Generator, seed: int = 1, together: float = 0.3, levels: int = 0) -> Any:
    """Two factors of equal weight, one of which acts more in some worlds, (point, world); their truth is one half."""
    unit, chance = design(seed), rng.normal(size=(2, WORLDS))
    if levels:
        unit = np.floor(levels * unit)
    return unit[:, :1] * (1.0 + together * chance[0]) + unit[:, 1:2] + 0.3 * chance[1]


def test_the_orders_are_those_of_salib() -> None:
    """Catches a resampled index that is another index than the one printed."""
    values = outcome(np.random.default_rng(1))
    table = sobol(NAMES, values).set_index("factor").loc[NAMES]
    total, first = orders(values.mean(axis=1).reshape(BASES, -1), 3)
    assert total == pytest.approx(table["total_order"].to_numpy(), rel=0.02, abs=1e-6)
    assert first == pytest.approx(table["first_order"].to_numpy(), abs=0.02)


def covered(number: int, together: float, levels: int) -> tuple[bool, ...]:
    """Whether total and first order of the two factors are covered under another design and other worlds."""
    values = outcome(np.random.default_rng([1, number]), number + 1, together, levels)
    blocks = values.reshape(BASES, len(NAMES) + 2, WORLDS)
    found = np.stack(orders(blocks.mean(axis=2), len(NAMES)))
    return tuple((np.abs(found - 0.5) <= half_widths(blocks, len(NAMES)))[:, :2].ravel())


@pytest.mark.slow
@pytest.mark.parametrize(("together", "levels"), [(0.3, 0), (0.1, 0), (0.3, 3)])
def test_sobol_intervals_cover_with_luck_included(together: float, levels: int) -> None:
    """Catches intervals that take the worlds for certain, and points that are taken as independent: 98 to 100 %."""
    got = np.mean([covered(number, together, levels) for number in range(REPETITIONS)], axis=0)
    for name, share_covered in zip(("total", "total", "first", "first"), got.tolist(), strict=True):
        covers(f"{name} order, {together} together, {levels or 'many'} levels", share_covered)


def test_a_few_sobol_intervals_show_what_many_do() -> None:
    """The same small."""
    assert np.mean([covered(number, 0.3, 0) for number in range(15)]) >= 0.8


@pytest.mark.slow
@pytest.mark.parametrize("levels", [0, 2])
def test_pawn_flags_no_factor_that_does_nothing(levels: int) -> None:
    """Catches a threshold of continuous dummies for a factor of two levels."""

    def flagged(rng: np.random.Generator) -> bool:
        unit = rng.random((200, 2))
        if levels:
            unit[:, 0] = (np.floor(levels * unit[:, 0]) + 0.5) / levels
        table, _ = pawn(["idle", "acts"], unit, unit[:, 1] + rng.normal(0.0, 0.3, 200), seed=int(rng.integers(2**31)))
        row = table.set_index("factor").loc["idle"]
        return bool(row["median_distance"] > row["nothing"])

    # the threshold itself is the quantile of 60 shuffles
    seldom(f"PAWN flags an idle factor of {levels or 'many'} levels", share(flagged, FEW), 0.065, FEW)
