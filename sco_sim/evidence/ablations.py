"""Does each part of the coupled engine earn its place? Run it from 2010 with and without, and score the years after.

Parameters are fitted on data up to 2010 only; no event after 2010 is known; GDP is realised. The engine's worlds are
the forecast: trade with the noise of its reports, trust as shares with the noise of counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.case.filters import trade_observations
from sco_sim.case.ledger import Ledger, read_ledger
from sco_sim.engine.build import build_model
from sco_sim.evidence.calibration.fit import fitted_to
from sco_sim.evidence.hindcast.bank import recent_mean
from sco_sim.evidence.hindcast.scores import bootstrap
from sco_sim.evidence.hindcast.trust import EVENTS, FIRST
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.numerics.functions import expit
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Rivals, Scenario, Without
from sco_sim.world.ties import Ties

Record = dict[str, Any]

ORIGIN, TRADE_END, TRUST_END = 2010, 2016, 2014
WORLDS, REPLICATES = 400, 4
USUAL = 5
"""Years behind the usual error of a tie's reports and the usual number of its events."""
FULL = "full"
NAIVE = "no engine: last trade, mean trust"
"""Trade of 2010 and mean share up to 2010 as point forecasts, for scale: their CRPS is the mean absolute error."""


def _fixed(scenario: Scenario, *names: str) -> Scenario:
    values = dict(scenario.parameters) | {name: Override(low=None, high=None, value=0.0) for name in names}
    return scenario.model_copy(update={"parameters": values})


def _without(scenario: Scenario, *mechanisms: str) -> Scenario:
    return scenario.model_copy(update={"without": Without(mechanisms=mechanisms)})


def _rivals(scenario: Scenario, **views: str) -> Scenario:
    return scenario.model_copy(update={"rivals": Rivals.model_validate(views)})


def _given(scenario: Scenario) -> Scenario:
    policies = tuple(policy.model_copy(update={"decided_by": "given"}) for policy in scenario.policies)
    return scenario.model_copy(update={"policies": policies})


VARIANTS: dict[str, Callable[[Scenario], Scenario]] = {
    FULL: lambda s: s,
    "without trust to trade": lambda s: _fixed(s, "trade.trust_elasticity"),
    "without trade to trust": lambda s: _fixed(s, "trust.trade_effect"),
    "without policies": lambda s: s.model_copy(update={"policies": ()}),
    "without events (disputes)": lambda s: _without(s, "disputes"),
    "without the council": _given,
    "contact: none": lambda s: _rivals(s, contact="none"),
    "contact: backlash": lambda s: _rivals(s, contact="backlash"),
    "consensus: delays": lambda s: _rivals(s, consensus="delays"),
}


def ablations(case: Case, worlds: int = WORLDS, seed: int = 1) -> list[Record]:
    """Scores of every variant, and the paired difference of CRPS from the full engine, 5-95 % over ties."""
    base = load_scenario(case.folder / "hindcast.yaml", (), case.folder)
    past = _case_of_2010(case)
    ties = Ties(base.states)
    seen = _observed(past, ties)
    scored = {name: _scored(_run(change(base), past, worlds, seed, seen), seen) for name, change in VARIANTS.items()}
    scored[NAIVE] = _scored({"trade": seen["last_trade"], "trust": seen["mean_trust"]}, seen)
    rows = []
    for name, parts in scored.items():
        row: Record = {"variant": name}
        for channel, (error, crps, column) in parts.items():
            gap = crps - scored[FULL][channel][1]
            low, high = np.quantile(bootstrap({"gap": gap}, column)["gap"], [0.05, 0.95])
            row |= {
                f"{channel}_rmse": float(np.sqrt((error**2).mean())),
                f"{channel}_crps": float(crps.mean()),
                f"{channel}_difference": "" if name == FULL else f"{gap.mean():+.1e} ({low:+.1e} to {high:+.1e})",
                f"{channel}_n": len(crps),
            }
        rows.append(row)
    return rows


def _case_of_2010(case: Case) -> Case:
    """The case with parameters fitted up to the origin: what was measured later falls back to the ledger as written."""
    other = Case(case.folder)
    ledger: Ledger = fitted_to(case, read_ledger(case.folder / "parameters.yaml", fitted=False), ORIGIN)
    other.ledger = ledger
    return other


def _observed(case: Case, ties: Ties) -> Mapping[str, Array]:
    years = range(ORIGIN + 1, TRADE_END + 1)
    trade, _ = trade_observations(case, case.ledger, ties, years)
    late = range(ORIGIN + 1, TRUST_END + 1)
    cooperative = case.tie_path("icews_cooperative_events", ties, late)
    total = cooperative + case.tie_path("icews_conflictual_events", ties, late)
    before = range(FIRST, ORIGIN + 1)
    known, known_error = trade_observations(case, case.ledger, ties, before)
    good = case.tie_path("icews_cooperative_events", ties, before)
    usual = good + case.tie_path("icews_conflictual_events", ties, before)
    shares = np.where(usual >= EVENTS, good / np.maximum(usual, 1.0), np.nan)
    mean, last = np.nan_to_num(recent_mean(shares, len(shares)), nan=0.95), recent_mean(known, 1)
    return {
        "trade": trade,
        "trade_error": np.nan_to_num(recent_mean(known_error, USUAL), nan=0.4),
        "trust": np.where(total >= EVENTS, cooperative / np.maximum(total, 1.0), np.nan),
        "events": np.maximum(np.nan_to_num(recent_mean(usual, USUAL)), EVENTS),
        "last_trade": np.broadcast_to(last, (1, *trade.shape)),
        "mean_trust": np.broadcast_to(mean, (1, *total.shape)),
    }


def _run(scenario: Scenario, case: Case, worlds: int, seed: int, seen: Mapping[str, Array]) -> dict[str, Array]:
    """What the engine's worlds would have been observed as, (world, year, tie) by channel."""
    model = build_model(scenario, case=case, worlds=range(worlds), seed=seed, replicates=REPLICATES)
    trade, trust = [], []
    while model.year.year < TRADE_END:
        model.step()
        trade.append(model.state.trade.copy())
        trust.append(model.state.trust_level + model.state.trust_deviation)
    rng = np.random.default_rng(seed)  # the same noise of measurement for every variant
    flows = np.stack(trade, axis=1)
    flows = flows + seen["trade_error"] * rng.standard_normal(flows.shape)
    logit = np.stack(trust[: TRUST_END - ORIGIN], axis=1)
    psi = case.ledger["trust.overdispersion"].central
    share = expit(logit)
    spread = np.sqrt(psi * share * (1.0 - share) / seen["events"])
    return {"trade": flows, "trust": np.clip(share + spread * rng.standard_normal(share.shape), 0.0, 1.0)}


def _scored(worlds: Mapping[str, Array], seen: Mapping[str, Array]) -> dict[str, tuple[Array, Array, Ints]]:
    """Error of the mean, CRPS and tie of every observed tie-year, by channel."""
    out = {}
    for channel, sample in worlds.items():
        truth = seen[channel]
        ok = np.isfinite(truth)
        ordered = np.sort(sample[:, ok], axis=0)
        count = len(ordered)
        weight = (2.0 * np.arange(1, count + 1) - count - 1.0)[:, None]
        spread = (weight * ordered).sum(axis=0) / count**2
        crps = np.abs(ordered - truth[ok]).mean(axis=0) - spread
        out[channel] = (truth[ok] - sample[:, ok].mean(axis=0), crps, np.nonzero(ok)[1])
    return out
