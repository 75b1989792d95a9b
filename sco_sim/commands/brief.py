"""`sco-sim brief`: the three sentences to take home, each with its command and what would overturn it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.opened import opened
from sco_sim.commands.compare_tables import records
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, hanging, heading, say
from sco_sim.commands.screen.progress import progress
from sco_sim.engine.build import simulate
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.brief import (
    CHOSEN_BY,
    SPOKEN_OF,
    Sentence,
    surely,
    what_is_worth_knowing,
    what_it_does,
    what_stands_in_the_way,
)
from sco_sim.studies.comparison.answer import answer
from sco_sim.studies.comparison.compare import Comparison, compare, default_name
from sco_sim.studies.comparison.fragile import fragile
from sco_sim.studies.council.rules import rules_of
from sco_sim.studies.statistics import standard_error
from sco_sim.studies.worth.information import FEWEST, worth
from sco_sim.studies.worth.options import of_runs

REFERENCE = "baseline"
"""What one scenario alone is compared with."""


def main(
    items: Sequence[str], *, worlds: int, replicates: int, seed: int, sets: list[str], case: Path | None,
    out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Compare, study, choose, print; the exit code."""
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
    """The three sentences."""
    more = f" --worlds {worlds} --seed {seed}" + (f" --replicates {replicates}" if replicates > 1 else "")
    more += "".join(f" --set {shlex.quote(text)}" for text in sets)
    more += "" if case is None else f" --case {shlex.quote(str(case))}"
    rows = records(comparison.table)
    first = what_it_does(
        answer(rows, comparison.settings, outcomes=SPOKEN_OF), records(fragile(comparison)),
        f"sco-sim compare {' '.join(map(shlex.quote, names))}{more}",
    )  # fmt: skip
    last = loaded[-1]
    year = int(comparison.table["year"].max())
    own = [row for row in rows if row["scenario"] == last.name and int(row["year"]) == year]
    mean = {str(row["outcome"]): float(row["scenario_mean"]) for row in own}
    lost = {"veto": mean["lost_to_veto_mean"], "delivery": mean["lost_to_delivery_mean"]}
    texts = [row for row in records(comparison.agreements) if row["scenario"] == last.name]
    rules = _rules(last, case, worlds, replicates, seed) if texts else {}
    second = what_stands_in_the_way(
        last.name, lost, texts, rules, last.decision_rule.key(), f"sco-sim rules {shlex.quote(names[-1])}{more}"
    )
    choices = [of_runs(comparison.runs, key, year) for key in CHOSEN_BY]
    judged = [(options, worth(options.choice, options.inputs)) for options in choices]
    options, known = next((pair for pair in judged if surely(pair[1])), judged[0])
    third = what_is_worth_knowing(
        options, known, f"sco-sim worth {shlex.quote(str(folder))} --outcome {options.outcome} --year {year}"
    )
    return [first, second, third]


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
