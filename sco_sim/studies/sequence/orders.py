"""Orders of the texts of a scenario: which years and turns they take, and which orders come to the same."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import combinations, permutations

from sco_sim.components.policy import Policy
from sco_sim.engine.council import comes_first, in_the_chair
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.scenario.schema import Scenario

EVERY = 5
"""Most texts of which every order is tried."""
MOST = 300
"""Orders after which a search by swaps takes no further step: with thirty texts a step is 435 orders."""
Order = tuple[str, ...]
"""Labels of the texts, the first to be tabled first."""


def until(scenario: Scenario, year: int) -> Scenario:
    """The scenario up to a year: nothing after it bears on what is read in it."""
    return scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update={"end": year})})


class Orders:
    """The texts that are put in order, and the turns they share out: a year and a line in the scenario each."""

    def __init__(self, scenario: Scenario, texts: Sequence[str] = ()) -> None:
        """The texts named, or else all that the council decides, in the order in which they are tabled.

        Raises ScenarioError for a text that is not put to a vote, or fewer than two.
        """
        self.scenario = scenario
        can = {
            policy.label: line
            for line, policy in enumerate(scenario.policies)
            if policy.intensity > 0.0 and policy.decided_by != "given" and policy.answers is None
        }
        for label in texts:
            if label not in can:
                message = f"'{label}' is no text of {scenario.name} that is put to a vote in a year of its own"
                raise ScenarioError(Problem(message, did_you_mean(label, can), "--text"))
        chosen = texts or [label for label in can if scenario.policies[can[label]].decided_by == "council"]
        if len(set(chosen)) < 2:
            remedy = "use a scenario with two texts `decided_by: council`, or name texts by --text"
            raise ScenarioError(Problem("there is no order of fewer than two texts", remedy, scenario.name))
        turns = sorted((self._start(scenario.policies[can[label]]), can[label], label) for label in set(chosen))
        self.years = tuple(year for year, _, _ in turns)
        self._lines = tuple(line for _, line, _ in turns)
        self.shipped: Order = tuple(label for _, _, label in turns)
        self._policies = {label: scenario.policies[can[label]] for label in self.shipped}

    def _start(self, policy: Policy) -> int:
        first = self.scenario.horizon.start + 1
        return first if policy.start is None else max(policy.start, first)

    def scenario_of(self, order: Order, chairs: Sequence[str] | None = None) -> Scenario:
        """The scenario with its texts in this order, and with these in the chair if given; `end` moves along."""
        policies = list(self.scenario.policies)
        for label, year, line in zip(order, self.years, self._lines, strict=True):
            policy = self._policies[label]
            moved = year - self._start(policy)
            end = None if policy.end is None else policy.end + moved
            policies[line] = policy.model_copy(update={"start": year, "end": end})
        update: dict[str, object] = {"policies": tuple(policies)}
        if chairs is not None and self.scenario.agenda is not None:
            update["agenda"] = self.scenario.agenda.model_copy(update={"chairs": tuple(chairs)})
        return self.scenario.model_copy(update=update)

    def every(self) -> Iterator[Order]:
        """Every order, that of the scenario first."""
        return permutations(self.shipped)


def same_as(scenario: Scenario) -> Hashable:
    """What a council gets through hangs on this alone: scenarios of a search in which it is equal come to the same.

    Year by year: what is tabled, and of what waits for the council, which texts a summit surely reaches, in any order,
    and then the turn of the others.
    """
    agenda, horizon, out = scenario.agenda, scenario.horizon, []
    for year in range(horizon.start + 1, horizon.end + 1):
        tabled = [p for p in scenario.agreements if (p.start or 0) <= year and (p.end is None or year <= p.end)]
        chair = in_the_chair(agenda, year - horizon.start)
        council = [p for p in tabled if p.decided_by == "council"]
        queue = [p.label for p in sorted(council, key=lambda p: not comes_first(agenda, chair, p))]
        reached = len(queue) if agenda is None else agenda.per_summit
        out.append((frozenset(p.label for p in tabled), frozenset(queue[:reached]), tuple(queue[reached:])))
    return tuple(out)


def climbed(order: Order, value: Callable[[Order], float]) -> tuple[Order, bool]:
    """The order that no swap of two texts makes better, from a given one on, the best swap first (steepest ascent).

    And whether it came so far: after `MOST` orders the best so far has to do.
    """
    best, tried = value(order), 0
    while tried < MOST:
        near = [_swapped(order, a, b) for a, b in combinations(range(len(order)), 2)]
        top, tried = max(near, key=value), tried + len(near)
        if value(top) <= best:
            return order, True
        order, best = top, value(top)
    return order, False


def _swapped(order: Order, a: int, b: int) -> Order:
    out = list(order)
    out[a], out[b] = out[b], out[a]
    return tuple(out)
