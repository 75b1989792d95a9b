"""`sco-sim threshold`: what it would take for an outcome to be reached, beside what the evidence has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sco_sim.case.opened import opened
from sco_sim.commands.files import TYPED, check_pairable, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out_folder
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.studies.threshold.asked import Asked, asked
from sco_sim.studies.threshold.knobs import lever, parameter
from sco_sim.studies.threshold.search import POINTS
from sco_sim.studies.threshold.threshold import Threshold, ThresholdStudy
from sco_sim.studies.threshold.words import caveats, evidence, sentence
from sco_sim.studies.wording import believed, three_digits

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario

GUESS = 2 * POINTS + 12
"""Simulations that a threshold takes, about: for the bar."""


def main(
    scenario: str, *, levers: Sequence[str], parameters: Sequence[str], outcome: str, by: str, year: int | None,
    chance: float, against: str | None, worlds: int, seed: int, replicates: int, sets: list[str], case: Path | None,
    out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Search, write, print; the exit code."""
    check_out_folder(out)
    loaded, tables = load(scenario, sets, case), opened(case)
    if not levers and not parameters:
        remedy = "give --lever policies.NAME.FIELD or --parameter NAME (`list parameters`), or several"
        raise ScenarioError(Problem("what is to be turned?", remedy, "threshold"))
    knobs = [
        *(lever(path, loaded) for path in dict.fromkeys(levers)),
        *(parameter(name, loaded, tables.catalog) for name in dict.fromkeys(parameters)),
    ]
    question = asked(outcome, by, year, chance, loaded)
    other = None if against is None else load(against, sets, case)
    if other is not None:
        check_pairable(loaded, other)
        if question.year > other.horizon.end:
            remedy = f"choose a year up to {other.horizon.end}"
            raise ScenarioError(Problem(f"{other.name} ends in {other.horizon.end}", remedy, "--year"))
    done, wanted = 0, GUESS * len(knobs)
    with progress(loaded.name, None) as tick:

        def simulated() -> None:
            nonlocal done
            done += 1
            if done < wanted:
                tick(done * worlds, wanted * worlds)

        study = ThresholdStudy(
            loaded, tables, against=other, worlds=worlds, seed=seed, replicates=replicates, tick=simulated
        )
        answers = [study.threshold(knob, question) for knob in knobs]
        tick(wanted * worlds, wanted * worlds)
    files = [] if out is None else _write(out, answers, question, loaded, worlds=worlds, seed=seed)
    if as_json:
        say_observed([loaded], case, aside=True)
        emit(
            {"scenario": loaded.name, **of_view(loaded), **observed_of(loaded, case),
             "outcome": question.name, "by": question.amount,
             "by_unit": question.unit, "year": question.year, "chance": chance, "worlds": worlds, "seed": seed,
             "thresholds": _table(answers, question).to_dict("records"),
             "curves": {one.knob.path: one.crossing.curve for one in answers}, "files": files}
        )  # fmt: skip
        return 0
    say(f"What it would take: {question.words}", "bold")
    say(f"{loaded.title or loaded.name} ({loaded.name}), {counted(worlds, 'paired world')}", "dim")
    say_view([loaded])
    say_observed([loaded], case, aside=False)
    _print(answers, question)
    if out is not None:
        say(f"written to {out}", "dim")
    return 0


def _print(answers: Sequence[Threshold], question: Asked) -> None:
    say()
    for one in answers:
        say(sentence(one, question))
        for caveat in caveats(one):
            say(caveat, "yellow")
    if len(answers) > 1:
        heading("Side by side")
        rows = [
            [one.knob.name, _number(one.crossing.value) if one.crossing.reached else "none",
             *(_number(value) for value in (one.crossing.low, one.crossing.high)),
             evidence(one.knob), _number(one.multiple), f"{100.0 * one.crossing.share:.0f} %"]
            for one in answers
        ]  # fmt: skip
        numbers = ["Needed", "from", "to", "Times", "Worlds"]
        table(["What", *numbers[:3], "Evidence", *numbers[3:]], rows, numbers)
    references = dict.fromkeys(one.reference for one in answers)
    for reference in references:
        names = ", ".join(one.knob.name for one in answers if one.reference == reference)
        where = "" if len(references) == 1 else f" of {names}"
        say(f"The change{where} is from the scenario {reference}, on the same worlds.", "dim")
    if any(one.crossing.reached and one.crossing.value != one.knob.nothing for one in answers):
        say("In brackets after a value: its 95 % interval over samples of worlds.", "dim")


def _number(value: float) -> str:
    return "-" if math.isnan(value) else three_digits(value) if math.isfinite(value) else "beyond"


def _table(answers: Sequence[Threshold], question: Asked) -> pd.DataFrame:
    """A row a knob, as it is written and sent as JSON."""
    return pd.DataFrame([_row(one, question) for one in answers]).replace([math.inf, -math.inf], math.nan)


def _row(one: Threshold, question: Asked) -> dict[str, Any]:
    knob, crossing = one.knob, one.crossing
    low, high = knob.evidence or (float("nan"), float("nan"))
    return {
        "path": knob.path, "title": knob.title, "unit": knob.unit, "reached": crossing.reached,
        "needed": crossing.value, "needed_low": crossing.low, "needed_high": crossing.high, "share": crossing.share,
        "now": knob.now, "evidence_low": low, "evidence_high": high, "multiple": one.multiple,
        "allowed_low": knob.low, "allowed_high": knob.high, "best": crossing.best, "lost_at": crossing.lost,
        "monotone": not crossing.falls and crossing.lost != crossing.lost, "tried_to": crossing.end,
        "reference": one.reference, "sentence": " ".join([sentence(one, question), *caveats(one)]),
    }  # fmt: skip


def _write(
    out: Path, answers: Sequence[Threshold], question: Asked, scenario: Scenario, *, worlds: int, seed: int
) -> list[Path]:
    from sco_sim.plots.studies import write_study
    from sco_sim.plots.threshold import Thresholds

    curves = pd.DataFrame(
        [(one.knob.path, value, share) for one in answers for value, share in one.crossing.curve],
        columns=["path", "value", "share"],
    )
    needed = _table(answers, question)
    asked_of = {
        "scenario": scenario.name, "view": scenario.view, "outcome": question.name, "by": question.amount,
        "by_unit": question.unit, "year": question.year, "chance": question.chance, "worlds": worlds, "seed": seed,
    }  # fmt: skip
    needed = pd.DataFrame(asked_of, index=needed.index).join(needed)
    names = {one.knob.path: one.knob.name for one in answers}
    stored = Thresholds(needed, curves, names, {one.knob.path: one.knob.nothing for one in answers})
    about = believed(f"What it would take: {question.heading}", scenario.view)
    return write_study(out, "threshold", stored, about, TYPED.get())
