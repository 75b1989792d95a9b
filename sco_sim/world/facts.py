"""What no world changes: the data of the years, and the initial state that later years are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.world.pairs import Pair
from sco_sim.world.state import State
from sco_sim.world.ties import Ties


@dataclass(frozen=True)
class Facts:
    """Data that no world changes. First axis `year` runs from the start of the horizon to its end."""

    #: (year, state) ln USD of 2015; NaN after the last realised year
    log_gdp: Array
    #: (year, state) each: ln persons; WGI; WGI; WUI
    log_population: Array
    stability: Array
    capacity: Array
    volatility: Array
    #: (year, state) 0/1
    member: Array
    #: (tie,) 0/1, 0/1, 0-1
    border: Array
    common_language: Array
    openness: Array
    #: (year, tie) 0/1: a strategic rivalry, a trade agreement in force
    rivalry: Array
    trade_agreement: Array
    #: claim number -> ties whose claim of that number is open, per year
    claims: tuple[Mapping[int, tuple[int, ...]], ...]
    #: (year, state) chance of accession in the year for who is no member yet
    accession_chance: Array
    #: (state,) World Heritage sites
    heritage_sites: Array
    #: legs of each corridor, as pairs of codes; some lie outside the states simulated
    corridors: Mapping[str, tuple[Pair, ...]]


@dataclass(frozen=True)
class Reference:
    """The initial state that later years are compared with, world axis first."""

    trust_level: Array
    trade: Array
    people: Array
    students_ab: Array
    students_ba: Array
    security: Array
    cities: Array
    log_gdp: Array
    community: Array
    #: (world, tie) gap in ln GDP per head
    income_gap: Array


def income_gap(state: State, ties: Ties) -> Array:
    """Gap in ln GDP per head between the two ends of each tie, shape (world, tie)."""
    income = state.log_gdp - state.log_population
    return np.abs(income.take(ties.first, axis=1) - income.take(ties.second, axis=1))
