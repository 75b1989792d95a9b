"""Half-done work is said: every reader says first what is missing, and a killed sweep leaves a balanced part behind."""

from __future__ import annotations

from collections import Counter
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from sco_sim.cli import main as cli
from sco_sim.engine.numbering import Numbering
from sco_sim.errors import StoreError
from sco_sim.runs.run import run
from sco_sim.store.extent import Extent, extent, merged
from sco_sim.store.stored_run import open_run
from sco_sim.studies.sensitivity.rankings import rankings
from sco_sim.studies.sweep.experiment import Experiment
from sco_sim.studies.sweep.order import arranged, ranks
from sco_sim.studies.sweep.stored_sweep import StoredSweep, open_sweep
from sco_sim.studies.sweep.sweep import prepare, run_sweep
from tests.worlds import variant


def experiment(design: dict[str, Any], **fields: Any) -> Experiment:
    """As cases/partial_sweep_discover: three rules and a parameter; small."""
    factors = {
        "rule": {"path": "decision_rule", "kind": "categorical", "values": ["consensus", "opt_in", "consensus_minus"]},
        "b": {"path": "parameters.trade.gdp_elasticity", "low": 0.5, "high": 0.6},
    }
    block = {"factors": factors, "design": design, "worlds": 2, "outcomes": ["trade_total_busd"], "years": [2024]}
    return Experiment.model_validate({"name": "partial", "scenarios": ["combined"], "sweep": block | fields})


def give(*arguments: object) -> Any:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def killed(made: Experiment, folder: Path, worlds: int, batch: int = 4) -> StoredSweep:
    """What a sweep leaves behind that is stopped after so many worlds."""

    def stop(done: int, _: int) -> None:
        if done >= worlds:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sco_sim.runs.run.COMMIT_WORLDS", 1)
        patch.setattr("sco_sim.studies.sweep.sweep.FEWEST_OF_A_COMMIT", 1)
        with pytest.raises(KeyboardInterrupt):
            run_sweep(made, out=folder, batch=batch, progress=stop)
    return open_sweep(folder)


@pytest.mark.parametrize("levels", [(3, 3), (3, 2, 5), (2, 2, 2, 2, 2), (40, 3), (4, 3, 7), (1, 5), (7,)])
def test_any_prefix_of_the_rows_of_a_grid_is_balanced_over_every_factor(levels: tuple[int, ...]) -> None:
    """Catches the order of the grid itself, whose first third has one value of the first factor."""
    rows = prod(levels)
    order = np.argsort(ranks(rows, as_designed=False))
    assert sorted(order.tolist()) == list(range(rows))
    values = np.stack(np.unravel_index(order, levels))
    for factor, count in enumerate(levels):
        for value in range(count):
            so_far = np.cumsum(values[factor] == value)
            assert np.abs(so_far - np.arange(1, rows + 1) / count).max() <= 3.0


@pytest.mark.parametrize(("size", "worlds"), [(4, 2), (64, 8), (7, 3)])
def test_any_prefix_of_the_worlds_is_balanced_over_structures_and_scenarios(size: int, worlds: int) -> None:
    of = Numbering(2, 60, 2)
    every = range(of.points * worlds)
    points = np.arange(of.points)
    structure = of.row_of(points) // 20 * 2 + of.scenario_of(points)
    ordered = arranged(every, of, ranks(60, as_designed=False), structure, size).tolist()
    assert sorted(ordered) == list(every)
    counts: Counter[tuple[int, int]] = Counter()
    for done, world in enumerate(ordered, 1):
        counts[of.row(world) // 20, of.scenario(world)] += 1
        if done >= 6 * size:
            assert max(counts.values()) - min(counts.values()) <= 2 * max(size, worlds)


def test_the_order_is_that_of_the_tasks_and_base_points_stay_whole() -> None:
    ready = prepare(experiment({"sobol": {"n": 8}}))
    worlds = [world for _, batch in ready.tasks(range(ready.points * 2), 4, 1) for world in batch]
    points = list(dict.fromkeys(ready.numbering.row(world) // 4 for world in worlds))
    assert points[:3] == [0, 1, 2]


@pytest.mark.slow
def test_readers_of_a_killed_sweep_say_what_is_there_and_use_whole_points(tmp_path: Path) -> None:
    made = experiment({"latin_hypercube": {"n": 18}})
    half = killed(made, tmp_path / "half", 15, batch=5)
    assert half.size == 15
    frame = half.frame()
    assert set(frame.groupby("point").size()) == {2}, "a point with one world of two was used"
    assert half.extent() == Extent(36, 15, 0)
    rules = Counter(half.rows()[row]["rule"] for row in frame["row"].unique())
    assert set(rules) == {"consensus", "opt_in", "consensus_minus"}
    commands = (["sensitivity"], ["export"], ["discover", "--where", "trade_total_busd_2024 > 1"])
    for command, *rest in commands:
        result = give(command, half.path, *rest)
        first = result.stderr.splitlines()[0]
        assert first.startswith("half done: partial: 15 of 36 worlds are stored (21 not simulated yet; "), result.stderr
        assert f"{len(frame) // 2} of 18 points have all their worlds, and only those are used" in first
    table = (tmp_path / "half" / "export" / "metrics.csv").read_text().splitlines()
    assert len(table) == len(frame) + 1
    whole = run_sweep(made, out=tmp_path / "half")
    assert whole.digest() == run_sweep(made, out=tmp_path / "clean").digest()
    assert whole.half_done() == ""


@pytest.mark.slow
def test_values_without_a_point_are_named(tmp_path: Path) -> None:
    half = killed(experiment({"latin_hypercube": {"n": 9}}), tmp_path, 4, batch=4)
    assert half.half_done().endswith("; none of them with rule opt_in, rule consensus_minus") or (
        half.half_done().count("rule ") == 2
    )
    with pytest.raises(StoreError, match="no point has all its worlds yet"):
        killed(experiment({"latin_hypercube": {"n": 2}}), tmp_path / "none", 1, batch=1).frame()


@pytest.mark.slow
def test_sobol_uses_whole_base_points_of_a_half(tmp_path: Path) -> None:
    """Catches an index of points that are shifted against the design."""
    made = experiment({"sobol": {"n": 16}}, worlds=1, replicates=1)
    half = killed(made, tmp_path / "half", 52, batch=4)
    found, _ = rankings(half, ["trade_total_busd"])
    smaller = run_sweep(experiment({"sobol": {"n": 8}}, worlds=1, replicates=1), out=tmp_path / "eight")
    assert found[0].table.shape == rankings(smaller, ["trade_total_busd"])[0][0].table.shape
    values = found[0].table.set_index("factor")["total_order"]
    assert values["b"] > 0.5
    with pytest.raises(Exception, match="no base point or trajectory of combined has all its worlds yet"):
        rankings(killed(made, tmp_path / "none", 2, batch=2))


@pytest.mark.slow
def test_a_killed_run_says_so_in_plot_and_compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(done: int, _: int) -> None:
        if done >= 4:
            raise KeyboardInterrupt

    monkeypatch.setattr("sco_sim.runs.run.COMMIT_WORLDS", 1)
    with pytest.raises(KeyboardInterrupt):
        run(variant("baseline", end=2025), worlds=12, batch=4, out=tmp_path / "half", progress=stop)
    words = "half done: baseline: 4 of 12 worlds are stored (8 not simulated yet; the same command goes on)"
    assert words in give("plot", tmp_path / "half").stderr
    run(variant("sister_cities", end=2025), worlds=12, out=tmp_path / "other")
    compared = give("compare", tmp_path / "half", tmp_path / "other", "--no-figures", "--out", tmp_path / "c")
    assert compared.exit_code == 0, compared.stderr
    assert words in compared.stderr.splitlines()[0]
    assert open_run(tmp_path / "other").half_done() == ""


def test_stretches_of_worlds() -> None:
    assert merged([(5, 9), (0, 3), (4, 4), (20, 21), (8, 12)]) == [(0, 12), (20, 21)]
    done, failed = np.array([0, 1, 7]), np.array([2])
    assert extent([(0, 4)], done, failed) == Extent(5, 2, 1)
    assert str(Extent(5, 2, 1)) == "2 of 5 worlds are stored (2 not simulated yet, 1 failed; the same command goes on)"
