"""Whether the figures of a file of one's own are in the unit of the case: each beside a year that is known."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from statistics import median

from sco_sim.errors import Problem

Known = Mapping[Hashable, Mapping[int, float]]
"""Key -> year -> value in the unit of the case."""
FAR = 300.0
"""Factor from one year to another that is no fact in a large figure."""
NEAR = 10
"""Years apart at most for two figures to be compared."""
WORDS = {3: "thousand", 6: "million", 9: "billion"}


def units(
    rows: Sequence[tuple[int, Hashable, int, float]],
    known: Known,
    what: str,
    unit: str,
    path: Path,
    *,
    floor: float = 0.0,
    keys: str = "series",
) -> list[Problem]:
    """One problem if a file is in another unit throughout, else one for each row that is.

    Args:
        rows: Line, key, year and value of each row.
        known: What the case knows.
        what: The figures in words.
        unit: Their unit.
        path: The file.
        floor: Figures below it may change a thousandfold in fact, and are not looked at.
        keys: What the keys are, in the plural.
    """
    compared = []
    for line, key, year, value in rows:
        years = [other for other in known.get(key, {}) if abs(other - year) <= NEAR]
        if years and value > 0.0:
            nearest = min(years, key=lambda other: (abs(other - year), -other))
            before = known[key][nearest]
            if before > floor:
                compared.append((line, key, nearest, value / before))
    if not compared:
        return []
    middle = median(ratio for *_, ratio in compared)
    if _far(middle):
        line, _, year, _ = compared[0]
        count = len({key for _, key, _, ratio in compared if _far(ratio)})
        message = f"{what} is {_size(middle)} of {year} in {_all(count, keys)}; {_guess(middle)} {unit}?"
        return [Problem(message, f"write it in {unit}", str(path), line)]
    return [
        Problem(f"{what} of {_named(key)} is {_size(ratio)} of {year}; {_guess(ratio)} {unit}?", f"write it in {unit}",
                str(path), line)
        for line, key, year, ratio in compared if _far(ratio)
    ]  # fmt: skip


def _far(ratio: float) -> bool:
    return not 1.0 / FAR < ratio < FAR


def _power(ratio: float) -> int:
    """The nearest of a thousand, a million and a billion, as a power of ten."""
    size = max(ratio, 1.0 / ratio)
    return min(WORDS, key=lambda power: abs(len(f"{size:.0f}") - 1 - power))


def _size(ratio: float) -> str:
    word = WORDS[_power(ratio)]
    return f"about a {word}th" if ratio < 1.0 else f"about a {word} times that"


def _guess(ratio: float) -> str:
    word = WORDS[_power(ratio)]
    return word if ratio < 1.0 else f"not in {word}ths of"


def _all(count: int, keys: str) -> str:
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    number = words[count - 1] if count <= len(words) else str(count)
    return f"all {number} {keys}" if count > 1 else f"the one of the {keys}"


def _named(key: Hashable) -> str:
    return "-".join(key) if isinstance(key, tuple) else str(key)
