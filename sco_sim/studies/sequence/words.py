"""What a search of orders says, in sentences chosen by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sco_sim.errors import counted
from sco_sim.studies.sequence.sequence import BEST, SHIPPED, WITH_CHAIR, WORST, Sequences
from sco_sim.studies.sequence.trials import sign_of, title_of, unit_of
from sco_sim.studies.wording import decimals, scale, signed

Row = Mapping[str, Any]


def sentences(result: Sequences, chairs: bool) -> list[str]:
    """How it was searched; for each outcome the best, what the scenario's order gives up, the worst; the chair."""
    out = [_searched(result)]
    for outcome in result.outcomes:
        rows = {str(row["sequence"]): row for row in _records(result.rows) if row["outcome"] == outcome}
        out.append(_outcome(rows, outcome, result))
    return [*out, _chair(result) if chairs else _no_chair()]


def _searched(result: Sequences) -> str:
    how = (
        "Every order"
        if result.every
        else "By swaps of two texts, from the scenario's order on until none helps, orders"
    )
    text = f"{how} of {counted(len(result.texts), 'text')} {'was' if result.every else 'were'} tried: {result.tried}"
    if result.different == 1:
        return (
            f"{text}, of which none differs from another: all are tabled in the same years, and no agenda limits what "
            "a summit gets through. Give the texts years of their own, or the scenario an `agenda`."
        )
    return f"{text}, of which {result.different} can differ in what comes of them by {result.year}."


def _outcome(rows: Mapping[str, Row], outcome: str, result: Sequences) -> str:
    best, worst, title = rows[BEST], rows[WORST], title_of(outcome)
    title = title[:1].upper() + title[1:]
    if best["order"] == rows[SHIPPED]["order"]:
        first = f"{title} in {result.year}: no order does better than the scenario's where orders were chosen"
    else:
        sure = _sure(best)
        first = f"{title} in {result.year}: the best order is {_named(best)}"
        first += (
            f"; the scenario's gives up {_amount(best, outcome)} against it in the worlds that judge" if sure > 0
            else f", but in the worlds that judge it is not surely better than the scenario's: {_amount(best, outcome)}"
        )  # fmt: skip
    second = f"the worst, {_named(worst)}, brings {_amount(worst, outcome)} against the scenario's"
    if _sure(worst) * sign_of(outcome) >= 0:
        second += ", which is not surely worse"
    return f"{first}; {second}."


def _records(table: pd.DataFrame) -> list[Row]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]


def _named(row: Row) -> str:
    return str(row["order"]).replace(" > ", ", ")


def _sure(row: Row) -> int:
    """1 where the difference is surely above 0 (95 %), -1 where it is surely below, else 0."""
    return int(row["low"] > 0.0) - int(row["high"] < 0.0)


def _amount(row: Row, outcome: str) -> str:
    factor, unit = scale(unit_of(outcome))
    mean, low, high = (factor * float(row[name]) for name in ("difference", "low", "high"))
    digits = decimals(max(abs(low), abs(high), abs(mean)))
    return f"{signed(mean, digits)} {unit} (95 %: {signed(low, digits)} to {signed(high, digits)})".replace("  ", " ")


def _chair(result: Sequences) -> str:
    """What a chair can do, which state in it throughout matters most, and what turning the circle brings."""
    out = (
        "A chair moves its own proposals and priorities to the front of the queue, and has no more votes than others. "
    )
    chairs = _records(result.chairs)
    out += "; ".join(_throughout(chairs, outcome) for outcome in result.outcomes)
    idle = [str(row["chair"]) for row in chairs if not row["first"]]
    if idle:
        out += f"; {', '.join(idle)} put nothing first, so their chair does nothing"
    for row in _records(result.rows):
        outcome = str(row["outcome"])
        if row["sequence"] == WITH_CHAIR and _sure(row) * sign_of(outcome) > 0:
            out += f"; with the best order, and {row['chair']} in it in {result.years[0]}, {title_of(outcome)} is at "
            out += _amount(row, outcome)
    return f"{out}."


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
