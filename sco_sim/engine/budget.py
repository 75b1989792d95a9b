"""The budget of a scenario: what its policies would cost, and who would pay."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sco_sim.components.policy import Policy
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.schema import Budget
from sco_sim.world.year import Year


def planned(year: Year, agreements: Sequence[Policy], end: int) -> dict[str, float]:
    """Million USD of 2015 that each policy would cost, by label, were it adopted at once and delivered in full.

    At full strength from its start (or the first simulated year) to its end or that of the horizon, with who is a
    member by date; side payments are not planned. `year` is that of a model of one world at the centre of the ledger,
    at the start of the horizon; it is left at the end of the horizon, so make a model for this purpose only.
    """
    spent = {policy.label: 0.0 for policy in agreements}
    for calendar in range(year.start + 1, end + 1):
        year.year = calendar
        year.state.member[:] = np.maximum(year.facts.member[year.index], year.state.member)
        year.state.log_population[:] = year.facts.log_population[year.index]
        for index, policy in enumerate(agreements):
            if year.is_tabled(policy) and (policy.end is None or calendar <= policy.end):
                spent[policy.label] += _outlay(year, index, policy)
    return spent


def _outlay(year: Year, index: int, policy: Policy) -> float:
    if np.isnan(year.state.adopted_year[0, index]):
        year.state.adopted_year[:, index] = year.year
    part = year.participants(policy)
    both = part.take(year.ties.first, axis=1) * part.take(year.ties.second, axis=1)
    strength = policy.intensity * both
    year.state.building[:, index] = policy.progress(year, strength)
    year.state.built[:, index] += year.state.building[:, index]
    return float(policy.outlay(year, strength)[0])


def check_budget(budget: Budget, plan: dict[str, float]) -> None:
    """Raises ScenarioError, with what each policy costs and what to cut, if the plan costs more than there is."""
    cost = sum(plan.values())
    if cost <= budget.total_musd:
        return
    by_cost = sorted(plan, key=lambda label: -plan[label])
    each = ", ".join(f"{label} {plan[label]:,.0f}" for label in by_cost)
    over = cost - budget.total_musd
    enough = [label for label in reversed(by_cost) if plan[label] >= over]
    cut = f"drop '{enough[0]}'" if enough else f"drop {_first_to(by_cost, plan, over)}"
    raise ScenarioError(
        Problem(
            f"the policies would cost {cost:,.0f} million USD and the budget is {budget.total_musd:,.0f}: {each}",
            f"{cut}, or {_scaled(budget.total_musd, cost)}",
        )
    )


def _scaled(budget: float, cost: float) -> str:
    """How much weaker the policies would have to be, or the budget that they need if nothing would be left of them."""
    factor = np.floor(1000.0 * budget / cost) / 1000.0
    return f"scale every intensity by {factor:g}" if factor > 0.0 else f"raise the budget to {np.ceil(cost):,.0f}"


def _first_to(by_cost: list[str], plan: dict[str, float], over: float) -> str:
    """The dearest policies that together save what is needed."""
    saved, dropped = 0.0, []
    for label in by_cost:
        dropped.append(f"'{label}'")
        saved += plan[label]
        if saved >= over:
            break
    return " and ".join(dropped)
