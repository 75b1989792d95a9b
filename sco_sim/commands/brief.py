"""`sco-sim brief`: the three sentences to take home, each with its command and what would overturn it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.case.opened import opened
from sco_sim.commands.brief_studies import Asked
from sco_sim.commands.brief_studies import candidates as of_studies
from sco_sim.commands.compare_tables import records
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.folders import results
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, hanging, heading, say
from sco_sim.commands.screen.progress import progress
from sco_sim.engine.build import simulate
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.store.study_file import keep_study
from sco_sim.studies.candidates.candidate import (
    RULE,
    SCALES,
    Candidate,
    Judged,
    judged,
    on_worlds,
    three,
)
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import Comparison, compare, default_name
from sco_sim.studies.council.rules import rules_of
from sco_sim.studies.statistics import standard_error
from sco_sim.studies.take_home import Kept, candidates, keep, weak_in
from sco_sim.studies.take_home import judged as choice_of

REFERENCE = "baseline"
"""What one scenario alone is compared with."""


def main(
    items: Sequence[str], *, worlds: int, replicates: int, seed: int, sets: list[str], case: Path | None,
    out: Path | None, everything: bool, as_json: bool,
) -> int:  # fmt: skip
    """Compare, study, choose, print; the exit code."""
    if list(items) == [REFERENCE]:
        raise ScenarioError(Problem(f"{REFERENCE} alone is compared with itself", "name another scenario", REFERENCE))
    names = [REFERENCE, *items] if len(items) == 1 else list(items)
    loaded = [load(name, sets, case) for name in names]
    folder = out if out is not None else results(default_name([one.name for one in loaded]), sets)
    with progress(", ".join(one.name for one in loaded), folder) as tick:
        comparison = compare(
            loaded, worlds=worlds, replicates=replicates, seed=seed, case=case, out=folder, progress=tick
        )
    every = _candidates(comparison, loaded, Asked(names, worlds, replicates, seed, sets, case), folder)
    said = three(every)
    if as_json:
        say_observed(loaded, case, aside=True)
        emit({"scenarios": [{"name": one.name, **of_view(one), **observed_of(one, case)} for one in loaded],
              "worlds": worlds, "seed": seed, "sentences": [vars(one) for one in said], "rule": RULE,
              "candidates": [{**vars(one.candidate), "chosen": one.chosen, "why": one.why} for one in judged(every)],
              "folder": folder, **observed_of(loaded[0], case)})  # fmt: skip
        return 0
    say(f"To take home: {', '.join(one.name for one in loaded[1:])}, compared with {loaded[0].name}", "bold")
    say(counted(worlds, "paired world"), "dim")
    say_view(loaded)
    say_observed(loaded, case, aside=False)
    for number, one in enumerate(said, start=1):
        heading(f"{number}. {_head(one.about)}")
        say(one.text)
        hanging([("*", f"from: {one.command}{on_worlds(one)}"), ("*", f"would be overturned by: {one.overturned_by}.")])
    _say_all(list(judged(every)), everything=everything)
    return 0


def _head(about: str) -> str:
    return f"{about[:1].upper()}{about[1:]}"


def _say_all(every: Sequence[Judged], *, everything: bool) -> None:
    """Every candidate with what the rule makes of it; else how many there are, and what could not be said at all."""
    if everything:
        heading("Chosen by rule")
        say(RULE)
        for about in dict.fromkeys(one.candidate.about for one in every):
            heading(f"{_head(about)}: {SCALES[about]}")
            lines = []
            for one in (each for each in every if each.candidate.about == about):
                text = f": {one.candidate.text.removesuffix('.')}" if one.candidate.text else ""
                lines.append(("*", f"{one.candidate.study}{text}."))
                lines.append((" ", f"{one.why}. From: {one.candidate.command}{on_worlds(one.candidate)}"))
            hanging(lines)
        return
    say()
    for silent in (one.candidate for one in every if one.candidate.study in TOLD and one.candidate.lacking):
        say(f"`{silent.study}` says nothing: {silent.lacking}.", "yellow")
    left = sum(bool(one.candidate.text) and not one.chosen for one in every)
    say(f"--all has {counted(left, 'more candidate')}, the rule, and why each was chosen or not.", "dim")


def _candidates(
    comparison: Comparison, loaded: Sequence[Scenario], asked: Asked, folder: Path
) -> list[Candidate]:  # fmt: skip
    """What every study would say; what it takes to say it again is left beside the comparison."""
    last, rows, weak = loaded[-1], records(comparison.table), weak_in(comparison)
    texts = last.name in set(comparison.agreements["scenario"])
    with progress("studies", None) as tick:
        others: list[Candidate] = []
        for said in of_studies(asked, loaded, weak, _draws(comparison)):
            others.append(said)
            tick(min(len(others), STUDIES - 1) * asked.worlds, STUDIES * asked.worlds)
        rules = _rules(last, asked) if texts else {}
        tick(STUDIES * asked.worlds, STUDIES * asked.worlds)
    one = Kept(
        rules, asked.command("compare", *asked.names, worlds=asked.worlds),
        asked.command("rules", asked.names[-1], worlds=asked.worlds),
        f"sco-sim worth {shlex.quote(str(folder))}", tuple(others),
    )  # fmt: skip
    keep(folder, one)
    keep_study(folder, FILES[0], TYPED.get())
    choice = choice_of(comparison, int(comparison.table["year"].max()))
    return candidates(
        comparison, rows, choice, rules=rules, commands=one.commands, names={}, weak=weak, others=others
    )  # fmt: skip


def _draws(comparison: Comparison) -> dict[str, Array]:
    """Entry of the ledger to what was drawn of it, (setting,)."""
    drawn = comparison.runs[-1].settings()
    return {str(name): drawn[name].to_numpy(dtype=float) for name in drawn if name != "setting"}


TOLD = ("worth",)
"""Studies of which it is told without --all that they could say nothing."""
STUDIES = 8
"""Steps of the bar, about: what the studies say, and the rules."""


def _rules(scenario: Scenario, asked: Asked) -> dict[str, tuple[float, float]]:
    """Rule to the mean difference of what is delivered from the scenario's own, and its error, on the same worlds."""
    how: dict[str, Any] = {
        "worlds": range(asked.worlds), "replicates": asked.replicates, "seed": asked.seed, "case": opened(asked.case)
    }  # fmt: skip
    read = {}
    for key, rule in rules_of(scenario).items():
        one = scenario.model_copy(update={"decision_rule": rule})
        block = simulate(one, years=[scenario.horizon.end], metrics=["delivered_mean"], **how)
        read[key] = block.metrics["delivered_mean"][:, 0]
    own, settings = read[scenario.decision_rule.key()], settings_of(np.arange(asked.worlds), asked.replicates)
    return {key: (float((one - own).mean()), standard_error(one - own, settings)) for key, one in read.items()}
