"""What a case folder knows by name: enough to check a scenario file without loading a table library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sco_sim.world.pairs import Pair


@dataclass(frozen=True)
class Catalog:
    """Names known to a case: states, members by year, land borders, legs of the corridors, ledger parameters."""

    states: frozenset[str]
    #: iso3 -> first year as a member
    member_from: Mapping[str, int]
    borders: frozenset[Pair]
    #: corridor key -> its legs, in the order of the table
    corridors: Mapping[str, tuple[Pair, ...]]
    parameters: frozenset[str]

    @property
    def links(self) -> frozenset[Pair]:
        """Every leg of every corridor."""
        return frozenset(leg for legs in self.corridors.values() for leg in legs)
