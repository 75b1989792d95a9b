"""`sco-sim rules`: one scenario under every decision rule, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sco_sim.case.opened import opened
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.outcomes import chosen, named, number, of_worlds, unit_of_level
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.store.checksums import write_tables
from sco_sim.studies.council.rules import RULE_AGREEMENTS, RULES, side_by_side
from sco_sim.studies.wording import decimals, percent

TOLD = ("agreements_adopted", "ambition_mean", "delivered_mean", "delay_mean_years")
"""Metrics of the table above them, which would come twice."""


def main(
    scenario: str, *, sets: Sequence[str], outcomes: Sequence[str], everything: bool, case: Path | None,
    out: Path | None, as_json: bool, **how: Any,
) -> int:  # fmt: skip
    """Run under every rule and print; `how` goes to `side_by_side`."""
    loaded = load(scenario, sets, case)
    shown = [key for key in chosen(of_worlds(), outcomes, everything) if outcomes or key not in TOLD]
    with progress(loaded.name, None) as tick:
        rules, agreements = side_by_side(loaded, opened(case), shown, progress=tick, **how)
    written = [] if out is None else write_tables(out, {RULES: rules, RULE_AGREEMENTS: agreements})
    rows, texts = rules.to_dict("records"), agreements.to_dict("records")
    if as_json:
        say_observed([loaded], case, aside=True)
        emit({"scenario": loaded.name, "worlds": how["worlds"], "rules": rows, "agreements": texts, "files": written,
              **observed_of(loaded, case), **of_view(loaded)})  # fmt: skip
        return 0
    amount = counted(how["worlds"], "world")
    say(
        f"{loaded.title or loaded.name}: the same agenda under every rule, {amount} to {loaded.horizon.end}",
        "bold",
    )
    say_view([loaded])
    say_observed([loaded], case, aside=False)
    heading("Agreements of the council")
    table(
        ["Rule", "Adopted", "Ambition", "Failed summits", "Delivered", "Lost to veto", "Lost to delivery"],
        [
            [
                _rule(r), percent(r["adopted"]), number(r["ambition"], 2), number(r["delay"], 1),
                number(r["delivered"], 2), number(r["lost_to_veto"], 1), number(r["lost_to_delivery"], 1),
            ]
            for r in rows
        ],
        ["Adopted", "Ambition", "Failed summits", "Delivered", "Lost to veto", "Lost to delivery"],
    )  # fmt: skip
    say("Ambition where adopted; lost: 0-1 years, summed over the years on the table.", "dim")
    heading("Each agreement")
    table(
        ["Agreement", "Rule", "Adopted", "Ambition", "Failed summits", "Delivered", "Least willing"],
        [
            [t["agreement"], _rule(t), percent(t["adopted"]), number(t["ambition"], 2), number(t["delay"], 1),
             number(t["delivered"], 2), f"{t['hold_out']} {percent(t['hold_out_share'])}" if t["hold_out"] else "-"]
            for t in sorted(texts, key=lambda record: str(record["agreement"]))
        ],
        ["Adopted", "Ambition", "Failed summits", "Delivered"],
    )  # fmt: skip
    heading(f"Outcomes in {loaded.horizon.end}: mean (5-95 %)")
    headers = [_rule(r) for r in rows]
    table(["Outcome", *headers], [[_title(key), *(_level(r, key) for r in rows)] for key in shown], headers)
    if written:
        say(f"written to {out}; `sco-sim report {out}` makes a page of it", "dim")
    return 0


def _rule(row: Any) -> str:
    return str(row["rule"]).replace("_", " ")


def _title(key: str) -> str:
    return named(metric(key).title, unit_of_level(metric(key).unit)[1])


def _level(row: Any, key: str) -> str:
    factor, _ = unit_of_level(metric(key).unit)
    mean, low, high = (factor * float(row[name]) for name in (key, f"{key}_low", f"{key}_high"))
    digits = decimals(max(abs(low), abs(high)))
    return f"{number(mean, digits)} ({number(low, digits)} to {number(high, digits)})"
