"""A closed border."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint
from sco_sim.components.event import TiesEvent
from sco_sim.world.pairs import pair

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class BorderClosing(TiesEvent):
    """Land borders between the states named are closed: trade and people on those ties fall while it lasts.

    What goes through is cut too: corridors deliver nothing by a leg that is closed, and other ties whose cheapest
    routes cross the border lose trade by the cost of the detour (docs/routes.md).
    Source: row B8 of D0 and D3 (corridors cut by war, routes that change); war on trade as the far end (Glick and
    Taylor 2010): sizes are judgement.

    Example:
        border_closing: {between: [KGZ, TJK], start: 2026, end: 2027, severity: 1.0}
    """

    warded_off_by = ("talk", "channels")
    parameters = ("border_closing.trade", "border_closing.people", "routes.elasticity")
    writes = ("shock_border", "shock_trade", "shock_people")
    rows = ("B8", "N5")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """No common land border; unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        named = set(states if self.between == "all" else self.between)
        sound = len(named) > 1 and named <= catalog.states
        if sound and not any(pair(a, b) in catalog.borders for a in named for b in named):
            joined = " and ".join(sorted(named))
            yield Complaint(("between",), f"no land border joins {joined}", "name states that share one")

    def act(self, year: Year) -> None:
        """On ties with a land border, and by detours on the others."""
        closed = self.struck(year) * year.facts.border
        borders = frozenset(pair for pair, struck in zip(year.ties.pairs, closed, strict=True) if struck > 0.0)
        longer = year.facts.detours.rise(borders) * (closed == 0.0) * min(1.0, self.severity)
        year.state.shock_trade[:] -= year.p["routes.elasticity"] * longer
        year.state.shock_border[:] += closed
        year.state.shock_trade[:] -= year.p["border_closing.trade"] * closed
        year.state.shock_people[:] -= year.p["border_closing.people"] * closed
