"""What a scenario's switched-off mechanisms leave without a figure: variables that nobody moves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sco_sim.components.registry import find, keys, metric
from sco_sim.scenario.schema import Scenario

SIZES = frozenset({"log_gdp", "log_volume", "log_population", "member"})
"""State variables that many metrics read only to weigh others."""
BY_COUNCIL = frozenset({"adopted", "member"})
"""State variables that the council itself moves."""
FOLLOWS = {"lost_to_delivery": "delivered", "cost": "delivered", "paid": "delivered", "delivered_year": "delivered"}
"""Variables that say nothing where another is silent: what is not delivered costs nothing and is all lost."""


def silent(scenario: Scenario) -> dict[str, str]:
    """State variables that only a mechanism which the scenario switches off moves, to the key of that mechanism."""
    off = keys("mechanisms") if scenario.without.mechanisms == "all" else scenario.without.mechanisms
    moved = {key: set(find("mechanisms", key).writes) for key in keys("mechanisms")}
    others = [one.writes for one in (*scenario.policies, *scenario.events)]
    acting = BY_COUNCIL.union(*(moved[key] for key in moved if key not in off), *others)
    out = {name: key for key in off for name in sorted(moved[key] - acting)}
    return out | {name: out[first] for name, first in FOLLOWS.items() if first in out}


def silent_metrics(chosen: Iterable[str], quiet: Mapping[str, str]) -> dict[str, str]:
    """Outcomes that read nothing but silent variables and sizes, to the key of the mechanism that is off."""
    out = {}
    for key in chosen:
        read = [name for name in metric(key).reads if name not in SIZES]
        off = [quiet[name] for name in read if name in quiet]
        if read and len(off) == len(read):
            out[key] = off[0]
    return out


def why(off: Iterable[str]) -> str:
    """The sentence that goes with what is not shown; empty if nothing is off."""
    named = sorted(set(off))
    if not named:
        return ""
    many = len(named) > 1
    return (
        f"`-` and outcomes left out: {', '.join(named)} {'are' if many else 'is'} switched off here "
        f"(`without: {{mechanisms}}`), so {'they have' if many else 'it has'} no figures."
    )
