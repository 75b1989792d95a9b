"""What is built over years, and paid as it is built."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from sco_sim.components.policy import Policy

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year

WHOLE = 1.0 - 1e-9
"""What counts as built in full: shares that sum to one but for rounding."""


class Project(Policy):
    """A contract on something to build: as slow as its states deliver, at the same cost in the end (equation 33)."""

    depth: ClassVar[str] = "binding"
    contract: ClassVar[bool] = True

    def price(self, year: Year) -> Array:
        """What the whole of it costs, million USD of 2015, shape (world,)."""
        raise NotImplementedError

    def due(self, year: Year, strength: Array) -> Array:
        """What it costs where these states take part, million USD of 2015, shape (world,): all of it by most."""
        del strength
        return self.price(year)

    def at_work(self, year: Year, strength: Array) -> Array:
        """Strength that counts for how fast it is built, of those on each tie, shape (world,)."""
        raise NotImplementedError

    def planned_years(self) -> int:
        """Years it takes to build where its states deliver in full."""
        raise NotImplementedError

    def pace(self, year: Year, strength: Array) -> Array:
        """Share of the whole that its states build in a year, shape (world,)."""
        if not self.intensity:
            return np.zeros_like(year.state.cost)
        return np.asarray(self.at_work(year, strength) / self.intensity / self.planned_years())

    def progress(self, year: Year, strength: Array) -> Array:
        """Share of it that is built this year, no more than is left, shape (world,)."""
        pace = self.pace(year, strength)
        rest = 1.0 - self.own(year, "built", 0.0)[:, 0]
        return np.asarray(np.where(rest - pace > 1.0 - WHOLE, pace, rest))

    def mean_outlay(self, year: Year, strength: Array, years: int) -> Array:
        """The building cost of what is built in these years, over them, shape (world,)."""
        built = np.minimum(1.0, years * self.pace(year, strength))
        return np.asarray(self.intensity * self.due(year, strength) * built / years)

    def outlay(self, year: Year, strength: Array) -> Array:
        """The building cost times what is built this year, shape (world,)."""
        done = self.own(year, "building", 0.0)[:, 0] * strength.any(axis=1)
        return np.asarray(self.intensity * self.due(year, strength) * done)
