"""Scenarios and models that several tests need: short, quiet, or busy with every component there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.changes import Override
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.scenario.schema import Horizon, Scenario
from sco_sim.testing import bench
from sco_sim.testing.bench import case, different, example, shipped, variant

__all__ = ["CASE", "NOISES", "ROOT", "agree", "busy", "different", "example", "model_of", "quiet", "shipped", "variant"]

CASE = case()
"""Read once for the whole session; nothing changes it."""
NOISES = (
    "trust.noise", "trust.level_noise", "people.noise", "trade.common_noise", "security.noise", "council.wobble",
    "dispute.border", "dispute.rivalry", "dispute.recent", "dispute.instability", "dispute.income_gap", "dispute.trade",
)  # fmt: skip
"""Every random term of the model; with these at zero a world is deterministic."""


def quiet(start: int = 2020, end: int = 2035, **changes: float) -> Scenario:
    """No events, policies or luck; growth is constant. `changes` fixes other parameters (`__` for `.`)."""
    states = shipped("no_events").states
    values = dict.fromkeys(NOISES, 0.0)
    values["dispute.base"] = -60.0
    values |= {
        f"{stem}.noise_{part}": at for stem in ("trade", "students") for part, at in (("level", -60.0), ("size", 0.0))
    }
    values |= {f"growth.mean.{iso}": 0.03 for iso in states}
    values |= {f"growth.{part}.{iso}": 0.0 for part in ("spread", "prices") for iso in states}
    values |= {name.replace("__", "."): value for name, value in changes.items()}
    overrides = {name: Override(value=value) for name, value in values.items()}
    return variant(horizon=Horizon(start=start, end=end), parameters=overrides)


def model_of(scenario: Scenario, worlds: Sequence[int] = range(3), **options: Any) -> CooperationModel:
    """A model on the shipped case."""
    return build_model(scenario, case=options.pop("case", CASE), worlds=worlds, **options)


def busy(rule: str = "consensus") -> Scenario:
    """Every policy and every event there is, as their docstrings write them, among willing states."""
    return bench.busy(example("rules", rule))


def agree(one: Any, other: Any, tolerance: float = 1e-9) -> bool:
    """Equal to a tolerance, absolute below one and relative above; NaN equals NaN."""
    return bool(np.allclose(one, other, rtol=tolerance, atol=tolerance, equal_nan=True))


ROOT = Path(__file__).resolve().parents[1]
