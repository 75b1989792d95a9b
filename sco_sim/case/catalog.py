"""What a case folder knows by name: enough to check a scenario file without loading a table library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sco_sim.case.age import Observations
from sco_sim.case.entries import LedgerEntries
from sco_sim.case.state_names import StateNames
from sco_sim.world.pairs import Pair


@dataclass(frozen=True)
class Catalog:
    """Names known to a case: states, members by year, land borders, legs of the corridors, ledger parameters."""

    states: frozenset[str]
    """ISO3 codes."""
    member_from: Mapping[str, int]
    """ISO3 code -> first year as a member."""
    borders: frozenset[Pair]
    """Pairs that share a land border."""
    corridors: Mapping[str, tuple[Pair, ...]]
    """Corridor key -> its legs, in the order of the table."""
    parameters: frozenset[str]
    """Names in the ledger."""
    names: StateNames = field(default_factory=StateNames)
    """Other spellings of states: see `code_of` and `suggest` in `sco_sim.case.names`."""
    gdp_from: Mapping[str, int] = field(default_factory=dict)
    """ISO3 code -> first year whose GDP is known; a scenario cannot begin before it."""
    ledger: LedgerEntries = field(default_factory=LedgerEntries)
    """The entries of the ledger, read when first asked for."""
    observations: Observations = field(default_factory=Observations)
    """When each variable was observed, read when first asked for."""

    @property
    def links(self) -> frozenset[Pair]:
        """Every leg of every corridor."""
        return frozenset(leg for legs in self.corridors.values() for leg in legs)
