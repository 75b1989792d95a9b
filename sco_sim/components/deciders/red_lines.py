"""A state with red lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.decider import Decider, StateAgent
from sco_sim.components.deciders.stakes import BY_STAKES, Stakes
from sco_sim.components.policy import DEPTHS, FIELDS
from sco_sim.errors import did_you_mean

if TYPE_CHECKING:
    from sco_sim.components.policy import Policy
    from sco_sim.numerics.arrays import Array

Words = Annotated[tuple[str, ...], Field(strict=False)]


class RedLines(Decider):
    """Refuses every text of some fields, depths or proposers outright, and judges all others by its stakes.

    Source: row B5 of D4 and D0 (sovereignty first); India's standing reservation in the declarations of the summits on
    projects of the Belt and Road. Where the lines run is the user's to say.

    Example:
        red_lines: {fields: [transport], proposers: [CHN]}
    """

    fields: Words = ()
    """Fields of cooperation it refuses."""
    depths: Words = ()
    """Depths of agreement it refuses: declaratory, institution, binding, deep."""
    proposers: Words = ()
    """States whose proposals it refuses."""

    parameters = Stakes.parameters
    reads = Stakes.reads
    rows = ("B5",)

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown fields, depths or proposers; no line at all."""
        for name, given, known in (("fields", self.fields, FIELDS), ("depths", self.depths, DEPTHS)):
            for index, word in enumerate(given):
                if word not in known:
                    yield Complaint((name, index), f"no {name.removesuffix('s')} '{word}'", did_you_mean(word, known))
        yield from unknown_states(self.proposers, catalog, states, "proposers")
        if not (self.fields or self.depths or self.proposers):
            yield Complaint((), "it has no red line", "name fields, depths or proposers")

    def ambition(self, state: StateAgent, agreement: Policy) -> Array:
        """Equation 25: 0 beyond a red line, else equation 5, shape (world,)."""
        if agreement.field in self.fields or agreement.depth in self.depths or agreement.proposer in self.proposers:
            return np.zeros(state.year.state.worlds)
        return BY_STAKES.ambition(state, agreement)
