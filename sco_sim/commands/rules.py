"""`sco-sim rules`: one scenario under every decision rule, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sco_sim.case.opened import opened
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.outcomes import chosen, named, number, of_worlds, unit_of_level
from sco_sim.commands.screen.output import emit, grouped, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out_folder
from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.studies.council.rule_words import head, sentences, words
from sco_sim.studies.council.rules import UnderRules, side_by_side
from sco_sim.studies.wording import believed, decimals, percent

ABOVE = ("agreements_adopted", "ambition_mean", "delivered_mean", "delay_mean_years", "cost_musd")
"""Metrics of the table above them, which would come twice."""
NOTE = "Diluted: ambition lost on what the own rule adopts too; cost: of all policies, million USD of 2015."
LOST = "Lost: 0-1 years, summed over the years on the table."


def main(
    scenario: str, *, sets: Sequence[str], outcomes: Sequence[str], everything: bool, case: Path | None,
    out: Path | None, as_json: bool, **how: Any,
) -> int:  # fmt: skip
    """Run under every rule, write and print; `how` goes to `side_by_side`."""
    check_out_folder(out)
    loaded = load(scenario, sets, case)
    shown = [key for key in chosen(of_worlds(), outcomes, everything) if outcomes or key not in ABOVE]
    with progress(loaded.name, None) as tick:
        result = side_by_side(loaded, opened(case), shown, progress=tick, **how)
    said, amount = sentences(result), counted(how["worlds"], "world")
    title = f"{loaded.title or loaded.name}: the same agenda under every rule, {amount} to {loaded.horizon.end}"
    files = [] if out is None else _write(out, result, believed(title, loaded.view))
    if as_json:
        say_observed([loaded], case, aside=True)
        emit({"scenario": loaded.name, "worlds": how["worlds"], "own_rule": result.own, "sentences": said,
              "rules": result.rules.to_dict("records"), "agreements": result.agreements.to_dict("records"),
              "left_out": result.left_out.to_dict("records"), "files": files,
              **observed_of(loaded, case), **of_view(loaded)})  # fmt: skip
        return 0
    say(title, "bold")
    say_view([loaded])
    say_observed([loaded], case, aside=False, brief=True)
    for sentence in said:
        say(sentence)
    _print_rules(result)
    if everything:
        _print_agreements(result)
    else:
        _print_adopted(result)
    if everything or outcomes:
        _print_outcomes(result, [key for key in shown if key in result.rules], loaded.horizon.end)
    if not everything:
        say("--all prints all of each agreement, what is lost to the veto and to delivery, and outcomes.", "dim")
    if out is not None:
        say(f"written to {out}; `sco-sim report {out}` makes a page of it", "dim")
    return 0


def _write(out: Path, result: UnderRules, title: str) -> list[Path]:
    from sco_sim.plots.studies import write_study

    return write_study(out, "rules", result, title, TYPED.get())


def _print_rules(result: UnderRules) -> None:
    rows = result.rules.to_dict("records")
    heading("Agreements of the council")
    numbers = ["Adopted", "Ambition", "Diluted", "Failed summits", "Delivered", "Left out", "Cost"]
    table(
        ["Rule", *numbers],
        [
            [_rule(r), *_fate(r), percent(r["left_out"]) if r["adopted"] else "-", number(r["cost_musd"], 0)]
            for r in rows
        ],
        numbers,
    )
    say(NOTE, "dim")


def _print_adopted(result: UnderRules) -> None:
    """Each agreement, and in what share of worlds each rule adopts it."""
    shares = result.agreements.pivot_table(index="agreement", columns="rule", values="adopted", sort=False)
    heading("Each agreement: worlds in which it is adopted, under each rule")
    rules = [str(rule) for rule in result.rules["rule"]]
    rows = [[label, *(percent(row[rule]) for rule in rules)] for label, row in shares.sort_index().iterrows()]
    heads = [head(rule) for rule in rules]
    table(["Agreement", *heads], rows, heads)


def _print_agreements(result: UnderRules) -> None:
    heading("What is lost, each rule")
    lost = ["Lost to veto", "Lost to delivery"]
    rows = [
        [_rule(r), number(r["lost_to_veto"], 1), number(r["lost_to_delivery"], 1)]
        for r in result.rules.to_dict("records")
    ]
    table(["Rule", *lost], rows, lost)
    say(LOST, "dim")
    heading("Each agreement")
    numbers = ["Adopted", "Ambition", "Diluted", "Failed summits", "Delivered"]
    groups: dict[str, list[list[str]]] = {}
    for text in sorted(result.agreements.to_dict("records"), key=lambda record: str(record["agreement"])):
        least = f"{text['hold_out']} {percent(text['hold_out_share'])}" if text["hold_out"] else "-"
        groups.setdefault(str(text["agreement"]), []).append([_rule(text), *_fate(text), least])
    grouped(["Rule", *numbers, "Least willing"], list(groups.items()))


def _print_outcomes(result: UnderRules, shown: Sequence[str], year: int) -> None:
    rows = result.rules.to_dict("records")
    heading(f"Outcomes in {year}: mean (5-95 %)")
    headers = [_rule(r) for r in rows]
    table(["Outcome", *headers], [[_title(key), *(_level(r, key) for r in rows)] for key in shown], headers)


def _fate(row: Any) -> list[str]:
    """Adopted, ambition, diluted, failed summits and delivered of a rule or an agreement."""
    return [
        percent(row["adopted"]), number(row["ambition"], 2), number(row["diluted"], 2), number(row["delay"], 1),
        number(row["delivered"], 2),
    ]  # fmt: skip


def _rule(row: Any) -> str:
    return words(str(row["rule"]))


def _title(key: str) -> str:
    return named(metric(key).title, unit_of_level(metric(key).unit)[1])


def _level(row: Any, key: str) -> str:
    factor, _ = unit_of_level(metric(key).unit)
    mean, low, high = (factor * float(row[name]) for name in (key, f"{key}_low", f"{key}_high"))
    digits = decimals(max(abs(low), abs(high)))
    return f"{number(mean, digits)} ({number(low, digits)} to {number(high, digits)})"
