"""The shocks of a year: remembered, counted from the initial year, warded off."""

from __future__ import annotations

import numpy as np

from sco_sim.components.event import Event
from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import CARRIED, OBSERVED_UNDER_SHOCKS, SHIELDED
from sco_sim.world.state import SHOCKS
from sco_sim.world.year import Year


def apply_event(event: Event, year: Year) -> None:
    """The event adds to the shocks, in the years in which it acts."""
    first, last = event.years()
    if first <= year.year <= last:
        event.act(year)


class Shocks:
    """What is done to the shocks of a year besides the events themselves."""

    def __init__(self) -> None:
        self.at_start: dict[str, Array] = {}

    def observe_start(self, year: Year, events: tuple[Event, ...]) -> None:
        """Remember what the events of the initial year do to values that were observed in it; no shock is left."""
        for event in events:
            apply_event(event, year)
        self.at_start = {name: year.state.arrays[name].copy() for name in OBSERVED_UNDER_SHOCKS}
        self._clear(year)

    def begin(self, year: Year) -> None:
        """Remember the shocks of the year before, then begin without any."""
        for name in CARRIED:
            year.state.arrays[f"last_{name}"][:] = year.state.arrays[name]
        self._clear(year)

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

    @staticmethod
    def _clear(year: Year) -> None:
        for name in SHOCKS:
            year.state.arrays[name][:] = 0.0
        year.state.dispute[:] = 0.0
