"""A scenario that begins in the past beside what was observed since: the engine that users run, with its own draws.

What is scored are predictions of the observations: the simulated value with the error of the observation on top.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sco_sim.case.case import Case
from sco_sim.case.filters import gdelt_logit, trade_observations
from sco_sim.errors import Problem, ScenarioError
from sco_sim.evidence.hindcast.engine import simulate
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import Scenario
from sco_sim.world.ties import Ties

LEVELS = (0.5, 0.8, 0.95)
"""Central intervals whose coverage is counted."""


@dataclass(frozen=True)
class Predicted:
    """One variable, as it was predicted and as it was observed."""

    name: str
    unit: str
    """Unit of `predicted` and `observed`."""
    items: tuple[str, ...]
    """Ties, or series."""
    years: tuple[int, ...]
    """Years with observations."""
    predicted: Array
    """Draws of what would be observed, (world, year, item)."""
    observed: Array
    """(year, item), NaN where there is nothing."""
    last: Array
    """Last observation up to the start, (item,), NaN if there is none."""

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Where something was observed, (year, item)."""
        return ~np.isnan(self.observed)

    def middle(self) -> Array:
        """Medians over worlds, (year, item)."""
        middle: Array = np.median(self.predicted, axis=0)
        return middle

    def totals(self) -> list[dict[str, Any]]:
        """Sums over what was observed in each year, of exp(value): the observed one, and 5, 50 and 95 % of worlds."""
        out = []
        for row, year in enumerate(self.years):
            seen = self.seen[row]
            sums = np.exp(self.predicted[:, row][:, seen]).sum(axis=1)
            low, middle, high = np.quantile(sums, [0.05, 0.5, 0.95])
            observed = float(np.exp(self.observed[row, seen]).sum())
            out.append({"year": year, "n": int(seen.sum()), "observed": observed, "low": float(low),
                        "middle": float(middle), "high": float(high)})  # fmt: skip
        return out

    def inside(self, level: float) -> Array:
        """Whether each observation lies in the central interval, (year, item)."""
        low, high = np.quantile(self.predicted, [0.5 - level / 2.0, 0.5 + level / 2.0], axis=0)
        inside: Array = (self.observed >= low) & (self.observed <= high)
        return inside

    def scores(self) -> list[dict[str, Any]]:
        """A row a year and one for all: observations, errors beside those of the last value, bias and coverage."""
        rows = [(str(year), np.arange(len(self.years)) == row) for row, year in enumerate(self.years)]
        if len(self.years) > 1:
            rows.append(("all", np.full(len(self.years), True)))
        return [{"variable": self.name, "year": name, **self._score(which)} for name, which in rows]

    def _score(self, which: NDArray[np.bool_]) -> dict[str, Any]:
        seen = self.seen & which[:, None]
        error = (self.middle() - self.observed)[seen]
        both = seen & ~np.isnan(self.last)
        naive = (np.where(np.isnan(self.last), 0.0, self.last) - self.observed)[both]
        out: dict[str, Any] = {
            "n": int(seen.sum()), "rmse": _rms(error), "bias": float(error.mean()),
            "rmse_where_both": _rms((self.middle() - self.observed)[both]), "rmse_last_value": _rms(naive),
        }  # fmt: skip
        return out | {f"inside_{100 * level:.0f}": float(self.inside(level)[seen].mean()) for level in LEVELS}

    def missed(self) -> list[dict[str, Any]]:
        """Observations outside the 95 % interval, the farthest first."""
        low, high = np.quantile(self.predicted, [0.025, 0.975], axis=0)
        beyond = np.where(self.seen, np.maximum(low - self.observed, self.observed - high), -np.inf)
        order = np.argsort(-beyond, axis=None, kind="stable")
        out = []
        for row, item in zip(*np.unravel_index(order, beyond.shape), strict=True):
            if beyond[row, item] > 0.0:
                where = (row, item)
                out.append({
                    "variable": self.name, "item": self.items[item], "year": self.years[row],
                    "observed": float(self.observed[where]), "low": float(low[where]), "high": float(high[where]),
                })  # fmt: skip
        return out


@dataclass(frozen=True)
class Backtest:
    """A scenario beside what was observed since its start."""

    scenario: Scenario
    worlds: int
    tested: tuple[Predicted, ...]
    left_out: tuple[str, ...]
    """Variables of which nothing was observed after the start."""


def backtest(scenario: Scenario, case: Case, worlds: int = 400, seed: int = 1) -> Backtest:
    """Simulate a scenario to the last year with observations, and put what was observed since beside it.

    Raises ScenarioError if nothing was observed after its start.
    """
    start, ties = scenario.horizon.start, Ties(scenario.states)
    years = range(start + 1, scenario.horizon.end + 1)
    observed = _observed(case, ties, years)
    rows = [row for values, _ in observed.values() for row in np.flatnonzero(~np.isnan(values).all(axis=1))]
    if not rows:
        remedy = "take a scenario that begins earlier, as from_2020 does"
        raise ScenarioError(Problem(f"nothing was observed after {start}", remedy, scenario.name))
    years = years[: max(rows) + 1]
    ran = simulate(scenario, case, worlds, seed, until=years[-1])
    states = {"trade": ran.trade, "trust": ran.gdelt, "students": ran.students}
    rng = np.random.default_rng(seed)
    predicted = {name: np.empty_like(values) for name, values in states.items()}
    for row in range(len(years)):
        for name, values in states.items():
            error = np.nan_to_num(observed[name][1][row])
            predicted[name][:, row] = values[:, row] + error * rng.standard_normal(values[:, row].shape)
    before = _observed(case, ties, range(case.first_trade_year(start), start + 1))
    tested, left_out = [], []
    for name, (values, _) in observed.items():
        seen = [row for row in range(len(years)) if not np.isnan(values[row]).all()]
        if not seen:
            left_out.append(name)
            continue
        items = _directed(ties) if name == "students" else ties.names
        when = tuple(years[row] for row in seen)
        last = _latest(before[name][0])
        tested.append(Predicted(name, UNITS[name], items, when, predicted[name][:, seen], values[seen], last))
    return Backtest(scenario, worlds, tuple(tested), tuple(left_out))


UNITS = {
    "trade": "ln USD of 2015", "trust": "logit of the share of good days (GDELT)", "students": "ln(1 + persons)"
}  # fmt: skip
"""Units of what is predicted and observed."""


def _observed(case: Case, ties: Ties, years: range) -> dict[str, tuple[Array, Array]]:
    """Observations and their standard errors, each (year, item), NaN where there are none."""
    tone, students = gdelt_logit(case, ties, years), _students(case, ties, years)
    return {
        "trade": trade_observations(case, case.ledger, ties, years),
        "trust": (tone, np.full(tone.shape, case.ledger["trust.gdelt_noise"].central)),
        "students": (students, np.zeros(students.shape)),
    }


def _students(case: Case, ties: Ties, years: range) -> Array:
    """Ln(1 + students) of each directed series, (year, series)."""
    table = case.table("students")
    wide = table.pivot_table(index="year", columns=["iso3_origin", "iso3_destination"], values="students_persons")
    both = pd.MultiIndex.from_tuples([*ties.pairs, *((b, a) for a, b in ties.pairs)])
    counts: Array = np.log1p(wide.reindex(index=list(years), columns=both).to_numpy(dtype=float))
    return counts


def _directed(ties: Ties) -> tuple[str, ...]:
    return (*(f"{a} in {b}" for a, b in ties.pairs), *(f"{b} in {a}" for a, b in ties.pairs))


def _latest(values: Array) -> Array:
    """The last value known of each item, NaN if there is none, (item,)."""
    known = ~np.isnan(values)
    row = len(values) - 1 - np.argmax(known[::-1], axis=0)
    return np.where(known.any(axis=0), values[row, np.arange(values.shape[1])], np.nan)


def _rms(error: Array) -> float:
    return float(np.sqrt(np.mean(error**2))) if len(error) else float("nan")
