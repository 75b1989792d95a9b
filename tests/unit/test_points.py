"""The points of a design as columns: the same rows as one by one, whatever their number."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sco_sim.store.seal import text_hash
from sco_sim.studies.sweep import design
from sco_sim.studies.sweep.experiment import Experiment, Sweep
from sco_sim.studies.sweep.factor import Factor
from sco_sim.studies.sweep.points import CHUNK, Column, Points, listed, spread
from sco_sim.studies.sweep.stored_sweep import from_sqlite, rows_hash, to_sqlite
from sco_sim.studies.sweep.sweep import prepare

RULE = {"path": "decision_rule", "kind": "categorical", "values": ["consensus", {"opt_in": {}}]}
FACTORS: dict[str, dict[str, Any]] = {
    "pairs": {"path": "policies.sister_cities.new_pairs_per_year", "low": -1.5, "high": 40},
    "start": {"path": "policies.sister_cities.start", "kind": "integer", "low": -3, "high": 6},
    "rule": RULE,
    "flag": {"path": "policies.sister_cities.flag", "kind": "boolean"},
}


@pytest.mark.parametrize("name", FACTORS)
def test_a_column_holds_what_the_factor_gives_for_each_place(name: str) -> None:
    """Catches a column that rounds, counts or types its values otherwise than a single value."""
    factor = Factor.model_validate(FACTORS[name])
    places = [0.0, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9999999, 1.0]
    column = spread(factor, np.array(places))
    one_by_one = [factor.at(place) for place in places]
    assert [(type(value), value) for value in column.cells()] == [(type(value), value) for value in one_by_one]
    assert [column.at(row) for row in range(len(places))] == one_by_one
    assert column.as_floats(factor.unit).tolist() == [factor.unit(value) for value in one_by_one]
    same = [[one == other for other in one_by_one] for one in one_by_one]
    assert np.equal.outer(column.groups(), column.groups()).tolist() == same


def test_listed_values_keep_their_types() -> None:
    values = [1, 1.0, True, "1", "true", None, {"a": 1}, [1], 1, 2**70]
    assert [(type(v), v) for v in listed(values).cells()] == [(type(v), v) for v in values]


@pytest.mark.parametrize("rows", [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 5])
def test_the_hash_is_that_of_the_rows_as_one_text(rows: int) -> None:
    """Catches a hash that depends on the pieces it is made of: stored sweeps would not be read any more."""
    factors = {name: Factor.model_validate(fields) for name, fields in FACTORS.items()}
    unit = np.random.default_rng(1).random((rows, len(factors)))
    points = Points({name: spread(f, unit[:, at]) for at, (name, f) in enumerate(factors.items())})
    whole = [[from_sqlite(factors[name].kind, to_sqlite(value)) for name, value in row.items()] for row in points]
    assert rows_hash(factors, points) == text_hash(whole)


def test_a_row_is_a_mapping_and_rows_are_a_sequence() -> None:
    points = Points({"a": Column(np.array([1.0, 2.0])), "b": listed(["x", "y"])})
    assert list(points) == [{"a": 1.0, "b": "x"}, {"a": 2.0, "b": "y"}]
    assert points[-1] == {"a": 2.0, "b": "y"}
    assert points[:1] == [{"a": 1.0, "b": "x"}]
    assert points.taken(np.array([1])) == [{"a": 2.0, "b": "y"}]
    with pytest.raises(IndexError):
        points[2]


@pytest.mark.parametrize("kind", [{"latin_hypercube": {"n": 200_000}}, {"grid": {"levels": 447}}])
def test_a_large_design_takes_a_few_arrays(kind: dict[str, Any]) -> None:
    """Catches a mapping per row: 300 bytes of it, where the values take 8 each."""
    factors = {name: {"path": f"parameters.{name}", "low": 0.0, "high": 1.0} for name in "ab"}
    sweep = Sweep.model_validate({"factors": factors, "design": kind})
    design.rows(sweep)  # imports
    tracemalloc.start()
    points = design.rows(sweep)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(points) >= 199_000
    assert peak / len(points) < 100.0


def test_points_of_one_structure_make_one_model(tmp_path: Path) -> None:
    """Catches an order of work that takes points of two structures for one, or of one for two."""
    factors = {
        "pairs": {"path": "policies.sister_cities.new_pairs_per_year", "low": 5, "high": 40},
        "elasticity": {"path": "parameters.trade.gdp_elasticity", "low": 0.5, "high": 0.6},
        "rule": RULE,
    }
    sweep = {"factors": factors, "design": {"grid": {"levels": 2}}, "worlds": 1, "outcomes": ["trust_min"]}
    ready = prepare(
        Experiment.model_validate({"name": "both", "scenarios": ["sister_cities", "combined"], "sweep": sweep})
    )
    job = ready.job(range(len(ready.rows)))
    one_by_one = [job.structure(point) for point in range(ready.points)]
    assert len(set(one_by_one)) == 8
    numbers = ready.structures()
    same = [[one == other for other in one_by_one] for one in one_by_one]
    assert np.equal.outer(numbers, numbers).tolist() == same
