"""What a year knows of a policy that is put to a decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sco_sim.numerics.arrays import Array


class Agreement(Protocol):
    """A policy as the world sees it; `components.policy.Policy` is one."""

    @property
    def label(self) -> str:
        """Its name in tables."""
        ...

    @property
    def field(self) -> str:
        """Field of cooperation."""
        ...

    @property
    def start(self) -> int | None:
        """Year it is tabled or takes force, None for the first simulated year."""
        ...

    @property
    def end(self) -> int | None:
        """Last year in force, None if open."""
        ...

    @property
    def participants(self) -> str | tuple[str, ...]:
        """Who takes part: `members`, `all` or codes."""
        ...

    @property
    def takes_force(self) -> str:
        """When it takes force: `signed`, `two_thirds` or `all`."""
        ...

    @property
    def payers(self) -> Mapping[str, float] | None:
        """Shares of its outlay by code, None for those who adopt it, by the key of the budget."""
        ...

    def fade(self, year: Any) -> Array:
        """Factor on the rate at which delivery declines after `end`, shape (world, 1); `year` is a Year."""
        ...
