"""What the policies of a point would cost, priced once for each policy that is not a multiple of one priced before."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, cast

from sco_sim.case.case import Case
from sco_sim.components.policy import Policy
from sco_sim.components.registry import find, keys
from sco_sim.engine.build import plan
from sco_sim.scenario.load import vary
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.sweep.factor import Factor

log = logging.getLogger(__name__)

NOTE_SECONDS = 1.0, 10.0
"""When the first line about progress is logged, and how long it is to the next."""


class Prices:
    """The planned cost of points, million USD of 2015: see `sco_sim.engine.budget.planned`.

    The cost of a policy is its intensity times its cost at full intensity, and follows from its own fields, the entries
    of the ledger that policies name, and the facts: no other factor is looked at. A test holds all policies to it.
    """

    def __init__(self, factors: Mapping[str, Factor], scenario: Scenario, case: Case) -> None:
        """Prices of points of these factors in a scenario; nothing is priced yet."""
        self._scenario, self._case = scenario, case
        self._intensities = {policy.label: policy.intensity for policy in scenario.policies}
        self._paths = {name: factor.path for name, factor in factors.items() if moves_cost(factor.path)}
        self._scales = {f"policies.{label}.intensity": label for label in self._intensities}
        fields = tuple(f"policies.{label}." for label in self._intensities)
        self._whole = any(p.startswith("policies") and not p.startswith(fields) for p in self._paths.values())
        self._known: dict[tuple[str, str], float] = {}
        self._began, self._noted, self._count = time.monotonic(), 0.0, 0

    def __call__(self, row: Mapping[str, Any]) -> float:
        """Planned cost of a point, factor name -> value; raises ScenarioError if a value cannot be."""
        self._report()
        changes = {path: row[name] for name, path in self._paths.items()}
        if self._whole:  # a factor adds or replaces policies: there is nothing to scale
            return self._priced(changes)
        shares = self._intensities | {self._scales[path]: v for path, v in changes.items() if path in self._scales}
        entries = {label: (label, key) for label, key in self._keys(changes)}
        if any(entry not in self._known for entry in entries.values()):
            full = {path: 1.0 for path, label in self._scales.items() if self._intensities[label] or path in changes}
            costs = plan(vary(self._scenario, changes | full, self._case.catalog), self._case)
            self._known |= {entry: costs.get(label, 0.0) for label, entry in entries.items()}
        return float(sum(shares[label] * self._known[entry] for label, entry in entries.items()))

    def _priced(self, changes: Mapping[str, Any]) -> float:
        entry = "", json.dumps(changes, sort_keys=True)
        if entry not in self._known:
            self._known[entry] = sum(plan(vary(self._scenario, changes, self._case.catalog), self._case).values())
        return self._known[entry]

    def _keys(self, changes: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Each policy with the values that its cost at full intensity follows from."""
        for label in self._intensities:
            others = tuple(f"policies.{other}." for other in self._intensities if other != label)
            own = {p: v for p, v in changes.items() if p not in self._scales and not p.startswith(others)}
            yield label, json.dumps(own, sort_keys=True)

    def _report(self) -> None:
        self._count += 1
        passed = time.monotonic() - self._began
        first, pause = NOTE_SECONDS
        if passed > (self._noted + pause if self._noted else first):
            self._noted = passed
            log.info("the design: cost of %s points so far", f"{self._count:,}")


def moves_cost(path: str) -> bool:
    """Whether what stands at a path of a scenario can move what its policies would cost.

    Of the ledger these are the entries that some policy names, and the outlays of corridors.
    """
    if path.startswith("parameters."):
        name = path.removeprefix("parameters.")
        return name in _read_by_policies() or name.endswith(".outlay")
    return path.partition(".")[0] == "policies"


@cache
def _read_by_policies() -> frozenset[str]:
    """Entries of the ledger that policies read, whatever their fields."""
    classes = [cast("type[Policy]", find("policies", key)) for key in keys("policies")]
    return frozenset(name for one in classes for name in one.parameters)
