"""A special-purpose fund."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.policy import Policy
from sco_sim.fields import Codes
from sco_sim.numerics.functions import mean_where

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class SpecialFund(Policy):
    """A fund in equal parts for the weaker states: it raises their capacity, the more the smaller their economy.

    Source: rows B2, B17, B21 and C9 of documents D0, D3 and D4; no size is published. It narrows no
    income gap by itself.

    Example:
        special_fund: {size_musd_per_year: 500, start: 2023, ramp_years: 3}
    """

    size_musd_per_year: float = Field(300.0, ge=0.0, le=1e6)
    """Payments a year at full strength, million USD of 2015."""
    for_states: Literal["weaker"] | Codes = "weaker"
    """Who is paid: participants whose capacity is below the participants' mean, or a list of codes."""

    doses = ("size_musd_per_year",)
    field: ClassVar[str] = "economy"
    depth: ClassVar[str] = "institution"
    parameters = ("special_fund.capacity",)
    reads = ("log_gdp",)
    writes = ("effect_capacity",)
    rows = ("B2", "B17", "B21", "C9")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states, besides what any policy can get wrong."""
        yield from super().complaints(catalog, states)
        if isinstance(self.for_states, tuple):
            yield from unknown_states(self.for_states, catalog, states, "for_states")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        paid = self._paid(year, strength)
        each = self.size_musd_per_year / np.maximum(paid.sum(axis=1, keepdims=True), 1.0)
        per_cent = 1e8 * each / np.exp(year.state.log_gdp)
        acting = year.of_states(strength) * paid * np.log1p(per_cent)
        year.state.effect_capacity[:] += year.p["special_fund.capacity"] * acting

    def receipts(self, year: Year, strength: Array) -> Array:
        """Equal parts for those who are paid, shape (world, state)."""
        paid = self._paid(year, strength)
        parts: Array = paid / np.maximum(paid.sum(axis=1, keepdims=True), 1.0)
        return parts * self.outlay(year, strength)[:, None]

    def _paid(self, year: Year, strength: Array) -> Array:
        """Who is paid, 0/1, shape (world, state)."""
        taking_part = year.of_states(strength) > 0.0
        if self.for_states == "weaker":
            capacity = year.facts.capacity[year.index]
            chosen = capacity < mean_where(capacity, taking_part)
        else:
            chosen = np.array([iso in self.for_states for iso in year.ties.states])
        return np.asarray(taking_part * chosen * 1.0)

    def outlay(self, year: Year, strength: Array) -> Array:
        """What is paid out; nothing where nobody is paid, shape (world,)."""
        anybody = self._paid(year, strength).max(axis=1)
        spent: Array = mean_where(strength, strength > 0.0)[:, 0] * anybody
        return self.size_musd_per_year * spent
