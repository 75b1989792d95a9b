"""Energy: natural gas through pipelines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.gas import PARAMETERS, READS, of_lines, room, with_gas
from sco_sim.components.mechanism import Exchange
from sco_sim.world.lines import in_service

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array, Ints
    from sco_sim.world.year import Year


class Energy(Exchange):
    """Gas flows as the lines in service let it, as full as at the start; quarrels and closed borders hold it up (37).

    A line is as open as the worst of the legs on its way, so that a transit state can stop what others buy and sell.
    Nothing in the model reads the flow: it is an outcome.

    Source: pipelines with dates and capacities (calibration/data/energy_links.csv) and the few volumes known
    (energy_volumes.csv) for how full they are; what stops them is judgement: lines have flowed through wars and breaks.
    """

    channel = "energy"
    order = 70
    parameters = ("energy.utilisation", "energy.noise", *PARAMETERS)
    streams = ("energy",)
    reads = ("energy", "effect_energy", *READS)
    writes = ("energy",)
    rows = ("N10",)

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """What policies and events make of what the lines of the year would carry without luck, (world, tie)."""
        out, at = year.expected("energy", lag), with_gas(year)
        lines = in_service(year.facts.lines, year.year, year.p["energy.ramp"], at)
        flows = (self._flow(year, at, capacity) for capacity in (room(year, at, of_lines(year)), lines))
        out[:, at] += np.subtract(*map(np.log1p, flows))
        return {"energy": out}

    def step(self, year: Year) -> None:
        """Equation 37. Luck is gone a year later, and fills no line above what it can carry."""
        at = with_gas(year)
        if len(at):
            spread = year.p["energy.noise"]
            noise = np.exp(spread * year.normal_of_ties("energy", at) - 0.5 * spread**2)
            capacity = room(year, at, of_lines(year))
            flow = self._flow(year, at, capacity)
            year.state.energy[:, at] = np.log1p(np.minimum(flow * noise, np.maximum(flow, capacity)))

    @staticmethod
    def _flow(year: Year, at: Ints, now: Array) -> Array:
        """Gas without luck on some ties, bcm a year, (world, tie): as full as at the start, new ties as others are."""
        before = in_service(year.facts.lines, year.start, year.p["energy.ramp"], at)
        started = np.maximum(np.expm1(year.reference.energy[:, at]), 0.0)
        share = np.divide(now, before, out=np.zeros_like(now), where=before > 0.0)
        flow: Array = np.where(before > 0.0, started * share, year.p["energy.utilisation"] * now)
        return flow
