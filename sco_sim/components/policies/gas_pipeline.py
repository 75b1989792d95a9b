"""Gas pipelines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from sco_sim.case.catalog import Catalog
from sco_sim.case.names import suggest
from sco_sim.components.base import Complaint
from sco_sim.components.gas import PARAMETERS, READS, let_through
from sco_sim.components.project import Project
from sco_sim.fields import Codes
from sco_sim.world.pairs import Pair, pair

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array, Ints
    from sco_sim.world.year import Year


class GasPipeline(Project):
    """A pipeline for natural gas from one state to another, over the states on its way.

    It carries nothing until all of it is built and paid, and fills as other lines did. It is built as fast as the
    slowest of its sections, so that a state on the way that does not deliver holds up the whole. What stands stays when
    the agreement ends. A quarrel, a closed border or sanctions on a leg hold it up as they do the lines that are there.
    Gas is an outcome that nothing reads: a state that votes on it sees what it pays and no gain from the gas, since no
    source says what gas is worth to the two ends.
    Source: row N10 of D3 and D4; cost: published estimates of other pipelines.

    Example:
        gas_pipeline: {route: [RUS, KAZ, CHN], capacity_bcm: 35, start: 2022, construction_years: 2}
    """

    route: Annotated[tuple[str, ...], Field(strict=False, min_length=2)]
    """States on its way, in their order: where the gas comes from, those it crosses, where it goes."""
    capacity_bcm: float = Field(gt=0.0, le=500.0)
    """What it carries when it is full, bcm a year."""
    construction_years: int = Field(5, ge=1, le=50)
    """Years it takes to build where its states deliver in full, longer where they do not."""
    participants: Literal["all"] | Codes = ()
    """Who takes part: all simulated states, or a list of codes; the states of the route if left out."""
    decided_by: Literal["council", "participants", "given"] = "participants"
    """Who decides: the council by its rule, the participants by consensus, or nobody (it is given)."""

    field: ClassVar[str] = "economy"
    parameters = ("gas_pipeline.outlay", *PARAMETERS)
    reads = ("built", "built_year", "building", *READS)
    writes = ("effect_energy",)
    rows = ("N10",)

    @model_validator(mode="before")
    @classmethod
    def _those_on_the_route(cls, fields: Any) -> Any:
        """Who takes part, if nobody is named."""
        if isinstance(fields, Mapping) and "route" in fields and "participants" not in fields:
            return {**fields, "participants": fields["route"]}
        return fields

    @property
    def crosses(self) -> bool:
        """Whether it crosses a third state."""
        return len(self.route) > 2

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end that is not simulated; a state on the way that takes no part."""
        for complaint in super().complaints(catalog, states):
            where, *index = complaint.field
            if where != "participants" or self.participants[int(index[0])] not in self.route:
                yield complaint  # what is wrong with a state of the route is said once, below
        for number, iso in enumerate(self.route):
            if iso not in catalog.states:
                yield Complaint(("route", number), f"no state '{iso}' in this case", suggest(iso, catalog))
            elif self.route.index(iso) != number:
                yield Complaint(("route", number), f"'{iso}' is named twice", "name each state once")
            elif iso not in states and iso in (self.route[0], self.route[-1]):
                remedy = "both ends have to be among `states`; those it crosses need not"
                yield Complaint(("route", number), f"'{iso}' is not simulated here", remedy, absent=iso)
            elif iso in states and isinstance(self.participants, tuple) and iso not in self.participants:
                yield Complaint(("participants",), f"{iso} is on the route and takes no part", f"add {iso} to it")

    def links(self, corridors: Mapping[str, tuple[Pair, ...]]) -> tuple[Pair, ...]:
        """Each state of the route with the next."""
        del corridors
        return tuple(pair(a, b) for a, b in pairwise(self.route))

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        ends = self.tie(year)
        year.state.effect_energy[:, ends] += np.where(strength[:, ends] > 0.0, self.room(year), 0.0)

    def tie(self, year: Year) -> int:
        """Row of the tie between its two ends."""
        return year.ties.tie(self.route[0], self.route[-1])

    def room(self, year: Year) -> Array:
        """What it can carry this year: as far as it is filled and its worst leg lets through, bcm, shape (world,)."""
        since = self.own(year, "built_year", np.nan)
        filled = np.nan_to_num(np.clip((year.year - since) / year.p["energy.ramp"], 0.0, 1.0))[:, 0]
        legs = [year.ties.tie(a, b) for a, b in pairwise(self.route) if {a, b} <= set(year.ties.row)]
        worst = let_through(year, legs).min(axis=1) if legs else 1.0
        return np.asarray(self.intensity * self.capacity_bcm * filled * worst)

    def _sections(self, year: Year) -> Ints:
        """Rows of the ties between the states of the route that are simulated, each with the next, (row,)."""
        there = [iso for iso in self.route if iso in year.ties.row]
        return np.array([year.ties.tie(a, b) for a, b in pairwise(there)], dtype=np.intp)

    def at_work(self, year: Year, strength: Array) -> Array:
        """Strength on the slowest of its sections, shape (world,)."""
        slowest: Array = strength[:, self._sections(year)].min(axis=1)
        return slowest

    def planned_years(self) -> int:
        """The years of its construction."""
        return self.construction_years

    def price(self, year: Year) -> Array:
        """The ledger's cost of a bcm a year of capacity times its capacity, million USD of 2015, shape (world,)."""
        return np.asarray(self.capacity_bcm * year.p["gas_pipeline.outlay"][:, 0])
