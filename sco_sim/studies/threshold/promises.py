"""What it would take for each promise of the documents: one threshold a promise, by the entry that speaks of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.components.policy import Policy
from sco_sim.components.registry import find
from sco_sim.engine.build import build_model
from sco_sim.engine.numbering import settings_of
from sco_sim.engine.record import Progress
from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.effects.documents import promised
from sco_sim.studies.effects.effects import OUTCOMES, YEARS, at_full_strength, measure, possible
from sco_sim.studies.threshold.knobs import Knob, parameter
from sco_sim.studies.threshold.search import Crossing, Search

NOTICED = {"%": 1.0, "points": 1.0, "z": 0.1, "WGI": 0.1, "": 1.0}
"""What counts as noticed after ten years, by the unit of the outcome: a convention, the same for every promise."""
SUFFIX = {"readiness": "acceptance", "disputes": "hazard"}
"""How the ledger calls what a policy does to an outcome, where it is not by the name of the outcome."""
VIA = {
    "trust": "trust.contact_effect", "people": "people.trust_elasticity", "trade": "trade.trust_elasticity",
    "students": "students.trust_elasticity",
}  # fmt: skip
"""The entry by which an outcome is reached, where the policy has none of its own for it."""
OTHERWISE = {
    ("sister_cities", "capacity"): "sister_cities.diffusion", ("trade_corridor", "trade"): "corridor.share_using",
    ("university_network", "students"): "university_network.additional",
    ("direct_flights", "people"): "direct_flights.additional", ("visa_freedom", "people"): "visas.floor",
    ("border_settlement", "trust"): "border_settlement.hazard",
    ("security_cooperation", "trust"): "trust.security_effect",
}  # fmt: skip
"""Policy and outcome to the entry that speaks of it under another name."""
POINTS = 7
CHANCE = 0.8
Met = Literal["itself", "less", "within", "beyond", "never", "no entry"]


@dataclass(frozen=True)
class Needed:
    """What a promise takes."""

    component: str
    outcome: str
    sign: int
    ties: tuple[int, int]
    """Ties on which the policy acts, and all ties."""
    knob: Knob | None
    """The entry that is turned; None if the ledger has none that speaks of it."""
    crossing: Crossing | None
    """Where it is met with the least of the evidence; if nowhere, on the side on which more worlds get there."""
    as_it_is: float
    """Share of worlds that get there under the ledger as it is."""
    other_side: float = math.nan
    """Value on the other side of the entry at which it is met too; NaN if it is not."""

    @property
    def met(self) -> Met:
        """By what it is met: without the entry, with less than the evidence has, within it, beyond, or never."""
        if self.knob is None or self.crossing is None:
            return "no entry"
        if not self.crossing.reached:
            return "never"
        return placed(self.knob, self.crossing.value)


def placed(knob: Knob, value: float) -> Literal["itself", "less", "within", "beyond"]:
    """Where a value lies: at nothing, between nothing and the evidence, within the evidence, or beyond it."""
    low, high = knob.evidence or (math.nan, math.nan)
    if value == knob.nothing:
        return "itself"
    if low <= value <= high:
        return "within"
    on_this_side = all((end > knob.nothing) == (value > knob.nothing) for end in (low, high))
    nearest = min(abs(end - knob.nothing) for end in (low, high))
    return "less" if on_this_side and abs(value - knob.nothing) < nearest else "beyond"


class Promises:
    """Every promise of a policy, on the same worlds: the policy alone and at full strength, after ten years."""

    def __init__(self, reference: Scenario, case: Case, *, worlds: int, seed: int, chance: float = CHANCE) -> None:
        """Raises ScenarioError for a reference that is not simulated so long."""
        horizon = reference.horizon
        if horizon.end < horizon.start + YEARS:
            message = f"promises are judged after {YEARS} years, and {horizon.start} to {horizon.end} is less"
            raise ScenarioError(Problem(message, f"give --set horizon.end={horizon.start + YEARS}", "horizon.end"))
        self.reference, self.case, self.worlds, self.seed, self.chance = reference, case, worlds, seed, chance
        self._known: dict[tuple[str, str, float], Mapping[str, Array]] = {}
        self._acts_on: dict[str, tuple[int, int]] = {}

    def all(self, only: Sequence[str] = (), progress: Progress | None = None) -> list[Needed]:
        """A row a promise, in the order of the policies; raises ScenarioError for one in `only` not to be tried."""
        asked, rows = promises_of([key for _, key in self.possible(only)[0]]), []
        for number, (key, outcome, sign) in enumerate(asked, start=1):
            rows.append(self.one(key, outcome, sign))
            if progress is not None:
                progress(number * self.worlds, len(asked) * self.worlds)
        return rows

    def possible(self, only: Sequence[str] = ()) -> tuple[list[tuple[str, str]], dict[str, str]]:
        """Policies that can be tried on the states of the case, and why the others cannot."""
        return possible(self.case, self.reference, only, ("policies",))

    def one(self, key: str, outcome: str, sign: int) -> Needed:
        """The threshold of one promise."""
        component, name, as_it_is = self._asked(key, outcome, sign)
        ties = self._ties(key, component)
        if name is None:
            return Needed(key, outcome, sign, ties, None, None, as_it_is)
        knob, settings = parameter(name, self.reference, self.case.catalog), settings_of(range(self.worlds), 1)
        margin = partial(self._margin, component, outcome, sign, name)
        sides = [
            Search(margin, replace(ray, points=POINTS), self.chance, settings, self.seed).crossing()
            for ray in knob.rays()
        ]
        best, *others = sorted(sides, key=lambda side: _least(knob, side))
        too = [one.value for one in others if one.reached and one.value != knob.nothing]
        return Needed(key, outcome, sign, ties, knob, best, as_it_is, *too)

    def nearest(self, only: Sequence[str]) -> tuple[Needed, float] | None:
        """The promise of some policies that is not kept as things are, and nearest to it at an end of the evidence.

        With it the share of worlds that get there at that end; None if all are kept, or no entry speaks of any.
        """
        best: tuple[float, str, str, int] | None = None
        there = {key for _, key in self.possible()[0]}
        for key, outcome, sign in promises_of([key for key in only if key in there]):
            component, name, as_it_is = self._asked(key, outcome, sign)
            if name is None or as_it_is >= self.chance:
                continue
            for end in parameter(name, self.reference, self.case.catalog).evidence or ():
                share = float((self._margin(component, outcome, sign, name, end) >= 0.0).mean())
                if best is None or share > best[0]:
                    best = share, key, outcome, sign
        return None if best is None else (self.one(*best[1:]), best[0])

    def _asked(self, key: str, outcome: str, sign: int) -> tuple[Policy, str | None, float]:
        """The policy at full strength, the entry that speaks of the promise, and how often it is kept as things are."""
        component = at_full_strength("policies", key, self.reference.horizon.start)
        assert isinstance(component, Policy)  # at_full_strength makes what it is asked for
        plain, with_it = self._measured("", None, "", 0.0), self._measured(key, component, "", 0.0)
        moved = sign * OUTCOMES[outcome].change(plain[outcome], with_it[outcome])
        return component, self._entry(component, outcome), float((moved >= NOTICED[OUTCOMES[outcome].unit]).mean())

    def _margin(self, component: Policy, outcome: str, sign: int, name: str, value: float) -> Array:
        """How far each world is beyond what is promised at a value of the entry, (world,)."""
        key = component.key()
        own = name.startswith(f"{key}.")
        before = self._measured("", None, "" if own else name, 0.0 if own else value)
        after = self._measured(key, component, name, value)
        out: Array = sign * OUTCOMES[outcome].change(before[outcome], after[outcome])
        return out - NOTICED[OUTCOMES[outcome].unit]

    def _ties(self, key: str, component: Policy) -> tuple[int, int]:
        """Ties on which the policy acts, and all ties; all too for one that acts on states alone."""
        if key not in self._acts_on:
            alone = self.reference.model_copy(update={"policies": (component,)})
            model = build_model(alone, case=self.case, worlds=[0], seed=self.seed, replicates=1)
            for _ in range(YEARS):
                model.step()
            count = len(model.year.ties)
            written = [model.state.arrays[name][0] for name in component.writes]
            of_ties = [effect != 0.0 for effect in written if effect.shape == (count,)]
            self._acts_on[key] = int(np.any(of_ties, axis=0).sum()) if of_ties else count, count
        return self._acts_on[key]

    def _entry(self, component: Policy, outcome: str) -> str | None:
        """The entry that speaks of what the policy does to the outcome: of its own by name, else the one it acts by."""
        entries, suffix = self.case.ledger.entries, SUFFIX.get(outcome, outcome)
        if (component.key(), outcome) in OTHERWISE:
            return OTHERWISE[component.key(), outcome]
        own = [name for name in component.used() if name.endswith(f".{suffix}") and name in entries]
        if own:
            return next((name for name in own if name.startswith(f"{component.key()}.")), own[0])
        return VIA.get(outcome)

    def _measured(self, key: str, component: Policy | None, name: str, value: float) -> Mapping[str, Array]:
        """Every outcome after ten years, with the policy or without, at a value of the entry."""
        if (key, name, value) not in self._known:
            given = {name: Override(value=value)} if name else {}
            one = self.reference.model_copy(
                update={"parameters": {**self.reference.parameters, **given},
                        "policies": () if component is None else (component,)}
            )  # fmt: skip
            self._known[key, name, value] = measure(one, self.case, self.worlds, 1, self.seed)
        return self._known[key, name, value]


def promises_of(policies: Iterable[str]) -> list[tuple[str, str, int]]:
    """Policy, outcome and side of every promise that the documents make of some policies, in their order."""
    return [
        (key, outcome, sign) for key in policies
        for outcome, sign in promised("policies", find("policies", key)).items() if sign
    ]  # fmt: skip


def _least(knob: Knob, side: Crossing) -> tuple[bool, bool, float]:
    """What orders the sides of an entry: met, within the evidence, with the least multiple of it; else most worlds."""
    if not side.reached:
        return True, True, -side.share
    where, multiple = placed(knob, side.value), knob.multiple(side.value)
    if where == "itself":
        return False, False, 0.0
    return False, where == "beyond", math.inf if math.isnan(multiple) else multiple
