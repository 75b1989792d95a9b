"""What the founders of an organisation lose as it grows, shared out among what those who join bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.rule import Rule
from sco_sim.engine.build import build_model
from sco_sim.engine.numbering import settings_of
from sco_sim.engine.record import Progress
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.enlargement.seats import BROUGHT, NUMBER, neutralise
from sco_sim.studies.enlargement.shapley import shapley
from sco_sim.studies.enlargement.stages import Stage
from sco_sim.studies.silent import silent
from sco_sim.studies.statistics import mean_interval, standard_error

OUTCOMES = {"adopted": "what the founders adopt", "delivered": "what the founders deliver"}
"""State variable of an agreement and a state to its words; means over founders and the council's texts, per cent."""
CAUSES = (NUMBER, *BROUGHT)
TOTAL = "all"
"""In place of a cause: the loss as a whole."""
LATER = 5
"""Years after the last text is tabled in which it is read what came of it, if no year is given."""
TABLE = "enlargement.csv"
NONE = frozenset[str]()


@dataclass(frozen=True)
class Enlargement:
    """What was asked and what came of it."""

    stages: tuple[Stage, ...]
    """The founders and the larger organisations."""
    year: int
    own: str
    """The rule that the scenario has."""
    texts: tuple[str, ...]
    """Texts of the council."""
    powerless: Mapping[str, Rule]
    """Rules under which the founders alone could adopt nothing, whatever they want: they are not simulated."""
    later: tuple[str, ...]
    """Texts that nobody has tabled by the year, which do not count."""
    off: tuple[str, ...]
    """Mechanisms that are switched off, so that their outcome has no row."""
    table: pd.DataFrame
    """A row for each other rule, larger organisation (`members`), outcome and cause (`all`: the loss as a whole): level
    of the founders alone (`before`) and of all (`after`), per cent; `loss`, the part of the cause in points, with its
    95 % interval; `share` of the loss with its own, empty where the loss is not surely other than 0."""


class EnlargementStudy:
    """The founders alone, and with those who joined bringing more and more, on common random numbers."""

    def __init__(
        self, scenario: Scenario, case: Case, stages: Sequence[Stage], rules: Mapping[str, Rule], *,
        year: int | None = None, worlds: int, seed: int = 1, replicates: int = 1, progress: Progress | None = None,
    ) -> None:  # fmt: skip
        """Raises ScenarioError if the council decides nothing by the year, or the year is not simulated."""
        first, end = scenario.horizon.start + 1, scenario.horizon.end
        council = [policy for policy in scenario.agreements if policy.decided_by == "council"]
        if not council:
            remedy = "use a scenario with policies `decided_by: council`"
            raise ScenarioError(Problem("the council decides nothing here", remedy, scenario.name))
        starts = [first if policy.start is None else max(policy.start, first) for policy in council]
        self.year = min(max(starts) + LATER, end) if year is None else year
        if not min(starts) <= self.year <= end:
            remedy = f"give a year from {min(starts)} to {end}"
            raise ScenarioError(Problem(f"nothing is decided by {self.year}, or simulated then", remedy, "--year"))
        self.texts = tuple(one.label for one, start in zip(council, starts, strict=True) if start <= self.year)
        quiet = silent(scenario)
        self.off = tuple(sorted({quiet[name] for name in OUTCOMES if name in quiet}))
        self.outcomes = tuple(name for name in OUTCOMES if name not in quiet)
        self.later = tuple(one.label for one in council if one.label not in self.texts)
        self.scenario = scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update={"end": self.year})})
        self.case, self.stages, self.progress = case, tuple(stages), progress
        able = {key for key, rule in rules.items() if rule.can_pass(self.stages[0].members)}
        self.rules, self.powerless = (
            {key: rule for key, rule in rules.items() if (key in able) is can} for can in (True, False)
        )
        if not self.rules:
            amount, named = counted(len(self.stages[0].members), "founder"), ", ".join(sorted(rules))
            remedy = "name more founders with --members, or another --rule"
            message = f"{amount} can adopt nothing under {named}, even if all accept: there is nothing to lose"
            raise ScenarioError(Problem(message, remedy, scenario.name))
        self.how: dict[str, Any] = {"worlds": range(worlds), "seed": seed, "replicates": replicates}
        self.settings = settings_of(range(worlds), replicates)
        self._done = 0

    def run(self) -> Enlargement:
        """Simulate everything under every rule and share out what is lost."""
        rows = [row for key, rule in self.rules.items() for row in self._under(key, rule)]
        return Enlargement(
            self.stages,
            self.year,
            self.scenario.decision_rule.key(),
            self.texts,
            self.powerless,
            self.later,
            self.off,
            pd.DataFrame(rows),
        )

    def _under(self, key: str, rule: Rule) -> list[dict[str, Any]]:
        founders, rows = self.stages[0], []
        before = self._levels(rule, founders, NONE)
        for stage in self.stages[1:]:
            kept = chain.from_iterable(combinations(BROUGHT, count) for count in range(len(BROUGHT) + 1))
            after = {frozenset(keeps): self._levels(rule, stage, frozenset(keeps)) for keeps in kept}
            for outcome in self.outcomes:
                values = {NONE: before[outcome]} | {
                    keeps | {NUMBER}: levels[outcome] for keeps, levels in after.items()
                }
                rows += [
                    {"rule": key, "members": stage.name, "joined": " ".join(stage.joined), "outcome": outcome, **row}
                    for row in self._shared_out(values)
                ]
        return rows

    def _shared_out(self, values: Mapping[frozenset[str], Array]) -> list[dict[str, Any]]:
        """The loss as a whole and by cause, from what comes of each set of causes, (world,)."""
        before, after = values[NONE], values[frozenset(CAUSES)]
        parts = {TOTAL: before - after}
        parts |= {cause: -gained for cause, gained in shapley(values, NUMBER, BROUGHT).items()}
        _, low, high = self._interval(parts[TOTAL])
        sure = low > 0.0 or high < 0.0
        rows = []
        for cause, lost in parts.items():
            mean, low, high = self._interval(lost)
            share = self._share(lost, parts[TOTAL]) if sure else (float("nan"),) * 3
            rows.append(
                {"cause": cause, "before": float(before.mean()), "after": float(after.mean()), "loss": mean,
                 "loss_low": low, "loss_high": high, "share": share[0], "share_low": share[1], "share_high": share[2]}
            )  # fmt: skip
        return rows

    def _interval(self, values: Array) -> tuple[float, float, float]:
        """Mean over worlds and its 95 % interval, clustered by setting."""
        mean = float(values.mean())
        return (mean, *mean_interval(mean, standard_error(values, self.settings), self.settings))

    def _share(self, part: Array, whole: Array) -> tuple[float, float, float]:
        """Ratio of two means with its 95 % interval by linearisation (delta method)."""
        share = float(part.mean() / whole.mean())
        error = standard_error((part - share * whole) / whole.mean(), self.settings)
        return (share, *mean_interval(share, error, self.settings))

    def _levels(self, rule: Rule, stage: Stage, keeps: frozenset[str]) -> dict[str, Array]:
        """Each outcome of the founders, per cent, (world,), with a stage as members who bring what is kept."""
        start = self.scenario.horizon.start
        member = {iso: start if iso in stage.members else None for iso in self.scenario.states}
        scenario = self.scenario.model_copy(update={"decision_rule": rule, "membership": member})
        founders = self.stages[0].members
        with np.errstate(all="ignore"):  # `run` itself refuses what is not finite
            model = build_model(scenario, case=self.case, **self.how)
            if stage.joined and len(keeps) < len(BROUGHT):
                neutralise(model, founders, stage.joined, keeps)
            model.run(years=[self.year], metrics=())
        texts = [column for column, policy in enumerate(model.agreements) if policy.label in self.texts]
        rows = [model.ties.row[iso] for iso in founders]
        out = {
            name: 100.0 * model.state.arrays[name].take(texts, axis=1).take(rows, axis=2).mean(axis=(1, 2))
            for name in self.outcomes
        }
        model.__dict__.clear()  # a model of Mesa refers to itself
        self._done += 1
        if self.progress is not None:
            worlds, each = len(self.settings), 1 + 2 ** len(BROUGHT) * (len(self.stages) - 1)
            self.progress(self._done * worlds, len(self.rules) * each * worlds)
        return out
