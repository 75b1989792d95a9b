"""`sco-sim brief`: the three sentences to take home, each with its command and what would overturn it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.opened import opened
from sco_sim.commands.compare_tables import records
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, hanging, heading, say
from sco_sim.commands.screen.progress import progress
from sco_sim.engine.build import simulate
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.scenario.schema import Scenario
from sco_sim.store.study_file import keep_study
from sco_sim.studies.brief import Sentence
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import Comparison, compare, default_name
from sco_sim.studies.council.rules import rules_of
from sco_sim.studies.statistics import standard_error
from sco_sim.studies.take_home import Kept, judged, keep, sentences
from sco_sim.studies.worth.information import FEWEST

REFERENCE = "baseline"
"""What one scenario alone is compared with."""


def main(
    items: Sequence[str], *, worlds: int, replicates: int, seed: int, sets: list[str], case: Path | None,
    out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Compare, study, choose, print; the exit code."""
    if list(items) == [REFERENCE]:
        raise ScenarioError(Problem(f"{REFERENCE} alone is compared with itself", "name another scenario", REFERENCE))
    names = [REFERENCE, *items] if len(items) == 1 else list(items)
    if worlds < FEWEST * replicates:
        remedy = f"give --worlds {FEWEST * replicates} or more"
        raise ScenarioError(Problem(f"{worlds} worlds are too few to say what is worth knowing", remedy, "--worlds"))
    loaded = [load(name, sets, case) for name in names]
    folder = out if out is not None else Path("results") / default_name([one.name for one in loaded])
    with progress(", ".join(one.name for one in loaded), folder) as tick:
        comparison = compare(
            loaded, worlds=worlds, replicates=replicates, seed=seed, case=case, out=folder, progress=tick
        )
    said = _sentences(comparison, loaded, names, folder, case, worlds, replicates, seed, sets)
    if as_json:
        say_observed(loaded, case, aside=True)
        emit({"scenarios": [{"name": one.name, **of_view(one), **observed_of(one, case)} for one in loaded],
              "worlds": worlds, "seed": seed,
              "sentences": [vars(one) for one in said], "folder": folder, **observed_of(loaded[0], case)})  # fmt: skip
        return 0
    say(f"To take home: {', '.join(one.name for one in loaded[1:])}, compared with {loaded[0].name}", "bold")
    say(counted(worlds, "paired world"), "dim")
    say_view(loaded)
    say_observed(loaded, case, aside=False)
    for number, one in enumerate(said, start=1):
        heading(f"{number}. {one.about[:1].upper()}{one.about[1:]}")
        say(one.text)
        hanging([("*", f"from: {one.command}"), ("*", f"would be overturned by: {one.overturned_by}.")])
    return 0


def _sentences(
    comparison: Comparison, loaded: Sequence[Scenario], names: Sequence[str], folder: Path, case: Path | None,
    worlds: int, replicates: int, seed: int, sets: Sequence[str],
) -> list[Sentence]:  # fmt: skip
    """The three sentences; what it takes to say them again is left beside the comparison."""
    more = f" --worlds {worlds} --seed {seed}" + (f" --replicates {replicates}" if replicates > 1 else "")
    more += "".join(f" --set {shlex.quote(text)}" for text in sets)
    more += "" if case is None else f" --case {shlex.quote(str(case))}"
    last, rows = loaded[-1], records(comparison.table)
    texts = last.name in set(comparison.agreements["scenario"])
    one = Kept(
        _rules(last, case, worlds, replicates, seed) if texts else {},
        f"sco-sim compare {' '.join(map(shlex.quote, names))}{more}",
        f"sco-sim rules {shlex.quote(names[-1])}{more}",
        f"sco-sim worth {shlex.quote(str(folder))}",
    )
    keep(folder, one)
    keep_study(folder, FILES[0], TYPED.get())
    choice = judged(comparison, int(comparison.table["year"].max()))
    return sentences(comparison, rows, choice, rules=one.rules, commands=one.commands, names={})


def _rules(
    scenario: Scenario, case: Path | None, worlds: int, replicates: int, seed: int
) -> dict[str, tuple[float, float]]:
    """Rule to the mean difference of what is delivered from the scenario's own, and its error, on the same worlds."""
    how: dict[str, Any] = {"worlds": range(worlds), "replicates": replicates, "seed": seed, "case": opened(case)}
    read = {}
    for key, rule in rules_of(scenario).items():
        one = scenario.model_copy(update={"decision_rule": rule})
        block = simulate(one, years=[scenario.horizon.end], metrics=["delivered_mean"], **how)
        read[key] = block.metrics["delivered_mean"][:, 0]
    own, settings = read[scenario.decision_rule.key()], settings_of(np.arange(worlds), replicates)
    return {key: (float((one - own).mean()), standard_error(one - own, settings)) for key, one in read.items()}
