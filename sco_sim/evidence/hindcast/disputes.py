"""Disputes from several origins: the engine's chances beside the base rate and the record of each tie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sco_sim.evidence.hindcast.engine import Origins, would_observe
from sco_sim.evidence.hindcast.panel import Panel
from sco_sim.evidence.hindcast.rolling import ENGINE
from sco_sim.evidence.hindcast.scores import means, resampled
from sco_sim.numerics.arrays import Array

PRIOR_YEARS = 5.0
"""Years of the base rate that the record of a tie is drawn to."""


@dataclass(frozen=True)
class Chances:
    """Chances of a dispute on every tie-year scored, by forecast, each (row,)."""

    chances: dict[str, Array]
    seen: Array
    """1 where a dispute began."""
    ends: Array
    """Rows of the two states, (row, 2)."""
    origin: Array
    year: Array

    def scores(self) -> dict[str, dict[str, float]]:
        """Expected and observed number, Brier score and ignorance (nats) of each forecast."""
        return {
            name: {
                "expected": float(chance.sum()),
                "observed": float(self.seen.sum()),
                "brier": float(((chance - self.seen) ** 2).mean()),
                "ignorance": float(self._ignorance(chance).mean()),
                "n": float(len(chance)),
            }
            for name, chance in self.chances.items()
        }

    def differences(self) -> dict[str, tuple[float, float, float]]:
        """Ignorance of the engine less that of each other forecast: value, 5 and 95 % over states and years."""
        own = self._ignorance(self.chances[ENGINE])
        weights = resampled(self.ends, self.year[:, None])
        out = {}
        for name, chance in self.chances.items():
            if name != ENGINE:
                gap = own - self._ignorance(chance)
                low, high = np.quantile(means({"gap": gap}, weights)["gap"], [0.05, 0.95])
                out[name] = (float(gap.mean()), float(low), float(high))
        return out

    def _ignorance(self, chance: Array) -> Array:
        out: Array = -np.log(np.where(self.seen > 0.0, chance, 1.0 - chance))
        return out


def dispute_chances(panel: Panel, origins: Sequence[tuple[int, int]], engine: Origins) -> Chances:
    """Forecast and score at every origin; the chance of the engine is the share of its worlds with a dispute.

    Half a world is added to both outcomes, so that none is held for impossible.
    """
    parts: dict[str, list[Array]] = {name: [] for name in (ENGINE, "base_rate", "tie_record")}
    seen, ends, origin_of, year_of = [], [], [], []
    for origin, end in origins:
        horizon = end - origin
        past, came = panel.past(origin, horizon, "drawn"), panel.after(origin, horizon)
        known = np.isfinite(came)
        worlds = would_observe(engine.worlds(origin, "drawn"), panel.channel)[:, :horizon]
        parts[ENGINE].append(((worlds.sum(axis=0) + 0.5) / (len(worlds) + 1.0))[known])
        rate = (np.nansum(past.y) + 0.5) / (np.isfinite(past.y).sum() + 1.0)
        parts["base_rate"].append(np.full(int(known.sum()), rate))
        years = np.isfinite(past.y).sum(axis=0)
        record = (np.nansum(past.y, axis=0) + PRIOR_YEARS * rate) / (years + PRIOR_YEARS)
        parts["tie_record"].append(np.broadcast_to(record, came.shape)[known])
        seen.append(came[known])
        ends.append(np.column_stack(panel.ends)[np.nonzero(known)[1]])
        origin_of.append(np.full(int(known.sum()), origin))
        year_of.append(origin + 1 + np.nonzero(known)[0])
    return Chances(
        {name: np.concatenate(rows) for name, rows in parts.items()}, np.concatenate(seen), np.concatenate(ends),
        np.concatenate(origin_of), np.concatenate(year_of),
    )  # fmt: skip
