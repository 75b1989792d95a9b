"""The gain of an arrow: what one node does to another while every other node of the loops is held.

Two batches of worlds share their draws and their luck. In one of them a node stands higher by a push through all
years; whatever else the loops go through is held, after everything that happens in a year, at what it was in the
other batch. So the change of the node at the head is what the arrow alone does, its own memory included.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.loops.nodes import NODES
from sco_sim.world.year import Year

HELD = tuple(dict.fromkeys(name for node in NODES.values() for name in node.variables))
Arrow = tuple[str, str]


class Film:
    """The held variables of a run after everything that happens in it."""

    def __init__(self) -> None:
        self.frames: list[dict[str, Array]] = []

    def take(self, year: Year) -> None:
        """A frame; what has not changed is shared with the one before."""
        before = self.frames[-1] if self.frames else {}
        self.frames.append({name: _kept(before.get(name), year.state.arrays[name]) for name in HELD})


def _kept(before: Array | None, now: Array) -> Array:
    same = before is not None and np.array_equal(before, now, equal_nan=True)
    return before if same and before is not None else now.copy()


@dataclass(frozen=True)
class Run:
    """What the nodes stood at: name to (world,), at the end or over the years."""

    levels: Mapping[str, Array]


def _after_everything(model: CooperationModel, do: Any) -> None:
    """Have something done at the start and after each thing that happens in a year."""

    def both(call: Any, year: Year) -> None:
        call(year)
        do(year)

    do(model.year)
    model.order = tuple(replace(action, call=partial(both, action.call)) for action in model.order)


def _run(model: CooperationModel) -> Run:
    """Simulate to the end, and read the nodes."""
    flows = {name: np.zeros(len(model.worlds)) for name, node in NODES.items() if node.flow}
    first = model.year.year
    while model.year.year < model.scenario.horizon.end:
        model.step()
        for name, so_far in flows.items():
            so_far += NODES[name].measure(model.year)
    years = model.year.year - first
    ends = {name: node.measure(model.year) for name, node in NODES.items() if not node.flow}
    return Run(ends | {name: so_far / years for name, so_far in flows.items()})


def gains(scenario: Scenario, arrows: Sequence[Arrow], **how: Any) -> dict[Arrow, Array]:
    """Gain of each arrow in each world: change of its head over change of its tail, (world,); 0 where nothing moves.

    Args:
        scenario: What is simulated, to the end of its horizon.
        arrows: Pairs of nodes, tail and head.
        how: Case, worlds, replicates and seed, for `build_model`.
    """
    film = Film()
    reference = build_model(scenario, **how)
    _after_everything(reference, film.take)
    still = _run(reference).levels
    return {arrow: _gain(scenario, arrow, film, still, how) for arrow in arrows}


def _gain(scenario: Scenario, arrow: Arrow, film: Film, still: Mapping[str, Array], how: Mapping[str, Any]) -> Array:
    tail, head = arrow
    frames = iter(film.frames)
    free = set(NODES[head].variables)

    def hold(year: Year) -> None:
        frame = next(frames)
        pushed = NODES[tail].push(year, frame)
        for name in HELD:
            if name in pushed:
                year.state.arrays[name][:] = pushed[name]
            elif name not in free:
                year.state.arrays[name][:] = frame[name]

    model = build_model(scenario, **how)
    _after_everything(model, hold)
    moved = _run(model).levels
    push, answer = moved[tail] - still[tail], moved[head] - still[head]
    gain: Array = np.divide(answer, push, out=np.zeros_like(answer), where=push != 0.0)
    return gain
