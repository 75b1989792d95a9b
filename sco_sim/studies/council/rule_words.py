"""In words, what each rule adopts that the scenario's own does not, whom it leaves out, what it dilutes and costs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sco_sim.errors import counted
from sco_sim.studies.council.rules import COST, UnderRules
from sco_sim.studies.silent import why
from sco_sim.studies.wording import percent, size_of

NAMED = 1
"""States that a sentence names as left out, at most."""
TEXTS = 2
"""Agreements that it names as adopted or no longer adopted, at most."""
SHORT = {"consensus_minus": "Minus", "leaders_pay": "Leaders", "opt_in": "Opt-in", "qualified_majority": "Majority"}
"""Heads of the columns of rules whose key is long."""
OFTEN = 0.05
"""Share of worlds from which on a state counts as left out."""
ROUND = 0.005
"""Half of the last digit in which ambition is given."""


def sentences(result: UnderRules) -> list[str]:
    """One sentence on the scenario's own rule, then one on every other rule, in the order of the tables."""
    own = _row(result, result.own)
    first = (
        f"{words(result.own, True)}, the scenario's own rule, adopts {percent(own['adopted'])} of what the council is "
        f"asked, at an ambition of {own['ambition']:.2f}, after {own['delay']:.1f} failed summits{_costs(own[COST])}."
        if own["adopted"]
        else f"{words(result.own, True)}, the scenario's own rule, adopts nothing of what the council is asked."
    )
    others = [str(rule) for rule in result.rules["rule"] if rule != result.own]
    return [text for text in (first, *(_sentence(result, rule) for rule in others), why(result.off)) if text]


def words(key: str, first: bool = False) -> str:
    """A key as words, with a capital at the beginning of a sentence."""
    text = key.replace("_", " ")
    return text[:1].upper() + text[1:] if first else text


def head(key: str) -> str:
    """A key as the head of a narrow column."""
    return SHORT.get(key) or words(key, True)


def _sentence(result: UnderRules, rule: str) -> str:
    mine = result.agreements[result.agreements["rule"] == rule].set_index("agreement")
    before = result.agreements[result.agreements["rule"] == result.own].set_index("agreement")
    change, error = mine["adopted_change"], mine["adopted_change_error"]
    more = [str(label) for label in mine.index[change > error].tolist()]
    fewer = [str(label) for label in mine.index[-change > error].tolist()]
    parts = [
        _adopted("adopts what was not adopted:", sorted(more, key=lambda label: -change[label]), mine, before),
        _adopted("no longer adopts", sorted(fewer, key=lambda label: change[label]), mine, before),
    ]
    if not more and not fewer:
        parts.append("adopts neither more nor less, beyond what chance does")
    row, own = _row(result, rule), _row(result, result.own)
    parts += [_left_out(result, rule), _diluted(row["diluted"]), _than(row, own)]
    return f"{words(rule, True)} " + "; ".join(part for part in parts if part) + "."


def _row(result: UnderRules, rule: str) -> dict[str, Any]:
    row = result.rules.set_index("rule", drop=False).T[rule].to_dict()
    return {str(column): value for column, value in row.items()}


def _adopted(what: str, labels: Sequence[str], mine: pd.DataFrame, before: pd.DataFrame) -> str:
    """Which agreements, in how many worlds, and in how many under the own rule."""
    if not labels:
        return ""
    now, then = mine["adopted"], before["adopted"]
    each = (f"{words(label)} ({percent(now[label])} of worlds, not {percent(then[label])})" for label in labels[:TEXTS])
    rest = len(labels) - TEXTS
    return f"{what} {', '.join(each)}" + (f" and {counted(rest, 'other')}" if rest > 0 else "")


def _left_out(result: UnderRules, rule: str) -> str:
    """Who takes part and is not bound, and by what: the most frequent."""
    table = result.left_out[(result.left_out["rule"] == rule) & (result.left_out["left_out"] >= OFTEN)]
    if table.empty:
        return "leaves nobody out"
    most = table.sort_values("left_out", ascending=False, kind="stable").drop_duplicates("iso3")
    named = [
        f"{row['iso3']} ({words(row['agreement'])}, {percent(row['left_out'])} of the worlds that adopt it)"
        for row in most.head(NAMED).to_dict("records")
    ]
    rest = len(most) - len(named)
    return f"leaves out {', '.join(named)}" + (f" and {rest} more" if rest else "")


def _diluted(change: float) -> str:
    if change != change:
        return ""
    if abs(change) < ROUND:
        return "as ambitious where both adopt"
    return f"{'less' if change > 0.0 else 'more'} ambitious by {abs(change):.2f} where both adopt"


def _than(row: Mapping[str, Any], own: Mapping[str, Any]) -> str:
    """Failed summits and cost, against the own rule."""
    delay, cost = row["delay"] - own["delay"], row[COST] - own[COST]
    spent = "" if math.isnan(cost) else f", {size_of(cost, 0)} million USD {'more' if cost > 0.0 else 'less'}"
    spent = spent if cost else ", at the same cost"
    summits = f"{size_of(delay, 1)} failed summits {'more' if delay > 0.0 else 'fewer'} per agreement"
    summits = summits if delay else "as many failed summits per agreement"
    return f"{summits}{spent}"


def _costs(cost: float) -> str:
    """What it costs, with what the council is not asked about; nothing where there is no figure."""
    return "" if math.isnan(cost) else f"; all policies of the scenario together cost {cost:,.0f} million USD"
