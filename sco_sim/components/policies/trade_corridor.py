"""Trade corridors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, unknown_states
from sco_sim.components.project import WHOLE, Project
from sco_sim.errors import did_you_mean
from sco_sim.numerics.functions import mean_where
from sco_sim.world.pairs import Pair, joined, pair

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array, Bools
    from sco_sim.world.year import Year

Leg = Annotated[tuple[str, str], Field(strict=False)]


class TradeCorridor(Project):
    """A route that saves days and cost on the ties between its states, and may divert trade of those it passes by.

    Two states gain by it no more than its legs between them carry: what a state on the way has delivered, and what a
    closed border lets through, bounds what arrives. No leg is built, nor paid, to a state that is not bound by it.
    What it finishes of the freight routes (a planned leg over one of its borders) makes the routes of other ties
    cheaper too, as far as the states on both sides of that leg deliver and let through (docs/routes.md).
    Building it together may bring trust or friction: the effect is centred on zero.
    Source: rows C6, C7 and A10 of D0, D2 and D3; a day saved: Djankov, Freund and Pham 2010; cost: de Soyres et al.
    2020. Days and cost saved are ledger ranges per corridor, judgement where no source gives them.

    Example:
        trade_corridor: {corridor: china_kyrgyzstan_uzbekistan_railway, start: 2030, decided_by: participants}
    """

    corridor: str | None = None
    """Key of a corridor of the case (`sco-sim data links`)."""
    legs: Annotated[tuple[Leg, ...], Field(strict=False)] = ()
    """Legs of a corridor of your own, each a pair of codes: a land border or a link of the case."""
    bypasses: Annotated[tuple[str, ...], Field(strict=False)] = ()
    """States whose transit it takes over."""
    construction_years: int = Field(0, ge=0, le=50)
    """Years it takes to build where its states deliver in full, longer where they do not, and it carries no trade until
    it is built and paid; 0 if it can be used from the first year on."""

    field: ClassVar[str] = "transport"
    parameters = (
        "corridor.share_using", "corridor.day_elasticity", "corridor.cost_elasticity", "corridor.diversion",
        "corridor.trust", "routes.elasticity",
    )  # fmt: skip
    reads = ("built", "building", "shock_border")
    writes = ("effect_trade", "effect_trust")
    rows = ("A10", "C6", "C7", "N5")

    @property
    def label(self) -> str:
        """Its name in tables."""
        return self.name or self.corridor or self.key()

    def used(self) -> tuple[str, ...]:
        """The common parameters and those of its own corridor."""
        return (*self.parameters, *self._own())

    def _own(self) -> tuple[str, str, str]:
        stem = f"corridor.{self.corridor or 'other'}"
        return f"{stem}.days_saved", f"{stem}.cost_saved", f"{stem}.outlay"

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """A corridor or a leg that the case does not know."""
        yield from super().complaints(catalog, states)
        yield from unknown_states(self.bypasses, catalog, states, "bypasses")
        if (self.corridor is None) == (not self.legs):
            yield Complaint(("corridor",), "a corridor needs either `corridor` or `legs`", "give one of the two")
        elif self.corridor is not None and self.corridor not in catalog.corridors:
            remedy = did_you_mean(self.corridor, catalog.corridors)
            yield Complaint(("corridor",), f"no corridor '{self.corridor}'", remedy)
        elif self.corridor is not None and any(name not in catalog.parameters for name in self._own()):
            remedy = "add its days_saved, cost_saved and outlay to parameters.yaml, or use `legs`"
            yield Complaint(("corridor",), f"the ledger has no entries for '{self.corridor}'", remedy)
        for number, (a, b) in enumerate(self.legs):
            if pair(a, b) not in catalog.borders | catalog.links:
                remedy = "use states that share a land border, or add the leg to data/links.csv of the case"
                yield Complaint(("legs", number), f"{a}-{b} is neither a land border nor a known link", remedy)
        apart = self._apart()
        if apart is not None:
            a, b = self.legs[apart]
            yield Complaint(("legs", apart), f"{a}-{b} does not join the legs before it", "add the legs between them")
        on_route = {iso for leg in self.links(catalog.corridors) for iso in leg}
        for number, iso in enumerate(self.bypasses):
            if iso in on_route:
                yield Complaint(("bypasses", number), f"{iso} is on the corridor", "leave it out of `bypasses`")
        if on_route and len(on_route & set(states)) < 2:
            yield Complaint(
                ("corridor",), "it joins fewer than two of the simulated states", "add its states to `states`"
            )

    def links(self, corridors: Mapping[str, tuple[Pair, ...]]) -> tuple[Pair, ...]:
        """Its legs, from the case or its own."""
        if self.corridor is None:
            return tuple(pair(a, b) for a, b in self.legs)
        return tuple(corridors.get(self.corridor, ()))

    def _apart(self) -> int | None:
        """Number of the first of its own legs that no chain of them joins to the first leg; None if all join."""
        reached = joined(self.legs[0] if self.legs else (), self.legs)
        return next((number for number, leg in enumerate(self.legs) if not reached & set(leg)), None)

    def _route(self, year: Year) -> tuple[Array, Array]:
        """Ties between two states of the route, and between one of it and a bypassed one, each 0/1 (tie,)."""
        on_route = tuple({iso for leg in self.links(year.facts.corridors) for iso in leg})
        ends, passed_by = year.ends(on_route), year.ends(self.bypasses)
        return (ends == 2.0).astype(float), ((ends == 1.0) & (passed_by == 1.0)).astype(float)

    def carried(self, year: Year, strength: Array) -> Array:
        """Strength that arrives between two states of the route by its legs, 0 on other ties, (world, tie).

        A chain of legs carries as much as its weakest, and the best chain counts; a closed border takes its share. A
        leg to a state that is not simulated is open.
        """
        return np.minimum(strength, self._by_legs(year, self._let_through(year, strength)))

    def _by_legs(self, year: Year, left: Array) -> Array:
        """What the best chain of legs carries between two states of the route, 0 on other ties, (world, tie).

        `left` is what each leg carries.
        """
        legs = self.links(year.facts.corridors)
        stations = sorted({iso for leg in legs for iso in leg})
        row = {iso: i for i, iso in enumerate(stations)}
        wide = np.zeros((len(stations), len(stations), len(left)))  # worlds last: whole rows are compared at once
        for a, b in legs:
            simulated = a in year.ties.row and b in year.ties.row
            wide[row[a], row[b]] = wide[row[b], row[a]] = left[:, year.ties.tie(a, b)] if simulated else 1.0
        for by in range(len(stations)):
            np.maximum(wide, np.minimum(wide[:, by, None], wide[by, None]), out=wide)
        out = np.zeros_like(left)
        for a, b in combinations(stations, 2):
            if a in year.ties.row and b in year.ties.row:
                out[:, year.ties.tie(a, b)] = wide[row[a], row[b]]
        return out

    def _joined(self, year: Year, strength: Array) -> Array:
        """Ties of the route whose ends take part and are joined by legs whose ends all do, 0/1 (world, tie).

        No line is laid through a state that is not bound.
        """
        bound = (strength > 0.0).astype(float)
        return np.asarray(bound * self._by_legs(year, bound))  # 1 or 0 on every leg, so on every chain of them

    def due(self, year: Year, strength: Array) -> Array:
        """Its building cost, less a like part for each leg to a state that is not bound, shape (world,)."""
        legs = [leg for leg in self.links(year.facts.corridors) if set(leg) <= set(year.ties.row)]
        ties = [year.ties.tie(a, b) for a, b in legs]
        built = (strength.take(ties, axis=1) > 0.0).mean(axis=1) if ties else np.ones(len(strength))
        return np.asarray(self.price(year) * built)

    def transit(self, year: Year, strength: Array) -> Array:
        """Goods that use it on their way between two other states of it; who is bypassed loses them in equal parts.

        They go in equal parts by the chains of legs, the shortest and those with a leg more; shape (world, state).
        """
        from sco_sim.world.routes import crossed  # what checks a scenario file needs no graph library

        over = crossed(self.links(year.facts.corridors), year.ties.states)
        trade = year.once("trade", lambda: np.exp(year.state.trade))
        used = year.p["corridor.share_using"] * self.carried(year, strength) * trade
        out = np.zeros_like(year.state.log_gdp)
        for tie, iso in np.argwhere(over > 0.0):  # few ties lead over a third state
            out[:, iso] += used[:, tie] * over[tie, iso]
        if self.bypasses:
            passing = (used * over.max(axis=1)).sum(axis=1)
            out[:, [year.ties.row[iso] for iso in self.bypasses]] -= passing[:, None] / len(self.bypasses)
        return out

    @staticmethod
    def _let_through(year: Year, strength: Array) -> Array:
        """What closed borders leave of it, (world, tie)."""
        return strength * (1.0 - np.clip(year.state.shock_border, 0.0, 1.0))

    def _opened(self, year: Year, strength: Array) -> Array:
        """Fall of the freight cost by the legs that are finished, as a share of the goods' value, (world, tie)."""
        detours = year.facts.detours
        legs = detours.builds(frozenset(self.links(year.facts.corridors)))
        left = self._let_through(year, strength)
        open_share = np.ones((len(strength), 1))
        for a, b in {border for leg in legs for border in leg.borders}:
            known = [iso for iso in (a, b) if iso in year.ties.row]
            if len(known) == 2:
                np.minimum(open_share[:, 0], left[:, year.ties.tie(a, b)], out=open_share[:, 0])
            elif known:
                np.minimum(open_share[:, 0], year.of_states(strength)[:, year.ties.row[known[0]]], out=open_share[:, 0])
        return np.where(self._open(year), open_share, 0.0) * detours.fall(frozenset(self.links(year.facts.corridors)))

    def act(self, year: Year, strength: Array) -> None:
        """Section 8 of docs/model.md."""
        p = year.p
        days, cost, _ = self._own()
        saved = p["corridor.day_elasticity"] * p[days] + p["corridor.cost_elasticity"] * p[cost]
        full = p["corridor.share_using"] * saved
        route, diverted = self._route(year)
        joined = self._joined(year, strength)
        year.state.effect_trust[:] += p["corridor.trust"] * strength * joined
        carried = self.carried(year, strength)
        used = np.where(self._open(year), carried, 0.0)
        year.state.effect_trade[:] += full * used
        if year.facts.detours.builds(frozenset(self.links(year.facts.corridors))):
            year.state.effect_trade[:] += p["routes.elasticity"] * self._opened(year, strength) * (route == 0.0)
        if diverted.any():
            year.state.effect_trade[:] -= p["corridor.diversion"] * full * mean_where(used, joined) * diverted

    def _open(self, year: Year) -> Bools:
        """Whether it carries trade: from the year after it is built, or at once without construction, (world, 1)."""
        return np.asarray(self.own(year, "built", 1.0) >= (WHOLE if self.construction_years else 0.0))

    def price(self, year: Year) -> Array:
        """The ledger's building cost of the corridor, million USD of 2015, shape (world,)."""
        return np.asarray(year.p[self._own()[2]][:, 0])

    def at_work(self, year: Year, strength: Array) -> Array:
        """Mean over the ties of the route that its legs join, shape (world,)."""
        return np.asarray(mean_where(strength, self._joined(year, strength))[:, 0])

    def planned_years(self) -> int:
        """The years of its construction, or else of its ramp."""
        return self.construction_years or self.ramp_years
