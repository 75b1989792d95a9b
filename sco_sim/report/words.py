"""Numbers of a report, written once for its page, tables, tooltips and Markdown."""

from __future__ import annotations

import math

from sco_sim.studies.wording import decimals, signed

THOUSANDS = ((1e12, " tn"), (1e9, " bn"), (1e6, " m"), (1e3, " k"))
"""Short forms on an axis, so that a long number is never cut."""


def difference_in_words(mean: float, low: float, high: float) -> str:
    """A difference with its interval, signed, with decimals enough for the largest of the three."""
    if math.isnan(mean):
        return "no value"
    if mean == low == high == 0.0:
        return "the same"
    digits = decimals(max(abs(mean), abs(low), abs(high)))
    return f"{signed(mean, digits)} ({signed(low, digits)} to {signed(high, digits)})"


def level_in_words(mean: float, low: float, high: float) -> str:
    """A level with its interval."""
    if math.isnan(mean):
        return "no value"
    digits = decimals(high - low) if high > low else decimals(abs(mean))
    return f"{mean:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def short(value: float, step: float) -> str:
    """A number on an axis whose ticks are a step apart: thousands as `20 k`, millions as `2 m`."""
    for size, letter in THOUSANDS:
        if abs(value) >= size and (size > 1e3 or step >= 1e3 or abs(value) >= 1e4):
            digits = max(0, -math.floor(math.log10(step / size) + 1e-9)) if step < size else 0
            return f"{value / size:.{digits}f}{letter}".replace("-", "\N{MINUS SIGN}")
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1.0 else 0
    text = f"{value:.{digits}f}"
    return "0" if not text.strip("-0.") else text.replace("-", "\N{MINUS SIGN}")
