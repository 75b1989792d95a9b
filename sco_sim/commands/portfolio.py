"""`sco-sim portfolio`: which mix of a scenario's policies does best under a budget, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sco_sim.case.opened import opened
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.outcomes import named, number
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.best_mix import ALL_RULES
from sco_sim.studies.portfolio import NOTHING, OUTCOMES, STATE, TABLES, Portfolio, portfolio, verdict
from sco_sim.studies.portfolio import heading as title
from sco_sim.studies.wording import decimals, percent, scale, signed

SHOWN = 12
"""Mixes printed of each table; all of them are in the file."""
EFFECT = ("Difference", "5-95 %", "Better")
HELD_OUT = ("Difference", "95 %", "Better")
LEGEND = (
    "Planned: million USD of 2015 if everything is adopted and delivered in full, which the budget limits; spent: what "
    "the council's decisions leave of it. Better: share of worlds better than under doing nothing. Best on average: "
    "chosen in a random half of the worlds, its difference is of the other half with the 95 % interval of the mean. As "
    "good: other mixes that may have the best mean (95 %). Regret: what a mix falls short of the best mix of each "
    "world, in hindsight, so it grows with the number of mixes; best: share of worlds in which it is that one. Front: "
    "on average no mix is as good in every outcome and better in one; among mixes that are not distinguishable that is "
    "chance."
)


def main(
    scenario: str, *, sets: Sequence[str], outcomes: Sequence[str], case: Path | None, out: Path | None, as_json: bool,
    **how: Any,
) -> int:  # fmt: skip
    """Simulate, write tables and the picture, print; `how` goes to `portfolio`."""
    loaded = load(scenario, sets, case)
    with progress(loaded.name, None) as tick:
        result = portfolio(loaded, opened(case), outcomes=tuple(outcomes) or OUTCOMES, progress=tick, **how)
    target = Path("results") / f"{loaded.name}_portfolio" if out is None else out
    paths, rule = write(result, target, loaded), result.shown
    said = {r: [verdict(result, key, r) for key in result.outcomes] for r in dict.fromkeys(result.table["rule"])}
    if as_json:
        say_observed([loaded], case, aside=True)
        rows = result.table.astype(object).where(result.table.notna(), None).to_dict("records")
        emit({"scenario": loaded.name, "year": result.year, "worlds": result.worlds, "verdicts": said,
              "portfolio": rows, "winners": result.winners.to_dict("records"), "files": paths,
              **observed_of(loaded, case), **of_view(loaded)})  # fmt: skip
        return 0
    say(loaded.title or loaded.name, "bold")
    rules = (
        f"{counted(len(result.rules), 'decision rule')}"
        if len(result.rules) > 1
        else f"rule {result.rules[0].replace('_', ' ')}"
    )
    mixes = counted(len(result.mixes), "mix", "mixes")
    say(f"{mixes} within the budget, {rules}, {counted(result.worlds, 'paired world')}, {result.year}")
    say_view([loaded])
    say_observed([loaded], case, aside=False)
    for key in result.outcomes:
        _print(result, key, rule)
    say(LEGEND, "dim")
    _who(result, rule)
    say(f"written to {target}", "dim")
    return 0


def write(result: Portfolio, target: Path, scenario: Scenario) -> list[Path]:
    """Write tables and the picture; a view that is belief stands in a column."""
    from sco_sim.plots.studies import write_study

    if scenario.is_belief:
        tables = {field: getattr(result, field).assign(belief=scenario.view) for field in TABLES.values()}
        result = replace(result, **tables)
    about = title(result, result.shown, scenario.title or scenario.name)
    return write_study(target, "portfolio", result, about, TYPED.get())


def _print(result: Portfolio, key: str, rule: str) -> None:
    """One outcome: the sentence, the best mix under each rule, the mixes over all rules or the only one."""
    measure, (factor, unit) = metric(key), scale(metric(key).unit)
    rows = result.table[(result.table["rule"] == rule) & (result.table["outcome"] == key)]
    better = measure.better == "higher"
    best = rows.sort_values("difference", ascending=not better, kind="stable")
    nothing = best[best["mix"] == NOTHING]
    some = best.head(SHOWN).to_dict("records")
    shown = some if any(r["mix"] == NOTHING for r in some) else [*some, *nothing.to_dict("records")]
    digits = decimals(factor * max((abs(r["high_95"]) for r in shown), default=1.0))
    heading(f"{named(measure.title, unit or measure.unit)}: difference from doing nothing")
    say(verdict(result, key, rule))
    if len(result.rules) > 1:
        _by_rule(result, key, factor, digits)
    say()
    table(
        ["Planned", "Spent", *EFFECT, "Per bn spent", "Regret", "Best", "Front", "Mix"],
        [
            [
                number(r["planned_musd"], 0), number(r["spent_musd"], 0), *_effect(r, factor, digits),
                number(factor * r["per_bn"], digits + 1), number(factor * r["regret_mean"], digits + 1),
                percent(r["chance_best"]), "yes" if r["front"] else "", r["mix"],
            ]
            for r in shown
        ],
        ["Planned", "Spent", *EFFECT, "Per bn spent", "Regret", "Best"],
    )  # fmt: skip
    if len(rows) > len(shown):
        idle = ", and doing nothing" if len(shown) > SHOWN else ""
        say(f"the first {SHOWN} of {counted(len(rows), 'mix', 'mixes')}{idle}; all are in portfolio.csv", "dim")


def _by_rule(result: Portfolio, key: str, factor: float, digits: int) -> None:
    """Which mix leads under each rule, and how many of the others may be as good."""
    of = result.table[result.table["outcome"] == key]
    lines = []
    for name, rows in of.groupby("rule", sort=False):
        leader = rows[rows["leads"]].iloc[0].to_dict()
        tied, others = int((rows["tied"] & ~rows["leads"]).sum()), len(rows) - 1
        alike = "all" if tied == others else f"{tied} of {others}"
        words = "all rules" if name == ALL_RULES else str(name).replace("_", " ")
        lines.append([words, *_held_out(leader, factor, digits), alike, leader["mix"]])
    say()
    table(["Rule", *HELD_OUT, "As good", "Best on average"], lines, [*HELD_OUT, "As good"])


def _held_out(leader: Any, factor: float, digits: int) -> tuple[str, str, str]:
    """What a leader gains in the worlds that it was not chosen in, as printed."""
    low, high = (signed(factor * leader[name], digits) for name in ("held_out_low", "held_out_high"))
    mean = leader["held_out"]
    if mean != mean:
        return "not known", "", ""
    return signed(factor * mean, digits), f"{low} to {high}", percent(leader["held_out_better"])


def _effect(row: Any, factor: float, digits: int) -> tuple[str, str, str]:
    """Difference, interval and share of worlds that are better, as printed."""
    low, high = (signed(factor * row[name], digits) for name in ("low_05", "high_95"))
    return signed(factor * row["difference"], digits), f"{low} to {high}", percent(row["chance_better"])


def _who(result: Portfolio, rule: str) -> None:
    """Who wins and loses by the leader of the first outcome."""
    rows = result.table[(result.table["rule"] == rule) & (result.table["outcome"] == result.outcomes[0])]
    leader = str(rows[rows["leads"]]["mix"].iloc[0])
    mine = result.winners[(result.winners["rule"] == rule) & (result.winners["mix"] == leader)]
    if leader == NOTHING or mine.empty:
        return
    heading(f"Gain in trade by state with {leader}, mean, {scale(metric(STATE).unit)[1]}")
    sure = [f"{r['iso3']} {signed(r['difference'], 2)}" for r in mine.to_dict("records")]
    say(", ".join(sure))
    winners, losers = (mine[side]["iso3"].tolist() for side in (mine["low_05"] > 0.0, mine["high_95"] < 0.0))
    say(f"In 95 % of worlds gain: {', '.join(winners) or 'none'}; lose: {', '.join(losers) or 'none'}.")
