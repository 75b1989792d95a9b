"""Outreach to partners and newcomers."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from sco_sim.components.policy import Programme
from sco_sim.fields import Codes

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Outreach(Programme):
    """A partner track: ties between those who were members when the horizon began and those who were not.

    It serves candidates and partners, and newcomers who still learn the ways of the house. They take part only if they
    decide, so `decided_by` is `participants` unless it is changed.
    Source: rows A11, B25, C17 and P5 of documents D0 and D4; no size is published.

    Example:
        outreach: {participants: all, start: 2021, ramp_years: 3}
    """

    participants: Literal["members", "all"] | Codes = "all"
    """Who takes part: the members of the year, all simulated states, or a list of codes."""
    decided_by: Literal["council", "participants", "given"] = "participants"
    """Who decides: the council by its rule, the participants by consensus, or nobody (it is given)."""
    cost_per_tie_musd: float = Field(0.3, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "political"
    depth: ClassVar[str] = "declaratory"
    parameters = ("outreach.people", "outreach.trust")
    writes = ("effect_people", "effect_trust")
    rows = ("A11", "B25", "C17", "P5")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        self.shift(year, strength * self._across(year), "people", "trust")

    @staticmethod
    def _across(year: Year) -> Array:
        """1 on ties between a member of the initial year and another state, shape (tie,)."""
        across: Array = (year.both(year.facts.member[0]) == 1.0) * 1.0
        return across

    def outlay(self, year: Year, strength: Array) -> Array:
        """Only ties across the line cost, shape (world,)."""
        return super().outlay(year, strength * self._across(year))
