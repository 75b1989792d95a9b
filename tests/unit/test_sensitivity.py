from __future__ import annotations

import numpy as np
import pytest

from sco_sim.errors import ScenarioError
from sco_sim.studies.sensitivity.indices import chance, interactions, morris, pawn, problem, sobol

# indices of both functions: Saltelli et al. 2008, Global Sensitivity Analysis, and Sobol 1993
ISHIGAMI = {"first": [0.3139, 0.4424, 0.0], "total": [0.5576, 0.4424, 0.2437]}
WEIGHTS = np.array([0.0, 0.5, 3.0, 9.0, 99.0, 99.0])


def ishigami(unit: np.ndarray) -> np.ndarray:
    x = np.pi * (2.0 * unit - 1.0)
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def g_function(unit: np.ndarray) -> np.ndarray:
    return np.prod((np.abs(4.0 * unit - 2.0) + WEIGHTS) / (1.0 + WEIGHTS), axis=1)


def g_indices() -> dict[str, list[float]]:
    part = 1.0 / (3.0 * (1.0 + WEIGHTS) ** 2)
    total = np.prod(1.0 + part) - 1.0
    return {
        "first": list(part / total),
        "total": [p * np.prod(1.0 + np.delete(part, i)) / total for i, p in enumerate(part)],
    }


def design(factors: int, n: int) -> tuple[list[str], np.ndarray]:
    from SALib.sample import sobol as sample

    names = [f"x{i}" for i in range(factors)]
    return names, sample.sample(problem(names), n, calc_second_order=False, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize(("function", "factors", "known"), [(ishigami, 3, ISHIGAMI), (g_function, 6, g_indices())])
def test_sobol_finds_the_known_indices(function, factors, known):
    names, unit = design(factors, 4096)
    found = sobol(names, function(unit)).set_index("factor").loc[names]
    assert np.abs(found["first_order"] - known["first"]).max() <= 0.02
    assert np.abs(found["total_order"] - known["total"]).max() <= 0.03
    assert (
        (found["total_order_low"] - 0.02 <= known["total"]) & (known["total"] <= found["total_order_high"] + 0.02)
    ).all()


@pytest.mark.slow
def test_categorical_factor_weighs_as_its_categories_do():
    names, unit = design(2, 1024)
    category = np.floor(3.0 * unit[:, 0])  # three values, far apart
    found = sobol(names, 6.0 * category + 0.01 * unit[:, 1])
    assert list(found["factor"]) == names
    assert found["first_order"][0] == pytest.approx(1.0, abs=0.02)
    table, nothing = pawn(names, unit, category)
    assert list(table["factor"]) == names
    assert table["median_distance"][0] > 0.3 > nothing > 0.5 * table["median_distance"][1]


def test_interaction_of_two_is_found_and_of_others_is_not():
    from SALib.sample import sobol as sample

    names = ["a", "b", "c"]
    unit = sample.sample(problem(names), 512, calc_second_order=True, seed=1)
    found = interactions(names, (unit[:, 0] - 0.5) * (unit[:, 2] - 0.5) + 0.1 * unit[:, 1])
    assert tuple(found.loc[0, ["factor", "other"]]) == ("a", "c")
    assert found["second_order"][0] > 0.8
    assert abs(found["second_order"][1]) < 0.05


def test_morris_gives_the_slope_of_a_line_and_leaves_the_global_generator_alone():
    from SALib.sample import morris as sample

    names = ["a", "b", "c"]
    unit = sample.sample(problem(names), 20, num_levels=4, seed=1)
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    found = morris(names, unit, 3.0 * unit[:, 1] - 2.0 * unit[:, 0]).set_index("factor")
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
    assert found["mean_absolute_effect"].to_dict() == pytest.approx({"b": 3.0, "a": 2.0, "c": 0.0}, abs=1e-9)
    assert found["effect_sd"].abs().max() < 1e-9


def test_pawn_on_a_grid_sees_both_levels():
    grid = np.array([[a, b] for a in (0.0, 1.0) for b in (0.0, 0.5, 1.0)] * 20)
    table, _ = pawn(["a", "b"], grid, grid[:, 0] + 1e-3 * np.arange(len(grid)) / len(grid))
    assert table["factor"][0] == "a"
    assert table["smallest_distance"][0] == pytest.approx(0.5)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_missing_values_are_refused_before_salib_returns_zeros(bad):
    names, unit = design(3, 8)
    values = ishigami(unit)
    values[3] = bad
    every = (lambda: sobol(names, values), lambda: morris(names, unit, values), lambda: pawn(names, unit, values))
    for method in every:
        with pytest.raises(ScenarioError, match="1 of 40 points have no value"):
            method()
    with pytest.raises(ScenarioError, match="the same at every point"):
        sobol(names, np.full(40, 2.0))


def test_chance_is_told_from_factors_and_from_their_interplay():
    def spread(shape: tuple[int, int]) -> np.ndarray:  # of variance 1 exactly
        values = np.random.default_rng(1).standard_normal(shape)
        return (values - values.mean()) / values.std()

    factor, world = 2.0 * spread((400, 1)), spread((1, 400))
    found = chance(factor + world + spread((400, 400)))
    assert found.factors == pytest.approx(4.0 / 6.0, abs=0.01)
    assert found.luck == pytest.approx(1.0 / 6.0, abs=0.01)
    assert found.both == pytest.approx(1.0 / 6.0, abs=0.01)
    assert np.isnan(chance(np.ones((5, 1)))).all()
    assert chance(factor[:50] + np.zeros((50, 3))).factors == pytest.approx(1.0)


def test_too_few_base_points_give_no_interval():
    """Two base points once gave a total order of 1.985, with an interval of 1.967 to 2.002."""
    names, unit = design(2, 4)
    with pytest.raises(
        ScenarioError, match="too few base points of the Sobol design: no interval can be resampled from 4"
    ):
        sobol(names, unit[:, 0] + unit[:, 1] ** 2)
