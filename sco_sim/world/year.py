"""What a component sees of the world: the year, the numbers, the graph, the data, the parameters and random numbers.

A component is handed one `year` and asks it for everything. What it can ask stands in parts, by what a reader looks
for: random numbers (`chance.py`), results kept while nothing changes (`memory.py`), the two ends of ties (`ends.py`),
what flows and what is expected of it (`flows.py`), agreements (`tabled.py`), trust and community (`community.py`).
The parts are classes that `Year` inherits: a call is as fast as a method, and each part names the fields it uses.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.streams import Draws
from sco_sim.world.agreement import Agreement
from sco_sim.world.chance import Chance
from sco_sim.world.community import CommunityParts
from sco_sim.world.facts import Facts, Reference
from sco_sim.world.flows import Flows
from sco_sim.world.state import State
from sco_sim.world.tabled import Tabled
from sco_sim.world.third_parties import ThirdParties, View
from sco_sim.world.ties import Ties


@dataclass
class Year(Chance, Flows, Tabled, CommunityParts, ThirdParties):
    """One year of a batch of worlds, handed to every component. Arrays are (world, ...), parameters (world, 1)."""

    year: int
    start: int
    state: State
    ties: Ties
    facts: Facts
    reference: Reference
    p: Mapping[str, Array]
    draws: Draws
    agreements: tuple[Agreement, ...] = ()
    hazard_on_level: bool = False
    contact_sign: float = 1.0
    """1 contact works, 0 none, -1 backlash."""
    third_parties: View = "none"
    """Whether a quarrel of two draws in others: no, in balance against the stronger, or as a bloc of allies."""
    budget_key: str | Mapping[str, float] = "gdp"
    """Who pays: by GDP, in equal parts, or shares by code."""
    observed: Mapping[str, Array] = field(default_factory=dict)
    """Year in which a variable was last observed on each tie, (tie,), by its name; those observed at the start are left
    out, and count as observed then."""
    _blocks: dict[str, Array] = field(default_factory=dict)
    _stacked: dict[str, Array] = field(default_factory=dict)
    _known: dict[Hashable, Any] | None = None
    _ends: dict[tuple[str, ...], Array] = field(default_factory=dict)
    _named: dict[str | tuple[str, ...], Array] = field(default_factory=dict)

    @property
    def index(self) -> int:
        """Years since the start of the horizon; row of the facts. Those of the start stand for the years before it."""
        return max(self.year - self.start, 0)

    def per_state(self, stem: str) -> Array:
        """A ledger parameter that each state has of its own, as columns (world, state)."""
        if stem not in self._stacked:
            self._stacked[stem] = np.concatenate([self.p[f"{stem}.{iso}"] for iso in self.ties.states], axis=1)
        return self._stacked[stem]
