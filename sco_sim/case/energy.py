"""Gas pipelines of a case, and what is known of the gas in them at the start."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sco_sim.case.case import Case
from sco_sim.case.filters import NO_YEAR, Centres, Estimate
from sco_sim.case.ledger import Ledger
from sco_sim.case.lines import lines_of
from sco_sim.world.channels import Channel
from sco_sim.world.lines import in_service
from sco_sim.world.scales import on_scale
from sco_sim.world.ties import Ties

FEWEST_MONTHS = 6
"""Months that a figure has to cover: gas for heating comes and goes with the season."""


def energy(channel: Channel, case: Case, ties: Ties, start: int, ledger: Ledger) -> dict[str, Estimate]:
    """Gas through the lines in service at the start, by the use last seen of each tie, else by that of other lines.

    What is known after the start says nothing. A tie without a line has none, for certain.
    """
    c, lines = Centres(ledger), lines_of(case.table(channel.table), ties)
    ramp = np.array([[c["energy.ramp"]]])
    use, sd = np.full(len(ties), c["energy.utilisation"]), np.full(len(ties), c["energy.utilisation_error"])
    seen = np.full(len(ties), float(NO_YEAR))
    for tie, year, flow in _volumes(case.table("energy_volumes"), ties, start):
        capacity = in_service(lines, year, ramp, np.arange(len(ties)))[0, tie]
        if capacity > 0.0:
            use[tie], seen[tie] = flow / capacity, year
            sd[tie] = min(c["energy.utilisation_error"], c["energy.noise"] * np.sqrt(1.0 + start - year))
    flows = use * in_service(lines, start, ramp, np.arange(len(ties)))[0]
    unlined = np.where(flows > 0.0, seen, np.nan)
    return {channel.name: Estimate(on_scale(channel, flows), sd * flows / (1.0 + flows), unlined)}


def _volumes(table: pd.DataFrame, ties: Ties, start: int) -> Iterator[tuple[int, int, float]]:
    """Row of the tie, year and gas both ways of every year up to the start, the latest last."""
    known = table[(table["months"] >= FEWEST_MONTHS) & (table["year"] <= start)].dropna(subset=["flow_bcm"])
    flows: dict[tuple[int, int], float] = {}
    for origin, destination, year, flow in known[["iso3_origin", "iso3_destination", "year", "flow_bcm"]].to_numpy():
        if origin in ties.row and destination in ties.row:
            key = int(year), ties.tie(origin, destination)
            flows[key] = flows.get(key, 0.0) + float(flow)
    yield from ((tie, year, flow) for (year, tie), flow in sorted(flows.items()))
