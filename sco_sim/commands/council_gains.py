"""What a text would bring each state, as `sco-sim council` shows it: the reason for the benefit of equation 5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sco_sim.commands.screen.output import say, table
from sco_sim.components.gains import BRINGS
from sco_sim.numerics.arrays import Array
from sco_sim.studies.wording import signed

Record = dict[str, Any]
MONEY = ("trade", "transit", "received", "paid")
"""What is shown in million USD; all else in two digits."""
LEAST = {name: 0.05 if name in MONEY else 0.0005 for name in BRINGS}
"""What is less for every state is not shown."""


def brought(gains: Mapping[str, Array], benefit: Array, codes: Sequence[str]) -> list[Record]:
    """One record per state, who gets most of what it wants first; means over worlds of arrays (world, state)."""
    records = [
        {"iso3": iso, "benefit": float(benefit[:, row].mean()),
         **{name: float(values[:, row].mean()) for name, values in gains.items()}}
        for row, iso in enumerate(codes)
    ]  # fmt: skip
    return sorted(records, key=lambda record: -float(record["benefit"]))


def print_brought(records: Sequence[Record]) -> None:
    """A table of what a text would bring, without the columns and the states in which it brings nothing."""
    names = [name for name in BRINGS if any(abs(record[name]) >= LEAST[name] for record in records)]
    rows = [
        [record["iso3"], signed(record["benefit"], 2),
         *(f"{record[name]:+,.1f}" if name in MONEY else signed(record[name], 3) for name in names)]
        for record in records
        if record["benefit"] == 1.0 or any(abs(record[name]) >= LEAST[name] for name in names)
    ]  # fmt: skip
    if rows:
        say("What it would bring, a year in the long run:")
        table(["State", "Benefit", *names], rows, ["Benefit", *names])


LEGEND = (
    "Benefit is how much of what it wants a state would get, -1 to 1, and 1 for who proposes (equations 31 and 32): "
    + "; ".join(f"{name}: {text}" for name, text in BRINGS.items())
    + "."
)
"""What the columns are."""
