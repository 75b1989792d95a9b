"""What it would take: how strong a lever, or an entry of the ledger, has to be for an outcome to be reached."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.engine.build import simulate
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import Problem, ScenarioError, SimWarning
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import vary
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.threshold.asked import Asked
from sco_sim.studies.threshold.knobs import Knob
from sco_sim.studies.threshold.search import Crossing, Search


@dataclass(frozen=True)
class Threshold:
    """The answer for one knob."""

    knob: Knob
    crossing: Crossing
    """On the side on which it takes least, or on which more worlds reach it."""
    reference: str
    """What the outcome is compared with, in words."""
    unmoved: float = 0.0
    """Share of worlds in which the outcome is as without it at every value tried: none of them can get there."""

    @property
    def multiple(self) -> float:
        """The value as a multiple of the end of the evidence on its side, or of what the scenario has; else NaN."""
        return self.knob.multiple(self.crossing.value) if self.crossing.reached else float("nan")


class ThresholdStudy:
    """Simulates a scenario at any value of a knob, and what it is compared with, on the same worlds.

    What it is compared with is `against` if that is given; else, for a lever, the scenario without the policy or event
    that has it, and for an entry of the ledger the scenario without its policies at the same value of the entry: so it
    is what the policies do. Where that leaves nothing out, it is the scenario as it is.
    """

    def __init__(
        self, scenario: Scenario, case: Case, *, against: Scenario | None = None, worlds: int, seed: int,
        replicates: int, tick: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.scenario, self.case, self.against = scenario, case, against
        self.how: dict[str, Any] = {"worlds": range(worlds), "seed": seed, "replicates": replicates}
        self.settings = settings_of(range(worlds), replicates)
        self.tick = tick or (lambda: None)
        self._fixed: dict[tuple[str, Asked], Array] = {}

    def threshold(self, knob: Knob, asked: Asked) -> Threshold:
        """The least value of the knob, away from nothing, at which what is asked is reached."""
        reference, words = self.reference(knob)
        moved = np.zeros(len(self.settings), dtype=bool)

        def margin(value: float) -> Array:
            before = self._before(reference, knob, asked, value)
            after = self._at(self.scenario, knob, asked, value)
            np.logical_or(moved, before != after, out=moved)
            return asked.margin(before, after)

        best: Crossing | None = None
        for ray in knob.rays():
            part = ray.nearer(ray.distance(best.value)) if best is not None and best.reached else ray
            if part.bound == part.nothing:
                continue
            search = Search(margin, part, asked.chance, self.settings, self.how["seed"])
            self._check_first(search, knob)
            crossing = search.crossing()
            if best is None or crossing.reached or (not best.reached and crossing.share > best.share):
                best = crossing
        if best is None:
            raise ScenarioError(Problem(f"{knob.name} can only be {knob.low:g}", "name another one", knob.path))
        return Threshold(knob, best, words, float(1.0 - moved.mean()))

    @staticmethod
    def _check_first(search: Search, knob: Knob) -> None:
        """Raises ScenarioError, with what is turned, where nothing of it cannot be simulated: the walk begins there."""
        try:
            search.share(search.ray.grid()[0])
        except ScenarioError as error:
            problem = error.problems[0]
            if problem.file in ("--outcome", "--by"):
                raise
            message = f"it cannot be {round(knob.nothing, 9):g}, from where values are tried: {problem.message}"
            raise ScenarioError(Problem(message, "name another lever or entry", knob.path)) from error

    def share(self, knob: Knob | None, asked: Asked, value: float = 0.0) -> float:
        """Share of worlds in which what is asked is reached at a value of the knob, or as things are without one."""
        if knob is None:
            reference = self.scenario if self.against is None else self.against
            margin = asked.margin(self._read(reference, asked), self._read(self.scenario, asked))
        else:
            reference, _ = self.reference(knob)
            margin = asked.margin(
                self._before(reference, knob, asked, value), self._at(self.scenario, knob, asked, value)
            )
        return float((margin >= 0.0).mean())

    def reference(self, knob: Knob) -> tuple[Scenario, str]:
        """What the outcome is compared with, and that in words."""
        one = self.scenario
        if self.against is not None:
            return self.against, f"{self.against.name}" + (" at the same value" if knob.evidence else "")
        if knob.part is not None:
            section, position = knob.part
            rest = tuple(part for number, part in enumerate(getattr(one, section)) if number != position)
            called = getattr(one, section)[position]
            return one.model_copy(update={section: rest}), f"without {getattr(called, 'label', called.key())}"
        if knob.evidence and one.policies:
            return one.model_copy(update={"policies": ()}), "without its policies, at the same value"
        return one, "as it is"

    def _before(self, reference: Scenario, knob: Knob, asked: Asked, value: float) -> Array:
        """The outcome of the reference; it moves with an entry of the ledger, unless it is the scenario as it is."""
        if knob.evidence and reference is not self.scenario:
            return self._at(reference, knob, asked, value)
        if (knob.path, asked) not in self._fixed:
            self._fixed[knob.path, asked] = self._read(reference, asked)
        return self._fixed[knob.path, asked]

    def _at(self, scenario: Scenario, knob: Knob, asked: Asked, value: float) -> Array:
        given: float = int(value) if knob.whole else value
        with warnings.catch_warnings():  # values far from the evidence are what is asked for
            warnings.simplefilter("ignore", SimWarning)
            varied = vary(scenario, {knob.path: given}, self.case.catalog)
        return self._read(varied, asked)

    def _read(self, scenario: Scenario, asked: Asked) -> Array:
        """The outcome in the year, (world,); nothing after it is simulated, which changes nothing before."""
        horizon = scenario.horizon.model_copy(update={"end": asked.year})
        short = scenario.model_copy(update={"horizon": horizon})
        self.tick()
        return asked.read(simulate(short, case=self.case, years=[asked.year], metrics=[asked.outcome], **self.how))
