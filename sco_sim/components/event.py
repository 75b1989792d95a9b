"""Base classes of events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field

from sco_sim.case.catalog import Catalog
from sco_sim.components.base import Complaint, Component, unknown_states
from sco_sim.fields import CalendarYear, Codes, Share

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Event(Component):
    """A dated outside shock."""

    warded_off_by: ClassVar[tuple[str, ...]] = ()
    """Shields, of `world.shields.SHIELDS`, that ward off a share of the harm it does to ties."""

    def years(self) -> tuple[int, int]:
        """First and last year in which it acts."""
        raise NotImplementedError

    def act(self, year: Year) -> None:
        """Add to the year's shocks."""
        raise NotImplementedError


class SpanEvent(Event):
    """An event from a first to a last year, with a severity."""

    start: CalendarYear
    """First year in which it acts."""
    end: CalendarYear | None = None
    """Last year in which it acts; the same as start if left out."""
    severity: float = Field(1.0, ge=0.0, le=5.0)
    """Multiple of the ledger's effects; 1 is an ordinary event of its kind."""

    doses = ("severity",)

    def years(self) -> tuple[int, int]:
        """First and last year in which it acts."""
        return self.start, self.start if self.end is None else self.end

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """An end before the start."""
        if self.end is not None and self.end < self.start:
            yield Complaint(("end",), f"end {self.end} is before start {self.start}", "swap them")


class StatesEvent(SpanEvent):
    """An event that strikes some states."""

    states: Literal["all"] | Codes = "all"
    """States it strikes: codes, or all simulated states."""

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        if isinstance(self.states, tuple):
            yield from unknown_states(self.states, catalog, states, "states")

    def struck(self, year: Year) -> Array:
        """Severity on each state struck, 0 on the others, shape (state,)."""
        return np.array([self.severity * (self.states == "all" or iso in self.states) for iso in year.ties.states])


class TiesEvent(SpanEvent):
    """An event that strikes the ties between some states."""

    between: Literal["all"] | Annotated[tuple[str, ...], Field(strict=False, min_length=2)] = "all"
    """States whose ties with each other it strikes: two or more codes, or all simulated states."""

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states; an end before the start."""
        yield from super().complaints(catalog, states)
        if isinstance(self.between, tuple):
            yield from unknown_states(self.between, catalog, states, "between")

    def struck(self, year: Year) -> Array:
        """Severity on each tie struck, 0 on the others, shape (tie,)."""
        named = year.ties.states if self.between == "all" else self.between
        struck: Array = self.severity * (year.ends(named) == 2.0)
        return struck


class PairEvent(Event):
    """An event between two states, in one year."""

    between: Annotated[tuple[str, str], Field(strict=False)]
    """The two states."""
    year: CalendarYear
    """Year in which it happens."""

    def years(self) -> tuple[int, int]:
        """The one year."""
        return self.year, self.year

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """Unknown states."""
        yield from unknown_states(self.between, catalog, states, "between")


class LastingEvent(Event):
    """A pull that lasts: open-ended unless it is given an end."""

    start: CalendarYear
    """First year in which it acts."""
    end: CalendarYear | None = None
    """Last year in which it acts; open if left out."""
    intensity: Share = 1.0
    """Scale of the whole event, 0 to 1."""

    doses = ("intensity",)

    def years(self) -> tuple[int, int]:
        """From start to end, or for ever."""
        return self.start, 9999 if self.end is None else self.end

    def complaints(self, catalog: Catalog, states: tuple[str, ...]) -> Iterator[Complaint]:
        """An end before the start."""
        if self.end is not None and self.end < self.start:
            yield Complaint(("end",), f"end {self.end} is before start {self.start}", "swap them")
