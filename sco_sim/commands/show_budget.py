"""What the policies of a scenario would cost, and who would pay, for `sco-sim show`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.commands.screen.output import heading, say, table
from sco_sim.engine.build import plan
from sco_sim.engine.model import CooperationModel

Record = dict[str, Any]


def budget_values(model: CooperationModel, tables: Case) -> list[Record]:
    """Planned cost of each policy, and what each state would pay of it and lend at the start, million USD of 2015."""
    planned = plan(model.scenario, tables)
    states = model.ties.states
    pays, lends = np.zeros(len(states)), np.zeros(len(states))
    for policy in model.agreements:
        cost = planned[policy.label]
        pays += cost * model.year.cost_shares(policy)[0]
        if policy.loan is not None:
            lends[states.index(policy.loan.lender)] += cost * policy.loan.share
    total = max(sum(planned.values()), 1e-300)
    return [
        *({"policy": label, "planned_musd": cost} for label, cost in planned.items()),
        *(
            {"iso3": iso, "share": float(paid / total), "planned_musd": float(paid), "lent_musd": float(lent)}
            for iso, paid, lent in zip(states, pays, lends, strict=True)
            if paid or lent
        ),
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
    by = {"gdp": "by GDP", "equal": "in equal parts"}[key] if isinstance(key, str) else "by their shares in the budget"
    limit = "There is no budget" if budget is None else f"The budget is {budget.total_musd:,.0f}"
    named = [policy.label for policy in model.agreements if policy.payers is not None]
    others = f"; {', '.join(named)} by the payers it names" if named else ""
    say(f"{limit}; each policy would be paid by those who take part, {by}{others}. Side payments come on top.")
    largest = sorted((row for row in rows if "iso3" in row), key=lambda row: -row["planned_musd"])
    lent = ["Lends"] if any(row["lent_musd"] for row in largest) else []
    numbers = ["Share", "Pays, million USD", *lent]
    lines = [
        [row["iso3"], f"{row['share']:.1%}", f"{row['planned_musd']:,.0f}", *(f"{row['lent_musd']:,.0f}" for _ in lent)]
        for row in largest
    ]
    table(["State", *numbers], lines, numbers)
    if lent:
        say("What is lent is paid by the lender first and back by the payers over the years of the loan.", "dim")
