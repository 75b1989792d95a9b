"""The options of a choice and the inputs drawn with them: stored scenarios, or mixes of a scenario's policies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.drawn import of_simulated
from sco_sim.components.registry import keys, metric, nearest
from sco_sim.engine.build import simulate
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.scenario.schema import EVIDENCE, Scenario
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.portfolio import mixes, planned_costs, variant
from sco_sim.studies.statistics import common
from sco_sim.studies.worth.information import FEWEST, Choice

MOST_MIXES = 64
"""Mixes of policies at most."""


@dataclass(frozen=True)
class Options:
    """What is chosen among, with what was drawn."""

    names: tuple[str, ...]
    choice: Choice
    inputs: Mapping[str, Array]
    """Entry of the ledger to its draw, (setting,)."""
    kinds: Mapping[str, str]
    """Entry to its kind of evidence."""
    outcome: str
    year: int
    view: str = EVIDENCE

    @property
    def sign(self) -> float:
        """What turns a gain into a difference of the outcome: -1 where lower is better."""
        return 1.0 if metric(self.outcome).better == "higher" else -1.0


def outcome_of(key: str) -> str:
    """An outcome of the whole with a better side; raises ScenarioError."""
    if key not in keys("metrics"):
        raise ScenarioError(Problem(f"no outcome '{key}'", nearest(key, keys("metrics")), "--outcome"))
    if metric(key).axis != "world" or metric(key).better == "none":
        remedy = "name an outcome of the whole of which more or less is better (`list metrics`)"
        raise ScenarioError(Problem(f"nobody can choose by {key}", remedy, "--outcome"))
    return key


def of_runs(runs: tuple[StoredRun, ...], outcome: str, year: int | None) -> Options:
    """Stored runs as options, on the settings that all have; raises ScenarioError where they are no choice."""
    first = runs[0]
    start, end = first.manifest["years"]
    year = end if year is None else year
    for run in runs:
        if run.manifest["fixed_parameters"]:
            raise ScenarioError(
                Problem(f"{run.manifest['name']} drew no parameters", "run it without --fixed-parameters")
            )
        if not run.manifest["years"][0] <= year <= run.manifest["years"][1]:
            raise ScenarioError(Problem(f"{year} is not simulated", f"choose from {start} to {end}", "--year"))
        if run.manifest["data_hash"] != first.manifest["data_hash"]:
            message = f"{run.manifest['name']} is of another case, or of other tables, than {first.manifest['name']}"
            raise ScenarioError(Problem(message, "choose among runs of one case"))
        if run.scenario.view != first.scenario.view:
            message = f"{run.manifest['name']} has the view {run.scenario.view}, {first.manifest['name']} another"
            raise ScenarioError(Problem(message, "choose among runs of one view: what is believed is no choice"))
        if (run.manifest["seed"], run.manifest["replicates"]) != (first.manifest["seed"], first.manifest["replicates"]):
            message = f"{run.manifest['name']} has another seed or other replicates than {first.manifest['name']}"
            raise ScenarioError(Problem(message, "run them with the same --seed and --replicates"))
    frames = [run.metrics(years=[year]).set_index("world")[outcome].dropna() for run in runs]
    worlds = common([frame.index.to_numpy() for frame in frames])
    settings = first.numbering.setting(worlds)
    values = np.stack([frame.reindex(worlds).to_numpy() for frame in frames], axis=1)
    unique = np.unique(settings)
    _enough(len(unique))
    drawn = [run.settings().set_index("setting").reindex(unique) for run in runs]
    of_these = drawn[0][of_simulated(map(str, drawn[0]), first.scenario.states)]
    inputs = {
        str(name): values.to_numpy(dtype=float) for name, values in of_these.items()
        if all(name in other and bool((other[name] == values).all()) for other in drawn[1:])
    }  # fmt: skip
    kinds = {str(entry["parameter"]): str(entry["kind"]) for entry in first.manifest["parameters"]}
    return _options(tuple(str(run.manifest["name"]) for run in runs), values, settings, inputs, kinds, outcome, year,
                    first.scenario.view)  # fmt: skip


def of_mixes(
    scenario: Scenario, case: Case, outcome: str, year: int | None, *, worlds: int, replicates: int, seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> Options:  # fmt: skip
    """Every mix of a scenario's policies that its budget allows as options, simulated here."""
    year = scenario.horizon.end if year is None else year
    if not scenario.horizon.start < year <= scenario.horizon.end:
        remedy = f"choose from {scenario.horizon.start + 1} to {scenario.horizon.end}"
        raise ScenarioError(Problem(f"{year} is not simulated", remedy, "--year"))
    limit = np.inf if scenario.budget is None else scenario.budget.total_musd
    chosen = mixes(planned_costs(scenario, case, [1.0]), limit)
    if not 2 <= len(chosen) <= MOST_MIXES:
        remedy = "drop or add policies, or set another budget.total_musd"
        amount = counted(len(chosen), "mix", "mixes")
        message = f"{amount} of policies are no choice that can be judged: it takes 2 to {MOST_MIXES}"
        raise ScenarioError(Problem(message, remedy, scenario.name))
    settings = settings_of(range(worlds), replicates)
    _enough(len(np.unique(settings)))
    columns, inputs = [], {}
    how: dict[str, Any] = {"worlds": range(worlds), "replicates": replicates, "seed": seed}
    for number, mix in enumerate(chosen, start=1):
        horizon = scenario.horizon.model_copy(update={"end": year})
        one = variant(scenario, mix.intensities).model_copy(update={"horizon": horizon})
        block = simulate(one, case=case, years=[year], metrics=[outcome], **how)
        columns.append(block.metrics[outcome][:, 0])
        _, first = np.unique(settings, return_index=True)
        inputs = {name: column[first] for name, column in block.parameters.items()}
        if progress is not None:
            progress(number * worlds, len(chosen) * worlds)
    values = np.stack(columns, axis=1)
    missing = int(np.isnan(values).any(axis=1).sum())
    if missing:
        raise ScenarioError(Problem(f"{outcome} has no value in {missing} worlds", "choose another --outcome"))
    kinds = {name: entry.kind for name, entry in case.ledger.entries.items()}
    return _options(tuple(mix.name for mix in chosen), values, settings, inputs, kinds, outcome, year, scenario.view)


def _options(
    names: tuple[str, ...], values: Array, settings: Ints, inputs: Mapping[str, Array], kinds: Mapping[str, str],
    outcome: str, year: int, view: str,
) -> Options:  # fmt: skip
    """Means of each setting, turned so that higher is better."""
    sign = 1.0 if metric(outcome).better == "higher" else -1.0
    _, rows = np.unique(settings, return_inverse=True)
    means = np.stack([np.bincount(rows, weights=column) / np.bincount(rows) for column in values.T], axis=1)
    return Options(names, Choice(sign * means), inputs, kinds, outcome, year, view)


def runs_of(folder: Path) -> tuple[StoredRun, ...]:
    """The runs of the folder of a comparison, the reference first, or those in the folder; raises StoreError."""
    from sco_sim.store.folder import MANIFEST
    from sco_sim.store.stored_run import open_run
    from sco_sim.studies.comparison.compare import read_comparison

    inside = sorted(path.parent for path in folder.glob(f"*/{MANIFEST}"))
    if len(inside) >= 2:
        return tuple(open_run(path) for path in inside)
    return read_comparison(folder).runs


def _enough(settings: int) -> None:
    """Raises ScenarioError for too few settings."""
    if settings < FEWEST:
        message = f"{settings} settings say nothing of what is worth knowing: it takes {FEWEST}"
        raise ScenarioError(Problem(message, "give more --worlds, or run the scenarios again with more", "--worlds"))
