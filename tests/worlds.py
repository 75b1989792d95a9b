"""Scenarios and models that several tests need: short, quiet, or busy with every component there is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.components.base import Component
from sco_sim.components.registry import find, keys
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.engine.record import Block
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Horizon, Scenario
from sco_sim.shipped import shipped_scenarios

#: Read once for the whole session; nothing changes it.
CASE = Case()
#: Every random term of the model; with these at zero a world is deterministic.
NOISES = (
    "trust.noise", "trust.level_noise", "people.noise", "students.noise", "security.noise", "council.wobble",
    "dispute.border", "dispute.rivalry", "dispute.recent", "dispute.instability", "dispute.income_gap", "dispute.trade",
)  # fmt: skip


@cache
def shipped(name: str) -> Scenario:
    """A shipped scenario by name."""
    return load_scenario(shipped_scenarios() / f"{name}.yaml")


def variant(name: str = "no_events", end: int | None = None, **changes: Any) -> Scenario:
    """A shipped scenario with other fields."""
    scenario = shipped(name)
    if end is not None:
        changes["horizon"] = Horizon(start=scenario.horizon.start, end=end)
    return scenario.model_copy(update=changes)


def quiet(start: int = 2020, end: int = 2035, **changes: float) -> Scenario:
    """No events, policies or luck; growth is constant. `changes` fixes other parameters (`__` for `.`)."""
    states = shipped("no_events").states
    values = dict.fromkeys(NOISES, 0.0)
    values |= {"dispute.base": -60.0, "trade.noise_level": -60.0, "trade.noise_size": 0.0}
    values |= {f"growth.mean.{iso}": 0.03 for iso in states} | {f"growth.spread.{iso}": 0.0 for iso in states}
    values |= {name.replace("__", "."): value for name, value in changes.items()}
    overrides = {name: Override(value=value) for name, value in values.items()}
    return variant(horizon=Horizon(start=start, end=end), parameters=overrides)


def model_of(scenario: Scenario, worlds: Sequence[int] = range(3), **options: Any) -> CooperationModel:
    """A model on the shipped case."""
    return build_model(scenario, case=options.pop("case", CASE), worlds=worlds, **options)


def example_text(component: type[Component]) -> str:
    """The YAML under `Example:` in the docstring of a component."""
    _, _, text = (component.__doc__ or "").partition("Example:")
    return re.sub(r"^ {4,8}", "", text.strip("\n"), flags=re.MULTILINE).strip()


def example(kind: str, key: str) -> Any:
    """The component that the example in its docstring describes."""
    component = find(kind, key)
    ((_, fields),) = YAML(typ="safe", pure=True).load(example_text(component)).items()
    return component.model_validate(fields)


@cache
def busy(rule: str = "consensus") -> Scenario:
    """Every policy and every event there is, as their docstrings write them, among willing states."""
    return variant(
        end=2032,
        policies=tuple(example("policies", key) for key in keys("policies")),
        events=tuple(example("events", key) for key in keys("events")),
        decision_rule=example("rules", rule),
        parameters={"council.base": Override(value=1.5)},
    )


def different(one: Block, other: Block, rows: Sequence[int] | slice = slice(None)) -> list[str]:
    """Names of what is not equal bit by bit: `rows` of the first against the whole of the second."""

    def parts(block: Block) -> Iterator[tuple[str, Any]]:
        for group in ("metrics", "states", "ties", "agreements", "parameters"):
            for name, values in getattr(block, group).items():
                yield f"{group}.{name}", values

    theirs = dict(parts(other))
    return [name for name, values in parts(one) if values[rows].tobytes() != theirs[name].tobytes()]


def copies(model: CooperationModel) -> dict[str, Any]:
    """A copy of every state array."""
    return {name: values.copy() for name, values in model.state.arrays.items()}


def agree(one: Any, other: Any, tolerance: float = 1e-9) -> bool:
    """Equal to a tolerance, absolute below one and relative above; NaN equals NaN."""
    return bool(np.allclose(one, other, rtol=tolerance, atol=tolerance, equal_nan=True))


ROOT = Path(__file__).resolve().parents[1]
