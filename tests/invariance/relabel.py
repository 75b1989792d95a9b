"""The same case under other codes: every table, the ledger, the scenario and the luck of every state and tie."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.numerics.streams import Draws, setting_uniforms
from sco_sim.scenario.schema import Scenario
from sco_sim.shipped import default_case
from sco_sim.world.channels import CHANNELS
from sco_sim.world.ties import Ties

Names = Mapping[str, str]
CODE = re.compile(r"\b[A-Z]{3}\b")
PAIR = ["iso3_a", "iso3_b"]
STATES_OF_ROUTES = ("state", "state_a", "state_b", "transit_states", "via")
"""Columns of the routes and pipelines, whose ends are sorted by no code."""


def shuffled(codes: list[str], seed: int) -> dict[str, str]:
    """Another code for each but the USA, whose prices deflate all money."""
    movable = sorted(set(codes) - {"USA"})
    return dict(zip(movable, np.random.default_rng(seed).permutation(movable).tolist(), strict=True)) | {"USA": "USA"}


def relabelled_case(folder: Path, names: Names) -> Path:
    """The shipped case with other codes; pairs are sorted anew, rows are not."""
    (folder / "data").mkdir(parents=True)
    for file in sorted((default_case() / "data").glob("*.csv")):
        table = pd.read_csv(file, dtype=str, keep_default_na=False)
        for column in [column for column in table if "iso3" in column or column in STATES_OF_ROUTES]:
            table[column] = [CODE.sub(lambda code: names.get(code[0], code[0]), cell) for cell in table[column]]
        if set(PAIR) <= set(table):
            turned = table["iso3_a"] > table["iso3_b"]
            for one in [column for column in table if column.endswith("a_on_b")]:
                other = one.replace("a_on_b", "b_on_a")
                table.loc[turned, [one, other]] = table.loc[turned, [other, one]].to_numpy()
            table.loc[turned, PAIR] = table.loc[turned, PAIR[::-1]].to_numpy()
        table.to_csv(folder / "data" / file.name, index=False)
    ledger = (default_case() / "parameters.yaml").read_text(encoding="utf-8")
    of_a_state = re.compile(r"^(  (?:growth|wants)\.\w+\.)([A-Z]{3}):", re.MULTILINE)
    text = of_a_state.sub(lambda found: f"{found[1]}{names[found[2]]}:", ledger)
    (folder / "parameters.yaml").write_text(text, encoding="utf-8")
    shutil.copytree(default_case() / "fits", folder / "fits", dirs_exist_ok=True)
    return folder


def relabelled_scenario(scenario: Scenario, names: Names) -> Scenario:
    """The same scenario under the other codes."""

    def renamed(value: Any) -> Any:
        if isinstance(value, str):
            stem, _, last = value.rpartition(".")
            return f"{stem}.{names[last]}" if stem and last in names else names.get(value, value)
        if isinstance(value, dict):
            return {renamed(key): renamed(one) for key, one in value.items()}
        return [renamed(one) for one in value] if isinstance(value, list) else value

    return Scenario.from_resolved(renamed(scenario.resolved()))


class Carried:
    """Where each state and tie went; the luck goes with it."""

    def __init__(self, old: Ties, names: Names) -> None:
        self.names = names
        self.back = {new: iso for iso, new in names.items()}
        new = Ties([names[iso] for iso in old.states])
        self.rows = np.array([old.row[self.back[iso]] for iso in new.states])
        origin = [(self.back[a], self.back[b]) for a, b in new.pairs]
        self.ties = np.array([old.tie(*pair) for pair in origin])
        self.turned = np.array([a > b for a, b in origin])

    def _unit(self, unit: str) -> str:
        """The name that a state, a pair, or the world had under the old codes."""
        return "-".join(sorted(self.back.get(code, code) for code in unit.split("-")))

    def _stream(self, name: str) -> str:
        """A stream or parameter under the old codes."""
        stem, _, last = name.rpartition(".")
        return f"{stem}.{self.back[last]}" if stem and last in self.back else name

    def drawn(self, draw: Callable[[str, list[str]], Any], name: str, units: Sequence[str]) -> Any:
        """The uniforms that each state or tie had under its old code."""
        old = [self._unit(unit) for unit in units]
        plain = draw(self._stream(name), old)
        of_ties = all("-" in unit for unit in units)
        if not (of_ties and any(channel.name in name for channel in CHANNELS if channel.directed)):
            return plain
        other = draw(name[:-2] + name[-2:][::-1], old)  # a tie whose ends have changed places changes its directions
        return np.where(self.turned, other, plain)

    def patch(self, monkeypatch: Any) -> None:
        """Carry the luck along wherever it is drawn."""
        drawn = Draws.uniforms
        monkeypatch.setattr(
            Draws,
            "uniforms",
            lambda draws, name, units: self.drawn(lambda one, old: drawn(draws, one, old), name, units),
        )
        for module in ("sco_sim.case.initial", "sco_sim.case.ledger"):
            monkeypatch.setattr(
                f"{module}.setting_uniforms",
                lambda seed, settings, name, units: self.drawn(
                    lambda one, old: setting_uniforms(seed, settings, one, old), name, units
                ),
            )
        monkeypatch.setattr(
            "sco_sim.case.ledger.setting_firsts",
            lambda seed, settings, names: {
                name: setting_uniforms(seed, settings, self._stream(name), [""])[:, 0] for name in names
            },
        )
