"""How well founded a comparison is: as well as the weakest of what it rests on."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING

from sco_sim.components.registry import find, keys

if TYPE_CHECKING:
    from sco_sim.case.ledger import Ledger
    from sco_sim.components.base import Component
    from sco_sim.scenario.schema import Scenario

GRADES = ("hindcast", "fitted", "literature", "judgement", "belief")
"""Evidence grades, the strongest first: forecasts of it were scored against what came; fitted to the tables; taken
from publications; assumed; held to be so by a view."""

GRADE_OF_KIND = {"measured": "fitted", "literature": "literature", "judgement": "judgement"}
"""Grade of an effect by the kind of the ledger entry that gives its size."""

GRADED_BY_PARTS = ("policies", "events", "without")
"""Fields of a scenario whose parts have grades of their own."""

LABELS = ("name", "title", "question", "horizon")
"""Fields of a scenario that say what is looked at and change no world."""


def weakest(grades: Iterable[str]) -> str:
    """The weakest of some grades; 'hindcast', the strongest, for none."""
    return max(grades, key=GRADES.index, default=GRADES[0])


def grade_of_difference(reference: Scenario, scenario: Scenario, ledger: Ledger) -> str:
    """Grade of what differs between two scenarios: the weakest link; 'hindcast' if nothing differs.

    Policies and events that only one of the two has, and mechanisms that only one of the two switches off, are as
    strong as the weakest of the ledger entries that they use; without an entry they are judgement. So is any other
    difference, since the user assumes it: the decision rule, parameters, rival views, the agenda, a budget, the
    membership, the states. What both scenarios share (the council, delivery, the other mechanisms) is in the grade of
    the metric, not in this one. Under a view other than the evidence everything is belief.
    """
    return weakest(_grades(reference, scenario, ledger))


def _grades(reference: Scenario, scenario: Scenario, ledger: Ledger) -> Iterator[str]:
    if reference.is_belief or scenario.is_belief:
        yield "belief"
    for name in type(scenario).model_fields:
        if name not in GRADED_BY_PARTS + LABELS and getattr(reference, name) != getattr(scenario, name):
            yield "judgement"
    states = {*reference.states, *scenario.states}
    for component in _differing(_acting(reference), _acting(scenario)):
        yield _grade_of_entries(component.used(), ledger, states)
    for key in _switched_off(reference) ^ _switched_off(scenario):
        yield _grade_of_entries(find("mechanisms", key).parameters, ledger, states)


def _acting(scenario: Scenario) -> list[Component]:
    return [*scenario.policies, *scenario.events]


def _differing(before: list[Component], after: list[Component]) -> list[Component]:
    """The components that only one of two scenarios has."""
    return [c for c in before if c not in after] + [c for c in after if c not in before]


def _switched_off(scenario: Scenario) -> set[str]:
    """The mechanisms that a scenario switches off."""
    off = scenario.without.mechanisms
    return set(keys("mechanisms")) if off == "all" else set(off)


def _grade_of_entries(patterns: Iterable[str], ledger: Ledger, states: Container[str]) -> str:
    """The weakest grade of the ledger entries that are used; judgement if a pattern names none, or if there is none."""
    used = [[entry.kind for name, entry in ledger.entries.items() if _matches(name, one, states)] for one in patterns]
    if not used or not all(used):
        return "judgement"
    return weakest(GRADE_OF_KIND[evidence] for kinds in used for evidence in kinds)


def _matches(name: str, pattern: str, states: Container[str]) -> bool:
    """Whether an entry is meant by a component's pattern; `.*` at the end stands for every state that is simulated."""
    stem, _, star = pattern.rpartition(".")
    return name == pattern or (star == "*" and name.rpartition(".")[0] == stem and name.rpartition(".")[2] in states)
