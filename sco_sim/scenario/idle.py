"""Components of a scenario that can move nothing in it, or in one year alone: what is said before it is run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from sco_sim.case.read_catalog import read_catalog
from sco_sim.components.base import Component
from sco_sim.components.event import SpanEvent
from sco_sim.components.policy import Policy
from sco_sim.errors import counted
from sco_sim.scenario.schema import Scenario
from sco_sim.shipped import default_case
from sco_sim.world.pairs import joined


def idle(scenario: Scenario) -> list[str]:
    """A sentence for every policy and event that no world can feel within the horizon, and for a rule that adopts none.

    It says what the file alone tells; that a text is never adopted, or that a size is small, only a run tells.
    """
    said = []
    for policy in scenario.policies:
        nothing = [f"{policy.label} moves nothing here: {why}" for why in _of_policy(policy, scenario)]
        said += nothing[:1] or [f"{policy.label} carries nothing {why}" for why in _cut_off(policy, scenario)]
    for event in scenario.events:
        said += [f"{event.key()} moves nothing here: {why}" for why in _of_event(event, scenario)][:1]
    said += [f"{scenario.decision_rule.key()} adopts nothing here: {why}" for why in _of_rule(scenario)]
    return said


def in_one_year(scenario: Scenario) -> list[str]:
    """A sentence for every event that could last and has no `end`, so that it is over after its first year."""
    last = scenario.horizon.end
    return [
        f"{event.key()} without an `end` acts in {event.start} alone; write `end: {last}` if it is to last"
        for event in scenario.events
        if isinstance(event, SpanEvent) and event.end is None and event.start < last
    ]


def _of_rule(scenario: Scenario) -> Iterator[str]:
    ever = [iso for iso in scenario.states if scenario.membership.get(iso) is not None]
    asked = any(policy.decided_by == "council" and policy.intensity > 0.0 for policy in scenario.policies)
    if asked and not ever:
        yield "no state is a member in any year"
    elif ever and not scenario.decision_rule.can_pass(ever):  # said of a rule that no text waits for, too
        numbers = {name: value for name, value in scenario.decision_rule if isinstance(value, int | float)}
        named = ", ".join(f"{name} is {value:g}" for name, value in numbers.items())
        yield f"it would not even if all {counted(len(ever), 'member')} accepted{named and f', since {named}'}"


def _of_policy(policy: Policy, scenario: Scenario) -> Iterator[str]:
    end = scenario.horizon.end
    if policy.intensity == 0.0:
        yield "its intensity is 0"
    yield from _no_dose(policy)
    if isinstance(policy.participants, tuple):
        there = [iso for iso in policy.participants if iso in scenario.states]
        if len(there) < 2:
            yield f"it acts between states, and {' and '.join(there) or 'none'} alone takes part"
    as_members = policy.participants == "members" or policy.decided_by == "council"
    payers = policy.payers or {}
    if payers and as_members and not any(scenario.membership.get(iso) is not None for iso in payers):
        yield f"nobody pays for it, since {' and '.join(payers)} can never adopt it without being a member"
    legs = getattr(policy, "legs", ())  # of a corridor of the user's own; those of the case are its own matter
    if legs and isinstance(policy.participants, tuple):
        may_build = set(policy.participants) | (set(legs[0]).union(*legs) - set(scenario.states))
        if not any(set(leg) <= may_build for leg in legs):
            yield "no leg of it has both ends among those who take part, and none is built to others"
    building = getattr(policy, "construction_years", 0)  # of a corridor, whose class need not be loaded for it
    if policy.start is not None and building and policy.start + building > end:
        yield f"it is built by {policy.start + building}, and the horizon ends in {end}"


def _cut_off(policy: Policy, scenario: Scenario) -> Iterator[str]:
    """Between whom a corridor carries nothing, since a state that its legs cross takes no part."""
    if not isinstance(policy.participants, tuple):
        return
    legs = policy.links(read_catalog(scenario.case or default_case()).corridors)
    missing = {iso for leg in legs for iso in leg if iso in scenario.states and iso not in policy.participants}
    left = [leg for leg in legs if not missing & set(leg)]
    ends = sorted({iso for leg in legs for iso in leg if iso in policy.participants and iso in scenario.states})
    cut = [f"{a}-{b}" for a, b in combinations(ends, 2) if b in joined((a,), legs) - joined((a,), left)]
    if cut:
        takes = "takes" if len(missing) == 1 else "take"
        yield f"between {', '.join(cut)}: {' and '.join(sorted(missing))}, on its way, {takes} no part"


def _of_event(event: Component, scenario: Scenario) -> Iterator[str]:
    yield from _no_dose(event)
    first = getattr(event, "year", None) or getattr(event, "start", None)
    if first is not None and first > scenario.horizon.end:
        yield f"it begins in {first}, and the horizon ends in {scenario.horizon.end}"


def _no_dose(component: Component) -> Iterator[str]:
    if component.doses and not any(getattr(component, name) for name in component.doses):
        *others, last = component.doses
        named = f"{', '.join(others)} and {last} are" if others else f"{last} is"
        yield f"its {named} 0"
