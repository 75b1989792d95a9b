"""What the outcomes of a comparison cost: per 1,000 million USD, with the error of a ratio of two means."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sco_sim.components.registry import metric
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.studies.statistics import HIGH, LOW, Z, standard_error

if TYPE_CHECKING:
    from sco_sim.studies.comparison.tables import TwoRuns

COST = "cost_musd"
COST_FILE = "cost.csv"
DISCOUNT = 0.035
"""Discount a year of what comes later, the social time preference rate of HM Treasury's Green Book (2022)."""
IN_YEAR, SO_FAR = "in the year", "so far"
"""An outcome of one year over all that was spent so far; an amount a year summed over the years, both discounted."""
COLUMNS = (
    "scenario", "reference", "outcome", "unit", "better", "year", "basis", "cost_musd", "per_bn", "per_bn_se", "low_05",
    "high_95",
)  # fmt: skip


class PerBillion(NamedTuple):
    """Gain per 1,000 million USD; NaN where it is not known."""

    per_bn: float
    """Mean gain over mean cost, which is not the mean of ratios: where nothing is adopted nothing is spent."""
    per_bn_se: float
    low_05: float
    """5 % quantile over worlds of their own ratios, of those that spend."""
    high_95: float


UNKNOWN = PerBillion(*[float("nan")] * 4)


def per_billion(gain: Array, spent: Array, settings: Ints) -> PerBillion:
    """The ratio of two means with its standard error (linearised, Cochran 1977, chapter 6), clustered by setting.

    Not known where it is not settled whether the scenario costs more or less; where it is cheaper the ratio is per
    1,000 million USD saved.

    Args:
        gain: Paired difference in an outcome, shape (world,).
        spent: Paired difference in cost, million USD, shape (world,).
        settings: Setting of each world, shape (world,).
    """
    billions = spent / 1000.0 * np.sign(spent.mean())
    error = standard_error(spent / 1000.0, settings)
    if np.isnan(gain).any() or not abs(float(billions.mean())) > (0.0 if np.isnan(error) else Z * error):
        return UNKNOWN
    ratio = float(gain.mean() / billions.mean())
    own = gain[billions != 0.0] / billions[billions != 0.0]
    low, high = np.quantile(own, [LOW, HIGH])
    scatter = standard_error(gain - ratio * billions, settings) / float(billions.mean())
    return PerBillion(ratio, scatter, float(low), float(high))


def cost_rows(two: TwoRuns, table: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Rows of cost.csv for one scenario, in the order of its rows of comparison.csv, but for the cost itself."""
    rows = [row for row in table.to_dict("records") if row["outcome"] != COST]
    names = list(dict.fromkeys(str(row["outcome"]) for row in rows))
    moved: dict[str, pd.DataFrame] = {}
    costs = table[table["outcome"] == COST].set_index("year")["difference"].to_dict()
    reading = two.read("metrics", [COST, *names])  # in the order of the rows
    for row in rows:
        key, year = str(row["outcome"]), row["year"]
        while key not in moved:
            name, (before, after) = next(reading)
            moved = {one: kept for one, kept in moved.items() if one == COST}
            moved[name] = after - before if two.together else after.iloc[:0]
        first = {name: row[name] for name in COLUMNS[:6]}
        bases = [(IN_YEAR, _at(moved[key], year), _at(moved[COST], year))]
        if metric(key).flow:
            bases.append((SO_FAR, so_far(moved[key], year), so_far(moved[COST].diff(axis=1), year)))
        for basis, gain, spent in bases:
            figures = per_billion(gain, spent, two.settings[0]) if two.together else UNKNOWN
            yield {**first, "basis": basis, "cost_musd": float(costs[year]), **figures._asdict()}


def _at(frame: pd.DataFrame, year: int) -> Array:
    values: Array = frame[year].to_numpy(dtype=float)
    return values


def so_far(frame: pd.DataFrame, year: int) -> Array:
    """Sum over the years after the first, up to one, each discounted to the first, shape (world,).

    Args:
        frame: An amount a year, a row a world and a column a year.
        year: Last year that counts.
    """
    first, *years = [int(one) for one in frame.columns if int(one) <= year]
    weights = (1.0 + DISCOUNT) ** -(np.array(years, dtype=float) - first)
    total: Array = (frame[years].to_numpy(dtype=float) * weights).sum(axis=1)
    return total


def cost_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """The rows of all scenarios: columns COLUMNS."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS))
