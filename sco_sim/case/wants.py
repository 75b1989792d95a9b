"""What states want that the ledger does not name: as broad as what all states that it names want."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sco_sim.case.ledger import Ledger

OTHER = ".other"
"""End of the name of the entry that stands for every state without one of its own."""


def with_wants(ledger: Ledger, states: Iterable[str]) -> Ledger:
    """The ledger with an entry wants.XXX.<state> for each of some states, where it has one of wants.XXX.other."""
    entries = dict(ledger.entries)
    for name, entry in ledger.entries.items():
        if name.startswith("wants.") and name.endswith(OTHER):
            stem = name.removesuffix(OTHER)
            for iso in states:
                text = entry.name.removesuffix("a state that has no entry of its own") + iso
                entries.setdefault(f"{stem}.{iso}", replace(entry, name=text))
    return replace(ledger, entries=entries)
