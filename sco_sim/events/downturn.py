"""An economic downturn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import numpy as np

from sco_sim.catalog import Catalog
from sco_sim.component import Codes, Complaint, SpanEvent, unknown_states

if TYPE_CHECKING:
    from sco_sim.year import Year


class Downturn(SpanEvent):
    """Growth falls in the states named, and their trade falls by more than income alone explains.

    Source: rows B12, B24 of D0, D3 and D4; the sizes are
    judgement.

    Example:
        downturn: {states: all, start: 2027, end: 2028, severity: 1.0}
    """

    states: Literal["all"] | Codes = "all"
    """Codes, or all simulated states."""

    parameters = ("downturn.growth", "downturn.trade")
    writes = ("shock_growth", "shock_trade")
    rows = ("B12", "B24")

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        if isinstance(self.states, tuple):
            yield from unknown_states(self.states, catalog, states, "states")

    def act(self, year: Year) -> None:
        """Equation 1 applies the loss of growth only where GDP is not yet known."""
        named = year.ties.states if self.states == "all" else self.states
        struck = np.array([iso in named for iso in year.ties.states], dtype=float)
        year.state.shock_growth[:] -= self.severity * year.p["downturn.growth"] * struck
        year.state.shock_trade[:] -= self.severity * year.p["downturn.trade"] * year.both(struck)
