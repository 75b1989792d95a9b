"""The shocks of a year: remembered, counted from the initial year, warded off."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sco_sim.components.event import Event
from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import CARRIED, SHIELDED
from sco_sim.world.state import SHOCKS
from sco_sim.world.year import Year


def apply_event(event: Event, year: Year) -> None:
    """The event adds to the shocks, in the years in which it acts."""
    first, last = event.years()
    if first <= year.year <= last:
        event.act(year)


def clear(year: Year) -> None:
    """No shock and no dispute."""
    for name in (*SHOCKS, "dispute"):
        year.state.arrays[name][:] = 0.0


class Shocks:
    """What is done to the shocks of a year besides the events themselves."""

    def __init__(self, at_start: Mapping[str, Array]) -> None:
        self.at_start = at_start
        """Shocks that the initial values hold already, (world, tie) each."""

    def begin(self, year: Year) -> None:
        """Remember the shocks of the year before, then begin without any."""
        for name in CARRIED:
            year.state.arrays[f"last_{name}"][:] = year.state.arrays[name]
        clear(year)

    def rebase(self, year: Year) -> None:
        """Take off what the initial values hold already."""
        for name, at_start in self.at_start.items():
            year.state.arrays[name][:] -= at_start

    def shield(self, year: Year) -> None:
        """Equation 20: last year's policies ward off a share of the harm."""
        if not year.state.effect_shield.any():
            return
        kept = 1.0 - np.clip(year.state.effect_shield, 0.0, 1.0)
        for name in SHIELDED:
            shock = year.state.arrays[name]
            shock[:] = np.where(shock < 0.0, kept * shock, shock)
