"""Base classes of policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, Component, unknown_states
from sco_sim.fields import CalendarYear, Codes, Part, Share
from sco_sim.world.state import BY_NAME

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


FIELDS = {
    "economy": 1.0, "transport": 0.6, "political": 0.3, "security": 0.2,
    "culture": 0.1, "education": 0.1, "environment": 0.1,
}  # fmt: skip
"""Weight of a field in the distributive part of equation 4."""

CULTURE = ("culture", "education")
"""Fields of the policies that prosperity pays for."""

DEPTHS = {"declaratory": 0.1, "institution": 0.4, "binding": 0.4, "deep": 1.0}
"""Depth of an agreement in equation 4."""


class Loan(Part):
    """Part of an outlay that one state lends to those who pay for it."""

    lender: str
    """State that lends."""
    share: Share = 0.5
    """Share of the outlay that is lent."""
    years: int = Field(30, ge=1, le=100)
    """One part in so many of what is owed is paid back each year."""
    interest: float = Field(0.0, ge=0.0, le=0.5)
    """Yearly interest on what is owed, a share, over inflation."""


Named = Annotated[tuple[str, ...], Field(strict=False)]
"""Codes of states that a text names; none by default."""


class Policy(Component):
    """A lever someone can pull. It turns its strength on each tie into shifts of targets (docs/model.md, section 8)."""

    name: str = Field("", max_length=60, pattern=r"^[a-z0-9_]*$")
    """Label in tables and in the random streams; the key of the policy if left out."""
    start: CalendarYear | None = None
    """Year it is tabled (decided_by: council) or takes force (otherwise); the first simulated year if left out."""
    answers: str | None = None
    """Key of an event of the scenario that puts it on the table, in the first year in which such an event acts; in
    place of `start`."""
    end: CalendarYear | None = None
    """Last year in force; open if left out."""
    ramp_years: int = Field(1, ge=1, le=50)
    """Years from adoption to full effect."""
    intensity: Share = 1.0
    """Scale of the whole policy, 0 to 1."""
    participants: Literal["members", "all"] | Codes = "members"
    """Who takes part: the members of the year, all simulated states, or a list of codes."""
    decided_by: Literal["council", "participants", "given"] = "council"
    """Who decides: the council by its rule, the participants by consensus, or nobody (it is given)."""
    force: Literal["signed", "two_thirds", "all"] | None = None
    """When it takes force: when signed, or when two thirds or all of the states bound have ratified it. By its depth if
    left out: two thirds for what is binding or deep and not given, else when signed."""
    proposer: str | None = None
    """State that proposes it and is seen to gain half of it; nobody if left out."""
    payers: Mapping[str, Share] | None = None
    """Shares of the outlay by code that sum to 1; those who adopt it, by the key of the budget, if left out. Who does
    not adopt it pays nothing and the others share the whole; where none of them adopts it, it is not carried out."""
    loan: Loan | None = None
    """What one state lends to the payers: `{lender: CHN, share: 0.5, years: 35}`; nothing if left out, or where the
    lender takes part and does not adopt it."""
    favours: Named = ()
    """States whose cause its wording takes by name; who stands well with them goes along sooner (equation 30)."""
    against: Named = ()
    """States that its wording is against by name."""
    territory: Named = ()
    """States whose territory it puts to use; who neither proposes it nor is favoured by it minds."""

    field: ClassVar[str] = "culture"
    depth: ClassVar[str] = "institution"
    contract: ClassVar[bool] = False
    """Whether it is a contract on a project, which parliaments need not ratify though it binds."""

    @property
    def label(self) -> str:
        """Its name in tables."""
        return self.name or self.key()

    @property
    def takes_force(self) -> str:
        """When it takes force: `signed`, `two_thirds` or `all` (equation 8a)."""
        if self.force is not None:
            return self.force
        treaty = self.depth in ("binding", "deep") and not self.contract and self.decided_by != "given"
        return "two_thirds" if treaty else "signed"

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; a state that it both favours and is against; an end before the start."""
        if isinstance(self.participants, tuple):
            yield from unknown_states(self.participants, catalog, states, "participants")
        if self.proposer is not None:
            yield from unknown_states((self.proposer,), catalog, states, "proposer")
        yield from self._money(catalog, states)
        for name in ("favours", "against", "territory"):
            yield from unknown_states(getattr(self, name), catalog, states, name)
        for iso in set(self.favours) & set(self.against):
            yield Complaint(("against",), f"{iso} stands in `favours` too", "leave it out of one of them")
        if self.start is not None and self.end is not None and self.end < self.start:
            yield Complaint(("end",), f"end {self.end} is before start {self.start}", "swap them")
        if self.start is not None and self.answers is not None:
            yield Complaint(("answers",), "it has a `start` and an event to answer", "leave one of the two out")

    def _money(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Payers or a lender that are not simulated, payers that take no part; shares that do not sum to 1."""
        if self.payers is not None:
            yield from unknown_states(tuple(self.payers), catalog, states, "payers")
            for iso in self.payers if isinstance(self.participants, tuple) else ():
                if iso in states and iso not in self.participants:
                    yield Complaint(("payers",), f"{iso} pays and takes no part", f"add {iso} to `participants`")
            total = sum(self.payers.values())
            if abs(total - 1.0) > 1e-9:
                shares = ", ".join(f"{iso} {share:g}" for iso, share in self.payers.items())
                yield Complaint(
                    ("payers",), f"the shares of the payers sum to {total:g}", f"make them sum to 1: {shares}"
                )
        if self.loan is not None:
            yield from unknown_states((self.loan.lender,), catalog, states, "loan")

    def links(self, corridors: Mapping[str, tuple[tuple[str, str], ...]]) -> tuple[tuple[str, str], ...]:
        """Links it builds between states; none for most policies."""
        return ()

    def fade(self, year: Year) -> Array:
        """Factor on the rate at which delivery declines after `end`, shape (world, 1)."""
        return np.ones((year.state.worlds, 1))

    def act(self, year: Year, strength: Array) -> None:
        """Add to `state.effect_*` what the policy does at this strength, shape (world, tie)."""
        raise NotImplementedError

    def outlay(self, year: Year, strength: Array) -> Array:
        """Cost of the year in million USD of 2015, shape (world,)."""
        raise NotImplementedError

    def on_ties(self, year: Year, carried_out: Array) -> Array:
        """Equation 9 with the ramp over: its strength on each tie when the states carry out so much, (world, tie).

        A quarrel takes a share of it; what pays for culture is the prosperity of the end that is worse off.

        Args:
            year: The year.
            carried_out: What each state carries out, 0 to 1, (world, state).
        """
        agreed = 1.0 - year.p["quarrel.delivery"] * year.quarrel()
        acting: Array = self.intensity * year.weaker(carried_out) * agreed
        if self.field in CULTURE and acting.any():
            acting *= np.exp(year.p["culture.prosperity"] * year.shared_prosperity())
        return acting

    def transit(self, year: Year, strength: Array) -> Array:
        """Goods of others that it leads over each state, USD of 2015 a year, below 0 where it leads them elsewhere.

        None for most policies; shape (world, state).
        """
        del strength
        return np.zeros_like(year.state.log_gdp)

    def receipts(self, year: Year, strength: Array) -> Array:
        """What each state is paid out of it, million USD of 2015 a year; nothing by most, shape (world, state)."""
        del strength
        return np.zeros_like(year.state.log_gdp)

    def mean_outlay(self, year: Year, strength: Array, years: int) -> Array:
        """Mean outlay of the first years after adoption, the ramp over, million USD of 2015 a year, shape (world,).

        That of a year, unless it builds something.
        """
        del years
        return self.outlay(year, strength)

    def progress(self, year: Year, strength: Array) -> Array:
        """Share of what it builds that is built this year, shape (world,); nothing for what is no building.

        `strength` is that on each tie as if the ramp were over, (world, tie).
        """
        del strength
        return np.zeros_like(year.state.cost)

    def shift(self, year: Year, strength: Array, *targets: str) -> None:
        """Add the ledger's `<key>.<target>` times strength to each `effect_<target>`, on ties or on states."""
        for target in targets:
            effect = BY_NAME[f"effect_{target}"]
            acting = strength if effect.axis == "tie" else year.of_states(strength)
            year.state.arrays[effect.name][:] += year.p[f"{self.key()}.{target}"] * acting

    def ward_off(self, year: Year, strength: Array, shield: str) -> None:
        """Raise a shield by the ledger's `<key>.shield` times strength, (world, tie) (equation 20)."""
        year.state.arrays[f"effect_shield_{shield}"][:] += year.p[f"{self.key()}.shield"] * strength

    def adopted_year(self, year: Year) -> Array:
        """Year of its adoption, NaN before and for what is not on the table, shape (world, 1)."""
        return self.own(year, "adopted_year", np.nan)

    def own(self, year: Year, name: str, otherwise: float) -> Array:
        """Its column of a variable of agreements, `otherwise` for what is not on the table, shape (world, 1)."""
        if self not in year.agreements:
            return np.full((year.state.worlds, 1), otherwise)
        column: Array = year.state.arrays[name][:, year.agreements.index(self), None]
        return column


class Programme(Policy):
    """A policy that costs the same on every tie."""

    cost_per_tie_musd: float = Field(1.0, ge=0.0)
    """Outlay per tie and year at full strength, million USD of 2015 (judgement)."""

    def outlay(self, year: Year, strength: Array) -> Array:
        """Every tie costs the same at full strength, shape (world,)."""
        ties: Array = strength.sum(axis=1)
        return self.cost_per_tie_musd * ties
