"""Numbers, chances and amounts in words, the same everywhere."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sco_sim.scenario.schema import EVIDENCE

Row = Mapping[str, Any]


def amount(row: Row) -> tuple[str, str, str, str]:
    """Size of the difference without its sign, ends of the interval with theirs, and the unit."""
    factor, unit = scale(str(row["unit"]))
    size, low, high = (factor * float(row[name]) for name in ("difference", "low_05", "high_95"))
    digits = decimals(max(abs(low), abs(high), abs(size)))
    return f"{abs(size):,.{digits}f}", signed(low, digits), signed(high, digits), unit


def size_in_words(row: Row) -> str:
    """Size of the difference in a sentence, with the decimals of its interval; see `size_of`."""
    factor, _ = scale(str(row["unit"]))
    size, *ends = (factor * abs(float(row[name])) for name in ("difference", "low_05", "high_95"))
    return size_of(size, decimals(max(size, *ends)))


def difference_of(row: Row) -> str:
    """Size of the difference with its sign, and none for what rounds to zero; "-" where no world has a value."""
    size = amount(row)[0]
    if "nan" in size:
        return "-"
    sign = "" if not size.strip("0.,") else "+" if float(row["difference"]) > 0.0 else "-"
    return f"{sign}{size}"


def next_to_nothing(largest: float, digits: int) -> str:
    """`under 0.0001` where numbers up to this size round to zero at so many decimals; "" where they do not.

    The one rule for screen, page and sheet: an interval of zeros would read as if nothing differed.
    """
    return f"under {10.0**-digits:.{digits}f}" if abs(largest) > 0.0 and not round(abs(largest), digits) else ""


def hardly_differs(row: Row) -> str:
    """The same of a row of comparison.csv: mean difference and both ends of its interval."""
    factor, _ = scale(str(row["unit"]))
    largest = factor * max(abs(float(row[name])) for name in ("difference", "low_05", "high_95"))
    return next_to_nothing(largest, decimals(largest))


def scale(unit: str) -> tuple[float, str]:
    """Factor and unit in which a difference is given: shares and per cent in points."""
    if unit == "share":
        return 100.0, "points"
    return 1.0, {"%": "points", "a year": "a year"}.get(unit, "" if "0-1" in unit else unit)


def believed(words: str, view: str) -> str:
    """A title or a name, with the view behind it if what it names rests on a belief."""
    return words if view == EVIDENCE else f"{words} [belief: {view}]"


def decimals(largest: float) -> int:
    """Decimals that give the largest of some numbers two significant digits, at most four."""
    if largest <= 0.0 or not math.isfinite(largest):
        return 1
    return min(4, max(0, 1 - math.floor(math.log10(largest))))


def signed(value: float, digits: int) -> str:
    """A number with its sign, and none for what rounds to zero."""
    text = f"{value:+,.{digits}f}"
    return text[1:] if not text.strip("+-0.,") else text


def size_of(value: float, digits: int) -> str:
    """How large a change is, in a sentence: `less than 0.01` for one that would read as none."""
    nothing = next_to_nothing(value, digits)
    return nothing.replace("under", "less than") if nothing else f"{abs(value):,.{digits}f}"


def change_of(value: float, digits: int) -> str:
    """A change with its sign, in a sentence; see `size_of`."""
    return size_of(value, digits) if next_to_nothing(value, digits) else signed(value, digits)


def three_digits(value: float) -> str:
    """A number in three digits that count, without a power of ten where it is large."""
    text = f"{value:.3g}"
    return f"{float(text):,.0f}" if "e+" in text else text


def percent(share: float) -> str:
    """A share in per cent, never rounded up to certainty."""
    if 0.0 < share < 0.01:
        return "under 1 %"
    if 0.99 < share < 1.0:
        return "over 99 %"
    return f"{100.0 * share:.0f} %"
