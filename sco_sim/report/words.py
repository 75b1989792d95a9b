"""Numbers of a report, written once for its page, tables, tooltips and Markdown."""

from __future__ import annotations

import math

from sco_sim.studies.wording import decimals, next_to_nothing, signed

THOUSANDS = ((1e12, " tn"), (1e9, " bn"), (1e6, " m"), (1e3, " k"))
"""Short forms on an axis, so that a long number is never cut."""


def difference_in_words(mean: float, low: float, high: float) -> str:
    """A difference with its interval, signed, with decimals enough for the largest of the three."""
    if math.isnan(mean):
        return "no value"
    if mean == low == high == 0.0:
        return "the same"
    largest = max(abs(mean), abs(low), abs(high))
    digits = decimals(largest)
    if tiny := next_to_nothing(largest, digits):
        return tiny
    return f"{signed(mean, digits)} ({signed(low, digits)} to {signed(high, digits)})"


def level_in_words(mean: float, low: float, high: float) -> str:
    """A level with its interval."""
    if math.isnan(mean):
        return "no value"
    if mean == low == high == 0.0:
        return "0"
    digits = decimals(high - low) if high > low else decimals(abs(mean))
    return f"{mean:,.{digits}f} ({low:,.{digits}f} to {high:,.{digits}f})"


def sized(value: float) -> str:
    """An amount with as many decimals as its size asks for: 7,243 and 0.42, and two at most."""
    digits = min(2, decimals(abs(value))) if value else 0
    text = f"{value:,.{digits}f}"
    return text if text.strip("-0.,") else text.lstrip("-")


def with_error(value: float, error: float) -> str:
    """A figure and its error, with decimals for the larger of the two; empty if there is none."""
    if math.isnan(value):
        return ""
    digits = min(2, decimals(max(abs(value), error)))
    return f"{value:,.{digits}f} +/- {error:,.{digits}f}"


def short(value: float, step: float) -> str:
    """A number on an axis whose ticks are a step apart: thousands as `20 k`, millions as `2 m`."""
    for size, letter in THOUSANDS:
        if abs(value) >= size and (size > 1e3 or step >= 1e3 or abs(value) >= 1e4):
            return f"{value / size:.{_of_step(step / size)}f}{letter}".replace("-", "\N{MINUS SIGN}")
    text = f"{value:,.{_of_step(step)}f}"
    return "0" if not text.strip("-0.") else text.replace("-", "\N{MINUS SIGN}")


def _of_step(step: float) -> int:
    """Decimals that a step between ticks needs: one for 2.5, two for 0.25."""
    least = max(0, -math.floor(math.log10(step) + 1e-9))
    return next((digits for digits in (least, least + 1) if abs(round(step, digits) - step) < 1e-6 * step), least)
