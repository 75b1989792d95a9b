"""The ledger fitted to what was known at an origin: every stage anew, on tables that hold nothing later."""

from __future__ import annotations

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.cut import CutCase
from sco_sim.evidence.calibration.growth import growth_to
from sco_sim.evidence.calibration.inference import posterior
from sco_sim.evidence.calibration.stages import STAGES, Stage
from sco_sim.numerics.arrays import Array

DRAWS = 400
"""Draws kept of each stage."""
FEWEST = 30
"""Fewest observations that a stage is fitted to; below it the entries stay as written."""


def fitted_case(whole: Case, origin: int, studied: tuple[str, ...], seed: int = 1) -> CutCase:
    """The case as it was known at the end of the origin, with the ledger fitted to it.

    `studied` are the codes of the states between which the ties lie that the stages are fitted to.
    """
    case = CutCase(whole, origin, studied)
    case.ledger = growth_to(case, case.ledger, origin)
    for key, build in STAGES.items():
        if observed(case, key):
            stage = build(case, origin)
            _fit(case, stage, seed)
    return case


def observed(case: CutCase, key: str) -> bool:
    """Whether the tables of an origin hold enough for a stage."""
    if key == "trade":
        return len(case.table("trade_reports")) >= FEWEST
    if key == "students":
        table = case.table("students")
        inside = table[table["iso3_origin"].isin(case.studied) & table["iso3_destination"].isin(case.studied)]
        series = inside.groupby(["iso3_origin", "iso3_destination"]).size()
        return int(series[series >= 5].sum()) >= FEWEST
    column = {"trust": "icews_cooperative_events", "dispute": "mid_onsets", "gdelt": "gdelt_balance"}[key]
    return int(case.table("tie_years")[column].notna().sum()) >= FEWEST


def _fit(case: CutCase, stage: Stage, seed: int) -> None:
    """Put the posterior of a stage into the ledger of the case."""
    free = posterior(stage.density, stage.prior.mean, seed, draws=DRAWS, proposals=4 * DRAWS).draws
    draws = stage.views(stage.to_ledger(free))
    summary = {name: _summary(draws[:, column]) for column, name in enumerate(stage.names)}
    source = f"{stage.source}, up to {case.year}"
    case.ledger = case.ledger.with_fit(stage.names, draws, summary, source)
    if stage.key == "trust":
        _start_of_trust(case, free, source)


def _start_of_trust(case: CutCase, free: Array, source: str) -> None:
    """Where trust stands before anything is observed: the stage fits it along with the rest."""
    for name, values in (
        ("start_mean", free[:, 6]), ("start_rivalry", free[:, 7]), ("start_sd", np.exp(free[:, 8])),
    ):  # fmt: skip
        centre = float(values.mean())
        case.ledger = case.ledger.measured(f"trust.{name}", centre, source)


def _summary(values: Array) -> tuple[float, float, float]:
    low, high = np.quantile(values, [0.05, 0.95])
    return float(values.mean()), float(low), float(high)
