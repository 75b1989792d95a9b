"""Growth of GDP as it could be told at an origin: entries of the ledger from the record up to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.entries import Entry
from sco_sim.case.entry_fields import Distribution
from sco_sim.case.growth import with_growth
from sco_sim.case.ledger import Z95, Ledger
from sco_sim.numerics.arrays import Array

FIRST = 1992
"""First year of GDP that is looked at."""
AHEAD = 5
"""Years ahead over which realised means are held against what was known."""
WARM_UP = 4
"""Fewest years of growth that a mean is known from."""
NOISE_YEARS = 15
"""Years whose spread is the noise of a year."""
RECENT = 10
"""Years whose growth of volumes is what is expected."""


def growth_to(case: Case, ledger: Ledger, until: int) -> Ledger:
    """The ledger with growth as it was known by a year: mean, spread and prices of every state, and what they share.

    The centre is what is expected of volumes (`expected_growth`): the outlook of the IMF, which the shipped ledger
    takes, holds real exchange rates still too, and past issues of it are not in the tables. Its error is that of the
    five-year means after earlier origins, less what the noise of single years makes of them. The noise is that of
    volume and, apart from it, that of prices and exchange rates over the last fifteen years, in variance halfway to its
    median. States without GDP of their own have what is typical of the others.
    """
    states = tuple(sorted(case.table("states")["iso3"]))
    years = range(FIRST, until + 1)
    nominal = np.diff(case.gdp(states, years), axis=0)
    with np.errstate(divide="ignore"):
        real = np.diff(np.log(case.state_path("gdp_constant_2015_usd", states, years)), axis=0)
    real = np.where(np.isfinite(real), real, nominal)  # without volumes all noise is that of the whole
    ledger = with_growth(ledger, [iso for iso in states if f"growth.mean.{iso}" not in ledger.entries], nominal[:0])
    seen = np.flatnonzero(np.isfinite(nominal[-NOISE_YEARS:]).sum(axis=0) >= WARM_UP)
    if not len(seen):
        return ledger
    nominal, real = nominal[:, seen], real[:, seen]
    volume, prices = _spread(real[-NOISE_YEARS:]), _spread((nominal - real)[-NOISE_YEARS:])
    yearly = float((volume**2 + prices**2).mean())
    centre, own = expected_growth(real), np.hypot(volume, prices)
    error = _error(nominal, real, yearly) * own / max(float(np.sqrt((own**2).mean())), 1e-9)
    entries = dict(ledger.entries)
    source = f"national accounts of the case up to {until}"
    for column, iso in enumerate(states[i] for i in seen):
        for stem, value, sd in (
            ("mean", centre[column], error[column]),
            ("spread", volume[column], 0.3 * volume[column] / Z95),
            ("prices", prices[column], 0.3 * prices[column] / Z95),
        ):
            name = f"growth.{stem}.{iso}"
            entries[name] = _normal(entries[name], float(value), float(sd), source)
    for stem, yearly_of in (("volume", real), ("prices", nominal - real)):
        name = f"growth.common_{stem}"
        entries[name] = _normal(entries[name], *_common(yearly_of[-NOISE_YEARS:]), source)
    return replace(ledger, entries=entries)


def expected_growth(real: Array) -> Array:
    """Growth of volume in the last ten years, half of it the mean of all states; (year, state) to (state,)."""
    recent = real[-RECENT:]
    own = np.where(np.isfinite(recent), recent, 0.0).sum(axis=0) / np.maximum(np.isfinite(recent).sum(axis=0), 1)
    out: Array = 0.5 * own + 0.5 * own.mean()
    return out


def _error(nominal: Array, real: Array, yearly: float) -> float:
    """Error of a mean of several years, without the noise of single years."""
    errors = []
    for row in range(WARM_UP, len(nominal) - AHEAD + 1):
        came = nominal[row : row + AHEAD].mean(axis=0)
        errors.append((came - expected_growth(real[:row]))[np.isfinite(came)])
    record = np.concatenate(errors) if errors else np.zeros(0)
    square = float((record**2).mean()) if len(record) else 0.0
    return float(np.sqrt(max(square - yearly / AHEAD, yearly / len(nominal))))


def _common(yearly: Array) -> tuple[float, float]:
    """Mean correlation between states, and its error with the years left out in turn."""

    def mean(part: Array) -> float:
        moving = part[:, np.isfinite(part).all(axis=0) & (part.std(axis=0) > 0.0)]
        if moving.shape[1] < 2:
            return 0.0
        matrix = np.atleast_2d(np.corrcoef(moving.T))
        return float(np.clip(matrix[np.triu_indices(len(matrix), 1)].mean(), 0.0, 0.95))

    without = np.array([mean(np.delete(yearly, row, axis=0)) for row in range(len(yearly))])
    return mean(yearly), float(np.sqrt((len(without) - 1) * without.var()))


def _spread(values: Array) -> Array:
    """Standard deviation of each state, in variance halfway to the median, (state,)."""
    own = np.nan_to_num(np.nanstd(values, axis=0, ddof=1))
    out: Array = np.sqrt(0.5 * own**2 + 0.5 * np.median(own) ** 2)
    return out


def _normal(was: Entry, centre: float, sd: float, source: str) -> Entry:
    low, high = centre - Z95 * sd, centre + Z95 * sd
    shape: Distribution = "normal" if sd > 0.0 else "fixed"
    return replace(was, central=centre, low=low, high=high, distribution=shape, kind="measured", source=source, note="")
