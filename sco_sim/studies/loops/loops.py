"""The loops that the documents describe, and the gain around each: what is left of a push after one round."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.engine.numbering import settings_of
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.loops.arrows import Arrow, gains

COLUMNS = ("view", "belief", "loop", "rows", "part", "gain", "low_05", "high_95", "says")
WHOLE = "loop"
"""The part of a row that is about the loop as a whole."""
CUT = "cut"
"""How what is said of a loop begins in which an arrow does nothing in any setting."""
SMALL = 5e-4
"""A gain that is smaller shows as nothing."""


@dataclass(frozen=True)
class Loop:
    """One loop: nodes in their order, the last leading back to the first."""

    nodes: tuple[str, ...]
    rows: tuple[str, ...]
    """Rows of the documents."""

    @property
    def name(self) -> str:
        """The nodes, with the first at the end again."""
        return " > ".join((*self.nodes, self.nodes[0]))

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """Its arrows, tail and head."""
        return tuple(pairwise((*self.nodes, self.nodes[0])))


LOOPS = (
    Loop(("contact", "trust"), ("C12", "P2")),
    Loop(("trade", "trust"), ("A6", "P2")),
    Loop(("contact", "trust", "votes", "texts"), ("A12", "P2")),
    Loop(("trade", "trust", "votes", "texts"), ("A10", "P2")),
    Loop(("contact", "trust", "trade", "prosperity"), ("B12", "P2")),
    Loop(("trade", "quarrels"), ("P1",)),
    Loop(("trust", "quarrels"), ("B8", "P2")),
    Loop(("trust", "quarrels", "votes", "texts"), ("B21", "P2")),
    Loop(("prosperity", "quarrels", "trade"), ("B21", "P1")),
    Loop(("community", "trust"), ("A13", "P2")),
    Loop(("community", "votes", "texts"), ("A13", "P1")),
)
"""The loops of the documents."""


def around(
    scenario: Scenario, loops: tuple[Loop, ...] = LOOPS, *, worlds: int, replicates: int, **how: Any
) -> pd.DataFrame:
    """Gain of every arrow and around every loop under the view of the scenario: a row each, with the columns COLUMNS.

    The gain of a loop is the product of its arrows in each setting; `gain` is the mean over settings, with 5 and 95 %.
    """
    arrows = list(dict.fromkeys(arrow for loop in loops for arrow in loop.arrows))
    by_world = gains(scenario, arrows, worlds=worlds, replicates=replicates, **how)
    settings = settings_of(range(worlds), replicates)
    by_setting = {arrow: _means(values, settings) for arrow, values in by_world.items()}
    rows = []
    for loop in loops:
        parts = {f"{tail} > {head}": by_setting[tail, head] for tail, head in loop.arrows}
        whole: Array = np.prod(np.stack(list(parts.values())), axis=0) + 0.0  # no minus zero
        says = in_words(float(whole.mean()), {name: float(np.abs(gain).max()) for name, gain in parts.items()})
        for part, gain, said in [(WHOLE, whole, says), *((name, gain, "") for name, gain in parts.items())]:
            low, high = np.quantile(gain, [0.05, 0.95])
            rows.append((scenario.view, scenario.is_belief, loop.name, " ".join(loop.rows), part,
                         float(gain.mean()), float(low), float(high), said))  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _means(values: Array, settings: Any) -> Array:
    """Means over the worlds of each setting, (setting,)."""
    means: Array = np.bincount(settings, weights=values) / np.bincount(settings)
    return means


def in_words(gain: float, parts: dict[str, float]) -> str:
    """What becomes of a push that goes round and round.

    Args:
        gain: What is left of it after one round.
        parts: The largest gain, in absolute size, of each arrow over the settings.
    """
    cut = [name for name, most in parts.items() if most == 0.0]
    if cut:
        return f"{CUT} at {', '.join(cut)}"
    if gain >= 1.0:
        return "amplifies: every round is larger than the one before"
    if gain <= -1.0:
        return "swings: every round turns the push round and is larger"
    if abs(gain) < SMALL:
        return "dies out at once: next to nothing comes back"
    total = f"all rounds together make {1.0 / (1.0 - gain):.3f} times the push"
    if gain < 0.0:
        return f"works against the push and dies out: {total}"
    return f"works with the push and dies out: {100.0 * gain:.2g} % comes back, {total}"
