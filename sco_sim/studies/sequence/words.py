"""What a search of orders says, in sentences chosen by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sco_sim.errors import counted
from sco_sim.studies.sequence.orders import MOST
from sco_sim.studies.sequence.sequence import BEST, SHIPPED, WITH_CHAIR, WORST, Sequences
from sco_sim.studies.sequence.trials import sign_of, title_of, unit_of
from sco_sim.studies.wording import change_of, decimals, scale, signed

Row = Mapping[str, Any]
SHORT = 3
"""Most texts of an order that a sentence names one by one."""


def sentences(result: Sequences, chairs: bool) -> list[str]:
    """How it was searched; for each outcome the best, what the scenario's order gives up, the worst; the chair."""
    out = [_searched(result)]
    for outcome in result.outcomes if result.different > 1 else ():
        rows = {str(row["sequence"]): row for row in _records(result.rows) if row["outcome"] == outcome}
        out.append(_outcome(rows, outcome, result))
    return [*out, _chair(result) if chairs else _no_chair()]


def _searched(result: Sequences) -> str:
    texts = counted(len(result.texts), "text")
    if result.every:
        text = f"Every order of {texts} was tried: {result.tried}"
    else:
        stop = "none helps" if result.climbed else f"{MOST:,} had been tried for one of the answers"
        text = f"Orders of {texts} were tried by swaps of two, from the scenario's on until {stop}: {result.tried:,}"
        text += "" if result.climbed else " (of a few texts, `--text NAME`, every order can be tried)"
    if result.different == 1:
        return (
            f"{text}, of which none differs from another: all are tabled in the same years, and no agenda limits what "
            "a summit gets through. Give the texts years of their own, or the scenario an `agenda`."
        )
    return f"{text}, of which {result.different} can differ in what comes of them by {result.year}."


def _outcome(rows: Mapping[str, Row], outcome: str, result: Sequences) -> str:
    best, worst, title = rows[BEST], rows[WORST], title_of(outcome)
    head = f"{title[:1].upper()}{title[1:]} in {result.year}"
    if best["order"] == rows[SHIPPED]["order"]:
        first = f"{head}: no order does better than the scenario's in the worlds that choose"
    elif _same(best):
        first = f"{head}: the best order, {_named(best)}, is the same as the scenario's in all worlds that judge"
    elif _sure(best) * sign_of(outcome) > 0:
        first = f"{head}: to the best order, {_named(best)}, the scenario's gives up {_amount(best, outcome)}"
    else:
        first = f"{head}: the best order, {_named(best)}, is not surely better: {_amount(best, outcome)}"
    if int(best["may_be_best"]) > 1:
        first += f" ({best['may_be_best']} of {result.different} orders may be best)"
    second = f"the worst, {_named(worst)}, brings {_amount(worst, outcome)} against the scenario's"
    if _same(worst):
        second = "none is worse in the worlds that judge"
    elif _sure(worst) * sign_of(outcome) >= 0:
        second += ", which is not surely worse"
    return f"{first}; {second}."


def _same(row: Row) -> bool:
    return bool(row["low"] == 0.0 == row["high"])


def _records(table: pd.DataFrame) -> list[Row]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _named(row: Row) -> str:
    """The order in words: all of a short one, how a long one begins (the table has all of it)."""
    texts = str(row["order"]).split(" > ")
    if len(texts) <= SHORT:
        return ", ".join(texts)
    return f"with {' and '.join(texts[:2])} first"


def _sure(row: Row) -> int:
    """1 where the difference is surely above 0 (95 %), -1 where it is surely below, else 0."""
    return int(row["low"] > 0.0) - int(row["high"] < 0.0)


def _amount(row: Row, outcome: str) -> str:
    factor, unit = scale(unit_of(outcome))
    mean, low, high = (factor * float(row[name]) for name in ("difference", "low", "high"))
    digits = decimals(max(abs(low), abs(high), abs(mean)))
    if _sure(row) and not signed(min(abs(low), abs(high)), digits).strip("+-0.,"):
        digits += 1  # what is surely not 0 does not end at 0
    return f"{change_of(mean, digits)} {unit} (95 %: {signed(low, digits)} to {signed(high, digits)})".replace(
        "  ", " "
    )


def _chair(result: Sequences) -> str:
    """What a chair can do, which state in it throughout matters most, and what turning the circle brings."""
    out = "A chair puts its own proposals and priorities first, and has no vote more. "
    chairs = _records(result.chairs)
    said = "; ".join(_throughout(chairs, outcome) for outcome in result.outcomes)
    out += said[:1].upper() + said[1:]
    idle = [str(row["chair"]) for row in chairs if not row["first"]]
    if idle:
        out += f"; {', '.join(idle)} put nothing first, so their chair does nothing"
    turned = [row for row in _records(result.rows) if row["sequence"] == WITH_CHAIR]
    for row in turned:
        outcome, before = str(row["outcome"]), _row_of(result, row["outcome"], BEST)
        if row["chair"] != before["chair"] and row["difference"] * sign_of(outcome) > before["difference"] * sign_of(
            outcome
        ):
            out += f"; the best order with {row['chair']} in it in {result.years[0]}: {title_of(outcome)} "
            out += _amount(row, outcome)
    if all(row["chair"] == _row_of(result, row["outcome"], BEST)["chair"] for row in turned):
        out += "; to turn the circle of chairs adds nothing to the best order"
    return f"{out}."


def _row_of(result: Sequences, outcome: str, sequence: str) -> Row:
    return next(r for r in _records(result.rows) if (r["outcome"], r["sequence"]) == (outcome, sequence))


def _throughout(chairs: Sequence[Row], outcome: str) -> str:
    """The state whose chair throughout makes the largest sure difference."""
    known = [
        (str(row["chair"]), {"difference": row[f"{outcome}_throughout"], "low": row[f"{outcome}_throughout_low"],
                             "high": row[f"{outcome}_throughout_high"]})
        for row in chairs
    ]  # fmt: skip
    sure = [(chair, row) for chair, row in known if _sure(row)]
    if not sure:
        return f"{title_of(outcome)}: no state in it throughout surely makes a difference to nobody in it"
    chair, row = max(sure, key=lambda one: abs(float(one[1]["difference"])))
    return f"{title_of(outcome)}: {chair} in it throughout matters most, {_amount(row, outcome)} against nobody in it"


def _no_chair() -> str:
    return (
        "The scenario has no rotating chair (`agenda: {per_summit, chairs, priorities}`), so who sits in it is not "
        "asked; a chair moves its proposals and priorities to the front, which matters where a summit does not get "
        "through all."
    )
