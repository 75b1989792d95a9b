"""`sco-sim portfolio`: which mix of a scenario's policies does best under a budget, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sco_sim.commands.files import load, write_table
from sco_sim.commands.outcomes import number
from sco_sim.commands.output import emit, heading, say, table
from sco_sim.commands.progress import progress
from sco_sim.data import Case
from sco_sim.plots.portfolio import front
from sco_sim.plots.style import save, styled
from sco_sim.study.portfolio import ALL_RULES, NOTHING, OUTCOMES, Portfolio, portfolio, verdict
from sco_sim.study.tables import metric
from sco_sim.study.verdict import decimals, percent, scale, signed

#: Mixes printed of each table; all of them are in the file.
SHOWN = 12


def main(
    scenario: str, *, sets: Sequence[str], outcomes: Sequence[str], case: Path | None, out: Path | None, as_json: bool,
    **how: Any,
) -> int:  # fmt: skip
    """Simulate, write tables and the picture, print; `how` goes to `portfolio`."""
    found_scenario = load(scenario, sets, case)
    with progress(found_scenario.name, None) as tick:
        found = portfolio(found_scenario, Case(case), outcomes=tuple(outcomes) or OUTCOMES, progress=tick, **how)
    target = Path("results") / f"{found_scenario.name}_portfolio" if out is None else out
    paths = [write_table(found.table, target / "portfolio.csv"), write_table(found.winners, target / "winners.csv")]
    rule = ALL_RULES if len(found.rules) > 1 else found.rules[0]
    with styled():
        paths += save(front(found, rule), target, "portfolio")
    said = {r: [verdict(found, key, r) for key in found.outcomes] for r in dict.fromkeys(found.table["rule"])}
    if as_json:
        rows = found.table.astype(object).where(found.table.notna(), None).to_dict("records")
        emit({"scenario": found_scenario.name, "year": found.year, "worlds": found.worlds, "verdicts": said,
              "portfolio": rows, "winners": found.winners.to_dict("records"), "files": paths})  # fmt: skip
        return 0
    say(found_scenario.title or found_scenario.name, "bold")
    say(
        f"{len(found.mixes)} mixes within the budget, {len(found.rules)} rules, {found.worlds} paired worlds, "
        f"{found.year}"
    )
    for name, sentences in said.items():
        heading("Over all rules" if name == ALL_RULES else f"Under {name.replace('_', ' ')}")
        for sentence in sentences:
            say(sentence)
    for key in found.outcomes:
        _print(found, key, rule)
    _who(found, rule)
    say(f"written to {target}", "dim")
    return 0


def _print(found: Portfolio, key: str, rule: str) -> None:
    rows = found.table[(found.table["rule"] == rule) & (found.table["outcome"] == key)]
    factor, unit = scale(metric(key).unit)
    better = metric(key).better == "higher"
    shown = rows.sort_values("difference", ascending=not better, kind="stable").head(SHOWN).to_dict("records")
    digits = decimals(factor * max((abs(r["high_95"]) for r in shown), default=1.0))
    heading(f"{metric(key).title}, {unit or metric(key).unit}: difference from doing nothing")
    table(
        ["Planned", "Spent", "Difference", "5-95 %", "Per 1,000 musd", "Better", "Regret", "Best", "Front", "Mix"],
        [
            [
                number(r["planned_musd"], 0), number(r["spent_musd"], 0), signed(factor * r["difference"], digits),
                f"{signed(factor * r['low_05'], digits)} to {signed(factor * r['high_95'], digits)}",
                number(factor * r["per_bn"], digits + 1), percent(r["chance_better"]),
                number(factor * r["regret_mean"], digits + 1), percent(r["chance_best"]), "yes" if r["front"] else "",
                r["mix"],
            ]
            for r in shown
        ],
        ["Planned", "Spent", "Difference", "5-95 %", "Per 1,000 musd", "Better", "Regret", "Best"],
    )  # fmt: skip
    if len(rows) > SHOWN:
        say(f"the first {SHOWN} of {len(rows)} mixes", "dim")


def _who(found: Portfolio, rule: str) -> None:
    """Who wins and loses by the leader of the first outcome."""
    rows = found.table[(found.table["rule"] == rule) & (found.table["outcome"] == found.outcomes[0])]
    leader = str(rows[rows["leads"]]["mix"].iloc[0])
    mine = found.winners[(found.winners["rule"] == rule) & (found.winners["mix"] == leader)]
    if leader == NOTHING or mine.empty:
        return
    heading(f"Gain in trade by state with {leader}, points")
    sure = [f"{r['iso3']} {signed(r['difference'], 2)}" for r in mine.to_dict("records")]
    say(", ".join(sure))
    losers = mine[mine["high_95"] < 0.0]["iso3"].tolist()
    say(f"Losers in 95 % of worlds: {', '.join(losers) if losers else 'none'}.")
