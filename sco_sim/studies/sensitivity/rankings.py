"""From stored sweeps and runs to what `sensitivity` and `discovery` work on, and back to tables."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.studies.sensitivity import indices as sensitivity
from sco_sim.studies.sensitivity.indices import Chance
from sco_sim.studies.sweep import design
from sco_sim.studies.sweep.stored_sweep import StoredSweep, scenario_names

METHODS = ("sobol", "morris", "pawn")


@dataclass(frozen=True)
class Ranking:
    """What one outcome depends on, by one method."""

    scenario: str
    outcome: str
    year: int
    table: pd.DataFrame
    share: Chance
    worlds: int
    """Worlds of each point."""
    nothing: float = math.nan
    """What a random factor reaches; NaN but for PAWN."""
    interactions: pd.DataFrame | None = None
    """Second order of each pair of factors, of a Sobol design with `second_order`."""

    @property
    def warning(self) -> str:
        """What is unsure for want of worlds; empty if there are enough."""
        if self.worlds < 2:
            return "one world a point: the figures are of that one history, and no interval says what chance does"
        if not self.share.too_few(self.worlds):
            return ""
        return (
            f"factors and chance together do so much that {self.worlds} worlds a point are too few: other worlds, "
            "another order; give more `worlds`"
        )

    @property
    def method(self) -> str:
        """Key of MEASURES."""
        return str(self.table["method"].iloc[0])


def rankings(
    sweep: StoredSweep, outcomes: Sequence[str] = (), years: Sequence[int] = (), method: str = ""
) -> tuple[list[Ranking], list[str]]:
    """Every scenario, outcome and year of a sweep ranked; Sobol and Morris designs by their own method.

    Args:
        sweep: A stored sweep.
        outcomes: All that are kept if empty.
        years: The last year kept if empty.
        method: sobol, morris or pawn; the method of the design, else pawn, if empty.

    Returns:
        The rankings, and a sentence on each outcome left out since it is the same at every point.

    Raises:
        ScenarioError: The design does not allow the method, a world is missing, or nothing is left.
    """
    plan = sweep.experiment.sweep.design
    if method == "pawn" and (plan.sobol or plan.morris):
        message = "PAWN takes the points as independent, and those of a Sobol or Morris design are not: "
        raise ScenarioError(
            Problem(f"{message}it would flag factors that do nothing", "sweep a `latin_hypercube` for it", "--method")
        )
    method = method or next((name for name in METHODS[:2] if getattr(sweep.experiment.sweep.design, name)), "pawn")
    if method in METHODS[:2] and not getattr(sweep.experiment.sweep.design, method):
        raise ScenarioError(
            Problem(f"the points of {sweep.experiment.name} are no {method} design", "use pawn", "--method")
        )
    kept = [str(name) for name in sweep.manifest["kept_outcomes"]]
    chosen = list(outcomes) or kept
    ranked, left_out = [], []
    for year in years or (max(sweep.manifest["kept_years"]),):
        wide = sweep.frame([year])
        for scenario in dict.fromkeys(str(name) for name in sweep.points()["scenario"]):
            for outcome in chosen:
                values = grid(wide[wide["scenario"] == scenario], outcome, sweep)
                used = _rows_used(sweep, scenario, method)
                try:
                    ranked.append(_ranked(sweep, scenario, outcome, int(year), values, used, method))
                except ScenarioError as error:
                    if "the same at every point" not in str(error):
                        raise
                    left_out.append(f"{outcome} in {scenario} is the same at every point: no factor moves it")
    if not ranked:
        raise ScenarioError(Problem("no factor moves any of these outcomes", "choose another --outcome"))
    return ranked, left_out


def grid(wide: pd.DataFrame, outcome: str, sweep: StoredSweep) -> Array:
    """One outcome of one scenario and year, shape (row, world of the row); NaN where there is none."""
    if outcome not in wide:
        kept = ", ".join(sweep.manifest["kept_outcomes"])
        raise ScenarioError(Problem(f"the sweep keeps no '{outcome}'", f"it keeps {kept}", "--outcome"))
    stream = sweep.numbering.stream(wide["world"].to_numpy(dtype=np.intp))
    table = wide.assign(stream=stream).pivot(index="row", columns="stream", values=outcome)
    return np.asarray(table.reindex(range(len(sweep.rows()))).to_numpy(dtype=float))


def _rows_used(sweep: StoredSweep, scenario: str, method: str) -> Bools:
    """The rows of the design with all their worlds in a scenario, shape (row,); of Sobol and Morris whole blocks only.

    Raises:
        ScenarioError: There is none.
    """
    of = sweep.numbering
    number = scenario_names(sweep.manifest).index(scenario)
    rows = sweep.whole_points().reshape(of.rows, of.scenarios)[:, number]
    size = design.block(sweep.experiment.sweep) if method in METHODS[:2] else 1
    used: Bools = rows.reshape(-1, size).all(axis=1).repeat(size)
    if not used.any():
        what = "base point or trajectory" if size > 1 else "point"
        message = f"no {what} of {scenario} has all its worlds yet: {sweep.extent()}"
        raise ScenarioError(Problem(message, "give the command of the sweep again to finish it", str(sweep.path)))
    return used


def _ranked(
    sweep: StoredSweep, scenario: str, outcome: str, year: int, values: Array, used: Bools, method: str
) -> Ranking:
    factors, unit, values = list(sweep.experiment.sweep.factors), sweep.unit()[used], values[used]
    means, nothing, seed, pairs = values.mean(axis=1), math.nan, sweep.experiment.sweep.seed, None
    sensitivity.check(means, f"{outcome} in {scenario} in {year}")
    plan = sweep.experiment.sweep.design
    if method == "sobol" and plan.sobol is not None:
        table = sensitivity.sobol(factors, values, second_order=plan.sobol.second_order, seed=seed)
        pairs = sensitivity.interactions(factors, means, seed) if plan.sobol.second_order else None
    elif method == "morris" and plan.morris is not None:
        table = sensitivity.morris(factors, unit, means, levels=plan.morris.levels, seed=seed)
    else:
        table, nothing = sensitivity.pawn(factors, unit, means, seed=seed)
    return Ranking(scenario, outcome, year, table, sensitivity.chance(values), values.shape[1], nothing, pairs)


def tables(ranked: Sequence[Ranking]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
    """All rankings as one table, a row per factor; the shares of chance, a row per outcome; interactions, if any."""
    shares = [{**_names(one), **one.share._asdict(), "warning": one.warning} for one in ranked]
    pairs = [(one, one.interactions) for one in ranked if one.interactions is not None]
    return _joined([(one, one.table) for one in ranked]), pd.DataFrame(shares), _joined(pairs) if pairs else None


def _joined(named: Sequence[tuple[Ranking, pd.DataFrame]]) -> pd.DataFrame:
    """Tables below each other, each with the scenario, outcome and year it is of in front."""
    frames = [pd.DataFrame(_names(one), index=table.index).join(table) for one, table in named]
    return pd.concat(frames, ignore_index=True)


def _names(one: Ranking) -> dict[str, str | int]:
    return {"scenario": one.scenario, "outcome": one.outcome, "year": one.year}
