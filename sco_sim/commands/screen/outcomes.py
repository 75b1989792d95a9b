"""Which outcomes are printed, and in what units people read them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from sco_sim.components.registry import find, keys, nearest
from sco_sim.errors import Problem, ScenarioError
from sco_sim.studies.wording import decimals

IMPORTANT = (
    "conflict_share_observed_mean", "conflict_share_observed_max", "trade_total_busd", "gdp_total_busd",
    "students_total", "people_index", "cities_total", "migrants_total", "investment_total_busd", "cohesion",
    "disputes", "agreements_adopted", "delivered_mean", "gains_gini", "cost_musd",
)  # fmt: skip
"""What is printed unless the user asks for others."""


def chosen(known: Iterable[str], wanted: Sequence[str], everything: bool) -> list[str]:
    """The outcomes asked for, of those that there are; raises ScenarioError with the nearest name."""
    there = list(known)
    for key in wanted:
        if key not in there:
            raise ScenarioError(Problem(f"no outcome '{key}'", nearest(key, there), "--outcome"))
    if wanted:
        return list(dict.fromkeys(wanted))
    return there if everything else [key for key in IMPORTANT if key in there]


def of_worlds() -> list[str]:
    """Keys of the metrics with one value a world."""
    return [key for key in keys("metrics") if getattr(find("metrics", key), "axis", "") == "world"]


def named(title: str, unit: str) -> str:
    """Title and unit, the unit once."""
    return title if not unit or unit.lower() in title.lower() else f"{title}, {unit}"


def unit_of_level(unit: str) -> tuple[float, str]:
    """Factor and unit in which a level is given: shares in per cent."""
    return (100.0, "%") if unit == "share" else (1.0, unit)


def number(value: float, digits: int) -> str:
    """A number with so many decimals, `-` for none."""
    if math.isnan(value):
        return "-"
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text


def digits_of_level(level: float, difference: float) -> int:
    """Decimals for a level beside a difference: as many as the difference shows, up to five digits in all."""
    if not math.isfinite(level) or level == 0.0:
        return decimals(abs(difference))
    return max(0, min(decimals(abs(difference)), 4 - math.floor(math.log10(abs(level)))))
