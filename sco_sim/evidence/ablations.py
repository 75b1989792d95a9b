"""Does each part of the coupled engine earn its place? Run it from 2010 with and without, and score the years after.

Everything is as in the hindcast: tables cut at the origin, the ledger fitted to it, GDP realised; no later event.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.evidence.hindcast.engine import SEED, WORLDS, Origins, simulate, would_observe
from sco_sim.evidence.hindcast.panel import Panel, events_panel, trade_panel
from sco_sim.evidence.hindcast.rolling import hindcast
from sco_sim.evidence.hindcast.scores import Sample, Scored, means, resampled, score
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Rivals, Scenario, Without

Record = dict[str, Any]

ORIGIN, TRADE_END, CONFLICT_END = 2010, 2016, 2014
FULL = "full"
NAIVE = ("gdp_scaled", "recent_mean")
"""Naive forecasts of trade and of conflict in the last row, for scale."""


def _fixed(scenario: Scenario, names: Sequence[str]) -> Scenario:
    values = dict(scenario.parameters) | {name: Override(low=None, high=None, value=0.0) for name in names}
    return scenario.model_copy(update={"parameters": values})


def _without(scenario: Scenario, *mechanisms: str) -> Scenario:
    return scenario.model_copy(update={"without": Without(mechanisms=mechanisms)})


def _rivals(scenario: Scenario, **views: str) -> Scenario:
    return scenario.model_copy(update={"rivals": Rivals.model_validate(views)})


def _given(scenario: Scenario) -> Scenario:
    policies = tuple(policy.model_copy(update={"decided_by": "given"}) for policy in scenario.policies)
    return scenario.model_copy(update={"policies": policies})


ARROWS: dict[str, tuple[str, ...]] = {
    "trust to trade": ("trade.trust_elasticity",),
    "trade to trust": ("trust.trade_effect",),
    "exercises to trust": ("trust.security_effect",),
    "community to trust": ("trust.community_effect",),
    "quarrels to trade": ("quarrel.trade_spat", "quarrel.trade_war"),
    "quarrels to travel and students": ("quarrel.people", "quarrel.students"),
    "quarrels to trust": ("quarrel.trust",),
    "quarrels to votes": ("quarrel.votes",),
    "quarrels to delivery": ("quarrel.delivery",),
    "mistrust around a quarrel": ("quarrel.spread",),
    "twinned places as a cushion": ("quarrel.cushion",),
    "trade and prosperity to disputes": ("dispute.trade", "dispute.prosperity"),
    "prosperity to culture": ("culture.prosperity",),
    "students to trade": ("trade.students_elasticity",),
    "twinned places to trade": ("cities.trade",),
    "capacity to what can be delivered": ("delivery.reach",),
    "community and practice to votes": ("council.community", "council.practice"),
    "churn to credibility": ("council.credibility",),
    "freight routes": ("routes.elasticity",),
}
"""What one part of the model does to another, by the entries of the ledger without which it does nothing."""

VARIANTS: dict[str, Callable[[Scenario], Scenario]] = {
    FULL: lambda s: s,
    "without policies": lambda s: s.model_copy(update={"policies": ()}),
    "without events (disputes)": lambda s: _without(s, "disputes"),
    "without the council": _given,
    "contact: none": lambda s: _rivals(s, contact="none"),
    "contact: backlash": lambda s: _rivals(s, contact="backlash"),
    "consensus: delays": lambda s: _rivals(s, consensus="delays"),
    "hazard of disputes on trust": lambda s: s.model_copy(update={"hazard_on": "level"}),
    "third parties: balance": lambda s: s.model_copy(update={"third_parties": "balance"}),
    "third parties: bloc": lambda s: s.model_copy(update={"third_parties": "bloc"}),
    **{f"without {arrow}": partial(_fixed, names=names) for arrow, names in ARROWS.items()},
}


def ablations(case: Case, worlds: int = WORLDS, seed: int = SEED) -> list[Record]:
    """Scores of every variant, and the paired difference of CRPS from the full engine, 5-95 % over states and years."""
    base = load_scenario(case.folder / "hindcast.yaml", (), case.folder)
    origins = Origins(case, base.states, worlds, seed)
    panels = {
        "trade": (trade_panel(case, base.states), TRADE_END),
        "conflict": (events_panel(case, base.states), CONFLICT_END),
    }
    scored = {name: _engine(change(base), origins, panels, worlds, seed) for name, change in VARIANTS.items()}
    naive = {
        channel: hindcast(panel, [(ORIGIN, end)], "realised" if channel == "trade" else None, origins).scored[rival]
        for (channel, (panel, end)), rival in zip(panels.items(), NAIVE, strict=True)
    }
    scored[f"no engine: {NAIVE[0]} trade, {NAIVE[1]} of conflict"] = naive
    return [_row(name, parts, scored[FULL], panels) for name, parts in scored.items()]


Panels = dict[str, tuple[Panel, int]]


def _engine(scenario: Scenario, origins: Origins, panels: Panels, worlds: int, seed: int) -> dict[str, Scored]:
    """Worlds of one variant, scored by channel; the same noise of measurement for every variant."""
    simulated = simulate(scenario, origins.known(ORIGIN, "realised"), worlds, seed)
    out = {}
    for channel, (panel, end) in panels.items():
        forecast = Sample(would_observe(simulated, panel.channel, seed)[:, : end - ORIGIN])
        out[channel] = score(forecast, panel.after(ORIGIN, end - ORIGIN), ORIGIN, np.ones(len(panel.columns)))
    return out


def _difference(mean: float, low: float, high: float) -> str:
    return f"{mean:+.1e} ({low:+.1e} to {high:+.1e})"


def _row(name: str, parts: dict[str, Scored], full: dict[str, Scored], panels: Panels) -> Record:
    row: Record = {"variant": name}
    for channel, part in parts.items():
        gap = part.crps - full[channel].crps
        weights = resampled(np.column_stack(panels[channel][0].ends)[part.column], part.horizon[:, None])
        low, high = np.quantile(means({"gap": gap}, weights)["gap"], [0.05, 0.95])
        row |= {
            f"{channel}_rmse": float(np.sqrt((part.error**2).mean())),
            f"{channel}_crps": float(part.crps.mean()),
            f"{channel}_difference": _difference(gap.mean(), low, high) if gap.any() else "",
            f"{channel}_n": len(gap),
        }
    return row
