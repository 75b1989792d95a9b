"""One world of a scenario, watched while it is simulated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.components.event import Event
from sco_sim.components.events.dispute import Dispute
from sco_sim.components.metric import Metric
from sco_sim.components.policy import Policy
from sco_sim.components.readiness import ambition, stakes
from sco_sim.components.registry import find
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.engine.order import Action
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.trace.facts import TERMS, Fact, Topic
from sco_sim.world.year import Year

SHARES = (0.25, 0.5, 0.75, 0.9)
"""Shares of what was adopted whose delivery is a fact."""
ACCEPTS = 0.5
"""Ambition from which on a state accepts."""
UNPAID = "; none of those named to pay adopts it, so nothing of it is carried out"
"""What is said of an adopted text for which nobody pays (equation 33)."""
STRONG = 0.05
"""z by which a term has to pull a state below the others to be a reason."""
MOVED = 5.0
"""Points of conflict by which a tie has to move in a year, without a dispute of its own, to be a fact."""
SHOWN = 2
"""Such ties a year that are facts: those that move most."""
PAYERS = 3
LEAST_SHARE = 0.005
"""Payers named: at most so many, and none whose share would be printed as nothing."""


@dataclass(frozen=True)
class Vote:
    """What was put to a decision for one text, before the council sat."""

    answers: Array
    """Ambition of each state, (state,)."""
    terms: dict[str, Array]
    """Terms of equation 5, each (state,)."""
    voters: Array
    """0/1, (state,)."""


class Trace:
    """Simulates one world and notes what happens; `facts` has it, `last` the outcomes of the whole at the end."""

    def __init__(
        self, scenario: Scenario, case: Case, world: int, *, seed: int, replicates: int, fixed_parameters: bool = False
    ) -> None:
        self.scenario = scenario
        self.facts: list[Fact] = []
        self.votes: dict[int, Vote] = {}
        self.paid: dict[str, float] = {}
        self.delivered: dict[int, float] = {}
        self.built: Array = np.zeros(0)
        how: dict[str, Any] = {"seed": seed, "replicates": replicates, "fixed_parameters": fixed_parameters}
        model = build_model(scenario, case=case, worlds=[world], **how)
        self.year, self.agreements = model.year, model.agreements
        self._watch(model)
        while model.year.year < scenario.horizon.end:
            before = self._ties()
            members = self.year.state.member[0].copy()
            open_before = np.isnan(self.year.state.adopted_year[0])
            self.votes, self.paid = {}, {}
            paid_before, self.built = self.year.state.paid[0].copy(), self.year.state.built[0].copy()
            model.step()
            self._members(members)
            self._events()
            self._quarrels(before)
            self._council(open_before)
            self._delivery()
            self._money(self.year.state.paid[0] - paid_before)
            self._other_ties(before)
        scalars = {key: one for key, one in model.metrics.items() if one.axis == "world"}
        self.last = {key: float(one.measure(self.year)[0]) for key, one in scalars.items()}

    def _watch(self, model: CooperationModel) -> None:
        """Note the votes before the council sits, and what each policy costs."""
        labels = {policy.label for policy in self.agreements}
        order = [
            replace(action, call=partial(self._priced, action.name, action.call))
            if action.phase == "council" or (action.phase == "policies" and action.name in labels) else action
            for action in model.order
        ]  # fmt: skip
        first = next(index for index, action in enumerate(order) if action.phase == "council")
        ask = partial(self._note, model.council.ask)
        model.order = (*order[:first], Action("council", "clerk", "Notes what each state wishes.", ask), *order[first:])

    def _priced(self, name: str, call: Callable[[Year], None], year: Year) -> None:
        before = float(year.state.cost[0])
        call(year)
        self.paid[name] = self.paid.get(name, 0.0) + float(year.state.cost[0]) - before

    def _note(self, ask: Callable[[Policy], Array], year: Year) -> None:
        for index, policy in enumerate(self.agreements):
            still_open = np.isnan(year.state.adopted_year[0, index])
            over = policy.end is not None and year.year > policy.end
            if policy.decided_by == "given" or not still_open or not year.is_tabled(policy) or over:
                continue
            among = policy.decided_by == "participants"
            voters = year.participants(policy) if among else year.state.member
            terms = {name: values[0] * np.ones(len(year.ties.states)) for name, values in stakes(year, policy).items()}
            self.votes[index] = Vote(ask(policy)[0].copy(), terms, np.array(voters[0]))

    def _say(self, topic: Topic, subject: str, what: str, words: str, value: float = 0.0) -> None:
        self.facts.append(Fact(self.year.year, topic, subject, what, words, value))

    def _ties(self) -> dict[str, Array]:
        """Conflict that an observer sees, in points, and trade, bn USD: each (tie,)."""
        conflict, trade = (_metric(key).measure(self.year)[0] for key in ("conflict_share_observed", "trade"))
        return {"conflict": 100.0 * conflict, "trade": trade.copy()}

    def _members(self, before: Array) -> None:
        now = self.year.state.member[0]
        for row, iso in enumerate(self.year.ties.states):
            if now[row] > before[row]:
                self._say("member", iso, "joins", f"{iso} becomes a member.")
            if now[row] < before[row]:
                self._say("member", iso, "leaves", f"{iso} is no member any more.")

    def _events(self) -> None:
        for event in self.scenario.events:
            first, last = event.years()
            name = called(event)
            if event.key() != "dispute" and first == self.year.year:
                self._say("event", name, "begins", f"{name} begins." if last > first else f"{name}.")
            if first < last == self.year.year - 1:
                self._say("event", name, "ends", f"{name} is over.")

    def _quarrels(self, before: dict[str, Array]) -> None:
        now = self._ties()
        dated = {
            "-".join(sorted(one.between))
            for one in self.scenario.events
            if isinstance(one, Dispute) and one.year == self.year.year
        }
        for tie in np.flatnonzero(self.year.state.dispute[0] > 0.0):
            name, severity = self.year.ties.names[tie], float(self.year.state.dispute[0, tie])
            size = "a war" if severity > 1.0 else "a dispute"
            how = "as dated" if name in dated else "by chance"
            seen, ties = [before["conflict"][tie], now["conflict"][tie]], (before["trade"][tie], now["trade"][tie])
            words = (
                f"{name}: {size} breaks out, {how} (severity {severity:.2g}). {self._blamed(int(tie))} "
                f"{100.0 * self._taken(int(tie)):.0f} % of the year's trade; with all else that moves, conflict goes "
                f"from {seen[0]:.1f} to {seen[1]:.1f} points and trade from {_amount(ties[0])} to {_amount(ties[1])} "
                "bn USD."
            )
            self._say("dispute", name, "breaks out", words, float(now["conflict"][tie]))

    def _blamed(self, tie: int) -> str:
        """What takes trade: the dispute of the year, or more than that where an earlier one still counts."""
        state = self.year.state
        severity = float(state.dispute[0, tie])
        if state.war[0, tie] > min(max(severity - 1.0, 0.0), 1.0):
            return "With what is left of an earlier war it takes"
        if state.spat[0, tie] > min(severity, 1.0):
            return "With what is left of an earlier dispute it takes"
        return "It takes"

    def _taken(self, tie: int) -> float:
        """Share of the trade of a tie that its quarrel takes this year (equation 27)."""
        state, p = self.year.state, self.year.p
        log = p["quarrel.trade_spat"][0, 0] * state.spat[0, tie] + p["quarrel.trade_war"][0, 0] * state.war[0, tie]
        return float(1.0 - np.exp(-log))

    def _council(self, open_before: Array) -> None:
        state = self.year.state
        for index, policy in enumerate(self.agreements):
            passed = bool(open_before[index]) and not np.isnan(state.adopted_year[0, index])
            if policy.decided_by == "given" and passed:
                self._say("council", policy.label, "is given", f"{policy.label} is in force: nobody is asked.")
            if index not in self.votes:
                continue
            vote = self.votes[index]
            wish = np.where(vote.voters > 0.0, vote.answers, np.inf)
            lowest = int(wish.argmin())
            iso, reason = self.year.ties.states[lowest], self._why(vote, lowest)
            if passed:
                level = float(state.adopted[0, index].max())
                least = f"the least willing is {iso} ({wish[lowest]:.2f}: {reason})"
                unpaid = "" if self.year.is_paid_for(policy)[0, 0] else UNPAID
                words = f"{policy.label} is adopted at {level:.2f} of its ambition; {least}{unpaid}."
                self._say("council", policy.label, "is adopted", words, level)
                continue
            against = int(((vote.voters > 0.0) & (vote.answers < ACCEPTS)).sum())
            if not against:
                words = (
                    f"{policy.label} is not decided, though none refuses: the agenda is full, or the text is held up."
                )
                self._say("council", policy.label, "waits", words)
            else:
                others = f" and {against - 1} more" if against > 1 else ""
                words = f"{policy.label} is blocked by {iso}{others} ({wish[lowest]:.2f}, below {ACCEPTS}): {reason}."
                self._say("council", policy.label, f"is blocked by {iso}", words, float(wish[lowest]))

    def _why(self, vote: Vote, row: int) -> str:
        """The terms that pull a state furthest below the mean of the other voters, in words."""
        if (
            abs(float(ambition({name: np.array([t[row]]) for name, t in vote.terms.items()})[0]) - vote.answers[row])
            > 1e-9
        ):
            return "it decides otherwise than by its stakes"
        others = (vote.voters > 0.0) & (np.arange(len(vote.voters)) != row)
        pulls = {name: float(t[row] - (t[others].mean() if others.any() else 0.0)) for name, t in vote.terms.items()}
        worst = sorted((pull, name) for name, pull in pulls.items() if pull < -STRONG)[:2]
        if not worst:
            return "like the others, it sees too little in the text"
        return " and ".join(f"{TERMS.get(name, name)} ({pull:+.2f})" for pull, name in worst)

    def _delivery(self) -> None:
        state = self.year.state
        for index, policy in enumerate(self.agreements):
            adopted_year = state.adopted_year[0, index]
            if np.isnan(adopted_year):
                continue
            part = self.year.participants(policy)[0]
            whole, done = (float((values[0, index] * part).sum()) for values in (state.adopted, state.delivered))
            share = done / whole if whole > 0.0 else 0.0
            before = self.delivered.get(index, 0.0)
            for mark in SHARES:
                if before < mark <= share:
                    words = f"{policy.label}: {100 * mark:.0f} % of what was adopted is delivered."
                    self._say("delivery", policy.label, f"{mark:g}", words, share)
            if share < before - 0.01 and policy.end == self.year.year - 1:
                self._say("delivery", policy.label, "fades", f"{policy.label} is over, and what it brought fades.")
            self.delivered[index] = share
            if getattr(policy, "construction_years", 0) and self.built[index] < state.built[0, index] == 1.0:
                self._say("delivery", policy.label, "is built", f"{policy.label} is built and opens next year.", share)

    def _money(self, paid: Array) -> None:
        spent = {name: amount for name, amount in self.paid.items() if amount > 0.5}
        if not spent:
            return
        shares = np.maximum(paid, 0.0) / max(float(np.maximum(paid, 0.0).sum()), 1e-300)
        order = [row for row in shares.argsort(kind="stable")[::-1][:PAYERS] if shares[row] >= LEAST_SHARE]
        payers = ", ".join(f"{self.year.ties.states[row]} {100 * shares[row]:.0f} %" for row in order)
        each = ", ".join(f"{name} {amount:,.0f}" for name, amount in sorted(spent.items(), key=lambda one: -one[1]))
        total = sum(spent.values())
        words = f"{total:,.0f} million USD is paid ({each}); paid by {payers}."
        self._say("money", "all", "is paid", words, total)

    def _other_ties(self, before: dict[str, Array]) -> None:
        now = self._ties()
        change = now["conflict"] - before["conflict"]
        quiet = np.where(self.year.state.dispute[0] == 0.0, abs(change), 0.0)
        for tie in quiet.argsort(kind="stable")[::-1][:SHOWN]:
            if quiet[tie] < MOVED:
                return
            name, way = self.year.ties.names[tie], "rises" if change[tie] > 0.0 else "falls"
            words = f"{name}: conflict {way} from {before['conflict'][tie]:.1f} to {now['conflict'][tie]:.1f} points."
            self._say("tie", name, way, words, float(now["conflict"][tie]))


def called(event: Event) -> str:
    """An event with whom it strikes."""
    for field in ("between", "states", "on", "of", "target", "state"):
        value = getattr(event, field, None)
        if value:
            who = value if isinstance(value, str) else "-".join(value)
            return f"{event.key()} {who}"
    return event.key()


def _metric(key: str) -> Metric:
    one = find("metrics", key)()
    assert isinstance(one, Metric)  # find() promises it
    return one


def _amount(value: float) -> str:
    return f"{value:.3g}" if value < 1000.0 else f"{value:,.0f}"
