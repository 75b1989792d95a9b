"""Decision rules of the oracle (equation 6): ambitions of the voters, by code, to what each of them adopts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Verdict = tuple[dict[str, float], dict[str, float]]
"""What each voter adopts (empty if the text fails), and the side payments in units of z."""
FAILED: Verdict = ({}, {})


def verdict(rule: Any, ambition: Mapping[str, float], gdp: Mapping[str, float], people: Mapping[str, float]) -> Verdict:
    """What the rule makes of the ambitions; gdp and people are those of all states."""
    if not ambition:
        return FAILED
    kind = "consensus" if rule is None else rule.key()
    if kind == "opt_in":
        willing = {iso: a for iso, a in ambition.items() if a >= 0.5}
        return (willing, {}) if len(willing) >= rule.minimum else FAILED
    if kind == "consensus_minus":
        return all_or_none(dict(sorted(ambition.items(), key=lambda item: (item[1], item[0]))[rule.k :]))
    if kind == "leaders_pay":
        return paid(rule, ambition)
    if kind == "qualified_majority":
        voters = dict.fromkeys(ambition, 1.0)
        return at_level(ambition, highest(ambition, ((voters, rule.states), (people, rule.population))))
    if kind == "weighted":
        weight = gdp if rule.by == "gdp" else people
        return at_level(ambition, highest(ambition, ((weight, rule.share),)))
    assert kind == "consensus", kind
    return all_or_none(ambition)


def all_or_none(ambition: Mapping[str, float]) -> Verdict:
    """The lowest ambition binds all of these."""
    return at_level(ambition, min(ambition.values(), default=0.0))


def at_level(ambition: Mapping[str, float], level: float) -> Verdict:
    """One level for all, if it is an acceptable one."""
    return (dict.fromkeys(ambition, level), {}) if level >= 0.5 else FAILED


def highest(ambition: Mapping[str, float], needs: tuple[tuple[Mapping[str, float], float], ...]) -> float:
    """Highest level behind which there is the required share of each kind of weight; 0 if none."""
    for level in sorted(ambition.values(), reverse=True):
        behind = [iso for iso, a in ambition.items() if a >= level]
        shares = [sum(weight[iso] for iso in behind) / sum(weight[iso] for iso in ambition) for weight, _ in needs]
        if all(share >= needed for share, (_, needed) in zip(shares, needs, strict=True)):
            return level
    return 0.0


def paid(rule: Any, ambition: Mapping[str, float]) -> Verdict:
    """Leaders that all accept lift the others, if nobody has to be lifted too far."""
    leaders = [a for iso, a in ambition.items() if iso in rule.leaders]
    lifts = {iso: math.log((1.0 - a) / a) / 2.0 for iso, a in ambition.items() if a < 0.5}
    if not leaders or min(leaders) < 0.5 or max(lifts.values(), default=0.0) > rule.most:
        return FAILED
    return dict.fromkeys(ambition, max(min(ambition.values()), 0.5)), lifts
