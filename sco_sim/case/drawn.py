"""Which entries of the ledger can bear on a run: those alone are drawn."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

OF_A_STATE = re.compile(r"\.([A-Z]{3})$")
"""End of the name of an entry that one state has of its own."""


def of_simulated(names: Iterable[str], states: Collection[str]) -> list[str]:
    """Names without those of states that are not simulated, which nothing reads.

    Args:
        names: Names of entries, `growth.mean.KAZ` among them.
        states: Codes of the states simulated.
    """
    ends = {name: OF_A_STATE.search(name) for name in names}
    return [name for name, end in ends.items() if end is None or end[1] in states]
