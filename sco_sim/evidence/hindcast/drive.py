"""What GDP does to a channel: volumes count for more than prices.

GDP in USD is volume times price, and the price moves with the exchange rate. Three slopes, from all ties of the case:
of the volumes of the two economies; of their prices against the mean of all; of that mean, which carries the dollar
and the prices of commodities. One slope on GDP in USD mixes them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sco_sim.evidence.hindcast.panel import Past
from sco_sim.numerics.arrays import Array

SPANS, FIRST, LARGEST = (1, 3, 5), 2, 2.0
"""Lengths of the changes used, first year used, and the largest change counted in full (ln)."""
COMMON, COMMON_SPREAD, SURPRISE = 0.7, 0.3, 0.1
"""Prior of the slope on the common price, and the spread of a year's common surprise (ln)."""


@dataclass(frozen=True)
class Slopes:
    """Elasticities of volume, own price and common price."""

    volume: float
    price: float
    common: float

    def drive(self, past: Past) -> Array:
        """Ln of the channel that GDP accounts for, up to a constant, (year + horizon, column)."""
        prices = past.gravity - past.volume
        mean = prices.mean(axis=1, keepdims=True)
        out: Array = self.volume * past.volume + self.price * (prices - mean) + self.common * mean
        return out


def fit_slopes(past: Past) -> Slopes:
    """Least squares on changes net of the mean of their year, then the common slope on the means of the years."""
    prices = past.gravity - past.volume
    x, y, means = [], [], []
    for span in SPANS:
        for row in range(FIRST, len(past.y) - span):
            change = past.y[row + span] - past.y[row]
            ok = np.isfinite(change)
            if ok.sum() < 3:
                continue
            weight = np.exp(0.1 * np.clip(past.y[row][ok] - 18.0, -6.0, 8.0))
            columns = [series[row + span][ok] - series[row][ok] for series in (past.volume, prices)]
            columns.append(np.clip(change[ok], -LARGEST, LARGEST))
            mean = [np.average(column, weights=weight) for column in columns]
            net = [(column - m) * np.sqrt(weight / span) for column, m in zip(columns, mean, strict=True)]
            x.append(np.column_stack(net[:2]))
            y.append(net[2])
            if span == 1:
                means.append(mean)
    own, *_ = np.linalg.lstsq(np.concatenate(x), np.concatenate(y), rcond=None)
    volume, price, change = np.array(means).T
    left = change - own[0] * volume
    precision = price @ price / SURPRISE**2 + 1.0 / COMMON_SPREAD**2
    common = (price @ left / SURPRISE**2 + COMMON / COMMON_SPREAD**2) / precision
    return Slopes(float(own[0]), float(own[1]), float(common))
