"""What no world changes: the data of the years, and the initial state that later years are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import VALUES
from sco_sim.world.detours import Detours
from sco_sim.world.lines import Line
from sco_sim.world.pairs import Pair
from sco_sim.world.state import Named, State
from sco_sim.world.ties import Ties


@dataclass(frozen=True)
class Facts:
    """Data that no world changes. First axis `year` runs from the start of the horizon to its end."""

    log_gdp: Array
    """Ln USD of 2015, (year, state); NaN after the last realised year."""
    volume_growth: Array
    """Growth of GDP by volume since the year before, log points, (year, state); NaN where it is not known."""
    volume_trend: Array
    """Mean growth of GDP by volume in the ten years before the start, log points, (state,); NaN if it is not known."""
    log_population: Array
    """Ln persons, (year, state)."""
    stability: Array
    """WGI units, (year, state)."""
    capacity: Array
    """WGI units, (year, state)."""
    volatility: Array
    """WUI, (year, state)."""
    member: Array
    """0/1, (year, state)."""
    border: Array
    """Land border 0/1, (tie,)."""
    common_language: Array
    """Common official language 0/1, (tie,)."""
    openness: Array
    """Visa openness 0-1, (year, tie)."""
    rivalry: Array
    """A strategic rivalry 0/1, (year, tie)."""
    trade_agreement: Array
    """A trade agreement in force 0/1, (year, tie)."""
    claims: tuple[Mapping[int, tuple[int, ...]], ...]
    """For each year: claim number to the ties whose claim of that number is open."""
    bonds: Mapping[str, Array]
    """Word of `alignments.csv` to whether such a bond is in force 0/1, (year, tie)."""
    arms: Array
    """Larger of the two shares of one end's imports of major arms that come from the other, (year, tie)."""
    accession_chance: Array
    """Chance of accession in the year for states that are no members yet, (year, state)."""
    heritage_sites: Array
    """World Heritage sites, (state,)."""
    corridors: Mapping[str, tuple[Pair, ...]]
    """Legs of each corridor, as pairs of codes; some lie outside the states simulated."""
    lines: tuple[Line, ...]
    """Gas pipelines between two of the states."""
    detours: Detours
    """What closed land borders add to the freight of every tie, by the routes of the start."""


class Reference(Named):
    """The initial state that later years are compared with, world axis first.

    It holds `trust_level` and every channel (world, tie), `log_gdp`, `log_volume` and `community` (world, state), and
    `income_gap` (world, tie), the gap in ln GDP per head.
    """

    @classmethod
    def of(cls, state: State, ties: Ties) -> Reference:
        """A copy of a state as it stands."""
        names = ("trust_level", *VALUES, "log_gdp", "log_volume", "community")
        return cls({name: state.arrays[name].copy() for name in names} | {"income_gap": income_gap(state, ties)})

    def replaced(self, **arrays: Array) -> Reference:
        """The same with other values of some variables."""
        return Reference(self.arrays | arrays)


def income_gap(state: State, ties: Ties) -> Array:
    """Gap in ln GDP per head between the two ends of each tie, shape (world, tie)."""
    income = state.log_gdp - state.log_population
    return np.abs(income.take(ties.first, axis=1) - income.take(ties.second, axis=1))
