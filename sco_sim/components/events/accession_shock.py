"""What a new member does to the readiness to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.event import StatesEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class AccessionShock(StatesEvent):
    """After an accession the states named are less ready to agree; it fades in equal steps until the year after `end`.

    Source: row B3 of D4 (the expansion of 2017 and the clash of roles that followed); the size is judgement. The
    accession itself is dated, or left to chance, under `membership`.

    Example:
        accession_shock: {states: all, start: 2026, end: 2035, severity: 1.0}
    """

    parameters = ("accession_shock.acceptance",)
    writes = ("shock_acceptance",)
    rows = ("B3",)

    def act(self, year: Year) -> None:
        """Full in the first year, one step less each year."""
        first, last = self.years()
        left = 1.0 - (year.year - first) / (last - first + 1)
        year.state.shock_acceptance[:] += year.p["accession_shock.acceptance"] * left * self.struck(year)
