"""What the policies of a scenario would cost, and who would pay, for `sco-sim show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sco_sim.case.case import Case
from sco_sim.commands.screen.output import heading, say, table
from sco_sim.engine.build import plan
from sco_sim.engine.model import CooperationModel

Record = dict[str, Any]


def budget_values(model: CooperationModel, tables: Case) -> list[Record]:
    """Planned cost of each policy, and the share of it that each state would pay at the start, million USD of 2015."""
    planned = plan(model.scenario, tables)
    total = sum(planned.values())
    shares = dict(zip(model.ties.states, model.year.cost_shares()[0].tolist(), strict=True))
    return [
        *({"policy": label, "planned_musd": cost} for label, cost in planned.items()),
        *({"iso3": iso, "share": share, "planned_musd": share * total} for iso, share in shares.items() if share),
    ]


def print_budget(model: CooperationModel, rows: Sequence[Record]) -> None:
    """The plan, what is left of the budget, and the payers, largest first."""
    policies = [row for row in rows if "policy" in row]
    if not policies:
        return
    total, budget = sum(row["planned_musd"] for row in policies), model.scenario.budget
    heading(f"Planned cost at full strength: {total:,.0f} million USD of 2015")
    table(["Policy", "Million USD"], [[r["policy"], f"{r['planned_musd']:,.0f}"] for r in policies], ["Million USD"])
    key = "gdp" if budget is None else budget.key
    who = {"gdp": "the members of the start, by GDP", "equal": "the members of the start, in equal parts"}
    payers = who[key] if isinstance(key, str) else "those who have a share"
    limit = "There is no budget" if budget is None else f"The budget is {budget.total_musd:,.0f}"
    say(f"{limit}; it would be paid by {payers}. Side payments come on top.")
    largest = sorted((row for row in rows if "iso3" in row), key=lambda row: -row["share"])
    lines = [[row["iso3"], f"{row['share']:.1%}", f"{row['planned_musd']:,.0f}"] for row in largest]
    table(["State", "Share", "Million USD"], lines, ["Share", "Million USD"])
