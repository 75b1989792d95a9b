"""Sensitivity where the truth is known, luck included: coverage of Sobol indices, false alarms of PAWN."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import pytest

from sco_sim.studies.sensitivity.indices import orders, pawn, problem, sobol
from tests.verification.coverage import FULL, REPETITIONS, covers, seldom, share

NAMES = ["one", "other", "nothing"]
WORLDS = 8
FEW = REPETITIONS if FULL else 40
"""SALib takes minutes for as many as elsewhere: all of them in .ci/full only."""


@lru_cache(maxsize=1)
def design() -> Any:
    """A Sobol design of 64 base points, (point, factor)."""
    from SALib.sample import sobol as sample

    return sample.sample(problem(NAMES), 64, calc_second_order=False, seed=1)


def outcome(rng: np.random.Generator, worlds: int = WORLDS) -> Any:
    """Two factors of equal weight, one of which acts more in some worlds, (point, world); their truth is one half."""
    unit, chance = design(), rng.normal(size=(2, worlds))
    return unit[:, :1] * (1.0 + 0.5 * chance[0]) + unit[:, 1:2] + 0.3 * chance[1]


def test_the_orders_are_those_of_salib() -> None:
    """Catches a resampled index that is another index than the one printed."""
    values = outcome(np.random.default_rng(1))
    table = sobol(NAMES, values).set_index("factor").loc[NAMES]
    total, first = orders(values.mean(axis=1).reshape(64, -1), 3)
    assert total == pytest.approx(table["total_order"].to_numpy(), rel=0.02, abs=1e-6)
    assert first == pytest.approx(table["first_order"].to_numpy(), abs=0.02)


@pytest.mark.slow
def test_sobol_intervals_cover_with_luck_included() -> None:
    """Catches intervals that take the worlds for certain: without them they cover a fifth as often."""
    got = []
    for number in range(FEW):
        table = sobol(NAMES, outcome(np.random.default_rng([1, number])), seed=number).set_index("factor")
        got.append(
            [row["total_order_low"] <= 0.5 <= row["total_order_high"] for _, row in table.loc[NAMES[:2]].iterrows()]
        )
    for name, covered in zip(NAMES, np.mean(got, axis=0).tolist(), strict=False):
        covers(f"total order of {name}", covered, 0.95, FEW)


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
