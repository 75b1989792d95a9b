"""`sco-sim enlargement`: what the founders lose as members join, by number, rivalries, wants and size."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.opened import opened
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.outcomes import number
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out_folder
from sco_sim.components.rule import Rule
from sco_sim.errors import Problem, ScenarioError, counted, did_you_mean
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.council.rule_words import words
from sco_sim.studies.council.rules import rules_of
from sco_sim.studies.enlargement.enlargement import CAUSES, OUTCOMES, TOTAL, Enlargement, EnlargementStudy
from sco_sim.studies.enlargement.stages import stages_of
from sco_sim.studies.enlargement.words import Row, of, records, sentences
from sco_sim.studies.wording import believed, signed

NOTE = (
    "% of what the council's texts ask, mean over founders and texts. Loss +/- half of its 95 % interval; parts in "
    "points and shares (Shapley), * surely not 0. Number: ordinary states with no rivalries and the founders' wants; "
    "then what the rivalries, wants and size of those who join add."
)


def main(
    scenario: str, *, members: Sequence[str], rules: Sequence[str], year: int | None, worlds: int, seed: int,
    replicates: int, sets: Sequence[str], case: Path | None, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Simulate the organisations, write, print; the exit code."""
    check_out_folder(out)
    loaded, tables = load(scenario, sets, case), opened(case)
    stages = stages_of(loaded, tables.catalog.member_from, members)
    with progress(loaded.name, None) as tick:
        result = EnlargementStudy(
            loaded, tables, stages, _rules(loaded, rules), year=year, worlds=worlds, seed=seed,
            replicates=replicates, progress=tick,
        ).run()  # fmt: skip
    said = sentences(result)
    about = believed(f"From {stages[0].name} to {stages[-1].name} members: {loaded.title or loaded.name}", loaded.view)
    files = [] if out is None else _write(out, result, about)
    if as_json:
        say_observed([loaded], case, aside=True)
        emit(
            {"scenario": loaded.name, **of_view(loaded), "year": result.year, "worlds": worlds, "seed": seed,
             "stages": [{"members": one.members, "joined": one.joined, "year": one.year} for one in stages],
             "own_rule": result.own, "texts": result.texts, "not_tabled": result.later,
             "switched_off": result.off, "sentences": said, "rows": records(result),
             "files": files, **observed_of(loaded, case)}
        )  # fmt: skip
        return 0
    say(f"{about}, {counted(worlds, 'world')} to {result.year}", "bold")
    say_view([loaded])
    say_observed([loaded], case, aside=False, brief=True)
    for sentence in said:
        say(sentence)
    _print(result)
    say(NOTE, "dim")
    if out is not None:
        say(f"written to {out}", "dim")
    return 0


def _rules(scenario: Scenario, wanted: Sequence[str]) -> dict[str, Rule]:
    there = rules_of(scenario)
    for key in wanted:
        if key not in there:
            raise ScenarioError(Problem(f"no rule '{key}' for {scenario.name}", did_you_mean(key, there), "--rule"))
    return {key: rule for key, rule in there.items() if not wanted or key in wanted}


def _print(result: Enlargement) -> None:
    rows = records(result)
    for outcome, what in OUTCOMES.items():
        if not any(row["outcome"] == outcome for row in rows):
            continue
        heading(f"{what[:1].upper()}{what[1:]}, {result.stages[0].name} to {result.stages[-1].name} members, %")
        lines = []
        for rule in dict.fromkeys(str(row["rule"]) for row in rows):
            mine = of(rows, result, rule, outcome)
            whole = mine[TOTAL]
            half = (whole["loss_high"] - whole["loss_low"]) / 2.0
            lines.append(
                [words(rule), number(whole["before"], 1), number(whole["after"], 1),
                 f"{signed(whole['loss'], 1)} +/- {number(half, 1)}", *(_part(mine[cause]) for cause in CAUSES)]
            )  # fmt: skip
        names = ["Before", "After", "Loss", *(cause.capitalize() for cause in CAUSES)]
        table(["Rule", *names], lines, names)


def _part(row: Row) -> str:
    known = row["loss_low"] > 0.0 or row["loss_high"] < 0.0
    share = "" if row["share"] != row["share"] else f" {number(100.0 * row['share'], 0)} %"
    return f"{signed(row['loss'], 1)}{'*' if known else ''}{share}"


def _write(out: Path, result: Enlargement, about: str) -> list[Path]:
    from sco_sim.plots.studies import write_study

    return write_study(out, "enlargement", result, about, TYPED.get())
