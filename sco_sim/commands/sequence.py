"""`sco-sim sequence`: the best and the worst order of texts, the regret of the scenario's, the value of the chair."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sco_sim.case.opened import opened
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.outcomes import chosen, named, number, of_worlds
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out_folder
from sco_sim.components.registry import metric
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.studies.sequence.sequence import (
    OUTCOMES,
    SHIPPED,
    WITH_CHAIR,
    Sequences,
    SequenceStudy,
)
from sco_sim.studies.sequence.trials import IN_FORCE, title_of, unit_of
from sco_sim.studies.sequence.words import sentences
from sco_sim.studies.wording import believed, decimals, percent, scale, signed

NOTE = (
    "Chosen in a random half of the settings, read in the other, on the same worlds. +/-: half of the 95 % interval "
    "of the paired difference to the scenario's own order."
)


def main(
    scenario: str, *, outcomes: Sequence[str], year: int | None, texts: Sequence[str], worlds: int, seed: int,
    replicates: int, sets: Sequence[str], case: Path | None, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Search, write, print; the exit code."""
    check_out_folder(out)
    loaded = load(scenario, sets, case)
    wanted = chosen([*of_worlds(), IN_FORCE], outcomes, False) if outcomes else list(OUTCOMES)
    for key in wanted:
        if key != IN_FORCE and metric(key).better == "none":
            remedy = f"for instance --outcome {' --outcome '.join(OUTCOMES)}"
            raise ScenarioError(Problem(f"of {key} neither more nor less is better", remedy, "--outcome"))
    with progress(loaded.name, None) as tick:
        study = SequenceStudy(
            loaded, opened(case), outcomes=wanted, year=year, texts=texts, worlds=worlds, seed=seed,
            replicates=replicates, progress=tick,
        )  # fmt: skip
        result = study.run()
    said = sentences(result, bool(loaded.agenda and loaded.agenda.chairs))
    about = believed(f"{loaded.title or loaded.name}: the order of {counted(len(result.texts), 'text')}", loaded.view)
    files = [] if out is None else _write(out, result, about)
    if as_json:
        say_observed([loaded], case, aside=True)
        emit(
            {"scenario": loaded.name, **of_view(loaded), "year": result.year, "worlds": worlds, "seed": seed,
             "texts": result.texts, "years": result.years, "every": result.every, "tried": result.tried,
             "different": result.different, "sentences": said, "sequences": result.rows.to_dict("records"),
             "orders": result.orders.to_dict("records"), "chairs": result.chairs.to_dict("records"), "files": files,
             **observed_of(loaded, case)}
        )  # fmt: skip
        return 0
    say(f"{about}, {counted(worlds, 'world')} to {result.year}", "bold")
    say_view([loaded])
    say_observed([loaded], case, aside=False, brief=True)
    for sentence in said:
        say(sentence)
    _print(result)
    if out is not None:
        say(f"written to {out}", "dim")
    return 0


def _print(result: Sequences) -> None:
    if result.different > 1:
        _print_orders(result)
    if not result.chairs.empty:
        _print_chairs(result)


def _print_orders(result: Sequences) -> None:
    heading(f"Orders, by what there is in {result.year}")
    marks = _letters(result)
    years = dict(zip(result.texts, result.years, strict=True))
    say("; ".join(f"{letter} {label} ({years[label]})" for label, letter in marks.items()))
    rows, own, digits = [], result.rows[result.rows["sequence"] == SHIPPED], _digits(result)
    in_chair = dict(zip(own["outcome"], own["chair"], strict=True))
    for row in result.rows.to_dict("records"):
        order = " ".join(marks[label] for label in str(row["order"]).split(" > "))
        turned = row["sequence"] == WITH_CHAIR
        if turned and row["chair"] == in_chair[row["outcome"]]:
            continue
        shown = f"{order}; {row['chair']} sits in {result.years[0]}" if turned else order
        rows.append([_title(row["outcome"]), row["sequence"], *_figures(row, digits[str(row["outcome"])]), shown])
    numbers = ["Level", "Difference", "+/-", "Better in"]
    table(["Outcome", "Sequence", *numbers, "Order"], rows, numbers)
    say(NOTE, "dim")


def _letters(result: Sequences) -> dict[str, str]:
    return {label: letters(turn) for turn, label in enumerate(result.texts)}


def letters(turn: int) -> str:
    """Letters of a turn, as columns of a sheet have them: A to Z, then AA, AB."""
    before, last = divmod(turn, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def _print_chairs(result: Sequences) -> None:
    heading("The chair: each state in it throughout against nobody, the order as it is")
    acts, marks = result.chairs[result.chairs["first"] != ""], _letters(result)
    names = [_title(outcome) for outcome in result.outcomes]
    table(
        ["Chair", *names, "Puts first"],
        [[row["chair"], *(_span(row, outcome) for outcome in result.outcomes),
          " ".join(marks[label] for label in str(row["first"]).split())] for row in acts.to_dict("records")],
        names,
    )  # fmt: skip


def _title(outcome: str) -> str:
    return named(title_of(outcome), "" if outcome == IN_FORCE else scale(unit_of(outcome))[1])


def _digits(result: Sequences) -> dict[str, int]:
    """Decimals of each outcome: its levels show as much as the differences between them."""
    out: dict[str, int] = {}
    for row in result.rows.to_dict("records"):
        factor, _ = scale(str(row["unit"]))
        moved = max(abs(factor * row["difference"]), factor * (row["high"] - row["low"]) / 2.0)
        shown = (decimals(abs(factor * row["level"])), decimals(moved), out.get(str(row["outcome"]), 1))
        out[str(row["outcome"])] = max(shown)
    return out


def _figures(row: Any, digits: int) -> list[str]:
    factor, _ = scale(str(row["unit"]))
    mean, half = factor * row["difference"], factor * (row["high"] - row["low"]) / 2.0
    level = number(factor * row["level"], digits)
    if row["sequence"] == SHIPPED:
        return [level, "", "", ""]
    return [level, signed(mean, digits), number(half, digits), percent(row["chance_better"])]


def _span(row: Any, outcome: str) -> str:
    factor, _ = scale(unit_of(outcome))
    mean, low, high = (factor * row[f"{outcome}_throughout{end}"] for end in ("", "_low", "_high"))
    digits = decimals(max(abs(low), abs(high)))
    return f"{signed(mean, digits)} ({signed(low, digits)} to {signed(high, digits)})"


def _write(out: Path, result: Sequences, about: str) -> list[Path]:
    from sco_sim.plots.studies import write_study

    return write_study(out, "sequence", result, about, TYPED.get())
