"""Membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.mechanism import Mechanism

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Accession(Mechanism):
    """A state is a member from the year of its dated status on, or by a yearly chance (equation 18).

    Source: chronology of statuses, or the scenario's `membership`; rows A11 and P3 of the documents.
    """

    phase = "membership"
    streams = ("accession",)
    reads = ("member", "adopted", "ratified")
    writes = ("member", "adopted", "ratified")
    rows = ("A11", "P3", "P7")

    def step(self, year: Year) -> None:
        """Equation 18: newcomers take over what is in force."""
        state = year.state
        uniform = year.uniform("accession", "state")
        admitted = uniform < year.facts.accession_chance[year.index]
        dated = year.facts.member[year.index]
        members = np.maximum(np.maximum(dated, state.member), admitted)
        newcomers = (members > state.member) * 1.0
        for column, policy in enumerate(year.agreements):
            in_force = policy.end is None or year.year <= policy.end
            if policy.participants == "members" and in_force:
                adopted = state.adopted[:, column]
                lowest = np.where(adopted > 0.0, adopted, np.inf).min(axis=1, keepdims=True)
                taken_over = np.where(np.isfinite(lowest), lowest, 0.0) * newcomers
                np.maximum(adopted, taken_over, out=adopted)
                ratified = state.ratified[:, column]
                ratified[(taken_over > 0.0) & (ratified == 0.0)] = year.year  # by the memorandum of obligations
        state.member[:] = members
