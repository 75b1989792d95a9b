"""What a stored comparison would have a reader take home: candidates from its answer, its votes and its choice.

What the scenarios do, by the rule of the answer; refusal or delivery, which costs more of the ambition of what was
tabled; the rule under which more is delivered; what is worth knowing for the choice among the scenarios.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sco_sim.components.registry import metric
from sco_sim.studies.candidates.candidate import CHANGES, DOES, KNOWING, STANDS, Candidate, lacks
from sco_sim.studies.comparison.answer import Answer
from sco_sim.studies.comparison.answer import Sentence as Said
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.views.split import sign_of
from sco_sim.studies.wording import decimals, percent, scale, size_of
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


def first_of(answer: Answer) -> Said:
    """The sentence of an answer to take home: what one history would show, else the first (harm, if there is any)."""
    return next((one for one in answer.sentences if one.tone == "shows"), answer.sentences[0])


def what_it_does(
    answer: Answer, fragile: Sequence[Row], command: str, worlds: int = 0, names: Mapping[str, str] | None = None
) -> Candidate:
    """What shows, with harm behind it if there is any; else harm, what is settled, or that nothing moves.

    A sign that the ledger may turn is one that the sentence tells: that of another scenario would overturn nothing.
    """
    first = first_of(answer)
    harm = [one.text for one in answer.sentences if one.tone == "harm" and one is not first]
    weak = [row for row in fragile if (row["scenario"], row["outcome"]) in first.moved]
    worst = max(weak, key=lambda row: float(row["other_sign"]), default=None)
    if first.tone == "still":
        turn = "more worlds, or a stronger effect than the evidence has (`sco-sim threshold` says how strong)"
    elif worst is None:
        turn = "nothing inside the ranges of the ledger: the sign is the same in nearly all of its draws"
    else:
        why = f", most by `{worst['parameter']}`" if worst["parameter"] else ", by no single entry"
        share, name = percent(float(worst["other_sign"])), str(worst["scenario"])
        several = len({scenario for scenario, _ in first.moved}) > 1
        which = f" with {(names or {}).get(name, name)}" if several else ""
        title = metric(str(worst["outcome"])).title
        turn = f"the ledger: in {share} of its draws {title} has the other sign{which}{why}"
    return Candidate(DOES, " ".join([*answer.cautions, first.text, *harm]), command, turn, worlds=worlds)


def what_stands_in_the_way(
    scenario: str, lost: Mapping[str, float], texts: Sequence[Row], command: str, *, tried: bool, worlds: int = 0
) -> Candidate:
    """What costs more of the ambition of what was tabled, refusal or delivery.

    Args:
        scenario: Its name.
        lost: Ambition lost a year to `veto` and to `delivery`, means over worlds.
        texts: Rows of agreements.csv of the scenario.
        command: That gives it.
        tried: Whether it was looked for what would bring more.
        worlds: That the means are over.
    """
    if not texts:
        return Candidate(
            STANDS, f"{scenario} puts nothing to a vote.", command, "a text that is tabled", "rules", sure=False,
            worlds=worlds,
        )  # fmt: skip
    least = min(texts, key=lambda row: float(row["adopted_share"]))
    if lost["veto"] >= lost["delivery"]:
        who = f", most often held up by {least['hold_out']}" if least["hold_out"] else ""
        text = (
            f"Refusal costs {scenario} more than delivery does ({size_of(100.0 * lost['veto'], 0)} against "
            f"{size_of(100.0 * lost['delivery'], 0)} points of ambition a year): {least['agreement']} is adopted in "
            f"{percent(float(least['adopted_share']))} of worlds only{who}."
        )
    else:
        text = (
            f"Delivery costs {scenario} more than refusal does ({size_of(100.0 * lost['delivery'], 0)} against "
            f"{size_of(100.0 * lost['veto'], 0)} points of ambition a year): what is signed is not what is done."
        )
    turn = (
        "nothing that was tried: by no rule, package, payment or order is surely more gained"
        if tried
        else "another decision rule, if surely more is delivered under one: `sco-sim brief` tries them"
    )
    share = max(lost.values())
    return Candidate(STANDS, text, command, turn, "rules", share, share > 0.0, worlds=worlds)


def another_rule(tried: Mapping[str, tuple[float, float]], own: str, command: str, worlds: int = 0) -> Candidate:
    """The decision rule under which surely most is delivered.

    Args:
        tried: Rule to the mean difference of `delivered_mean` from the scenario's own rule, and its error.
        own: The scenario's rule.
        command: That gives it.
        worlds: That the means are over.
    """
    better = {rule: mean for rule, (mean, error) in tried.items() if rule != own and sign_of(mean, error) == "up"}
    if not better:
        return lacks(CHANGES, "rules", command, "under no decision rule is surely more delivered")
    rule = max(better, key=lambda name: better[name])
    text = f"another rule: under {rule.replace('_', ' ')} {size_of(100.0 * better[rule], 0)} points more are delivered"
    return Candidate(CHANGES, text, command, "votes that go otherwise", "rules", better[rule], worlds=worlds)


def what_is_worth_knowing(
    options: Options, known: Mapping[str, Worth], command: str, names: Mapping[str, str] | None = None
) -> Candidate:
    """The entry that is surely worth most for the choice, or that none is; `names` is what the options are called."""
    called = [(names or {}).get(one, one) for one in options.names]
    factor, unit = scale(metric(options.outcome).unit)
    sure = surely(known)
    best, title = called[options.choice.best], metric(options.outcome).title
    if not sure:
        text = f"By {title} the choice is {best}, and no single entry of the ledger is surely worth knowing for it."
        turn = "more worlds, or another outcome to choose by"
        return Candidate(KNOWING, text, command, turn, "worth", sure=False)
    name = max(sure, key=lambda one: sure[one].gain)
    gain = factor * sure[name].gain
    text = (
        f"By {title} the choice is {best}; to know `{name}` ({options.kinds.get(name, '')}) first would gain "
        f"{gain:.{decimals(gain)}f} {unit}".rstrip()
        + f" and change the choice in {percent(sure[name].changes)} of cases."
    )
    turn = f"a study that settles `{name}`: the choice would most often be {called[sure[name].to]}"
    return Candidate(KNOWING, text, command, turn, "worth", sure[name].changes)
