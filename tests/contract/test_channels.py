"""A channel is declared once; what it still lacks is named here, file by file."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.case.ledger_file import read_ledger_file
from sco_sim.components.mechanism import Exchange
from sco_sim.components.metric import unknown_channel
from sco_sim.components.registry import find, keys
from sco_sim.errors import ScenarioError
from sco_sim.studies.comparison.prior import prior_differences
from sco_sim.world.channels import (
    BY_CHANNEL,
    CARRIED,
    CHANNELS,
    DRAWN,
    OBSERVED_UNDER_SHOCKS,
    SHIELDED,
    Channel,
)
from sco_sim.world.scales import both_ways, in_units, on_scale
from sco_sim.world.state import BY_NAME
from tests.worlds import CASE, busy, model_of, variant

EXCHANGE: list[Any] = [
    mechanism for key in keys("mechanisms") if issubclass(mechanism := find("mechanisms", key), Exchange)
]
METRICS: list[Any] = [find("metrics", key) for key in keys("metrics")]


@pytest.mark.parametrize("name", BY_CHANNEL)
def test_a_channel_has_all_that_it_needs(name: str) -> None:
    """Catches a channel whose data, mechanism, metric or parameters were forgotten, and names what is missing."""
    channel = BY_CHANNEL[name]
    missing = [*_of_the_case(channel), *_of_the_components(channel)]
    assert not missing, f"the channel {name} lacks:\n" + "\n".join(missing)


def _of_the_case(channel: Channel) -> list[str]:
    """Tables, columns and parameters that are missing."""
    path = CASE.folder / "data" / f"{channel.table}.csv"
    missing = []
    if not path.exists():
        missing.append(f"calibration/data/{path.name}, which its initial values come from")
    elif channel.column and channel.column not in pd.read_csv(path, nrows=1):
        missing.append(f"a column {channel.column} in calibration/data/{path.name}")
    described = CASE.table("columns")
    if channel.table not in set(described["table"]):
        missing.append(f"rows for the table {channel.table} in calibration/data/columns.csv")
    needed = {"gravity": ["gdp_elasticity"], "arrivals": ["arrival_rate"], "start": []}[channel.expected]
    needed += ["noise"] if channel.drawn and channel.column else []
    ledger = read_ledger_file(CASE.folder / "parameters.yaml")["parameters"]
    names = {f"{channel.name}.{stem}" for stem in needed}
    names |= {name for one in EXCHANGE if one.channel == channel.name for name in one.parameters}
    missing += [f"the entry {name} in calibration/parameters.yaml" for name in sorted(names - set(ledger))]
    return missing


def _of_the_components(channel: Channel) -> list[str]:
    """Mechanisms and metrics that are missing."""
    missing = []
    movers = [mechanism.key() for mechanism in EXCHANGE if mechanism.channel == channel.name]
    if len(movers) != 1:
        there = f" (there are {', '.join(movers)})" if movers else ""
        missing.append(
            f"one mechanism that moves it{there}: sco_sim/components/mechanisms/{channel.name}.py, "
            f"a subclass of Exchange with channel = '{channel.name}'"
        )
    if not any(metric.channel == channel.name or set(channel.values) & set(metric.reads) for metric in METRICS):
        missing.append(
            f"a metric that shows it: sco_sim/components/metrics/{channel.name}_total.py "
            f"with channel = '{channel.name}' and reads = {channel.values}"
        )
    return missing


@pytest.mark.parametrize("component", [*EXCHANGE, *METRICS], ids=lambda component: component.key())
def test_a_component_names_a_channel_that_is_declared(component: Any) -> None:
    """Catches a metric whose channel nobody declared: `compare` could not tell its prior."""
    if issubclass(component, Exchange):
        assert component.channel in BY_CHANNEL, f"{component.key()}: declare {component.channel} in world/channels.py"
        assert set(BY_CHANNEL[component.channel].values) <= set(component.writes), "its values belong into `writes`"
    else:
        problems = unknown_channel(component)
        assert not problems, "\n".join(map(str, problems))


def test_a_comparison_refuses_a_metric_of_an_unknown_channel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a traceback for a metric of another package."""
    monkeypatch.setattr(find("metrics", "trade"), "channel", "trad")
    zeros = dict.fromkeys(["trust", *BY_CHANNEL], np.zeros(3))
    with pytest.raises(ScenarioError, match=r"metric 'trade' names the channel 'trad'.*\n.*'trade'"):
        prior_differences(zeros, zeros, ["trade"])


@pytest.mark.parametrize("mechanism", EXCHANGE, ids=lambda mechanism: mechanism.key())
def test_a_mechanism_has_a_target_for_every_variable_of_its_channel(mechanism: Any) -> None:
    """Catches a direction left out, and a target that is drawn to elsewhere where nothing shifts it."""
    year = model_of(variant(end=2022)).year
    for lag in (0, 1):
        targets = mechanism().target(year, lag)
        assert tuple(targets) == BY_CHANNEL[mechanism.channel].values
        assert {target.shape for target in targets.values()} == {(year.state.worlds, len(year.ties))}
    for name, target in mechanism().target(year, 0).items():
        assert np.array_equal(target, year.expected(name)), "nothing shifts it at the start"


def test_what_is_made_of_the_channels() -> None:
    """Catches a flag that was lost: these are the facts of docs/model.md, sections 2 and 7."""
    assert [channel.name for channel in CHANNELS if channel.directed] == ["students"]
    assert set(CARRIED) >= {"shock_trade", "shock_people", "shock_students"}
    assert set(SHIELDED) >= {*CARRIED, "shock_trust", "shock_deviation"}
    assert {"shock_trade", "shock_trust"} <= set(OBSERVED_UNDER_SHOCKS)
    assert not {"shock_people", "shock_students"} & set(OBSERVED_UNDER_SHOCKS)
    assert {"trade", "people", "students_ab", "students_ba"} <= set(DRAWN)
    assert not {"security", "cities"} & set(DRAWN)
    names = {*DRAWN, *CARRIED, *SHIELDED, *OBSERVED_UNDER_SHOCKS, *(f"last_{name}" for name in CARRIED)}
    assert names | {channel.effect for channel in CHANNELS} <= set(BY_NAME)
    with pytest.raises(ValueError, match="channel rail: without shocks"):
        Channel("rail", "trains", "trains", "ln1p", table="trains", shocked=False)


def test_every_channel_is_on_the_edges_of_a_window() -> None:
    """Catches a channel that nobody sees, and counts below zero."""
    model = model_of(busy(), worlds=range(2))
    graph = model.window(1).graph
    for channel in CHANNELS:
        shown = [edge[channel.name] for _, _, edge in graph.edges(data=True)]
        whole = both_ways(channel, model.state.arrays)[1] / channel.shown_per
        assert shown == pytest.approx(whole.tolist()), channel.name
        assert min(shown) >= 0.0


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_units_and_scale_are_each_the_inverse_of_the_other(channel: Channel) -> None:
    """Catches a scale with half a meaning."""
    numbers = np.array([[1.0, 7.0, 2e9]])
    assert in_units(channel, on_scale(channel, numbers)) == pytest.approx(numbers)
