"""Reads outcomes off scenarios on the same worlds, those that differ in one entry each many at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.engine.build import read_at_start, simulate
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import EVIDENCE, Scenario
from sco_sim.studies.views.split import SETTINGS, Measure, Values, content, switched

AT_ONCE = 800
"""Worlds of one simulation, about: with more the numbers of a year leave the cache, with fewer calls take most time."""


class OfYear:
    """Reads outcomes of the whole in one year; a scenario is simulated once."""

    def __init__(self, case: Case, outcomes: Sequence[str], year: int, *, worlds: int, **how: Any) -> None:
        """`how` goes to `simulate`."""
        self.case, self.outcomes, self.year, self.worlds, self.how = case, tuple(outcomes), year, worlds, how
        self._known: dict[str, Values] = {}
        self._drawn: dict[str, Mapping[str, Array]] = {}

    def __call__(self, scenario: Scenario) -> Values:
        """Its outcomes, (world,)."""
        return self._measured(scenario)[0]

    def each(self, one: Scenario, other: Scenario, names: Sequence[str]) -> dict[str, Values]:
        """Outcomes of the first scenario with one belief of the other each, by the name of the entry.

        They are those of each scenario by itself, to the bit. Entries that bear on the start are simulated one by one.
        """
        there = {name: content(self._short(switched(one, other, name))) for name in names}
        drawn, alone = self._measured(other)[1], {*SETTINGS, *read_at_start(self._short(one), self.case)}
        together = [
            name for name in dict.fromkeys(names)
            if there[name] not in self._known and name in drawn and name not in alone
        ]  # fmt: skip
        size = max(1, AT_ONCE // self.worlds)
        for some in (together[at : at + size] for at in range(0, len(together), size)):
            for name, values in zip(some, self._together(one, drawn, some), strict=True):
                self._known[there[name]] = values
        return {
            name: self._known[key] if (key := there[name]) in self._known else self(switched(one, other, name))
            for name in names
        }

    def _together(self, one: Scenario, drawn: Mapping[str, Array], names: Sequence[str]) -> list[Values]:
        """Copies of the worlds of a scenario side by side, each with another entry drawn as given."""
        own = self._measured(one)[1]
        columns = {name: np.tile(own[name], (len(names), 1)) for name in names}
        for row, name in enumerate(names):
            columns[name][row] = drawn[name]
        block = simulate(
            self._short(one), case=self.case, years=[self.year], metrics=list(self.outcomes),
            worlds=[*range(self.worlds)] * len(names), drawn_as={name: rows.ravel() for name, rows in columns.items()},
            **self.how,
        )  # fmt: skip
        parts = {key: block.metrics[key][:, 0].reshape(len(names), self.worlds) for key in self.outcomes}
        return [{key: rows[row] for key, rows in parts.items()} for row in range(len(names))]

    def _measured(self, scenario: Scenario) -> tuple[Values, Mapping[str, Array]]:
        """Outcomes, and what is drawn of each entry."""
        short = self._short(scenario)
        key = content(short)
        if key not in self._drawn:
            block = simulate(
                short, case=self.case, years=[self.year], metrics=list(self.outcomes), worlds=range(self.worlds),
                **self.how,
            )  # fmt: skip
            self._known[key] = {outcome: block.metrics[outcome][:, 0] for outcome in self.outcomes}
            self._drawn[key] = block.parameters
        return self._known[key], self._drawn[key]

    def _short(self, scenario: Scenario) -> Scenario:
        """Nothing is simulated after the year, and what a view is called changes nothing."""
        horizon = scenario.horizon.model_copy(update={"end": self.year})
        return scenario.model_copy(update={"horizon": horizon, "view": EVIDENCE})


def each(measure: Measure, one: Scenario, other: Scenario, names: Sequence[str]) -> dict[str, Values]:
    """The same from any measure: one by one where it cannot do otherwise."""
    if isinstance(measure, OfYear):
        return measure.each(one, other, names)
    return {name: measure(switched(one, other, name)) for name in names}
