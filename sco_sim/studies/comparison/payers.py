"""Who pays and who gains: outlay, contribution, receipts and gain of each state side by side, and their ratio."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sco_sim.studies.comparison.cost import UNKNOWN, per_billion
from sco_sim.studies.statistics import standard_error

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.store.stored_run import StoredRun
    from sco_sim.studies.comparison.tables import TwoRuns

    Grid = dict[str, pd.DataFrame]

PAYERS_FILE = "payers.csv"
PAID, RECEIVED, DEBT, GDP, TRADE = "contribution_musd", "received_musd", "debt_gdp_share", "gdp", "trade"
COLUMNS = (
    "scenario", "reference", "iso3", "year", "outlay_musd", "contribution_musd", "received_musd", "trade_musd", "ratio",
    "outlay_musd_se", "contribution_musd_se", "received_musd_se", "trade_musd_se", "ratio_se",
)  # fmt: skip
AMOUNTS = COLUMNS[4:8]


def gaps(pair: TwoRuns, both: Sequence[Grid], key: str) -> dict[str, Array]:
    """An outcome of each state less the reference's, world by world, (world,); nothing if a run has not got it."""
    if any(key not in one for one in both):
        return {}
    before, after = pair.shared([one[key] for one in both])
    return {str(iso): after[iso].to_numpy(float) - before[iso].to_numpy(float) for iso in before}


def states_of(pair: TwoRuns, year: int) -> list[Grid]:
    """Outcome -> a row a world and a column a state, in a year, of both runs."""
    return pair.both("states", (PAID, RECEIVED, DEBT, GDP), [year])


def owing(run: StoredRun, states: Grid) -> Grid:
    """Outcomes of states with `owed_musd`, what each still owes on loans, less what it is still owed.

    Of several lenders it is not stored who is owed what: it is NaN for them.
    """
    if DEBT not in states or GDP not in states:
        return states
    owed = states[DEBT] / 100.0 * states[GDP] * 1e3
    lenders = {policy.loan.lender for policy in run.scenario.agreements if policy.loan is not None}
    claims = owed.sum(axis=1) if len(lenders) < 2 else float("nan")
    for iso in lenders.intersection(owed.columns):
        owed[iso] -= claims
    return {**states, "owed_musd": owed}


def trade_of(pair: TwoRuns, year: int) -> list[Grid]:
    """Trade of each state with all others in a year, bn USD, of both runs, as in `states_of`."""
    return [{TRADE: _by_state(ties[TRADE])} for ties in pair.both("ties", (TRADE,), [year])]


def _by_state(ties: pd.DataFrame) -> pd.DataFrame:
    ends = np.array([str(tie).split("-") for tie in ties.columns])
    trade = ties.to_numpy(float)
    return pd.DataFrame(
        {iso: trade[:, (ends == iso).any(axis=1)].sum(axis=1) for iso in np.unique(ends).tolist()}, index=ties.index
    )


def payer_rows(two: TwoRuns, year: int) -> Iterator[dict[str, Any]]:
    """Rows of payers.csv for one scenario, who pays most first; none if unpaired.

    Outlay is what a state has paid and still owes, less what it is still owed; the ratio is the trade that it gains in
    the year for each USD of it, of who surely pays: who earns by its loans, or saves, has no outlay to divide by.
    """
    if not two.together:
        return
    settings, runs = two.settings[0], (two.reference, two.scenario)
    states = [owing(run, own) for run, own in zip(runs, states_of(two, year), strict=True)]
    paid, received, owed = (gaps(two, states, key) for key in (PAID, RECEIVED, "owed_musd"))
    trade = {iso: 1e3 * gap for iso, gap in gaps(two, trade_of(two, year), TRADE).items()}
    rows: list[dict[str, Any]] = []
    for iso, contribution in paid.items():
        nothing = np.zeros_like(contribution)
        outlay, gain = contribution + owed.get(iso, nothing), trade.get(iso, nothing)
        amounts = dict(zip(AMOUNTS, (outlay, contribution, received.get(iso, nothing), gain), strict=True))
        pays = bool(np.isfinite(outlay).all()) and float(outlay.mean()) > 0.0
        own = per_billion(gain, outlay, settings) if pays else UNKNOWN
        rows.append(
            {"scenario": two.scenario.scenario.name, "reference": two.reference.scenario.name, "iso3": iso,
             "year": year, **{name: float(values.mean()) for name, values in amounts.items()},
             "ratio": own.per_bn / 1e3,
             **{f"{name}_se": standard_error(values, settings) for name, values in amounts.items()},
             "ratio_se": own.per_bn_se / 1e3}
        )  # fmt: skip
    yield from sorted(rows, key=lambda row: (-float(row["outlay_musd"]), str(row["iso3"])))


def payer_table(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """The rows of all scenarios: columns COLUMNS."""
    return pd.DataFrame(list(rows), columns=list(COLUMNS))


def moving(table: pd.DataFrame) -> pd.DataFrame:
    """The rows in which anything differs from the reference."""
    return table[(table[list(AMOUNTS)] != 0.0).any(axis=1)]
