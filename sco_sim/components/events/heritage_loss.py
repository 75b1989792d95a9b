"""Loss of heritage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.event import StatesEvent

if TYPE_CHECKING:
    from sco_sim.world.year import Year


class HeritageLoss(StatesEvent):
    """Sites are destroyed or looted: fewer people come to the states struck, and trust may suffer on their ties.

    Source: row B22 of D1 (Palmyra, trafficking across borders); no study measures either size: judgement.

    Example:
        heritage_loss: {states: [UZB], start: 2027, end: 2031, severity: 1.0}
    """

    warded_off_by = ("heritage",)
    parameters = ("heritage_loss.people", "heritage_loss.trust")
    writes = ("shock_people", "shock_trust")
    rows = ("B22",)

    def act(self, year: Year) -> None:
        """On every tie, once for each end that is struck."""
        ends = year.both(self.struck(year))
        year.state.shock_people[:] -= year.p["heritage_loss.people"] * ends
        year.state.shock_trust[:] += year.p["heritage_loss.trust"] * ends
