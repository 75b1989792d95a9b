"""Remembers what was worked out of the tables, and which entries of the ledger it depends on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sco_sim.case.entries import Entry
from sco_sim.case.ledger import Ledger, T


class Noted(Ledger):
    """A ledger that notes which entries are read."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger.entries, ledger.groups, ledger.fits, ledger.prior, ledger.changed)
        object.__setattr__(self, "seen", {})

    seen: dict[str, Entry]

    def __getitem__(self, name: str) -> Entry:
        entry = super().__getitem__(name)
        self.seen[name] = entry
        return entry


class Memo:
    """Results that depend on a key and on a few entries of a ledger, computed once a process.

    Settings and the points of a sweep differ in the ledger, but few entries bear on the initial state: what was read
    in making a result is noted, and the result serves every ledger that agrees in those entries.
    """

    MOST = 1024
    """Results kept of one key and one set of names: the points of a sweep that moves an entry come in any order."""

    def __init__(self) -> None:
        self.kept: dict[object, dict[tuple[str, ...], dict[tuple[Entry | None, ...], Any]]] = {}
        """Key to names read to their entries to result. A key may have several sets of names, since what is
        read may depend on values."""

    def get(self, key: object, ledger: Ledger, make: Callable[[Ledger], T]) -> T:
        """The result for the key and the ledger; `make` gets a ledger that it may read entry by entry only."""
        known = self.kept.setdefault(key, {})
        for names, results in known.items():
            at = tuple(ledger.entries.get(name) for name in names)
            if at in results:
                result: T = results[at]
                break
        else:
            noted = Noted(ledger)
            result, names = make(noted), tuple(noted.seen)
            results = known.setdefault(names, {})
            results[tuple(noted.seen.values())] = result
            if len(results) > self.MOST:
                del results[next(iter(results))]
        for name in names:  # one result may use another: what that read counts as read here too
            ledger[name]
        return result
