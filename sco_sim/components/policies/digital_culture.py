"""Digital culture."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from sco_sim.components.policy import Programme
from sco_sim.numerics.functions import expit

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class DigitalCulture(Programme):
    """Virtual classrooms, museums and short videos: cheap and wide, shallow, and stopped by the digital divide.

    Contact is that of people-to-people exchange at a share of its depth; the weaker end's capacity limits the reach.
    Source: rows C11 and B26 of documents D0 and D4; no size is published.

    Example:
        digital_culture: {start: 2023, ramp_years: 2}
    """

    cost_per_tie_musd: float = Field(0.3, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "declaratory"
    parameters = (
        "digital_culture.people", "digital_culture.students", "digital_culture.depth", "people_to_people.trust",
    )  # fmt: skip
    reads = ("capacity",)
    writes = ("effect_people", "effect_students", "effect_trust")
    rows = ("C11", "B26")

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        p, reached = year.p, strength * expit(year.weaker(year.state.capacity))
        self.shift(year, reached, "people", "students")
        year.state.effect_trust[:] += p["people_to_people.trust"] * p["digital_culture.depth"] * reached
