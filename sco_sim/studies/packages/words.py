"""What a study of packages says, in at most five sentences, chosen by rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sco_sim.errors import counted
from sco_sim.studies.council.rule_words import words
from sco_sim.studies.packages.clauses import helps
from sco_sim.studies.packages.study import Packages
from sco_sim.studies.wording import percent

OFTEN = 0.05
"""Share of settings from which on something counts as done by a package or a clause."""
NAMED = 3
"""Texts or states that a sentence names, at most."""


def sentences(result: Packages) -> list[str]:
    """On the texts alone, on packages, on what packing spoils, on money and on clauses; what is empty is left out."""
    said = (_alone(result), _together(result), _spoilt(result), _paid(result), _cut(result))
    return [sentence for sentence in said if sentence]


def text(label: str) -> str:
    """A label, or the labels of a package, as words."""
    *first, last = (words(one) for one in label.split(" + "))
    return f"{', '.join(first)} and {last}" if first else last


def money(musd: float) -> str:
    """An amount of money in words."""
    if musd >= 1000.0:
        return f"{musd / 1000.0:,.1f} bn USD"
    return f"{musd:,.0f} million USD" if musd >= 1.0 else f"{musd:.2g} million USD"


def _alone(result: Packages) -> str:
    failing = result.alone[~result.alone["passes"].astype(bool)]
    start = f"{words(result.rule, True)}, {result.year}: of {counted(len(result.alone), 'text')} put to a vote"
    if failing.empty:
        return f"{start} {'all pass' if len(result.alone) > 1 else 'it passes'} at the centre of the ledger."
    each = [
        f"{words(row['text'])} ({_who(row['hold_outs'])}; passes in {percent(row['share'])} of settings)"
        for row in records(failing)[:NAMED]
    ]
    more = f" and {len(failing) - NAMED} more" if len(failing) > NAMED else ""
    passing = len(result.alone) - len(failing)
    return f"{start} {passing} would pass at the centre of the ledger, and not {'; '.join(each)}{more}."


def _who(codes: str) -> str:
    """The hold-outs, named if they are few."""
    names = codes.split()
    if len(names) > NAMED + 1:
        return f"{counted(len(names), 'state')} hold out, {names[0]} the most"
    return f"{', '.join(names)} {'holds' if len(names) == 1 else 'hold'} out"


def _together(result: Packages) -> str:
    if result.packages.empty:
        return ""
    best = records(result.packages)[0]
    if best["gained"] < OFTEN:
        most = f"the most is {percent(best['gained'])} of settings, by {text(best['package'])}{_if_each(best)}"
        said = most if best["gained"] else "none does in any setting"
        return f"No package of two or three brings through what fails alone: {said}."
    return (
        f"Voted on as one, {text(best['package'])} bring through what fails alone in {percent(best['gained'])} of "
        f"settings{_if_each(best)}."
    )


def _if_each(row: Mapping[str, Any]) -> str:
    """What hangs on the reading that states gain by agreeing at all once a vote."""
    return (
        f" (it passes in {percent(row['share'])}, and would in {percent(row['share_each'])} if the readiness to agree "
        "at all counted once for each text)"
    )


def _spoilt(result: Packages) -> str:
    if result.packages.empty or result.packages["lost"].max() < OFTEN:
        return ""
    worst = records(result.packages.sort_values(["lost", "size"], ascending=[False, True], kind="stable"))[0]
    return (
        f"Packing spoils what passes alone where a part brings some voters little: {text(worst['package'])} fail as "
        f"one in {percent(worst['lost'])} of settings though each passes alone."
    )


def _paid(result: Packages) -> str:
    if result.bargains.empty:
        return ""
    singles = result.bargains[~result.bargains["of"].str.contains(" + ", regex=False)]
    paid = records(singles[singles["paid"].astype(bool) & (singles["total_musd"] > 0.0)])
    if paid:
        row = paid[0]
        return f"For {money(row['total_musd'])} a year all accept {text(row['of'])}{_payers(result, row['of'])}."
    dear = [row for row in records(singles) if row["too_dear"]]
    if not dear:
        return ""
    row = dear[0]
    often = f" in {percent(row['share_paid'])} of the settings in which somebody holds out" if row["share_paid"] else ""
    price = f"; it can be bought{often}, for {money(row['total_median_musd'])} a year in the median" if often else ""
    return (
        f"No side payment up to {100.0 * result.most:g} % of GDP a year brings {text(row['of'])} through at the "
        f"centre, {row['because']}{price}."
    )


def _payers(result: Packages, name: str) -> str:
    lines = result.transfers[(result.transfers["of"] == name) & (result.transfers["at"] == "centre")]
    moved = lines.set_index("iso3")["receives_musd"]
    gets = [f"{iso} {money(value)}" for iso, value in moved.items() if value > 0.0][:NAMED]
    gives = [f"{iso} {money(-value)}" for iso, value in moved.sort_values().items() if value < 0.0][:NAMED]
    return f": {', '.join(gets)}, paid by {', '.join(gives)}" if gets and gives else ""


def _cut(result: Packages) -> str:
    better = helps(result.clauses)
    better = better[better["gain"] >= OFTEN]
    if better.empty:
        return ""
    row = records(better)[0]
    lost = (
        f"at the loss of {percent(row['lost'])} of what it does"
        if row["lost"] > 0.0
        else "and loses nothing of what it does"
    )
    return (
        f"The clause worth shelving most: {text(row['text'])} without the part that {clause(row)} passes in "
        f"{percent(row['share'])} of settings instead of {percent(row['share_whole'])}, {lost}."
    )


def clause(row: Mapping[str, Any]) -> str:
    """What is cut, as a verb with its object."""
    if row["clause"] != "depth":
        return str(row["cut"])
    before, _, after = str(row["cut"]).partition(": ")
    return f"makes it {before} ({after})"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows by the names of their columns."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
