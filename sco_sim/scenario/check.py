"""From the tree of a scenario file to a checked Scenario, with everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TypeVar

from sco_sim.case.age_words import start_problem
from sco_sim.case.catalog import Catalog
from sco_sim.case.changes import Candidate
from sco_sim.case.names import code_of, suggest
from sco_sim.components.base import Component, unknown_states
from sco_sim.components.decider import Decider
from sco_sim.components.event import Event
from sco_sim.components.policy import FIELDS, Policy
from sco_sim.components.rule import Rule
from sco_sim.errors import Problem, did_you_mean
from sco_sim.fields import Part, name_of
from sco_sim.scenario.explain import location_of, validated
from sco_sim.scenario.inherit import drop_empty_sections
from sco_sim.scenario.ledger_check import check_parameters
from sco_sim.scenario.named import Lookup, component
from sco_sim.scenario.overrides import _SET
from sco_sim.scenario.schema import Agenda, Budget, Horizon, Scenario, no_event_to_answer
from sco_sim.scenario.subset import LeftOut
from sco_sim.scenario.yaml_source import Location, Node

Located = list[tuple[Component, Node]]
"""Components, each with the node of its fields."""

P = TypeVar("P", bound=Part)


class _Check:
    """Builds a scenario from its tree and collects what is wrong with it."""

    def __init__(self, tree: Node, catalog: Catalog, file: Path, problems: list[Problem], lookup: Lookup) -> None:
        drop_empty_sections(tree, problems)
        self.lookup = lookup
        self.tree, self.catalog, self.file, self.problems = tree, catalog, file, problems
        self.left_out = LeftOut(tree.fields.get("states"))
        self.states = self._states()
        self.horizon = self._section(Horizon, "horizon")

    def _section(self, cls: type[P], name: str) -> P | None:
        """A section on its own, None if it is missing or wrong in itself: reported when the whole is validated."""
        node = self.tree.fields.get(name)
        return validated(cls, node, name, []) if node else None

    def scenario(self) -> Scenario | None:
        """The scenario, or None if there is something wrong."""
        policies, events, rule = self._list("policies"), self._list("events"), self._rule()
        decides = self._decides()
        self._check_labels(policies)
        self._check_events(events)
        self._check_answers(policies, events)
        for section, located in (("policies", policies), ("events", events), ("decision_rule", rule)):
            for one, node in located:
                self._check_component(section, one.label if isinstance(one, Policy) else one.key(), one, node)
        for iso, (decider, node) in decides.items():
            self._check_component("decides", iso, decider, node)
        self._check_membership()
        self._check_start()
        self._check_age()
        self._check_circles({iso: decider for iso, (decider, _) in decides.items()})
        if "parameters" in self.tree.fields:
            check_parameters(self.tree.fields["parameters"], self.catalog, self.problems)
        self._check_agenda()
        self._check_budget()
        misspelt = set(self.states) - self.catalog.states  # who is left out is known once they are named rightly
        problem = None if misspelt else self.left_out.problem(self._chairs_that_stay())
        self.problems += [problem] if problem else []
        name = name_of(self.file.stem, "scenario")
        given = {
            "name": name,
            "title": self._text("title") or name.replace("_", " "),
            **self._given_states(),
            "policies": tuple(policy for policy, _ in policies),
            "events": tuple(event for event, _ in events),
            **({"decision_rule": rule[0][0]} if rule else {}),
            "decides": {iso: decides[iso][0] for iso in sorted(decides)},
        }
        return validated(Scenario, self._rest(given), "the scenario", self.problems, given)

    def _check_start(self) -> None:
        """States whose GDP is not known at the start of the horizon."""
        if self.horizon is None or not self.catalog.gdp_from:
            return
        begins = {iso: self.catalog.gdp_from.get(iso, 9999) for iso in self.states if iso in self.catalog.states}
        late = [iso for iso, year in begins.items() if year > self.horizon.start]
        if late:
            first = max(begins.values())
            remedy = (
                f"start in {first} or later" if first < 9999 else f"add their GDP to the case, or leave {late[0]} out"
            )
            where = location_of(self.tree, ("horizon", "start"))
            self.problems.append(where.problem(f"no GDP up to {self.horizon.start} for {', '.join(late)}", remedy))

    def _check_age(self) -> None:
        """A start that lies too far behind what was observed, unless the scenario asks for a nowcast."""
        asked = self.tree.fields.get("nowcast")
        if self.horizon is None or (asked is not None and asked.value is True):
            return
        known = tuple(iso for iso in self.states if iso in self.catalog.states)
        problem = start_problem(self.catalog.observations.ages(known, self.horizon.start))
        if problem:
            where = location_of(self.tree, ("horizon", "start"))
            self.problems.append(where.problem(problem.message, problem.remedy))

    def _check_component(self, section: str, label: str, one: Component, node: Node) -> None:
        """What a component finds wrong with itself; a state that the file leaves out, at the file's `states`."""
        complaints = list(one.complaints(self.catalog, self.states))
        for name in () if complaints else dict.fromkeys(one.used()):
            if not name.endswith("*") and name not in self.catalog.parameters:
                where = node.key_location or node.location
                remedy = "add the entry to parameters.yaml of the case"
                self.problems.append(where.problem(f"the ledger lacks '{name}', which {one.key()} needs", remedy))
        for c in complaints:
            location = location_of(node, c.field)
            if not self.left_out.takes(c.absent, location.file, section, label):
                self.problems.append(location.problem(c.message, c.remedy or "correct this field"))
        self._check_years(one, node)

    def _chairs_that_stay(self) -> list[str]:
        agenda = self._section(Agenda, "agenda")
        return [iso for iso in agenda.chairs if iso in self.states] if agenda else []

    def _rest(self, given: Mapping[str, object]) -> Node:
        """The tree with what was checked already left as it is, and a name of its own refused."""
        if "name" in self.tree.fields:
            location = self.tree.fields["name"].key_location or self.tree.location
            self.problems.append(
                location.problem("a scenario is named after its file", "remove `name`, or use `title`")
            )
        return Node(
            {k: v for k, v in self.tree.fields.items() if k not in ("name", "decision_rule", "decides")},
            self.tree.location,
        )

    def _given_states(self) -> dict[str, object]:
        """States and membership, completed, unless the file gives something that is neither."""
        given: dict[str, object] = {}
        states, membership = self.tree.fields.get("states"), self.tree.fields.get("membership")
        if states is None or (states.items and all(isinstance(item.value, str) for item in states.items)):
            given["states"] = self.states
        if membership is None or isinstance(membership.value, dict):
            given["membership"] = self._membership()
        return given

    def _text(self, field: str) -> object:
        node = self.tree.fields.get(field)
        return None if node is None else node.value

    def _list(self, section: str) -> Located:
        located: Located = []
        for item in self.tree.fields[section].items if section in self.tree.fields else []:
            one = component(section, item, self.problems, self.lookup)
            if one is not None:
                located.append((one, next(iter(item.fields.values()))))
        return located

    def _rule(self) -> Located:
        node = self.tree.fields.get("decision_rule")
        rule = component("rules", node, self.problems, self.lookup) if node else None
        return [(rule, next(iter(node.fields.values())))] if node and isinstance(rule, Rule) else []

    def _decides(self) -> dict[str, tuple[Decider, Node]]:
        """The deciders of the states that have one of their own, and where each stands."""
        section = self.tree.fields.get("decides")
        if section is not None and not isinstance(section.value, dict):
            where = section.key_location or section.location
            self.problems.append(where.problem("decides must be a mapping", "write lines like `IND: {decider: {}}`"))
        chosen: dict[str, tuple[Decider, Node]] = {}
        for iso, node in section.fields.items() if section is not None else ():
            where = node.key_location or node.location
            known = self.states if node.value is not None else tuple({*self.states, iso})
            for c in unknown_states((iso,), self.catalog, known, "decides"):
                if not self.left_out.takes(c.absent, where.file, "decides", iso):
                    self.problems.append(where.problem(c.message, c.remedy))
            if node.value is None:
                continue  # undoes what is inherited
            named = {node.value: Node({}, node.location, node.location)} if isinstance(node.value, str) else node.value
            decider = component("deciders", Node(named, node.location, node.key_location), self.problems, self.lookup)
            if isinstance(decider, Decider):
                chosen[iso] = decider, next(iter(named.values())) if isinstance(named, dict) else node
        return chosen

    def _check_answers(self, policies: Located, events: Located) -> None:
        """Policies that answer an event that the scenario has not."""
        there = [event for event, _ in events if isinstance(event, Event)]
        for policy, node in policies:
            if isinstance(policy, Policy) and policy.answers not in (None, *(event.key() for event in there)):
                problem = no_event_to_answer(policy, there)
                self.problems.append(location_of(node, ("answers",)).problem(problem.message, problem.remedy))

    def _check_circles(self, deciders: Mapping[str, Decider]) -> None:
        """States that wait for each other's answers."""
        try:
            TopologicalSorter({iso: decider.asks() for iso, decider in deciders.items()}).prepare()
        except CycleError as error:
            circle = error.args[1][::-1]  # from who asks to who is asked
            where = location_of(self.tree, ("decides", circle[0]), key=True)
            message = f"these states wait for each other's answers: {' -> '.join(circle)}"
            self.problems.append(where.problem(message, "let one of them decide by itself"))

    def _states(self) -> tuple[str, ...]:
        """Codes in order; those of the file if it gives a list of text, else all that are ever members."""
        node = self.tree.fields.get("states")
        for item in node.items if node else ():
            if type(item.value) is int and code_of(str(item.value), self.catalog):
                item.value = str(item.value)  # the number of a state: what to write is said as for a name
        named = [item.value for item in node.items if isinstance(item.value, str)] if node else []
        if node and isinstance(node.value, list):
            if len(named) == len(node.items):
                for c in unknown_states(tuple(named), self.catalog, tuple(named), "states"):
                    self.problems.append(location_of(self.tree, c.field).problem(c.message, c.remedy))
            return tuple(sorted(set(named)))
        added = {iso for iso, year in self._years().items() if year is not None and iso in self.catalog.states}
        return tuple(sorted(added | set(self.catalog.member_from)))

    def _years(self) -> dict[str, object]:
        section = self.tree.fields.get("membership")
        return {iso: node.plain() for iso, node in section.fields.items()} if section else {}

    def _membership(self) -> dict[str, object]:
        """First year as a member of every state simulated, in the order of the states."""
        given = self._years()
        dated: dict[str, object] = {iso: self.catalog.member_from.get(iso) for iso in self.states}
        return {iso: given.get(iso, year) for iso, year in dated.items()}

    def _check_membership(self) -> None:
        for iso, node in self.tree.fields["membership"].fields.items() if "membership" in self.tree.fields else ():
            location = node.key_location or node.location
            for c in unknown_states((iso,), self.catalog, self.states, "membership"):
                self.problems.append(location.problem(c.message, c.remedy))
            candidate = validated(Candidate, node, iso, []) if node.fields else None
            if candidate and self.horizon and candidate.start > self.horizon.end:
                message = f"{iso} can join from {candidate.start} on, after the horizon ends in {self.horizon.end}"
                self.problems.append(location_of(node, ("start",)).problem(message, "change the year, or write null"))

    def _check_agenda(self) -> None:
        """Chairs that are no simulated states, priorities of who is no chair, and fields that nobody knows."""
        agenda, node = self._section(Agenda, "agenda"), self.tree.fields.get("agenda")
        if agenda is None or node is None:
            return
        for number, iso in enumerate(agenda.chairs):
            for c in unknown_states((iso,), self.catalog, self.states, "chairs"):
                where = location_of(node, ("chairs", number))
                if not self.left_out.takes(c.absent, where.file, "chairs", iso):
                    self.problems.append(where.problem(c.message, c.remedy))
        for iso, fields in agenda.priorities.items():
            if iso not in agenda.chairs:
                remedy = "name the states in the chair under `chairs`"
                if agenda.chairs:
                    remedy = suggest(iso, self.catalog, agenda.chairs)
                where = location_of(node, ("priorities", iso), key=True)
                self.problems.append(where.problem(f"'{iso}' is never in the chair", remedy))
            for number, field in enumerate(fields):
                if field not in FIELDS:
                    where = location_of(node, ("priorities", iso, number))
                    self.problems.append(where.problem(f"no field '{field}'", did_you_mean(field, FIELDS)))

    def _check_budget(self) -> None:
        """Payers that are no simulated states, and shares that do not add up."""
        budget, node = self._section(Budget, "budget"), self.tree.fields.get("budget")
        if budget is None or node is None or isinstance(budget.key, str):
            return
        for iso in budget.key:
            for c in unknown_states((iso,), self.catalog, self.states, "key"):
                where = location_of(node, ("key", iso), key=True)
                if not self.left_out.takes(c.absent, where.file, "budget", iso):
                    self.problems.append(where.problem(c.message, c.remedy))
        total = sum(budget.key.values())
        if abs(total - 1.0) > 1e-6:
            where, shares = (
                location_of(node, ("key",)),
                ", ".join(f"{iso} {share:g}" for iso, share in budget.key.items()),
            )
            remedy = f"make them sum to 1: they are {shares}; an inherited payer is left out by the share 0"
            self.problems.append(where.problem(f"the shares of the key sum to {total:g}", remedy))

    def _check_labels(self, policies: Located) -> None:
        seen: dict[str, Location] = {}
        for policy, node in policies:
            location = node.key_location or node.location
            label = policy.label if isinstance(policy, Policy) else ""
            if label in seen:
                first = f"line {seen[label].line} of {seen[label].file}"
                remedy = f"give one of them a `name:` of its own; the first is on {first}"
                self.problems.append(location.problem(f"two policies are called '{label}'", remedy))
            seen.setdefault(label, location)

    def _check_events(self, events: Located) -> None:
        """Events that stand twice, one of them inherited perhaps: what they do would count twice."""
        for number, (event, node) in enumerate(events):
            first = next((before for other, before in events[:number] if other == event), None)
            if first is not None:
                was, location = first.key_location or first.location, node.key_location or node.location
                remedy = f"leave one of them out; the first is on line {was.line} of {was.file}"
                self.problems.append(location.problem(f"the same {event.key()} stands twice", remedy))

    def _check_years(self, one: Component, node: Node) -> None:
        """Years outside the horizon. An inherited event may lie outside: a dated fact stays one."""
        if self.horizon is None:
            return
        first, last = self.horizon.start + 1, self.horizon.end
        begins: int | None = None
        ends: int | None = None
        if isinstance(one, Policy):
            begins, ends = one.start, one.end
        elif isinstance(one, Event) and node.location.file == str(self.file) and not self._horizon_is_set():
            begins, ends = one.years()
        if begins is not None and begins > last:
            location, year = location_of(node, ("start" if "start" in node.fields else "year",)), begins
        elif ends is not None and ends < first:
            location, year = (
                location_of(node, next(((f,) for f in ("end", "year", "start") if f in node.fields), ())),
                ends,
            )
        else:
            return
        remedy = f"simulated are {first} to {last}: change the year or the horizon, or drop it by `without`"
        self.problems.append(location.problem(f"the year {year} lies outside the horizon", remedy))

    def _horizon_is_set(self) -> bool:
        section = self.tree.fields["horizon"]
        return any(node.location.file.startswith(_SET) for node in section.fields.values())
