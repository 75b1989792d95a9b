"""Sanctions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.event import SpanEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class Sanctions(SpanEvent):
    """Trade of the target with the sanctioning states falls and is diverted to those that do not sanction it.

    Freight through it may get dearer (carriers, banks and insurers stay away), so that ties of others whose cheapest
    routes pass it lose trade by that cost (docs/routes.md); by how much is unknown, nothing included.

    Pipeline gas between the target and the sanctioning states may fall, too; by how much is unknown, nothing included.

    Source: row C16 of D3; Iran: Popova and Rasoulinezhad 2016, Haidar 2016; complete sanctions: GSDB gravity papers.

    Example:
        sanctions: {target: RUS, senders: [], start: 2022, end: 2035, severity: 1.0}
    """

    target: str
    """State under sanctions."""
    senders: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """Simulated states that take part; leave empty if all senders are outside."""

    parameters = (
        "sanctions.diversion", "sanctions.loss", "sanctions.energy", "sanctions.transit", "routes.elasticity",
    )  # fmt: skip
    writes = ("shock_trade", "shock_energy")
    rows = ("C16", "N5")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        yield from unknown_states((self.target,), catalog, states, "target")
        yield from unknown_states(self.senders, catalog, states, "senders")

    def act(self, year: Year) -> None:
        """Loss on the senders' ties, diversion on the target's others, dearer freight between third states."""
        of_target = year.ends((self.target,))
        sender = year.ends(tuple(set(self.senders) - {self.target}))
        p = year.p
        year.state.shock_trade[:] += self.severity * (
            p["sanctions.diversion"] * (of_target * (sender == 0.0))
            - p["sanctions.loss"] * (of_target * (sender > 0.0))
        )
        year.state.shock_energy[:] -= self.severity * p["sanctions.energy"] * (of_target * (sender > 0.0))
        dearer = min(1.0, self.severity) * year.facts.detours.dearer(frozenset((self.target,)))
        year.state.shock_trade[:] -= p["routes.elasticity"] * p["sanctions.transit"] * dearer
