"""Mutations of experiment files: whatever is written there, `sweep --dry-run` counts it or refuses it in plain words.

A few run with the slow tests, 2,000 with SCO_SIM_FULL=1.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sco_sim.cli.main import app
from sco_sim.errors import SimWarning
from sco_sim.scenario.yaml_source import read_text
from tests.hostile.test_fuzz import LONGEST_SECONDS, changed, cuts, steps, values
from tests.worlds import ROOT

pytestmark = pytest.mark.slow
SHIPPED = {path.name: path.read_bytes() for path in sorted((ROOT / "experiments").glob("*.yaml"))}
FACTORS = {
    "rule": {"path": "decision_rule", "kind": "categorical", "values": ["consensus", "opt_in"], "role": "lever"},
    "pairs": {"path": "policies.sister_cities.new_pairs_per_year", "low": 5, "high": 40, "role": "lever"},
    "start": {"path": "policies.sister_cities.start", "kind": "integer", "low": 2027, "high": 2030},
    "persistence": {"path": "parameters.trust.persistence", "low": 0.348, "high": 0.612},
}
DESIGNS: dict[str, dict[str, Any]] = {
    "grid": {"levels": 2}, "latin_hypercube": {"n": 8}, "sobol": {"n": 8}, "morris": {"n": 4},
}  # fmt: skip
BOUNDED = ("grid", "latin_hypercube")
"""Designs that may leave points out."""
PLAIN: dict[str, Any] = {name: read_text(raw.decode(), name, []).plain() for name, raw in SHIPPED.items()} | {
    design: {
        "scenarios": ["sister_cities", "combined"] if design == "grid" else ["combined"],
        "sweep": {
            "factors": FACTORS, "design": {design: size}, "worlds": 2, "outcomes": ["trust_min"], "years": [2035],
            "seed": 3, **({"constraints": [{"cost_musd": {"at_most": 1e5}}]} if design in BOUNDED else {}),
        },
    }
    for design, size in DESIGNS.items()
}  # fmt: skip
MOST_MEGABYTES = 500.0
FULL = bool(os.environ.get("SCO_SIM_FULL"))
modest = settings(
    deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def megabytes() -> float:
    """The most memory this process has had so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1e6 if sys.platform == "darwin" else 1e3)


def dry_run(raw: bytes, folder: Path) -> int:
    """Give the bytes to `sweep --dry-run`, and return its exit code."""
    path = folder / "fuzzed.yaml"
    path.write_bytes(raw)
    began, before = time.process_time(), megabytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SimWarning)  # a value far outside its range
        result = CliRunner().invoke(app, ["sweep", str(path), "--dry-run", "--batch", "4", "--workers", "1"])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
    assert result.exit_code in (0, 2), result.output
    assert "Traceback" not in result.output
    assert result.output.strip()
    assert time.process_time() - began < LONGEST_SECONDS
    assert megabytes() - before < MOST_MEGABYTES
    return result.exit_code


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_what_is_mutated_is_accepted_before(name: str, tmp_path: Path) -> None:
    """Else its mutations would all be refused for the same reason."""
    assert dry_run(json.dumps(PLAIN[name]).encode(), tmp_path) == 0


def leaf(data: Any, way: list[int]) -> Any:
    """What stands where the steps lead, as `changed` follows them."""
    for step in way:
        if not isinstance(data, dict | list) or not data:
            return data
        data = list(data.values() if isinstance(data, dict) else data)[step % len(data)]
    return data


@settings(modest, max_examples=800 if FULL else 15)
@given(name=st.sampled_from(sorted(SHIPPED)), edits=st.lists(cuts, min_size=1, max_size=4))
def test_mutated_bytes(name: str, edits: list[tuple[int, int, bytes]], tmp_path: Path) -> None:
    raw = SHIPPED[name]
    for place, length, piece in edits:
        start = place % (len(raw) + 1)
        raw = raw[:start] + piece + raw[start + length :]
    event(f"exit {dry_run(raw, tmp_path)}")


@settings(modest, max_examples=600 if FULL else 15)
@given(name=st.sampled_from(sorted(PLAIN)), way=steps, value=values, drop=st.booleans())
def test_mutated_structure(name: str, way: list[int], value: Any, drop: bool, tmp_path: Path) -> None:
    raw = json.dumps(changed(PLAIN[name], way, value, drop)).encode()
    event(f"exit {dry_run(raw, tmp_path)}")


sensible = st.one_of(
    st.sampled_from([0, 1, -1, 2, 8, 0.5, 1e6, 1e9, -1e9, 1e-9, 2026, 2035, 2100, 10**20, True, None]),
    st.sampled_from(["continuous", "integer", "categorical", "boolean", "lever", "at_least", "consensus", "all"]),
    st.sampled_from(["baseline", "combined", "no_such", "trust_min", "trade_total_busd", "cost_musd"]),
    st.sampled_from(["parameters.trade.gdp_elasticity", "policies.sister_cities.start", "rivals.contact", "hazard_on"]),
    st.sampled_from(["row", "point", "scenario", "parameters.growth.mean.CHN", "horizon.end", "events.dispute"]),
    st.sampled_from([["consensus", "opt_in"], [5, 5.0], [0, 1], ["combined", "baseline"], [2030, 2035], []]),
    st.sampled_from([{"grid": {"levels": 3}}, {"sobol": {"n": 16}}, {"morris": {"n": 4}}, {"at_most": 1}, {}]),
)


@pytest.mark.slow
@settings(modest, max_examples=600 if FULL else 15)
@given(
    name=st.sampled_from(sorted(PLAIN)),
    edits=st.lists(st.tuples(steps, sensible, st.sampled_from([0.5, 1.1, 2.0, -1.0, 1e3])), min_size=1, max_size=2),
)
def test_values_that_could_stand_there(name: str, edits: list[tuple[list[int], Any, float]], tmp_path: Path) -> None:
    """Numbers become other numbers, all else what another place of an experiment holds."""
    plain = PLAIN[name]["sweep"]
    for way, value, factor in edits:
        old = leaf(plain, way)
        number = isinstance(old, int | float) and not isinstance(old, bool)
        plain = changed(plain, way, type(old)(old * factor) if number else value, drop=False)
    raw = json.dumps(PLAIN[name] | {"sweep": plain}).encode()
    event(f"exit {dry_run(raw, tmp_path)}")
