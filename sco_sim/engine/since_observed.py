"""What dated events did between the last observation of a tie and the start, which no observation holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sco_sim.components.event import Event
from sco_sim.components.mechanisms.quarrels import Quarrels
from sco_sim.engine.shocks import apply_event, clear
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.world.channels import OBSERVED_UNDER_SHOCKS
from sco_sim.world.year import Year


def catch_up(year: Year, events: Sequence[Event], quarrels: Quarrels | None) -> Mapping[str, Array]:
    """Let the events since the last observation of each tie act on the initial values; no shock is left behind.

    Trade was observed with the events of its year, and moves to those of the start. Disputes and passing pushes since
    the last observation of trust take it down and fade as they do in a run, and are remembered. The facts of earlier
    years are those of the start.

    Returns:
        The shocks that the initial values hold, from which later ones count: of trade those of the start, of the level
        of trust, which follows slowly, those of the year in which it was observed, each (world, tie).
    """
    state, p, start = year.state, year.p, year.year
    trade, trust = (np.minimum(year.observed.get(name, _now(year)), start) for name in ("trade", "trust_level"))
    held = {name: np.zeros_like(state.trade) for name in OBSERVED_UNDER_SHOCKS}
    earliest = min([start, *(event.years()[0] for event in events)])
    passing = np.zeros_like(state.trade)
    last_dispute = start - state.years_since_dispute
    for now in range(max(earliest, int(min(trade.min(), trust.min()))), start + 1):
        year.year = now
        clear(year)
        since = state.years_since_dispute.copy()
        for event in events:
            apply_event(event, year)
        state.years_since_dispute[:] = np.where(last_dispute > now, since, state.years_since_dispute)
        held["shock_trade"][:, trade == now] = state.shock_trade[:, trade == now]
        held["shock_trust"][:, trust == now] = state.shock_trust[:, trust == now]
        state.dispute[:, trust >= now] = 0.0  # what was observed holds them already
        pushed = np.where(trust < now, state.shock_deviation - p["trust.dispute_drop"] * state.dispute, 0.0)
        passing = p["trust.persistence"] * passing + pushed
        broke_out = state.dispute > 0.0
        state.years_since_dispute[:] = np.where(broke_out, start - now, state.years_since_dispute)
        if quarrels is not None:
            quarrels.remember(year)
    state.trust_deviation[:] += passing
    if quarrels is not None:
        quarrels.strain(year)
    state.trade[:] += state.shock_trade - held["shock_trade"]
    held["shock_trade"] = state.shock_trade.copy()
    clear(year)
    return held


def _now(year: Year) -> Ints:
    return np.full(len(year.ties), year.year)
