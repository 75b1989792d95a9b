"""A rival club."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.event import LastingEvent
from sco_sim.fields import Codes

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class RivalClub(LastingEvent):
    """Another club ties some states together: they agree less readily here and may drift from those outside it.

    Unlike outside pressure it needs no outside power and pulls away from every state that is not in the club.

    Source: row B20 of D0 (Turkic Council); no study measures either size: judgement.

    Example:
        rival_club: {members: [KAZ, KGZ, UZB], start: 2025, intensity: 0.5}
    """

    members: Codes
    """Simulated states that are in the club."""

    parameters = ("rival_club.acceptance", "rival_club.trust")
    writes = ("shock_acceptance", "shock_trust")
    rows = ("B20",)

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        yield from unknown_states(self.members, catalog, states, "members")

    def act(self, year: Year) -> None:
        """Readiness of the club's states; trust on ties with exactly one end in the club."""
        state, p = year.state, year.p
        inside = [float(iso in self.members) for iso in year.ties.states]
        state.shock_acceptance[:] += p["rival_club.acceptance"] * self.intensity * inside
        state.shock_trust[:] += p["rival_club.trust"] * self.intensity * (year.ends(self.members) == 1.0)
