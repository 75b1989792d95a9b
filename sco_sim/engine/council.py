"""The council: whom it asks, and what the rule makes of the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from sco_sim.components.policy import Policy
from sco_sim.components.rule import Rule
from sco_sim.components.rules.consensus import Consensus
from sco_sim.engine.payments import side_payments
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.scenario.schema import Agenda
from sco_sim.world.year import Year


def in_the_chair(agenda: Agenda | None, index: int) -> str | None:
    """The state in the chair so many years after the start, if the scenario names chairs (equation 23)."""
    if agenda is None or not agenda.chairs:
        return None
    return agenda.chairs[(index - 1) % len(agenda.chairs)]


def comes_first(agenda: Agenda | None, chair: str | None, policy: Policy) -> bool:
    """Whether the chair puts a text before the others: its own proposals, and fields among its priorities."""
    if agenda is None or chair is None:
        return False
    return policy.proposer == chair or policy.field in agenda.priorities.get(chair, ())


class Council:
    """Sits once a year and decides what is tabled (equations 6, 7 and 23).

    `ask` is called with an agreement and gives what every state answers, shape (world, state).
    """

    def __init__(
        self, ask: Callable[[Policy], Array], rule: Rule, delays: bool = False, agenda: Agenda | None = None
    ) -> None:
        self.ask = ask
        self.rule = rule
        self.delays = delays
        self.agenda = agenda

    def chair(self, year: Year) -> str | None:
        """The state in the chair this year, if the scenario names chairs."""
        return in_the_chair(self.agenda, year.index)

    def order(self, year: Year, agreements: Sequence[Policy]) -> list[tuple[int, Policy]]:
        """Open agreements with their indices: the chair's own proposals and fields first, then as they were written."""
        chair = self.chair(year)
        tabled = [
            (index, policy)
            for index, policy in enumerate(agreements)
            if year.is_tabled(policy) and (policy.end is None or year.year <= policy.end)
        ]
        return sorted(tabled, key=lambda item: not comes_first(self.agenda, chair, item[1]))

    def sit(self, year: Year, agreements: Sequence[Policy]) -> None:
        """Decide every agreement that is tabled and open in some world, the council's up to the agenda's limit."""
        with year.at_rest():  # what is decided does not bear on what else is decided this year
            self._sit(year, agreements)

    def _sit(self, year: Year, agreements: Sequence[Policy]) -> None:
        decided = np.zeros(year.state.worlds)
        for index, policy in self.order(year, agreements):
            still_open: Bools = np.isnan(year.state.adopted_year[:, index])
            if not still_open.any():
                continue
            if policy.decided_by == "given":
                self._give(year, index, policy, still_open)
            elif policy.decided_by == "participants" or self.agenda is None:
                self._decide(year, index, policy, still_open, still_open)
            else:
                reached = still_open & (decided < self.agenda.per_summit)
                decided += reached
                self._decide(year, index, policy, still_open, reached)

    @staticmethod
    def _give(year: Year, index: int, policy: Policy, still_open: Bools) -> None:
        taking_part = year.participants(policy)
        _adopt(year, index, np.array(taking_part), still_open & (taking_part.sum(axis=1) > 0.0))

    def _decide(self, year: Year, index: int, policy: Policy, still_open: Bools, reached: Bools) -> None:
        state = year.state
        taking_part = year.participants(policy)
        among_themselves = policy.decided_by == "participants"
        rule = Consensus() if among_themselves else self.rule
        voters = taking_part if among_themselves else state.member
        wish = self.ask(policy)
        population = year.once("population", lambda: np.exp(state.log_population))
        decision = rule.decide(wish, voters, population, year.gdp(), year.ties.states)
        adopted, passed = decision.adopted, decision.passed
        if self.delays and rule.unanimous:
            uniform = year.uniform(f"council.{policy.label}.luck", "world")[:, 0]
            passed = passed & (uniform < 2.0 * adopted.max(axis=1) - 1.0)
            adopted = (adopted > 0.0).astype(float)
        adopted = adopted * taking_part
        passed = passed & reached & (adopted.sum(axis=1) > 0.0)
        state.tabled_years[:, index] += still_open & ~passed
        lowest = np.where(voters > 0.0, wish, np.inf).argmin(axis=1)
        heard = reached & (voters.sum(axis=1) > 0.0)
        state.hold_out[:, index] = np.where(heard, lowest, state.hold_out[:, index])
        side_payments(year, decision, passed)
        _adopt(year, index, adopted, passed)


def _adopt(year: Year, index: int, level: Array, passed: Bools) -> None:
    if not passed.any():
        return
    state = year.state
    state.adopted[:, index] = np.where(passed[:, None], level, state.adopted[:, index])
    state.adopted_year[:, index] = np.where(passed, float(year.year), state.adopted_year[:, index])
