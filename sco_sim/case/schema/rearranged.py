"""Columns whose cells are those of the shipped case in other rows, moved by one amount, lost, or all disturbed.

Single figures stay plausible, and their middle and their ranks nearly so. Whoever edits with knowledge changes few
cells, and not to those of other rows.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from sco_sim.errors import counted

CHANCE = 0.01
"""Chance below which new cells are not those of the other changed rows by luck."""
FEW = 6
"""Rows from which all cells are looked at together."""
MOST = 0.8
"""Share of the cells that differ in the same way."""
LOST = 1.0 / 3.0
OFF, MANY = 0.01, 20
"""Share by which a figure is off, and fewest figures from which a column is told as another one: editions of one source
agree better in most cells."""


def in_other_rows(name: str, both: Sequence[tuple[str, str]]) -> str:
    """Whether the changed cells are, but for a tenth, one another's: exchanged, shifted or shuffled.

    Args:
        name: The column.
        both: Own cell and that of the shipped case, of all common rows, as they compare.
    """
    other = [(mine, there) for mine, there in both if mine != there]
    if len(other) < 2:
        return ""
    matched = Counter(mine for mine, _ in other) & Counter(there for _, there in other)
    lost = len(other) - matched.total()
    if lost > len(other) / 10.0:
        return ""
    often = Counter(there for _, there in both)
    unheard = sum(count == 1 for count in often.values()) / len(both)  # chance that a new cell is one of its own
    known = math.log(max(1.0 - unheard, 1.0 / len(both)))
    log = math.lgamma(matched.total() + 1.0) + matched.total() * known + 2.0 * lost * math.log(len(other))
    for cell, count in matched.items():
        log += count * math.log(often[cell] / len(both)) - math.lgamma(count + 1.0)
    if log > math.log(CHANCE):
        return ""
    rows = counted(len(other), "common row")
    return f"{name} has in {rows} what the shipped case has in others of them: exchanged, shifted or shuffled?"


def lost(name: str, both: Sequence[tuple[str, str]]) -> str:
    """Whether a third and more of the cells that the shipped case fills are empty."""
    there = [mine for mine, other in both if other]
    gone = there.count("")
    if len(there) < FEW or gone < LOST * len(there):
        return ""
    rows = counted(len(there), "common row")
    return f"{name} is empty in {gone:,} of {rows} in which the shipped case has a value: lost?"


def moved_by_one(name: str, both: Sequence[tuple[float, float]]) -> str:
    """Whether nearly all figures lie the same amount above or below those of the shipped case."""
    apart = Counter(round(mine - other, 6) for mine, other in both)
    amount, rows = apart.most_common(1)[0] if apart else (0.0, 0)
    if not amount or rows < max(FEW, MOST * len(both)) or len({other for _, other in both}) < 2:
        return ""
    side = "above" if amount > 0.0 else "below"
    return f"{name} is {abs(amount):,.6g} {side} that of the shipped case in {counted(rows, 'common row')}"


def disturbed(name: str, both: Sequence[tuple[float, float]]) -> str:
    """Whether nearly every figure differs a little from that of the shipped case."""
    known = [(mine, other) for mine, other in both if other]
    off = sum(abs(mine - other) > OFF * abs(other) for mine, other in known)
    if len(known) < MANY or off < MOST * len(known):
        return ""
    share = f"{off:,} of {counted(len(known), 'common row')}"
    return f"{name} is more than {OFF:.0%} off that of the shipped case in {share}: another source, or disturbed?"
