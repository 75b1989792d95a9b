"""Which conclusions change sign inside the ranges of the ledger, and which judgement they hang on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sco_sim.components.registry import find, keys
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.statistics import common

if TYPE_CHECKING:
    from sco_sim.studies.comparison.compare import Comparison

COLUMNS = ("scenario", "outcome", "year", "other_sign", "parameter", "kind", "rank_correlation")
FRAGILE = 0.05
"""Share of settings with the other sign from which on a conclusion counts as fragile."""


def fragile(comparison: Comparison) -> pd.DataFrame:
    """One row per scenario and outcome of the last year whose mean difference changes sign within the ledger's ranges.

    `other_sign` is the share of settings (draws of the parameters) whose mean over replicates has the sign opposite to
    that of the whole; `parameter` is the judgement entry with the largest rank correlation with the difference, so what
    the sign hangs on most, if one stands out (three standard errors of none). Empty for an unpaired comparison.
    """
    rows: list[dict[str, object]] = []
    if not comparison.paired:
        return pd.DataFrame(rows, columns=list(COLUMNS))
    reference, *others = comparison.runs
    year = int(comparison.table["year"].max())
    outcomes = [str(outcome) for outcome in comparison.table["outcome"].unique()]
    base = reference.metrics(years=[year]).set_index("world")
    for run in others:
        frame = run.metrics(years=[year]).set_index("world")
        worlds = common([base.index.to_numpy(), frame.index.to_numpy()])
        settings = run.numbering.setting(worlds)
        draws, kinds = _judgements(run)
        for outcome in outcomes:
            difference = frame.loc[worlds, outcome] - base.loc[worlds, outcome]
            means = difference.groupby(settings).mean()
            other = float((np.sign(means) == -np.sign(means.mean())).mean()) if means.mean() else 0.0
            if other >= FRAGILE:
                name, correlation = _strongest(means, draws)
                row = {"scenario": run.manifest["name"], "outcome": outcome, "year": year, "other_sign": other}
                rows.append({**row, "parameter": name, "kind": kinds.get(name, ""), "rank_correlation": correlation})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _judgements(run: StoredRun) -> tuple[pd.DataFrame, dict[str, str]]:
    """The draws by setting of the judgement entries its components use, and the kind of every entry in force."""
    scenario = run.scenario
    mechanisms = (find("mechanisms", key) for key in keys("mechanisms"))
    used = {name for mechanism in mechanisms for name in mechanism.parameters}
    used |= {name for component in (*scenario.policies, *scenario.events) for name in component.used()}
    kinds = {str(entry["parameter"]): str(entry["kind"]) for entry in run.manifest["parameters"]}
    draws = run.settings().set_index("setting")
    chosen = [n for n in draws.columns if kinds.get(n) == "judgement" and (n in used or n.startswith("council."))]
    return draws[chosen], kinds


def _strongest(means: pd.Series[float], draws: pd.DataFrame) -> tuple[str, float]:
    """The column most strongly rank-correlated with the means, and how strongly; "" if none stands out of chance."""
    ranks = means.rank().to_numpy()
    best, strongest = "", 3.0 / np.sqrt(len(means))
    for name in draws.columns:
        values = draws.loc[means.index, name].astype(float)
        if np.ptp(values.to_numpy()) > 0.0 and np.ptp(ranks) > 0.0:
            correlation = float(np.corrcoef(values.rank().to_numpy(), ranks)[0, 1])
            if abs(correlation) > abs(strongest):
                best, strongest = str(name), correlation
    return (best, strongest) if best else ("", float("nan"))
