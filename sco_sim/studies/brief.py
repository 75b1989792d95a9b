"""What to take home of a comparison: three sentences chosen by rule, each with its command and what would overturn it.

First what the scenarios do, by the rule of the answer; then what stands in the way of what was tabled, by what costs
more of its ambition, refusal or delivery; then what is worth knowing for the choice among the scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sco_sim.components.registry import metric
from sco_sim.studies.comparison.answer import IMPORTANT, Answer
from sco_sim.studies.comparison.answer import Sentence as Said
from sco_sim.studies.views.split import sign_of
from sco_sim.studies.wording import decimals, percent, scale
from sco_sim.studies.worth.information import Worth
from sco_sim.studies.worth.options import Options
from sco_sim.studies.worth.words import surely

Row = Mapping[str, Any]
CHOSEN_BY = ("conflict_share_observed_mean", "trade_total_busd")
"""Outcomes that a choice is made by: the first for which an entry is surely worth knowing, else the first."""
PUT_IN = ("cities_total", "agreements_adopted", "delivered_mean", "cost_musd")
"""Outcomes that count what the policies put in, and are nothing to take home."""
SPOKEN_OF = tuple(key for key in IMPORTANT if key not in PUT_IN)
"""Outcomes that the first sentence may speak of."""


@dataclass(frozen=True)
class Sentence:
    """One sentence to take home."""

    about: str
    """What it says: what the scenarios do, what stands in the way, what is worth knowing."""
    text: str
    command: str
    """The command that gives it."""
    overturned_by: str
    """What would make it another sentence."""


def first_of(answer: Answer) -> Said:
    """The sentence of an answer to take home: what one history would show, else the first (harm, if there is any)."""
    return next((one for one in answer.sentences if one.tone == "shows"), answer.sentences[0])


def what_it_does(answer: Answer, fragile: Sequence[Row], command: str) -> Sentence:
    """What shows, with harm behind it if there is any; else harm, what is settled, or that nothing moves."""
    first = first_of(answer)
    harm = [one.text for one in answer.sentences if one.tone == "harm" and one is not first]
    weak = [row for row in fragile if row["outcome"] in first.outcomes]
    worst = max(weak, key=lambda row: float(row["other_sign"]), default=None)
    if first.tone == "still":
        turn = "more worlds, or a stronger effect than the evidence has (`sco-sim threshold` says how strong)"
    elif worst is None:
        turn = "nothing inside the ranges of the ledger: the sign is the same in nearly all of its draws"
    else:
        why = f", most by `{worst['parameter']}`" if worst["parameter"] else ", by no single entry"
        share = percent(float(worst["other_sign"]))
        turn = f"the ledger: in {share} of its draws {metric(str(worst['outcome'])).title} has the other sign{why}"
    return Sentence("what it does", " ".join([*answer.cautions, first.text, *harm]), command, turn)


def what_stands_in_the_way(
    scenario: str, lost: Mapping[str, float], texts: Sequence[Row], rules: Mapping[str, tuple[float, float]] | None,
    own: str, command: str,
) -> Sentence:  # fmt: skip
    """What costs more of the ambition of what was tabled, and which rule would change that.

    Args:
        scenario: Its name.
        lost: Ambition lost a year to `veto` and to `delivery`, means over worlds.
        texts: Rows of agreements.csv of the scenario.
        rules: Rule to the mean difference of `delivered_mean` from the scenario's own rule, and its error; None if no
            rule was tried.
        own: The scenario's rule.
        command: That gives it.
    """
    if not texts:
        return Sentence(
            "what stands in the way", f"{scenario} puts nothing to a vote.", command, "a text that is tabled"
        )
    least = min(texts, key=lambda row: float(row["adopted_share"]))
    if lost["veto"] >= lost["delivery"]:
        who = f", most often held up by {least['hold_out']}" if least["hold_out"] else ""
        text = (
            f"Refusal costs {scenario} more than delivery does ({100.0 * lost['veto']:.0f} against "
            f"{100.0 * lost['delivery']:.0f} points of ambition a year): {least['agreement']} is adopted in "
            f"{percent(float(least['adopted_share']))} of worlds only{who}."
        )
    else:
        text = (
            f"Delivery costs {scenario} more than refusal does ({100.0 * lost['delivery']:.0f} against "
            f"{100.0 * lost['veto']:.0f} points of ambition a year): what is signed is not what is done."
        )
    tried = rules or {}
    better = {rule: mean for rule, (mean, error) in tried.items() if rule != own and sign_of(mean, error) == "up"}
    if rules is None:
        turn = "another decision rule, if surely more is delivered under one: `sco-sim brief` tries them"
    elif better:
        rule = max(better, key=lambda name: better[name])
        turn = f"another rule: under {rule.replace('_', ' ')} {100.0 * better[rule]:.0f} points more are delivered"
    else:
        turn = "no decision rule: under none is surely more delivered"
    return Sentence("what stands in the way", text, command, turn)


def what_is_worth_knowing(
    options: Options, known: Mapping[str, Worth], command: str, names: Mapping[str, str] | None = None
) -> Sentence:
    """The entry that is surely worth most for the choice, or that none is; `names` is what the options are called."""
    called = [(names or {}).get(one, one) for one in options.names]
    factor, unit = scale(metric(options.outcome).unit)
    sure = surely(known)
    best, title = called[options.choice.best], metric(options.outcome).title
    if not sure:
        text = f"By {title} the choice is {best}, and no single entry of the ledger is surely worth knowing for it."
        return Sentence("what is worth knowing", text, command, "more worlds, or another outcome to choose by")
    name = max(sure, key=lambda one: sure[one].gain)
    gain = factor * sure[name].gain
    text = (
        f"By {title} the choice is {best}; to know `{name}` ({options.kinds.get(name, '')}) first would gain "
        f"{gain:.{decimals(gain)}f} {unit}".rstrip()
        + f" and change the choice in {percent(sure[name].changes)} of cases."
    )
    turn = f"a study that settles `{name}`: the choice would most often be {called[sure[name].to]}"
    return Sentence("what is worth knowing", text, command, turn)
