"""Identity building."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.event import LastingEvent
from sco_sim.fields import Codes

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class IdentityBuilding(LastingEvent):
    """Language, school and history are made national: readiness to agree and trust in those it turns from drift slowly.

    The drift grows in equal steps over `ramp_years` and stays there.

    Source: row B10 of D0 (de-Russification); no study measures the sizes, nor that they are losses: judgement.

    Example:
        identity_building: {states: [KAZ, KGZ, UZB], away_from: [RUS], start: 2023, ramp_years: 10, intensity: 1.0}
    """

    states: Codes
    """States that build their identity."""
    away_from: Codes
    """States they turn away from."""
    ramp_years: int = Field(10, ge=1, le=50)
    """Years until the drift is full."""

    warded_off_by = ("talk",)
    parameters = ("identity_building.acceptance", "identity_building.trust")
    writes = ("shock_acceptance", "shock_trust")
    rows = ("B10",)

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        yield from unknown_states(self.states, catalog, states, "states")
        yield from unknown_states(self.away_from, catalog, states, "away_from")

    def act(self, year: Year) -> None:
        """Grows with the years since its start up to a cap."""
        state, p = year.state, year.p
        force = self.intensity * min(1.0, (year.year - self.start + 1) / self.ramp_years)
        turning = [float(iso in self.states) for iso in year.ties.states]
        state.shock_acceptance[:] += p["identity_building.acceptance"] * force * turning
        state.shock_trust[:] += p["identity_building.trust"] * force * year.across(self.states, self.away_from)
