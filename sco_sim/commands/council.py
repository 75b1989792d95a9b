"""`sco-sim council`: who would accept what, how far and why, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.commands.council_gains import LEGEND, brought, print_brought
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.components.deciders.stakes import Stakes
from sco_sim.components.gains import benefit, brings
from sco_sim.components.policy import Policy
from sco_sim.components.readiness import TERMS, ambition, stakes
from sco_sim.engine.build import build_model
from sco_sim.engine.model import CooperationModel
from sco_sim.engine.order import Action
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.studies.wording import percent, signed
from sco_sim.world.year import Year

Record = dict[str, Any]


@dataclass(frozen=True)
class Minutes:
    """What was on the table for one agreement in one year."""

    year: int
    """Calendar year."""
    tabled: bool
    """Whether it was on the table in that year in any world."""
    terms: dict[str, Array]
    """Terms of equation 5, each (world, state)."""
    answers: Array
    """What the states answered, which differs from equation 5 where a state decides otherwise, (world, state)."""
    voters: Array
    """Who votes, 0/1, (world, state)."""
    gains: list[Record]
    """What it would bring each state, the reason for its benefit."""


class Clerk:
    """Notes what each state wishes before the council sits."""

    def __init__(self, model: CooperationModel, asked: int | None) -> None:
        self.agreements = model.agreements
        self.council = model.council
        self.asked = asked
        self.minutes: dict[str, Minutes] = {}
        first = next(index for index, action in enumerate(model.order) if action.phase == "council")
        note = Action("council", "clerk", "Notes what each state wishes.", self.note)
        model.order = (*model.order[:first], note, *model.order[first:])

    def note(self, year: Year) -> None:
        """Note the stakes in the year asked for, or else in the first year an agreement is tabled."""
        for policy in self.agreements:
            wanted = year.is_tabled(policy) if self.asked is None else year.year == self.asked
            if wanted and policy.label not in self.minutes and policy.decided_by != "given":
                voters = year.participants(policy) if policy.decided_by == "participants" else year.state.member
                answers = self.council.ask(policy)
                with year.at_rest():  # both tables from one account
                    terms = stakes(year, policy)
                    gains = brought(brings(year, policy), benefit(year, policy), year.ties.states)
                tabled = bool(year.is_tabled(policy)) and (policy.end is None or year.year <= policy.end)
                self.minutes[policy.label] = Minutes(year.year, tabled, terms, answers, voters.copy(), gains)


def main(
    scenario: str, *, year: int | None, worlds: int, sets: Sequence[str], case: Path | None, as_json: bool, **how: Any
) -> int:
    """Run the worlds, print what the states wish and what they adopt; `how` goes to `build_model`."""
    loaded = load(scenario, sets, case)
    first, last = loaded.horizon.start + 1, loaded.horizon.end
    if year is not None and not first <= year <= last:
        raise ScenarioError(Problem(f"{year} is not simulated", f"choose from {first} to {last}", "--year"))
    model = build_model(loaded, case=case, worlds=range(worlds), **how)
    clerk = Clerk(model, year)
    while model.year.year < last:
        model.step()
    records = [_record(model, clerk, number, policy) for number, policy in enumerate(model.agreements)]
    if as_json:
        say_observed([loaded], case, aside=True)
        emit({"scenario": loaded.name, "rule": model.council.rule.key(), "worlds": worlds, "agreements": records,
              **observed_of(loaded, case), **of_view(loaded)})  # fmt: skip
        return 0
    amount = counted(worlds, "world")
    say(
        f"{loaded.title}: the council decides by {_rule(model.council.rule.key())}; {amount} to {last}",
        "bold",
    )
    say_view([loaded])
    say_observed([loaded], case, aside=False)
    if not records:
        say("Nothing is put to a decision in this scenario; try `sco-sim council combined`.")
    for record in records:
        _print(record)
    if any(record["states"] for record in records):
        say()
        say(
            "Accepts: share of worlds in which the state's ambition is 0.5 or more. Ambition is 1/(1 + exp(-2z)), and "
            "z the sum of the terms to its right (equation 5), each the mean over worlds. "
            + legend([record["states"] for record in records]) + " " + LEGEND,
            "dim",
        )  # fmt: skip
    return 0


def _rule(key: str) -> str:
    return key.replace("_", " ")


def _record(model: CooperationModel, clerk: Clerk, number: int, policy: Policy) -> Record:
    """One agreement: what each voter wishes and why, and what became of it by the end."""
    state, codes = model.state, model.ties.states
    adopted = state.adopted_year[:, number]
    passed = ~np.isnan(adopted)
    rows = state.hold_out[:, number].astype(int)
    least = {codes[row]: float(np.mean(rows == row)) for row in np.unique(rows[rows >= 0])}
    noted = clerk.minutes.get(policy.label)
    deciders = {
        "council": f"the council, by {_rule(model.council.rule.key())}",
        "participants": "its participants, by consensus",
    }
    return {
        "agreement": policy.label,
        "decided_by": deciders.get(policy.decided_by, "nobody: it is given"),
        "year": noted.year if noted else None,
        "tabled": noted.tabled if noted else False,
        "adopted_share": float(passed.mean()),
        "adopted_year_mean": float(adopted[passed].mean()) if passed.any() else float("nan"),
        "ratified_year_mean": _mean_year(_mean_of_bound(state.ratified[:, number], state.adopted[:, number] > 0.0)),
        "force_year_mean": _mean_year(state.force_year[:, number]),
        "half_delivered_year_mean": _mean_year(state.delivered_year[:, number]),
        "failed_summits_mean": float(state.tabled_years[:, number].mean()),
        "least_willing": dict(sorted(least.items(), key=lambda item: -item[1])),
        "payers_not_bound": _payers_not_bound(policy, model, number),
        "states": _answers(model, noted) if noted else [],
        "brings": noted.gains if noted else [],
    }


def _mean_year(years: Array) -> float:
    """Mean of the years in which it came about, NaN if it never did."""
    there = years[years > 0.0]  # NaN or 0 before
    return float(there.mean()) if len(there) else float("nan")


def _mean_of_bound(years: Array, bound: Bools) -> Array:
    """Mean over the states bound that have ratified, world by world, 0 without any; shape (world,)."""
    done = bound & (years > 0.0)
    out: Array = (years * done).sum(axis=1) / np.maximum(done.sum(axis=1), 1)
    return out


def _payers_not_bound(policy: Policy, model: CooperationModel, number: int) -> dict[str, float]:
    """Those named to pay that are not bound, with the share of worlds that adopt it in which they are not."""
    adopted = model.state.adopted[:, number]
    passed = (adopted > 0.0).any(axis=1)
    if not passed.any():
        return {}
    out = {iso: float((adopted[passed, model.ties.row[iso]] == 0.0).mean()) for iso in policy.payers or {}}
    return {iso: share for iso, share in out.items() if share > 0.0}


def _answers(model: CooperationModel, noted: Minutes) -> list[Record]:
    """What each state answered; a state that does not decide by its stakes names how it does, and has no terms."""
    records = wishes(noted.terms, noted.voters, model.ties.states, noted.answers)
    for record in records:
        decider = model.states[record["iso3"]].decider
        record["decides"] = decider.key()
        if type(decider) is not Stakes:
            record["terms"] = dict.fromkeys(record["terms"], None)
    return records


def wishes(
    terms: Mapping[str, Array], voters: Array, codes: Sequence[str], answers: Array | None = None
) -> list[Record]:
    """One record per state that votes anywhere, the least willing first; arrays are (world, state).

    `answers` are the ambitions, those of the terms if left out.
    """
    wish = ambition(terms) if answers is None else answers
    out = []
    for row, iso in enumerate(codes):
        votes = voters[:, row] > 0.0
        if votes.any():
            means = {name: float(np.broadcast_to(term, wish.shape)[votes, row].mean()) for name, term in terms.items()}
            out.append(
                {
                    "iso3": iso,
                    "accepts": float((wish[votes, row] >= 0.5).mean()),
                    "ambition": float(wish[votes, row].mean()),
                    "terms": means,
                }
            )
    return sorted(out, key=lambda record: float(record["ambition"]))


def _print(record: Record) -> None:
    when = f", in {record['year']}" if record["year"] else ""
    if record["year"] and not record["tabled"]:
        when = f"; as if it were on the table in {record['year']}"
    heading(f"{record['agreement']}: decided by {record['decided_by']}{when}")
    print_wishes(record["states"])
    print_brought(record["brings"])
    share = percent(record["adopted_share"])
    when = "" if record["adopted_share"] == 0.0 else f", on average in {record['adopted_year_mean']:.0f}"
    say(f"Adopted in {share} of worlds{when}; it failed at {record['failed_summits_mean']:.1f} summits on average.")
    later = {
        "ratified": "ratified_year_mean",
        "in force": "force_year_mean",
        "half delivered": "half_delivered_year_mean",
    }
    dates = [f"{words} {record[name]:.0f}" for words, name in later.items() if record[name] == record[name]]
    if dates:
        say(f"On average, where it comes to that: {', '.join(dates)}.")
    if record["payers_not_bound"]:
        named = ", ".join(f"{iso} {percent(part)}" for iso, part in record["payers_not_bound"].items())
        say(
            f"Named to pay, and not bound in worlds that adopt it: {named}. Who voted counted on their money: a state "
            "foresees no votes (equation 31)."
        )
    least = [f"{iso} {percent(part)}" for iso, part in list(record["least_willing"].items())[:4]]
    if least:
        say(f"Least willing at the last vote: {', '.join(least)} of worlds.")


def shown(states: Sequence[Record]) -> list[str]:
    """Names of the terms that reach 0.005 for some state, in the order of the table."""
    return [name for name in TERMS if any(abs(w["terms"].get(name) or 0.0) >= 0.005 for w in states)]


def legend(tables: Sequence[Sequence[Record]]) -> str:
    """What the terms in some tables of wishes are."""
    there = {name for states in tables for name in shown(states)}
    return "Terms: " + "; ".join(f"{name}, {words}" for name, words in TERMS.items() if name in there) + "."


def print_wishes(states: Sequence[Record]) -> None:
    """A table of who accepts, how far and why; terms of less than 0.005 for every state are left out."""
    if not states:
        return
    names, rows = shown(states), []
    for w in states:
        terms = ["-" if w["terms"][n] is None else signed(w["terms"][n], 2) for n in names]
        rows.append([w["iso3"], percent(w["accepts"]), f"{w['ambition']:.2f}", *terms])
    table(["State", "Accepts", "Ambition", *names], rows, ["Accepts", "Ambition", *names])
    others = [
        f"{w['iso3']} by {w['decides'].replace('_', ' ')}" for w in states if w.get("decides", "stakes") != "stakes"
    ]
    if others:
        say(f"Decide in another way (equation 25): {', '.join(others)}.")
