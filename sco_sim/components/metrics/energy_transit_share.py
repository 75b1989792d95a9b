"""How much of the gas hangs on third states."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.gas import PARAMETERS, READS, at_year_end, total
from sco_sim.components.metric import Metric
from sco_sim.components.policies.gas_pipeline import GasPipeline
from sco_sim.world.lines import by_tie

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class EnergyTransitShare(Metric):
    """Share of the pipeline gas inside the group that crosses a third state, which could hold it up.

    The lines of a tie are taken to be equally full. A state that is not simulated counts as a third state too.
    """

    unit = "%"
    title = "Pipeline gas that crosses a third state"
    parameters = PARAMETERS
    reads = ("energy", "effect_energy", "built_year", *READS)

    def measure(self, year: Year) -> Array:
        """One number a world, 0 without gas, shape (world,)."""
        rows, each, capacity = at_year_end(year)
        over = by_tie(year.facts.lines, each * [line.crosses for line in year.facts.lines], rows)
        column_of = {tie: number for number, tie in enumerate(rows.tolist())}
        for policy in year.agreements:
            if isinstance(policy, GasPipeline) and policy.crosses and (tie := policy.tie(year)) in column_of:
                over[:, column_of[tie]] += policy.room(year)
        gas = np.maximum(np.expm1(year.state.energy[:, rows]), 0.0)
        crossing = gas * np.divide(np.minimum(over, capacity), capacity, out=np.zeros_like(gas), where=capacity > 0.0)
        whole = total(year, rows, gas)
        share: Array = np.divide(total(year, rows, crossing), whole, out=np.zeros_like(whole), where=whole > 0.0)
        return 100.0 * share
