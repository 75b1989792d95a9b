"""What it would take for each promise of the documents: one threshold a promise, by the entry that speaks of it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.components.policy import Policy
from sco_sim.components.registry import find, keys
from sco_sim.engine.numbering import settings_of
from sco_sim.engine.record import Progress
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.effects.documents import promised
from sco_sim.studies.effects.effects import OUTCOMES, YEARS, at_full_strength, measure
from sco_sim.studies.threshold.knobs import Knob, parameter
from sco_sim.studies.threshold.search import Crossing, Search
from sco_sim.studies.wording import percent

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
    ("direct_flights", "people"): "direct_flights.additional",
}  # fmt: skip
"""Policy and outcome to the entry that speaks of it under another name."""
POINTS = 7
CHANCE = 0.8


@dataclass(frozen=True)
class Needed:
    """What a promise takes."""

    component: str
    outcome: str
    sign: int
    knob: Knob | None
    """The entry that is turned; None if the ledger has none that speaks of it."""
    crossing: Crossing | None
    as_it_is: float
    """Share of worlds that get there under the ledger as it is."""

    @property
    def within(self) -> bool:
        """Whether it is met within the evidence, or as the ledger is where there is nothing to turn."""
        if self.knob is None or self.crossing is None:
            return self.as_it_is >= CHANCE
        low, high = self.knob.evidence or (math.nan, math.nan)
        value = self.crossing.value
        return self.crossing.reached and (value == self.knob.nothing or low <= value <= high or self._less)

    @property
    def _less(self) -> bool:
        """Whether it takes less than the least that the evidence has."""
        if self.knob is None or self.crossing is None or not self.crossing.reached:
            return False
        low, high = self.knob.evidence or (math.nan, math.nan)
        return 0.0 < self.crossing.value < low or high < self.crossing.value < 0.0

    @property
    def sentence(self) -> str:
        """One sentence, with the multiple of the evidence."""
        one = OUTCOMES[self.outcome]
        unit = f" {one.unit}" if one.unit else ""
        what = f"{one.title} {'up' if self.sign > 0 else 'down'} by {NOTICED[one.unit]:g}{unit}"
        if self.knob is None or self.crossing is None:
            share = percent(self.as_it_is)
            return (
                f"{self.component}: {what}: as the ledger has it, {share} of worlds get there; no entry speaks of it."
            )
        knob, crossing = self.knob, self.crossing
        low, high = knob.evidence or (math.nan, math.nan)
        has = f"the evidence has {low:g} to {high:g}"
        if not crossing.reached:
            best = f"at most {percent(crossing.share)} of worlds get there"
            return f"{self.component}: {what}: not by any value of `{knob.name}` that is allowed ({best}; {has})."
        if crossing.value == knob.nothing:
            return f"{self.component}: {what}: takes nothing of `{knob.name}`; it comes by itself."
        if low <= crossing.value <= high:
            need = f"{crossing.value:.3g}, which is within the evidence ({low:g} to {high:g})"
        elif self._less:
            need = f"{crossing.value:.3g}, which is less than the evidence has ({low:g} to {high:g})"
        elif math.isnan(knob.multiple(crossing.value)):
            need = f"{crossing.value:.3g}; {has}, which is nothing on that side"
        else:
            multiple = knob.multiple(crossing.value)
            shown = f"{multiple:.1f}" if multiple < 10.0 else f"{multiple:.0f}"
            need = f"{crossing.value:.3g}, {shown} times the end of the evidence ({low:g} to {high:g})"
        return f"{self.component}: {what}: `{knob.name}` has to be {need}."


class Promises:
    """Every promise of a policy, on the same worlds: the policy alone and at full strength, after ten years."""

    def __init__(self, reference: Scenario, case: Case, *, worlds: int, seed: int, chance: float = CHANCE) -> None:
        self.reference, self.case, self.worlds, self.seed, self.chance = reference, case, worlds, seed, chance
        self._known: dict[tuple[str, str, float], Mapping[str, Array]] = {}

    def all(self, only: Sequence[str] = (), progress: Progress | None = None) -> list[Needed]:
        """A row a promise, in the order of the policies; raises ScenarioError for an unknown policy in `only`."""
        there = keys("policies")
        for key in only:
            if key not in there:
                raise ScenarioError(Problem(f"no policy '{key}'", did_you_mean(key, there)))
        asked = [
            (key, outcome, sign) for key in only or there
            for outcome, sign in promised("policies", find("policies", key)).items() if sign
        ]  # fmt: skip
        rows = []
        for number, (key, outcome, sign) in enumerate(asked, start=1):
            rows.append(self.one(key, outcome, sign))
            if progress is not None:
                progress(number * self.worlds, len(asked) * self.worlds)
        return rows

    def one(self, key: str, outcome: str, sign: int) -> Needed:
        """The threshold of one promise."""
        component = at_full_strength("policies", key, self.reference.horizon.start)
        assert isinstance(component, Policy)  # at_full_strength makes what it is asked for
        name = self._entry(component, outcome)
        unit, change = OUTCOMES[outcome].unit, OUTCOMES[outcome].change
        plain, with_it = self._measured("", None, "", 0.0), self._measured(key, component, "", 0.0)
        as_it_is = float((sign * change(plain[outcome], with_it[outcome]) >= NOTICED[unit]).mean())
        if name is None:
            return Needed(key, outcome, sign, None, None, as_it_is)
        knob = parameter(name, self.reference, self.case.catalog)

        def margin(value: float) -> Array:
            own = name.startswith(f"{key}.")
            before = self._measured("", None, "" if own else name, 0.0 if own else value)
            after = self._measured(key, component, name, value)
            out: Array = sign * OUTCOMES[outcome].change(before[outcome], after[outcome])
            return out - NOTICED[OUTCOMES[outcome].unit]

        best: Crossing | None = None
        for ray in knob.rays():
            part = replace(ray, points=POINTS)
            if best is not None and best.reached:
                break
            crossing = Search(margin, part, self.chance, settings_of(range(self.worlds), 1), self.seed).crossing()
            if best is None or crossing.reached or crossing.share > best.share:
                best = crossing
        return Needed(key, outcome, sign, knob, best, as_it_is)

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


def page(rows: list[Needed], worlds: int, seed: int, view: str) -> str:
    """The page of all promises in Markdown."""
    notable = ", ".join(f"{amount:g} {unit}".strip() or f"{amount:g}" for unit, amount in NOTICED.items() if unit)
    within = sum(one.within for one in rows)
    beyond = sum(one.crossing is not None and one.crossing.reached and not one.within for one in rows)
    about = (
        "Each policy alone, as in the example of its manual, given at full strength to all, on "
        f"{worlds} paired worlds without events (seed {seed}, view `{view}`), after {YEARS} years. A promise "
        "is met if the outcome moves to the promised side by a "
        f"noticeable amount ({notable}, or 1 of what is counted) in 80 % of worlds. Turned is the entry of the ledger "
        "that speaks of it: the policy's own, or else the one by which it acts. Multiples are of the end of the "
        "evidence on that side. How a threshold is looked for stands in [threshold.md](threshold.md)."
    )
    count = (
        f"Of {len(rows)} promises {within} are met within the evidence or with less, {beyond} beyond it, and "
        f"{len(rows) - within - beyond} by no value that is allowed."
    )
    written = "<!-- written by `sco-sim promises --out docs/what_it_would_take.md`; do not edit -->"
    lines = ["# What it would take for the promises of the documents", "", written, ""]
    lines += [*_wrapped(about), "", *_wrapped(count), ""]
    for one in rows:
        lines += _wrapped(f"* {one.sentence}", "  ")
    return "\n".join(lines) + "\n"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, 120, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
