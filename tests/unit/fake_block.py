"""Blocks with numbers of their own, for tests of the store and the runner that need no model."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from sco_sim.engine.record import Block, Failure
from sco_sim.scenario.schema import Horizon, Scenario
from sco_sim.store.encode import pack
from sco_sim.store.writer import Writer

STATES = ("CHN", "KAZ", "RUS")
YEARS = tuple(range(2020, 2028))


def small(name: str = "small", end: int = YEARS[-1], **fields: Any) -> Scenario:
    """A scenario of three states without policies."""
    return Scenario(name=name, horizon=Horizon(start=2020, end=end), states=STATES, **fields)


def make_block(worlds: Sequence[int], replicates: int = 4, seed: int = 1, end: int = YEARS[-1]) -> Block:
    """Random numbers that depend on the seed and the world alone."""
    years = tuple(range(2020, end + 1))
    count = len(years)
    shapes: dict[str, dict[str, tuple[int, ...]]] = {
        "metrics": {"trust_min": (count,), "disputes": (count,)},
        "states": {"gain": (count, 3), "community": (count, 3)},
        "ties": {"trust": (count, 3), "trade": (count, 3)},
    }
    keys = ("adopted_year", "tabled_years", "hold_out", "ambition", "delivered")
    found: dict[str, dict[str, Any]] = {}
    for kind, members in shapes.items():
        found[kind] = {
            key: np.array([np.random.default_rng([seed, w, len(key)]).normal(size=shape) for w in worlds])
            for key, shape in members.items()
        }
    settings = np.array([world // replicates for world in worlds], dtype=np.intp)
    return Block(
        worlds=tuple(worlds),
        years=years,
        agreements={key: np.zeros((len(worlds), 0)) for key in keys},
        state_codes=STATES,
        tie_names=tuple(f"{a}-{b}" for a, b in combinations(STATES, 2)),
        agreement_names=(),
        settings=settings,
        parameters={"trust.persistence": np.sqrt(settings + 1.0), "trade.growth": settings / 3.0},
        **found,
    )


def put(writer: Writer, block: Block, failures: Sequence[Failure] = ()) -> None:
    """Store a block as the runner does."""
    writer.commit([pack(block, writer.layout)], failures)


class FakeModel:
    """What `build_model` returns, as far as the runner knows."""

    def __init__(self, scenario: Scenario, worlds: Sequence[int], replicates: int, seed: int) -> None:
        """Remember what to make."""
        self.worlds, self.replicates, self.seed, self.end = worlds, replicates, seed, scenario.horizon.end

    def run(self, years: object = None, metrics: object = None) -> Block:
        """Make the block."""
        return make_block(self.worlds, self.replicates, self.seed, self.end)


def fake_build(
    scenario: Scenario, *, case: object, worlds: Sequence[int], seed: int, replicates: int, fixed_parameters: bool
) -> FakeModel:
    """Stand in for `build_model`."""
    return FakeModel(scenario, worlds, replicates, seed)
