"""A war of a member with outsiders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.event import SpanEvent
from sco_sim.fields import Codes

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class WarNearby(SpanEvent):
    """A state at war with outsiders: its ties to the others lose trust and students, and some trade.

    Freight through it may get dearer (insurance, delays, checks), so that other ties whose cheapest routes pass it lose
    trade by what the detour or the premium costs (docs/routes.md); by how much is unknown, nothing included.

    Source: row B8 of D0 and D3; war on trade: Glick and Taylor 2010 (belligerents; bystanders lose less: judgement).

    Example:
        war_nearby: {of: [RUS], start: 2022, end: 2024, severity: 1.0}
    """

    of: Codes
    """States at war."""

    warded_off_by = ("channels",)
    parameters = (
        "war_nearby.trust",
        "war_nearby.students",
        "war_nearby.trade",
        "war_nearby.transit",
        "routes.elasticity",
    )
    writes = ("shock_trust", "shock_students", "shock_trade")
    rows = ("B8", "N5")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        yield from unknown_states(self.of, catalog, states, "of")

    def act(self, year: Year) -> None:
        """On ties with exactly one belligerent, and by dearer freight on ties with none."""
        state, p = year.state, year.p
        struck = self.severity * (year.ends(self.of) == 1.0)
        state.shock_trust[:] += p["war_nearby.trust"] * struck
        state.shock_students[:] -= p["war_nearby.students"] * struck
        state.shock_trade[:] -= p["war_nearby.trade"] * struck
        dearer = min(1.0, self.severity) * year.facts.detours.dearer(frozenset(self.of))
        state.shock_trade[:] -= p["routes.elasticity"] * p["war_nearby.transit"] * dearer
