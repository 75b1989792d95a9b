"""What somebody who knows Mesa tries first, in a notebook, works."""

from __future__ import annotations

import copy
import pickle
import re
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import mesa
import networkx as nx
import numpy as np
import pytest

import sco_sim
from sco_sim.components.deciders.fixed import Fixed
from sco_sim.errors import ScenarioError
from sco_sim.scenario.schema import Horizon
from tests.worlds import ROOT, model_of, variant

EIGHT = {"CHN", "IND", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB"}


@pytest.fixture(scope="module")
def model() -> Any:
    """Five worlds after two years."""
    made = model_of(variant("contested_agenda", horizon=Horizon(start=2020, end=2029)), worlds=[0, 4, 8, 12, 16])
    made.step()
    made.step()
    return made


def gdp(model: Any, iso: str) -> Any:
    """GDP in billion USD, (world,)."""
    return np.exp(model.state.log_gdp[:, model.ties.row[iso]]) / 1e9


def test_agents_are_selected_sorted_and_grouped_by_means_over_the_worlds(model: Any) -> None:
    """Catches an attribute that is an array where Mesa's AgentSet compares or groups."""
    members = model.agents.select(lambda state: state.is_member)
    assert set(members.get("iso3")) == EIGHT == set(model.members.get("iso3"))
    by_size = model.agents.sort("gdp").get("iso3")
    assert by_size == sorted(model.states, key=lambda iso: -gdp(model, iso).mean())
    groups = model.agents.groupby("is_member").groups
    assert {key: len(group) for key, group in groups.items()} == {True: 8, False: 2}
    assert set(model.agents.groupby(lambda state: state.gdp > 1000.0).groups) == {True, False}


def test_agents_are_aggregated(model: Any) -> None:
    """Catches a sum over agents that is one number a world."""
    whole = model.agents.agg("gdp", sum)
    assert whole == pytest.approx(sum(gdp(model, iso).mean() for iso in model.states))
    shares = model.agents.groupby("is_member").agg("gdp", sum)
    assert shares[True] + shares[False] == pytest.approx(whole)
    assert model.agents.agg("stability", np.mean) == pytest.approx(model.state.stability.mean())


def test_a_state_has_its_numbers_by_name_as_a_mean_and_in_every_world(model: Any) -> None:
    """Catches a variable that agents lack, a mean of something else, and a name that is not one."""
    china = model.states["CHN"]
    row = model.ties.row["CHN"]
    for name in ("stability", "capacity", "pressure", "community", "effect_acceptance", "log_gdp"):
        assert np.array_equal(getattr(china.of_worlds, name), model.state.arrays[name][:, row])
        assert getattr(china, name) == pytest.approx(model.state.arrays[name][:, row].mean(), abs=1e-15)
    assert china.gdp == pytest.approx(gdp(model, "CHN").mean())
    assert 1.3e9 < china.population < 1.5e9
    assert china.is_member is True
    assert china.of_worlds.is_member.tolist() == [True] * 5
    assert china.trust_in("RUS") == pytest.approx(china.of_worlds.trust_in("RUS").mean())
    for thing in (china, china.of_worlds):
        with pytest.raises(AttributeError, match="did you mean 'stability'"):
            thing.stabillity  # noqa: B018
    with pytest.raises(AttributeError, match=r"model\.state\.stability"):
        china.stability = 1.0


def test_a_view_shows_one_world_by_its_number(model: Any) -> None:
    """Catches a view on the place in the batch, and one that is not left again."""
    whole = model.states["RUS"].community
    with model.view(world=8):
        assert model.states["RUS"].community == model.state.community[2, model.ties.row["RUS"]]
        assert model.graph.edges["CHN", "RUS"] == model.window(8).graph.edges["CHN", "RUS"]
        assert model.agents.agg("gdp", sum) == pytest.approx(sum(gdp(model, iso)[2] for iso in model.states))
    assert model.states["RUS"].community == whole
    with pytest.raises(ValueError, match="world 2 is not among"), model.view(world=2):
        pass


def test_a_model_runs_to_its_end_and_stops() -> None:
    """Catches `run_model` that never ends, or ends in an error."""
    model = model_of(variant(end=2023), worlds=[0])
    assert model.running
    model.run_model()
    assert (model.year.year, model.running) == (2023, False)


def collected(model: Any) -> tuple[Any, Any]:
    """What a DataCollector of Mesa makes of a run: the example of docs/library.md."""
    collector = mesa.DataCollector(
        model_reporters={
            "year": lambda m: m.year.year,
            "trade": lambda m: m.graph.size(weight="trade"),
            "members": lambda m: len(m.members),
        },
        agent_reporters={"state": "iso3", "gdp": "gdp", "community": "community"},
    )
    collector.collect(model)
    while model.running:
        model.step()
        collector.collect(model)
    return collector.get_model_vars_dataframe(), collector.get_agent_vars_dataframe()


def test_a_data_collector_collects() -> None:
    """Catches reporters that get arrays, and a graph without numbers."""
    model = model_of(variant(end=2024), worlds=range(3))
    block = model_of(variant(end=2024), worlds=range(3)).run()
    of_model, of_agents = collected(model)
    assert of_model["year"].tolist() == list(block.years)
    assert of_model["trade"].to_numpy() == pytest.approx(block.metrics["trade_total_busd"].mean(axis=0))
    assert of_model["members"].tolist() == [8, 8, 8, 9, 10]
    assert of_agents.shape == (50, 3)
    assert of_agents["community"].to_numpy() == pytest.approx(block.states["community"].mean(axis=0).ravel())


def through_pickle(model: Any) -> Any:
    """The model as another process would get it."""
    return pickle.loads(pickle.dumps(model))


@pytest.mark.parametrize("copied", [copy.deepcopy, through_pickle])
@pytest.mark.parametrize("name", ["contested_agenda", "red_lines"])
def test_a_model_is_copied_in_mid_run_and_both_go_on_with_the_same_bits(
    name: str, copied: Callable[[Any], Any]
) -> None:
    """Catches a copy that shares an array or an agent with the original, or has other luck."""
    model = model_of(variant(name, end=2030), worlds=range(3))
    model.run(years=[2027])
    branch = copied(model)
    assert branch.agents.get("iso3") == model.agents.get("iso3")
    assert all(state.model is branch and state.year is branch.year for state in branch.agents)
    assert not {id(array) for array in branch.state.arrays.values()} & {id(a) for a in model.state.arrays.values()}
    while model.running:
        model.step()
        branch.step()
        for variable, values in model.state.arrays.items():
            assert values.tobytes() == branch.state.arrays[variable].tobytes(), (model.year.year, variable)
    assert not branch.running


def test_a_world_is_branched_in_mid_run() -> None:
    """Catches a branch whose state decides in the original too, or in neither."""
    model = model_of(variant("contested_agenda", end=2032), worlds=range(4))
    model.step()
    branch = copy.deepcopy(model)
    branch.states["RUS"].decider = Fixed(level=0.0)
    model.run_model()
    branch.run_model()
    council = [place for place, policy in enumerate(model.agreements) if policy.decided_by == "council"]
    assert not np.isnan(model.state.adopted_year[:, council]).all()
    assert np.isnan(branch.state.adopted_year[:, council]).all()
    assert (branch.state.hold_out[:, council] == model.ties.row["RUS"]).all()


def test_the_graph_of_a_model_has_numbers_in_the_units_of_the_tables(tmp_path: Path) -> None:
    """Catches edges without data, and dollars in one place where another has billions."""
    stored = sco_sim.run("no_events", worlds=3, out=tmp_path / "run")
    last = stored.ties()
    last = last[last["year"] == last["year"].max()].groupby("tie")["trade"].mean()
    model = sco_sim.build_model("no_events", worlds=3)
    model.run_model()
    assert {f"{a}-{b}" for a, b in model.graph.edges} == set(last.index)
    for a, b, edge in model.graph.edges(data=True):
        assert edge["trade"] == pytest.approx(last[f"{a}-{b}"], rel=1e-9)
        assert edge["weight"] == edge["trust"]
        assert 0.0 < edge["trust"] < 1.0
    assert nx.algebraic_connectivity(model.graph, tol=1e-9, seed=1) > 0.0
    assert model.graph.nodes["CHN"]["gdp"] == pytest.approx(model.states["CHN"].gdp)


@pytest.mark.slow
def test_worlds_are_a_number_or_numbers_and_scenarios_a_name_a_path_or_loaded(tmp_path: Path) -> None:
    """Catches one entry of the library that takes what another refuses."""
    assert sco_sim.build_model("no_events", worlds=5).worlds == (0, 1, 2, 3, 4)
    assert sco_sim.build_model("no_events", worlds=[3]).worlds == (3,)
    file = tmp_path / "short.yaml"
    file.write_text("extends: no_events.yaml\nhorizon: {end: 2025}\n", encoding="utf-8")
    runs = [sco_sim.run(scenario, worlds=2, out=tmp_path / str(place))
            for place, scenario in enumerate((file, str(file), sco_sim.load_scenario(file)))]  # fmt: skip
    assert len({run.digest() for run in runs}) == 1
    for worlds in (0, -1, [], [-1]):
        with pytest.raises(ScenarioError, match="worlds"):
            sco_sim.build_model("no_events", worlds=worlds)
    with pytest.raises(ScenarioError, match="there is no such file"):
        sco_sim.run("no_evens", out=tmp_path / "none")


@pytest.mark.slow
def test_the_code_of_the_page_about_the_library_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an example that a reader copies and that fails."""
    page = (ROOT / "docs" / "library.md").read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "page"}
    monkeypatch.chdir(tmp_path)
    for code in re.findall(r"```python\n(.*?)```", page, re.DOTALL):
        if not find_spec("xarray"):  # an extra
            code = re.sub(r"(?m)^worlds\b.*$", "", code)
        exec(compile(code, "docs/library.md", "exec"), names)
    assert len(names["frame"]) == 18 * 10
    assert names["branch"].year.year == 2040
    assert names["model"].states["KAZ"].ambition(names["model"].agreements[0]).shape == (5,)
