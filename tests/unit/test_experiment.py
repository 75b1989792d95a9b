"""Experiment files: every mistake has a place, and a design has the points it promises."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sco_sim.case.ledger import read_ledger
from sco_sim.case.read_catalog import read_catalog
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import vary
from sco_sim.shipped import default_case, shipped_scenarios
from sco_sim.studies.sweep import design, stored_sweep
from sco_sim.studies.sweep.experiment import Experiment, Sweep, load_experiment
from sco_sim.studies.sweep.factor import Factor
from sco_sim.studies.sweep.sweep import prepare, preview
from tests.worlds import ROOT, shipped

FACTORS: dict[str, Any] = {
    "pairs": {"path": "policies.sister_cities.new_pairs_per_year", "low": 0.0, "high": 40.0, "role": "lever"},
    "start": {"path": "policies.sister_cities.start", "kind": "integer", "low": 2023, "high": 2026},
    "rule": {"path": "decision_rule", "kind": "categorical", "values": ["consensus", {"opt_in": {}}]},
    "flag": {"path": "policies.sister_cities.flag", "kind": "boolean"},
}


def sweep(kind: dict[str, Any], **fields: Any) -> Sweep:
    return Sweep.model_validate({"factors": FACTORS, "design": kind, **fields})


def test_a_grid_has_every_combination() -> None:
    found = design.rows(sweep({"grid": {"levels": {"pairs": 3, "start": 2}}}))
    assert len(found) == 3 * 2 * 2 * 2
    assert found[0] == {"pairs": 0.0, "start": 2023, "rule": "consensus", "flag": False}
    assert found[-1] == {"pairs": 40.0, "start": 2026, "rule": {"opt_in": {}}, "flag": True}
    assert type(found[0]["start"]) is int


@pytest.mark.parametrize(
    ("kind", "count"),
    [
        ({"latin_hypercube": {"n": 20}}, 20), ({"sobol": {"n": 8}}, 8 * 6), ({"morris": {"n": 5}}, 5 * 5),
        ({"sobol": {"n": 8, "second_order": True}}, 8 * 10),
    ],
)  # fmt: skip
def test_samples_lie_within_the_ranges_and_are_those_of_the_seed(kind: dict[str, Any], count: int) -> None:
    found = design.rows(sweep(kind))
    assert len(found) == count
    assert found == design.rows(sweep(kind)) != design.rows(sweep(kind, seed=2))
    assert all(0.0 <= row["pairs"] <= 40.0 and row["start"] in range(2023, 2027) for row in found)
    assert {str(row["rule"]) for row in found} == {"consensus", "{'opt_in': {}}"}
    assert design.unit(sweep(kind)).shape == (count, 4)
    assert design.problem(sweep(kind))["num_vars"] == 4


@pytest.mark.parametrize("name", sorted(FACTORS))
def test_unit_is_the_inverse_of_at(name: str) -> None:
    factor = Factor.model_validate(FACTORS[name])
    for u in np.linspace(0.0, 1.0, 23).tolist():
        assert factor.at(factor.unit(factor.at(u))) == factor.at(u)


def test_a_zero_is_an_end_like_any_other() -> None:
    """An integer factor from -1 to 0 once stood at -2 in every point: its high was taken for not given."""
    factors = {"rate": {"path": "parameters.delivery.rate", "kind": "integer", "low": -1, "high": 0}}
    found = design.rows(sweep({"latin_hypercube": {"n": 8}}, factors=factors))
    assert sorted(row["rate"] for row in found) == [-1] * 4 + [0] * 4
    assert [row["rate"] for row in design.rows(sweep({"grid": {"levels": 5}}, factors=factors))] == [-1, 0]
    assert Factor.model_validate(factors["rate"]).count == 2
    assert not np.isnan(design.unit(sweep({"latin_hypercube": {"n": 8}}, factors=factors))).any()


def test_constraints_leave_points_out() -> None:
    bound = ({"sum": {"pairs": 1.0, "flag": 20.0}, "at_most": 30.0},)
    grid = design.rows(sweep({"grid": {"levels": 5}}, constraints=bound))
    assert grid
    assert all(row["pairs"] + 20.0 * row["flag"] <= 30.0 for row in grid)
    cube = design.rows(sweep({"latin_hypercube": {"n": 50}}, constraints=bound))
    assert len(cube) == 50
    assert all(row["pairs"] + 20.0 * row["flag"] <= 30.0 for row in cube)
    dear = ({"cost_musd": {"at_most": 100.0}},)
    cheap = design.rows(sweep({"grid": {"levels": 5}}, constraints=dear), cost=lambda row: 10.0 * row["pairs"])
    assert {row["pairs"] for row in cheap} == {0.0, 10.0}
    with pytest.raises(ScenarioError, match="none of 80 points"):
        design.rows(sweep({"grid": {"levels": 5}}, constraints=({"sum": {"pairs": 1.0}, "at_least": 99.0},)))


@pytest.mark.parametrize("name", sorted(path.stem for path in shipped_scenarios().glob("*.yaml")))
def test_a_scenario_varied_in_nothing_is_the_same(name: str) -> None:
    """Catches a field that does not come back out of the resolved scenario, and with it points of another model."""
    assert vary(shipped(name), {}, read_catalog(default_case())) == shipped(name)


WHOLE = """
scenarios: [sister_cities]
sweep:
  factors:
    pairs: {path: policies.sister_cities.new_pairs_per_year, low: 0, high: 40}
  design: {grid: {levels: 3}}
"""


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("sister_cities]", "sister_citys]", "2:13", "did you mean 'sister_cities'"),
        ("new_pairs_per_year", "new_pears", "5:12", "no field 'new_pears'"),
        ("policies.sister_cities", "policies.sister_city", "5:12", "policies has no 'sister_city'"),
        ("high: 40", "high: -1", "5:12", "low 0 is not below high -1"),
        ("low: 0", "low: -5", "5:12", "pairs = -5.0 in sister_cities"),
        ("grid: {levels: 3}", "grid: {levels: 3}, morris: {n: 4}", "6:11", "a design is one of"),
        ("{grid: {levels: 3}}", "{sobol: {n: 6}}", "6:19", "power of two, e.g. 8"),
        ("{grid: {levels: 3}}", "{morris: {n: 4, levels: 3}}", "6:20", "levels is 3: it must be even"),
        ("levels: 3", "levels: 0", "6:27", "between 2 and 10000"),
        ("levels: 3", "levels: {pairs: 1}", "6:35", "between 2 and 10000"),
        ("low: 0, high: 40", "kind: categorical, values: [5, 5.0, 20]", "5:12", "5.0 is there twice"),
        ("{path: policies.sister_cities.new_pairs_per_year, low: 0, high: 40}",
         "{path: decision_rule, kind: categorical, values: [consensus, {consensus: {}}]}", "5:12",
         "make the same sister_cities"),
        ("{grid: {levels: 3}}", "{points: [{peers: 3}]}", "4:3", "point 1 must give each factor"),
        ("levels: 3}}", "levels: 3}}\n  outcomes: [trust_minn]", "7:14", "did you mean 'trust_min'"),
        ("levels: 3}}", "levels: 3}}\n  years: [2090]", "7:11", "outside the horizon"),
        ("levels: 3}}", "levels: 3}}\n  wolrds: 3", "7:3", "did you mean 'worlds'"),
        ("path: policies.sister_cities.new_pairs_per_year", "path: horizon.end", "5:12", "shared by all points"),
        ("path: policies.sister_cities.new_pairs_per_year", "path: parameters.trust.presistence", "5:12",
         "no parameter 'trust.presistence'"),
        ("levels: 3}}", "levels: 3}}\n  seed: 9223372036854775808", "7:9", "too many digits"),
    ],
)  # fmt: skip
def test_a_mistake_has_a_place_and_a_remedy(tmp_path: Path, old: str, new: str, place: str, words: str) -> None:
    assert old in WHOLE
    file = tmp_path / "e.yaml"
    file.write_text(WHOLE.replace(old, new, 1))
    with pytest.raises(ScenarioError) as caught:
        load_experiment(file)
    assert words in str(caught.value)
    assert f"{file}:{place}" in str(caught.value), str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("levels: 3}}", "levels: 3}}\n  constraints: [{sum: {pairs: 1.0}, at_most: -1}]", "7:16", "none of 3 points"),
        ("pairs: {", "more: {path: parameters.trust.persistence}\n    pairs: {", "7:11", "the design has 100,000,000"),
    ],
)
def test_points_that_cannot_be_have_the_line_that_asks_for_them(
    tmp_path: Path, old: str, new: str, place: str, words: str
) -> None:
    """Catches a message about the points without file and line: they are drawn after the file was read."""
    file = tmp_path / "e.yaml"
    whole = WHOLE.replace("levels: 3", "levels: 10000") if "more" in new else WHOLE
    file.write_text(whole.replace(old, new, 1))
    experiment = load_experiment(file)
    for draw in (preview, prepare):
        with pytest.raises(ScenarioError) as caught:
            draw(experiment)
        assert f"{file}:{place}: " in str(caught.value)
        assert words in str(caught.value)


@pytest.mark.parametrize("file", sorted((ROOT / "experiments").glob("*.yaml")), ids=lambda file: file.stem)
def test_the_experiments_that_are_shipped_load(file: Path) -> None:
    assert isinstance(load_experiment(file), Experiment)


VALUES = [
    "true", "false", "null", "12", "-3.5e2", '"quoted"', "NaN", "{}", "[1]", "{odd", "", "consensus", "Ташкент",
    "9" * 5000, "[" * 100_000, True, False, None, 12, 2**70, -(2**63), 0.1, -0.0, 1e300, {"opt_in": {"share": 0.5}},
    ["a", 1, True],
]  # fmt: skip


@pytest.mark.parametrize("value", VALUES, ids=lambda value: str(value)[:12])
def test_a_value_of_a_factor_comes_back_out_of_sqlite_as_it_was(value: Any) -> None:
    """Catches text that is read as JSON, whole numbers too large for SQLite, and booleans that become 1."""
    (back,) = sqlite3.connect(":memory:").execute("SELECT ?", (stored_sweep.to_sqlite(value),)).fetchone()
    found = stored_sweep.from_sqlite("categorical", back)
    assert type(found) is type(value)
    assert repr(found) == repr(value)


def test_a_seed_that_the_store_cannot_keep_is_refused_from_python_too() -> None:
    assert sweep({"grid": {}}, seed=2**63 - 1).seed == 2**63 - 1
    with pytest.raises(ValidationError, match="less than or equal to 9223372036854775807"):
        sweep({"grid": {}}, seed=2**63)


def test_a_parameter_without_ends_has_those_of_the_ledger(tmp_path: Path) -> None:
    """Catches a typed range that a new fit leaves behind, and a name or a fixed entry without a place."""
    file = tmp_path / "own.yaml"

    def loaded(path: str) -> Experiment:
        factor = f"    one: {{path: {path}}}\n"
        file.write_text(f"scenarios: [baseline]\nsweep:\n  factors:\n{factor}  design: {{sobol: {{n: 8}}}}\n")
        return load_experiment(file)

    entry = read_ledger(default_case() / "parameters.yaml").entries["trade.noise_level"]
    factor = loaded("parameters.trade.noise_level").sweep.factors["one"]
    assert (factor.low, factor.high) == (entry.low, entry.high)
    for path, words in (("parameters.trade.noise", "own.yaml:4.*no parameter"), ("horizon_x", "`low` and `high`")):
        with pytest.raises(ScenarioError, match=words):
            loaded(path)
    with pytest.raises(ScenarioError, match="has no ends"):
        Factor(path="parameters.trade.noise_level").at(0.5)


def test_shipped_experiments_type_no_range_of_the_ledger() -> None:
    """Catches a range beside the ledger, as of trade.noise_level, which lay wholly outside it."""
    for file in (ROOT / "experiments").glob("*.yaml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        assert not [line for line in lines if "path: parameters." in line and "low:" in line], file.name
