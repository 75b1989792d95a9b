"""The model against its slow twin: every number of every year, on every scenario shipped and under stress."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.components.registry import find, keys
from sco_sim.engine.build import build_model
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.world.state import VARIABLES
from tests.oracle.oracle_metrics import METRICS
from tests.oracle.oracle_model import OracleModel

HERE = Path(__file__).parent
STRESS = sorted(HERE.glob("stress*.yaml"))
# Stress files push parameters far outside their ranges, which a user would be warned of.
pytestmark = pytest.mark.filterwarnings("ignore::sco_sim.errors.SimWarning")
SCENARIOS = [*sorted(shipped_scenarios().glob("*.yaml")), *STRESS]
WORLDS = (0, 5)
"""Two settings of four replicates, in one batch."""
MORE_WORLDS = (0, 5, 11)
"""One more for the stress files, which are meant to differ between worlds."""
CASE = Case()
"""Read once: the tables and the ledger are the same for every scenario."""
METERS: dict[str, Any] = {key: find("metrics", key)() for key in keys("metrics")}
TOLERANCE = 1e-10
LISTS = {
    "trust": "trust_of_ties",
    "trade": "trade_of_ties",
    "conflict_share_observed": "observed_shares",
    "community": "community_of_states",
    "gain": "gain",
    "gdp": "gdp",
    "trade_gdp_share": "trade_gdp_share",
    "community_trust": "trust_parts",
    "community_participation": "participation_parts",
    "community_delivery": "delivery_parts",
    "contribution_musd": "contributions",
    "received_musd": "receipts",
    "debt_gdp_share": "debts",
}
"""Metrics of the oracle that are lists, by the key of the model."""

Numbers = list[tuple[str, float]]


def twin_state(oracle: OracleModel, name: str, axis: str) -> Numbers:
    """One state variable of the oracle, as places and numbers in the order of the model's array."""
    if axis == "tie":
        return [(f"{a}-{b}", tie[name]) for a, b, tie in oracle.graph.edges(data=True)]
    if axis == "state":
        return [(s.iso, getattr(s, name)) for s in oracle.states]
    if axis == "world":
        return [("", getattr(oracle, name))]
    if axis == "agreement_state":
        agreements = oracle.agreements
        return [(f"{a.name} {iso}", level) for a in agreements for iso, level in getattr(a, name).items()]
    rows = {None: -1.0} | {s.iso: float(s.row) for s in oracle.states}
    numbers = {
        "adopted_year": lambda a: math.nan if a.adopted_year is None else float(a.adopted_year),
        "force_year": lambda a: math.nan if a.force_year is None else float(a.force_year),
        "delivered_year": lambda a: math.nan if a.delivered_year is None else float(a.delivered_year),
        "built_year": lambda a: math.nan if a.built_year is None else float(a.built_year),
        "tabled_years": lambda a: float(a.tabled_years),
        "hold_out": lambda a: rows[a.hold_out],
        "lost_to_veto": lambda a: a.lost_to_veto,
        "lost_to_delivery": lambda a: a.lost_to_delivery,
        "built": lambda a: a.built,
        "building": lambda a: a.building,
        "owed": lambda a: a.owed,
    }
    return [(a.name, numbers[name](a)) for a in oracle.agreements]


def twin_metric(oracle: OracleModel, key: str, axis: str) -> Numbers:
    """One metric of the oracle, as places and numbers."""
    if axis == "world":
        return [("", getattr(oracle, key)())]
    places = [f"{a}-{b}" for a, b in oracle.graph.edges]
    if axis == "state":
        places = [s.iso for s in oracle.states]
    return list(zip(places, getattr(oracle, LISTS[key])(), strict=True))


def compare(where: str, ours: np.ndarray, twin: Numbers) -> Iterator[str]:
    """One line for each number off by more than the tolerance, absolute below one and relative above."""
    flat = np.asarray(ours, dtype=float).reshape(-1)
    assert len(flat) == len(twin), f"{where}: {len(flat)} numbers in the model, {len(twin)} in the oracle"
    for mine, (place, his) in zip(flat.tolist(), twin, strict=True):
        same = math.isnan(mine) and math.isnan(his)
        if not same and not abs(mine - his) <= TOLERANCE * max(1.0, abs(his)):
            yield f"{where} {place}: model {mine!r}, oracle {his!r}"


def differences(model: Any, oracles: list[OracleModel]) -> list[str]:
    """What differs between the worlds of the model and their oracles at the end of a year."""
    found: list[str] = []
    measured = {key: (metric.axis, metric.measure(model.year)) for key, metric in METERS.items()}
    for row, oracle in enumerate(oracles):
        where = f"{model.scenario.name} world {model.worlds[row]} {oracle.year}"
        for v in VARIABLES:
            found += compare(f"{where} {v.name}", model.state.arrays[v.name][row], twin_state(oracle, v.name, v.axis))
        for key, (axis, ours) in measured.items():
            found += compare(f"{where} metric {key}", ours[row], twin_metric(oracle, key, axis))
    return found


def run_both(path: Path, worlds: tuple[int, ...] = WORLDS, nudge: str = "") -> list[str]:
    """Differences in the first year that has any; `nudge` adds 1e-6 to a parameter of the oracle."""
    model = build_model(load_scenario(path), case=CASE, worlds=worlds, seed=1, replicates=4)
    oracles = [OracleModel.from_model(model, row) for row in range(len(worlds))]
    found = differences(model, oracles)
    for oracle in oracles:
        if nudge:
            oracle.p[nudge] += 1e-6
    while oracles[0].running and not found:
        model.step()
        for oracle in oracles:
            oracle.step()
        found = differences(model, oracles)
    assert found or oracles[0].year == model.scenario.horizon.end
    return found


SHORT = ("combined", "history", "stress_consensus", "stress_willing")


def long_unless_short(path: Path) -> Any:
    """For the quick run of all tests a few are enough; every component is in a stress scenario of the slow run."""
    short = path.stem in SHORT
    return path if short else pytest.param(path, marks=pytest.mark.slow)


@pytest.mark.parametrize("path", [long_unless_short(path) for path in SCENARIOS], ids=lambda path: path.stem)
def test_model_equals_oracle_in_every_number_of_every_year(path: Path) -> None:
    """Catches an equation coded otherwise than written, a phase out of order, a wrong axis or index."""
    found = run_both(path, WORLDS if path not in STRESS else MORE_WORLDS)
    assert not found, "\n".join(found[:20])


def test_oracle_knows_every_metric() -> None:
    """Catches a metric added without its twin."""
    assert set(METERS) == {*METRICS, *LISTS}


def test_stress_files_name_every_component() -> None:
    """Catches a component added without a stress file that exercises it against the oracle."""
    scenarios = [load_scenario(path) for path in STRESS]
    assert {policy.key() for s in scenarios for policy in s.policies if policy.intensity > 0} == set(keys("policies"))
    assert {event.key() for s in scenarios for event in s.events} == set(keys("events"))
    assert {s.decision_rule.key() for s in scenarios} == set(keys("rules"))
    assert {decider.key() for s in scenarios for decider in s.decides.values()} == set(keys("deciders"))


@pytest.mark.parametrize(
    ("stem", "name"),
    [
        ("stress_consensus", "trust.persistence"),
        ("stress_consensus", "delivery.ceiling"),
        ("stress_consensus", "trade.tail_spread"),
        ("stress_consensus", "corridor.share_using"),
        ("stress_culture", "identity_building.trust"),
        ("stress_no_leader", "council.transfer_price"),
        ("stress_security", "health_cooperation.shield"),
    ],
)
def test_comparison_notices_a_parameter_off_by_a_millionth(stem: str, name: str) -> None:
    """Catches a comparison that would pass whatever the two say."""
    found = run_both(HERE / f"{stem}.yaml", worlds=(5,), nudge=name)
    assert found
    assert f"{stem} world 5 20" in found[0]


def test_batch_run_of_mesa_gives_the_same_numbers() -> None:
    """Catches an oracle that depends on how it is built; the benchmark runs it this way."""
    path = HERE / "stress_opt_in.yaml"
    rows = mesa.batch_run(
        OracleModel,
        {"scenario": str(path), "world": [5], "collect": True},
        number_processes=1,
        max_steps=100,
        data_collection_period=-1,
        display_progress=False,
    )
    model = build_model(load_scenario(path), case=CASE, worlds=(5,), seed=1, replicates=4)
    metrics = model.run().metrics
    for place, row in enumerate(rows):
        for key in METRICS:
            assert row[key] == pytest.approx(metrics[key][place, -1], rel=1e-10, abs=1e-10), key
