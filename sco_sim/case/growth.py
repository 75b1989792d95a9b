"""Growth of states that the ledger does not name: from their own GDP, else from the states it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sco_sim.case.entries import Entry
from sco_sim.case.ledger import Z95, Ledger
from sco_sim.numerics.arrays import Array

GROWTH_YEARS = range(2009, 2020)
"""GDP of these years gives the growth, as in the shipped ledger: after the crisis of 2009, before the pandemic."""
ENOUGH = 5
"""Fewest yearly steps for a growth of a state's own."""


def with_growth(ledger: Ledger, states: Sequence[str], log_gdp: Array) -> Ledger:
    """The ledger with entries growth.mean.XXX, growth.spread.XXX and growth.prices.XXX for some states.

    The mean of a state is the mean of its own growth, with its standard error, drawn half way to the mean of the states
    that the ledger names; the spread is its own, prices and exchange rate included, so that nothing is left for
    growth.prices. With fewer than five steps of GDP all are those of the other states.

    Args:
        ledger: The ledger that lacks them.
        states: Codes of the states.
        log_gdp: Ln GDP of the years GROWTH_YEARS, NaN where it is not known, shape (year, state).
    """
    growth = np.diff(log_gdp, axis=0)
    named = {
        stem: [entry for name, entry in ledger.entries.items() if name.startswith(f"growth.{stem}.")]
        for stem in ("mean", "spread", "prices")
    }
    centres = (("mean", 0.03), ("spread", 0.03), ("prices", 0.05))
    mean, spread, prices = (_typical(named[stem], centre) for stem, centre in centres)
    entries = dict(ledger.entries)
    for column, iso in enumerate(states):
        steps = growth[:, column][~np.isnan(growth[:, column])]
        own_mean, own_spread, own_prices = mean, spread, prices
        if len(steps) >= ENOUGH:
            sd = max(float(steps.std(ddof=1)), 0.005)
            source = "GDP of the case in current USD over the US deflator, 2010-19"
            centre = 0.5 * (float(steps.mean()) + mean.central)
            own_mean = _normal(mean, centre, sd / np.sqrt(len(steps)), source)
            own_spread = _normal(spread, sd, sd / np.sqrt(2.0 * len(steps)), source)
            own_prices = replace(
                prices, central=0.0, low=0.0, high=0.0, distribution="fixed", kind="measured", source=source,
                note="in growth.spread",
            )  # fmt: skip
        entries[f"growth.mean.{iso}"] = replace(own_mean, symbol="m_i", name=f"mean growth of {iso}")
        entries[f"growth.spread.{iso}"] = replace(
            own_spread, symbol="sigma_i", name=f"yearly spread of growth of {iso}"
        )
        entries[f"growth.prices.{iso}"] = replace(
            own_prices, symbol="x_i", name=f"yearly spread of prices and exchange rate of {iso}"
        )
    return replace(ledger, entries=entries)


def _typical(named: Sequence[Entry], centre: float) -> Entry:
    """What is known of a state of which only the others are known: their mean, and the range they span."""
    values = np.array([entry.central for entry in named]) if named else np.array([centre])
    low, high = np.quantile(values, [0.05, 0.95]) if len(values) > 1 else (0.5 * centre, 1.5 * centre)
    middle = float(np.clip(values.mean(), low, high))
    unit = named[0].unit if named else "ln/year"
    minimum = named[0].minimum if named else float("-inf")
    maximum = named[0].maximum if named else float("inf")
    return Entry(
        "", "", unit, middle, float(low), float(high), "uniform", "judgement",
        "the states that the ledger names: their mean, and the middle nine tenths of their values", "", minimum,
        maximum,
    )  # fmt: skip


def _normal(like: Entry, centre: float, error: float, source: str) -> Entry:
    low, high = centre - Z95 * error, centre + Z95 * error
    return replace(
        like, central=centre, low=low, high=high, distribution="normal", kind="measured", source=source,
        note="exchange-rate swings included",
    )  # fmt: skip
