"""The model's forecast: the mean of three views of equation 10, with a band that goes with each tie's own record.

The views: the bank of filters and the last observation, both moved by what GDP does to the channel (`drive`), and the
last observation moved by half the growth of GDP in USD. The design was settled on origins 2002-09 scored on years up to
2010, inside the first fit window (docs/evidence.md tells the order, and which designs were dropped).
"""

from __future__ import annotations

import numpy as np

from sco_sim.evidence.hindcast.bands import Banded
from sco_sim.evidence.hindcast.bank import Bank, fit_bank
from sco_sim.evidence.hindcast.drive import Slopes, fit_slopes
from sco_sim.evidence.hindcast.naive import gdp_scaled
from sco_sim.evidence.hindcast.panel import Past
from sco_sim.numerics.arrays import Array

CENTRE = np.array([0.0, 0.0, 1.0, -2.0, 0.5])
"""Prior of the band: the spread is that of the bank, whatever the horizon beyond it."""


class Views:
    """The parts of the forecast. Fits depend only on what was known at an origin, so they are kept by origin."""

    def __init__(self) -> None:
        self.slopes: dict[int, Slopes] = {}
        self.banks: dict[int, Bank] = {}

    def drive(self, past: Past) -> Array:
        """What GDP does, (year + horizon, column)."""
        if past.origin not in self.slopes:
            self.slopes[past.origin] = fit_slopes(past)
        return self.slopes[past.origin].drive(past)

    def filtered(self, past: Past) -> tuple[Array, Array]:
        """The bank of filters, and what its band goes with."""
        drive = self.drive(past)
        if past.origin not in self.banks:
            self.banks[past.origin] = fit_bank(past, drive)
        mean, spread = self.banks[past.origin].ahead(past, drive)
        ahead = np.log(np.arange(1.0, past.horizon + 1.0))[:, None]
        return mean, np.stack([np.broadcast_to(ahead, spread.shape), np.log(spread)], axis=-1)

    def carried(self, past: Past) -> Array:
        """The last observation moved by what GDP does."""
        drive = self.drive(past)
        now = len(past.y) - 1
        out: Array = past.last + drive[now + 1 :] - drive[now]
        return out

    def model(self, past: Past) -> tuple[Array, Array]:
        """The mean of the three views, and what its band goes with; the filters alone for a tie never seen."""
        filtered, features = self.filtered(past)
        carried = 0.5 * (self.carried(past) + gdp_scaled(past))
        carried = np.where(np.isfinite(carried), carried, filtered)
        return (filtered + 2.0 * carried) / 3.0, features

    def forecasts(self) -> dict[str, Banded]:
        """The model's forecast and its first part by name."""
        return {"model": self.model, "filters_alone": self.filtered}
