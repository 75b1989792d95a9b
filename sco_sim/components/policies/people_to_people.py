"""People-to-people exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sco_sim.components.policy import Programme
from sco_sim.fields import Share

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class PeopleToPeople(Programme):
    """Festivals, sport, tourism and non-governmental contacts, official and unofficial.

    The official part stops with the government's programme; the unofficial part reaches further and lasts longer,
    or so the documents say (rows B14, C10, C12, P2 of D0): the yield and the effect on trust are judgement, centred
    where nothing is promised. Culture that ranks low is a low `intensity` (B13), habits that differ are why trust may
    not move (B15), and a scattered effort is a short one: `ramp_years`, `end` and the fade after it (B16).

    Example:
        people_to_people: {start: 2023, unofficial_share: 0.4, ramp_years: 3}
    """

    unofficial_share: Share = 0.3
    """Share of the exchange that non-state bodies run, 0 to 1."""
    cost_per_tie_musd: float = Field(2.0, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "institution"
    parameters = (
        "people_to_people.people", "people_to_people.trust", "people_to_people.unofficial_yield",
        "people_to_people.unofficial_persistence", "visas.floor",
    )  # fmt: skip
    writes = ("effect_people", "effect_trust")
    rows = ("B13", "B14", "B15", "B16", "C10", "C12", "P2")

    def fade(self, year: Year) -> Array:
        """The unofficial part outlives the programme, shape (world, 1)."""
        return 1.0 - self.unofficial_share * year.p["people_to_people.unofficial_persistence"]

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        part = self.unofficial_share
        self.shift(year, strength * year.travel(), "people")
        yields = 1.0 - part + part * year.p["people_to_people.unofficial_yield"]
        self.shift(year, strength * yields, "trust")
