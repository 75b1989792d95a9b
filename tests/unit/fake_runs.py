"""Hand-made stored runs: what compare and plots read, with numbers a test can work out."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from sco_sim.scenario.schema import Horizon
from sco_sim.store.stored_run import StoredRun


class FakeRun(StoredRun):
    """A run with a lead in trust and trade of `lift` over the luck that all fakes share."""

    def __init__(self, name="baseline", lift=0.0, worlds=40, states=("CHN", "IND", "KGZ", "RUS"), seed=1, start=2020,
                 end=2030, replicates=4):  # fmt: skip
        years = np.arange(start, end + 1)
        told = SimpleNamespace(
            name=name, title=f"The title of {name}", states=states,
            horizon=Horizon(start=start, end=end), policies=(), events=(),
            decision_rule=None, parameters={}, rivals=None, hazard_on="none", agenda=None, budget=None, membership={},
            view="evidence", is_belief=False, without=SimpleNamespace(mechanisms=()),
        )  # fmt: skip
        vars(self).update(
            path=Path("nowhere") / name,
            manifest={
                "name": name, "seed": seed, "replicates": replicates, "fixed_parameters": False, "case": "shipped",
                "data_hash": "0" * 64, "years": [start, end], "states": sorted(states),
            },
            told=told, numbers=np.arange(worlds), years=years, lift=lift,
            luck=np.random.default_rng(seed).normal(size=(48, 12, 60))[:worlds, : len(years)],
        )  # fmt: skip

    @property
    def scenario(self):
        return self.told

    def _cells(self, names=None):
        axes = [len(self.numbers), len(self.years), len(names or [0])]
        world, year, name = np.indices(axes).reshape(3, -1)
        out = {"world": self.numbers[world], "year": self.years[year]}
        return (out, world, year, name) if names else (out, world, year, None)

    def parts(self, table_name, years=None, names=None):
        """Two batches, of which one has the even worlds: nothing may hang on the order."""
        frame = getattr(self, table_name)(years)
        places = ["world", "year", *(name for name in ("tie", "iso3", "iso3_a", "iso3_b") if name in frame)]
        frame = frame if names is None else frame[[*places, *names]]
        for odd in (0, 1):
            yield frame[frame["world"] % 2 == odd]

    def metrics(self, years=None):
        out, world, year, _ = self._cells()
        step, luck = self.lift * year, self.luck[world, year]
        growth = 1 + self.numbers[world] / len(self.numbers)
        frame = pd.DataFrame({
            **out,
            "conflict_share_observed_mean": 0.05 + 0.004 * luck[:, 0] - 0.001 * step * growth,
            "trade_total_busd": 300 + 8 * year + 10 * luck[:, 1] + 2 * step * growth,
            "people_index": 900 + 20 * luck[:, 2] + 5 * step,
            "students_total": 60000 + 900 * year + 1500 * luck[:, 3] + 100 * step * growth,
            "cities_total": 420 + 4.0 * year + np.round(10 * step),
            "community_mean": 0.4 + 0.01 * luck[:, 4],
            "agreements_adopted": np.full(len(world), 1.0 if self.lift else 0.0),
            "cost_musd": 0.0 + 30 * step,
        })  # fmt: skip
        return frame if years is None else frame[frame["year"].isin(years)]

    def ties(self, years=None):
        names = [f"{a}-{b}" for a, b in combinations(sorted(self.scenario.states), 2)]
        out, world, year, name = self._cells(names)
        weak = np.array([0.7 if "IND" in n and ("CHN" in n or "PAK" in n) else 0.98 for n in names])
        size = np.array([0.5 + 90.0 * ("CHN" in n) for n in names]) / (1 + np.arange(len(names)))
        luck = self.luck[world, year, name % 60]
        trust = np.clip(weak[name] + 0.01 * luck + 0.002 * self.lift * year * (name % 3), 0, 0.999)
        trade = size[name] * np.exp(0.02 * year + 0.1 * luck + 0.01 * self.lift * year * (name % 4 - 1))
        shares = {"trust": trust, "conflict_share_observed": 1.0 - trust}
        ends = {f"iso3_{end}": np.array([one.split("-")["ab".index(end)] for one in names])[name] for end in "ab"}
        frame = pd.DataFrame({**out, "tie": np.array(names)[name], **ends, **shares, "trade": trade})
        return frame if years is None else frame[frame["year"].isin(years)]

    def states(self, years=None):
        names = sorted(self.scenario.states)
        out, world, year, name = self._cells(names)
        gain = 3 * self.luck[world, year, name] + self.lift * year * (name - 1) * 0.3
        frame = pd.DataFrame({**out, "iso3": np.array(names)[name], "gain": gain, "community": 0.4 + 0 * gain})
        return frame if years is None else frame[frame["year"].isin(years)]

    def agreements(self, names=None):
        if not self.lift:
            return pd.DataFrame(columns=["world", "agreement", "adopted_year", "tabled_years", "hold_out", "ambition",
                                         "delivered"])  # fmt: skip
        even = self.numbers % 2 == 0
        return pd.DataFrame({
            "world": self.numbers,
            "agreement": "sister_cities",
            "adopted_year": np.where(even, 2024.0, np.nan),
            "tabled_years": np.where(even, 1.0, 7.0),
            "hold_out": np.where(self.numbers % 4 == 0, "CHN", "IND"),
            "ambition": np.where(even, 0.6, 0.0),
            "delivered": np.where(even, 0.3, 0.0),
            "force_year": np.where(self.numbers % 4 == 0, 2026.0, np.nan),
            "delivered_year": np.full(len(self.numbers), np.nan),
            "ratified_CHN": np.where(even, 2025.0, 0.0),
            "ratified_IND": np.where(even, 2027.0, 0.0),
        })  # fmt: skip
