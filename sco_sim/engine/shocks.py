"""The shocks of a year: remembered, warded off in part, counted from the initial year."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sco_sim.components.event import Event
from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import CARRIED, SHIELDED
from sco_sim.world.state import SHOCKS
from sco_sim.world.year import Year


def apply_event(event: Event, year: Year) -> None:
    """The event adds to the shocks, in the years in which it acts, but for the share of its harm that is warded off.

    Each event has shields of its own kinds, raised by last year's policies (equation 20).
    """
    first, last = event.years()
    if not first <= year.year <= last:
        return
    arrays = year.state.arrays
    shields = [arrays[f"effect_shield_{name}"] for name in event.warded_off_by]
    if not any(shield.any() for shield in shields):
        event.act(year)
        return
    left = 1.0 - np.clip(sum(shields), 0.0, 1.0)
    before = {name: arrays[name].copy() for name in SHIELDED}
    event.act(year)
    for name, old in before.items():
        added = arrays[name] - old
        arrays[name][:] = old + np.where(added < 0.0, left * added, added)


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
