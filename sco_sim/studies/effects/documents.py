"""The causal statements of the documents, row by row: what they say, what they promise, and who in the model is it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sco_sim.components.base import Component
from sco_sim.components.registry import KINDS, find, keys

TABLE = Path(__file__).with_name("mechanism_rows.csv")
SIGNS = {"+": 1, "-": -1, "0": 0}


@dataclass(frozen=True)
class Row:
    """One statement: its documents, the signs it promises of a policy or fears of an event, by outcome of `effects`."""

    row: str
    documents: tuple[str, ...]
    statement: str
    promise: Mapping[str, int]
    harm: Mapping[str, int]
    note: str
    """Why no component says it all, and through which parameter or field it can be expressed."""


@cache
def rows() -> dict[str, Row]:
    """All rows in the order of the documents' page."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {
            line["row"]: Row(
                line["row"], tuple(line["document"].split()), line["statement"], _signs(line["promise"]),
                _signs(line["harm"]), line["note"],
            )
            for line in csv.DictReader(file)
        }  # fmt: skip


def _signs(text: str) -> dict[str, int]:
    return {word[:-1]: SIGNS[word[-1]] for word in text.split()}


def promised(component_kind: str, component: type[Component]) -> dict[str, int]:
    """Outcome to the sign that the component's rows promise (policies) or fear (events); the first row counts."""
    signs: dict[str, int] = {}
    for name in component.rows:
        row = rows().get(name)
        for outcome, sign in (row.harm if component_kind == "events" else row.promise).items() if row else ():
            signs.setdefault(outcome, sign)
    return signs


def homes() -> dict[str, list[tuple[str, str]]]:
    """Row to the components that claim it, as component kind and key."""
    components: dict[str, list[tuple[str, str]]] = {name: [] for name in rows()}
    for component_kind in KINDS:
        for key in keys(component_kind):
            for name in find(component_kind, key).rows:
                components.setdefault(name, []).append((component_kind, key))
    return components
