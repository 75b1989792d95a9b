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

    What it does goes with the persons it brings together, and saturates: the effects of the ledger are those of the
    first 1,000 persons a year on a tie, and twice as many bring less than twice that, whether they come by one
    programme or by several.

    Example:
        people_to_people: {start: 2023, persons_per_tie: 1000, unofficial_share: 0.4, ramp_years: 3}
    """

    persons_per_tie: float = Field(1000.0, ge=0.0, le=1e7)
    """Persons who take part a year on each tie at full strength."""

    unofficial_share: Share = 0.3
    """Share of the exchange that non-state bodies run, 0 to 1."""
    cost_per_tie_musd: float = Field(2.0, ge=0.0)
    """Outlay per tie and year for each 1,000 persons at full strength, million USD of 2015 (judgement)."""

    doses = ("persons_per_tie",)
    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "institution"
    parameters = (
        "people_to_people.people", "people_to_people.trust", "people_to_people.unofficial_yield",
        "people_to_people.unofficial_persistence", "people_to_people.half_saturation", "visas.floor",
    )  # fmt: skip
    writes = ("effect_contact", "effect_people", "effect_trust")
    rows = ("B13", "B14", "B15", "B16", "C10", "C12", "P2")

    def fade(self, year: Year) -> Array:
        """The unofficial part outlives the programme, shape (world, 1)."""
        return 1.0 - self.unofficial_share * year.p["people_to_people.unofficial_persistence"]

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        part, brought = self.unofficial_share, year.state.effect_contact
        before = self._reached(year, brought)
        brought += self.persons_per_tie / 1000.0 * strength
        added = self._reached(year, brought) - before
        self.shift(year, added * year.travel(), "people")
        yields = 1.0 - part + part * year.p["people_to_people.unofficial_yield"]
        self.shift(year, added * yields, "trust")

    @staticmethod
    def _reached(year: Year, thousands: Array) -> Array:
        """Effect of so many thousand persons in units of that of the first thousand, shape (world, tie)."""
        half = year.p["people_to_people.half_saturation"]
        reached: Array = (1.0 + half) * thousands / (thousands + half)
        return reached

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every person costs the same, shape (world,)."""
        return self.persons_per_tie / 1000.0 * super().outlay(year, strength)
