"""Whatever is done to a shipped scenario, reading it gives a Scenario or a ScenarioError, and what is read runs.

A few run in the suite, 4,000 with SCO_SIM_FULL=1.
"""

from __future__ import annotations

import json
import os
import time
import warnings
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sco_sim.engine.build import simulate
from sco_sim.errors import Problem, ScenarioError, SimWarning
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Horizon, Scenario
from sco_sim.scenario.yaml_source import read_text
from sco_sim.shipped import shipped_scenarios
from tests.worlds import CASE

SHIPPED = {path.name: path.read_bytes() for path in sorted(shipped_scenarios().glob("*.yaml"))}
FULL = bool(os.environ.get("SCO_SIM_FULL"))
LONGEST_SECONDS = 10.0  # of the processor, whatever else the machine does
modest = settings(
    max_examples=1000 if FULL else 40,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@cache
def plain_of(name: str) -> Any:
    """What a shipped file says; nothing changes it."""
    return read_text(SHIPPED[name].decode(), name, []).plain()


pieces = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [
            b"\n",
            b"  ",
            b"\t",
            b": ",
            b"- ",
            b"[",
            b"]",
            b"{",
            b"}",
            b"'",
            b'"',
            b"&a ",
            b"*a",
            b"!!str ",
            b"<<: ",
            b"---\n",
            b"...\n",
            b"%YAML 1.1\n",
            b"|\n",
            b">",
            b"? ",
            b"#",
            b"\\",
            b"@",
            b"`",
            b"\xef\xbb\xbf",
            b"\r",
            b".nan",
            b"null",
            b"-1",
            b"1e999",
            b"2020",
            b"CHN",
            b"all",
            b"extends: combined.yaml\n",
            b"\x85",
            b"\x00",
        ]
    ),
)
cuts = st.tuples(st.integers(0, 3000), st.integers(0, 12), pieces)

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(["all", "members", "CHN", "USA", "consensus", "sister_cities", "baseline.yaml", "", "2020"]),
    st.sampled_from([0, 1, -1, 0.5, 2021, 2035, 9999]),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.one_of(st.text(max_size=6), st.sampled_from(["start", "low", "dispute"])), inner, max_size=3
        ),
    ),
    max_leaves=6,
)
steps = st.lists(st.integers(0, 9), min_size=1, max_size=5)


def problems_of(path: Path | str, *overrides: str) -> tuple[Problem, ...]:
    """What a ScenarioError tells, or nothing if it is a scenario that survives its own round trip."""
    began = time.process_time()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SimWarning)  # a value far outside its range
            scenario = load_scenario(path, overrides)
    except ScenarioError as error:
        return error.problems or (Problem(""),)
    finally:
        assert time.process_time() - began < LONGEST_SECONDS
    assert Scenario.from_resolved(json.loads(json.dumps(scenario.resolved(), allow_nan=False))) == scenario
    return ()


def read(raw: bytes, folder: Path) -> None:
    path = folder / "fuzzed.yaml"
    path.write_bytes(raw)
    problems = problems_of(path)
    assert all(p.message and p.remedy for p in problems), problems


def changed(data: Any, way: list[int], value: Any, drop: bool) -> Any:
    """A copy with the value put (or the entry dropped) where the steps lead."""
    if not way or not isinstance(data, dict | list) or not data:
        return value
    copy: Any = dict(data) if isinstance(data, dict) else list(data)
    key: Any = list(data)[way[0] % len(data)] if isinstance(data, dict) else way[0] % len(data)
    if drop and len(way) == 1:
        del copy[key]
    else:
        copy[key] = changed(data[key], way[1:], value, drop)
    return copy


@modest
@given(name=st.sampled_from(sorted(SHIPPED)), edits=st.lists(cuts, min_size=1, max_size=4))
def test_mutated_bytes(name: str, edits: list[tuple[int, int, bytes]], tmp_path: Path) -> None:
    raw = SHIPPED[name]
    for place, length, piece in edits:
        start = place % (len(raw) + 1)
        raw = raw[:start] + piece + raw[start + length :]
    read(raw, tmp_path)


@pytest.mark.slow
@modest
@given(name=st.sampled_from(sorted(SHIPPED)), way=steps, value=values, drop=st.booleans())
def test_mutated_structure(name: str, way: list[int], value: Any, drop: bool, tmp_path: Path) -> None:
    # JSON is YAML: what is written is read back as it stands
    read(json.dumps(changed(plain_of(name), way, value, drop)).encode(), tmp_path)


@modest
@given(
    path=st.lists(
        st.sampled_from(
            [
                "horizon",
                "end",
                "policies",
                "sister_cities",
                "start",
                "events",
                "dispute",
                "dispute#1",
                "between",
                "parameters",
                "trust",
                "persistence",
                "low",
                "without",
                "all",
                "decision_rule",
                "consensus",
                "",
                "states",
                "membership",
                "IRN",
                "rivals",
                "contact",
                "name",
                "extends",
                "trade_corridor",
                "0",
                "#",
                "é",
            ]
        ),
        max_size=4,
    ),
    value=st.one_of(st.text(max_size=8), st.sampled_from(["2030", "[CHN, RUS]", "{a: 1}", "all", "[", "0.5", "&a"])),
)
def test_any_override(path: list[str], value: str) -> None:
    problems = problems_of("combined", ".".join(path) + "=" + value)
    assert all(p.message and p.remedy for p in problems), problems


numbers = st.one_of(
    st.sampled_from([0, 1, -1, 0.5, 2, 10, 100, 1e6, -1e6, 1e-9, 2021, 2030]),
    st.floats(-100.0, 100.0, allow_nan=False),
    st.integers(-50, 50),
)
leaves = st.one_of(numbers, st.sampled_from(["all", "members", "given", "CHN", "KAZ", ["CHN", "KAZ", "KGZ"], None]))
parameter = st.tuples(st.sampled_from(sorted(CASE.ledger.entries)), numbers)


@pytest.mark.slow
@settings(modest, max_examples=1000 if FULL else 15)
@given(
    name=st.sampled_from(sorted(SHIPPED)),
    edits=st.lists(st.tuples(steps, leaves), max_size=2),
    given_values=st.lists(parameter, max_size=3),
)
def test_what_is_accepted_runs(
    name: str, edits: list[tuple[list[int], Any]], given_values: list[tuple[str, float]], tmp_path: Path
) -> None:
    """Catches numbers that are not finite, and anything that only fails once worlds are simulated."""
    plain = plain_of(name)
    for way, value in edits:
        plain = changed(plain, way, value, drop=False)
    if isinstance(plain, dict) and given_values:
        plain = {**plain, "parameters": {**(plain.get("parameters") or {}), **dict(given_values)}}
    path = tmp_path / "fuzzed.yaml"
    path.write_text(json.dumps(plain), encoding="utf-8")
    if problems_of(path):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SimWarning)
        scenario = load_scenario(path)
    first = scenario.horizon.start
    short = scenario.model_copy(update={"horizon": Horizon(start=first, end=min(first + 6, scenario.horizon.end))})
    began = time.process_time()
    try:
        block = simulate(short, case=CASE, worlds=(0,))
    except ScenarioError:
        if short.budget is None:  # whether a budget bears the policies takes the model to find out
            raise
        return
    assert time.process_time() - began < LONGEST_SECONDS
    for group in (block.metrics, block.states, block.ties):
        assert not [key for key, values in group.items() if np.isinf(values).any()]
    assert np.isfinite(block.metrics["trade_total_busd"]).all()
    assert block.metrics["trade_total_busd"].max() < 1e6
