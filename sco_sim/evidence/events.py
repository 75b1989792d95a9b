"""Counts of events between states by ICEWS: how much of what two states do to each other is conflict."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sco_sim.case.case import Case
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.world.ties import Ties

EVENTS = 20
"""Fewest events of a tie-year that is scored."""
FIRST, LAST = 2002, 2014


@dataclass(frozen=True)
class Counts:
    """Cooperative and conflictual events, (year, tie), NaN where the source has no such tie, and rivalry in force."""

    cooperative: Array
    conflictual: Array
    rivalry: Array

    def until(self, rows: int) -> Counts:
        """The first years of it."""
        return Counts(self.cooperative[:rows], self.conflictual[:rows], self.rivalry)

    def of(self, ties: Bools) -> Counts:
        """Some of the ties."""
        return Counts(self.cooperative[:, ties], self.conflictual[:, ties], self.rivalry[ties])

    @property
    def logit(self) -> Array:
        """Logit of the share, NaN without events."""
        seen = self.cooperative + self.conflictual > 0.0
        return np.where(seen, np.log(self.cooperative + 0.5) - np.log(self.conflictual + 0.5), np.nan)

    @property
    def binomial(self) -> Array:
        """Binomial variance of that logit."""
        out: Array = 1.0 / (self.cooperative + 0.5) + 1.0 / (self.conflictual + 0.5)
        return out


def counts(case: Case, ties: Ties, rivalry_year: int = 2010) -> Counts:
    """ICEWS counts of all years; the rivalries of a year."""
    years = range(FIRST, LAST + 1)
    start = case.tie_column("ties", "rivalry_from_year", ties, np.inf)
    stop = case.tie_column("ties", "rivalry_to_year", ties, np.inf)
    return Counts(
        case.tie_path("icews_cooperative_events", ties, years),
        case.tie_path("icews_conflictual_events", ties, years),
        ((start <= rivalry_year) & (rivalry_year <= stop)).astype(np.float64),
    )
