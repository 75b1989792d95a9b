"""The model as users of Mesa and of a notebook expect it, and the dated facts it must keep to."""

from __future__ import annotations

import gc
import weakref
from typing import Any, ClassVar

import mesa
import networkx as nx
import numpy as np
import pytest

from sco_sim.components.events.downturn import Downturn
from sco_sim.components.mechanism import PHASES, Mechanism
from sco_sim.engine.member import MemberState
from sco_sim.engine.model import CooperationModel
from sco_sim.scenario.schema import Horizon, Without
from sco_sim.world.year import Year
from tests.worlds import CASE, ROOT, different, model_of, variant


@pytest.fixture(scope="module")
def finished() -> Any:
    """The combined scenario, run to its end."""
    model = model_of(variant("combined"), worlds=[17, 4, 5])
    return model, model.run()


def test_it_is_a_mesa_model_with_a_state_for_an_agent() -> None:
    """Catches agents that Mesa does not know of."""
    model = model_of(variant(end=2023), worlds=[0, 1])
    assert isinstance(model, mesa.Model)
    assert len(model.agents) == 10
    assert all(isinstance(agent, MemberState) for agent in model.agents)
    assert model.agents.get("iso3") == list(model.ties.states) == list(model.states)
    assert sorted(model.agents.get("unique_id")) == list(range(1, 11))
    assert set(model.members.get("iso3")) == {"CHN", "IND", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB"}
    assert model.running
    assert repr(model.states["BLR"]) == "MemberState(BLR)"


def test_a_member_reads_its_row_of_the_numbers(finished: Any) -> None:
    """Catches an agent that holds numbers of its own, which grow old."""
    model, _ = finished
    china = model.states["CHN"]
    assert np.array_equal(china.of_worlds.gdp, np.exp(model.state.log_gdp[:, model.ties.row["CHN"]]) / 1e9)
    assert np.shares_memory(china.of_worlds.member, model.state.member)
    trust = 1.0 / (1.0 + np.exp(-model.state.trust_level[:, model.ties.tie("CHN", "RUS")]))
    assert china.of_worlds.trust_in("RUS") == pytest.approx(trust, abs=1e-15)


def test_step_by_step_equals_a_run(finished: Any) -> None:
    """Catches a run that does something that steps do not, and the other way round."""
    _, block = finished
    model = model_of(variant("combined"), worlds=[17, 4, 5])
    for place, year in enumerate(block.years):
        if place:
            model.step()
        assert model.year.year == year
        for key, metric in model.metrics.items():
            recorded = {"world": block.metrics, "state": block.states, "tie": block.ties}[metric.axis][key]
            assert np.array_equal(metric.measure(model.year), recorded[:, place]), (year, key)
    assert model.steps == 17


def test_a_run_from_the_middle_records_the_rest(finished: Any) -> None:
    """Catches a record that begins with years nobody simulated."""
    _, block = finished
    model = model_of(variant("combined"), worlds=[17, 4, 5])
    for _ in range(6):
        model.step()
    rest = model.run()
    assert rest.years == tuple(range(2029, 2041))
    assert np.array_equal(rest.metrics["trade_total_busd"], block.metrics["trade_total_busd"][:, 6:])


def test_the_same_build_gives_the_same_bits(finished: Any) -> None:
    """Catches luck or an order that comes from outside."""
    _, block = finished
    assert not different(block, model_of(variant("combined"), worlds=[17, 4, 5]).run())
    assert different(block, model_of(variant("combined"), worlds=[17, 4, 5], seed=2).run())


def test_the_record_has_the_shapes_it_says(finished: Any) -> None:
    """Catches an axis swapped."""
    model, block = finished
    assert block.worlds == (17, 4, 5)
    assert block.years == tuple(range(2023, 2041))
    assert {v.shape for v in block.metrics.values()} == {(3, 18)}
    assert {v.shape for v in block.states.values()} == {(3, 18, 10)}
    assert {v.shape for v in block.ties.values()} == {(3, 18, 45)}
    assert {v.shape for v in block.agreements.values()} == {(3, 5)}
    assert len(set(block.agreement_names)) == 5
    assert block.settings.tolist() == [17, 4, 5]
    assert all(np.array_equal(values, model.year.p[name][:, 0]) for name, values in block.parameters.items())


def test_a_window_is_a_plain_weighted_graph_of_a_world_by_its_number(finished: Any) -> None:
    """Catches a window on the place in the batch instead of the world."""
    model, block = finished
    window = model.window(5)
    assert type(window.graph) is nx.Graph
    assert (window.world, window.year) == (5, 2040)
    assert set(window.graph) == set(model.ties.states)
    assert window.graph.number_of_edges() == 45
    for place, name in enumerate(block.tie_names):
        edge = window.graph.edges[tuple(name.split("-"))]
        assert edge["trust"] == pytest.approx(block.ties["trust"][2, -1, place], abs=1e-15)
        assert edge["trade"] == pytest.approx(block.ties["trade"][2, -1, place], rel=1e-12)
    assert window.metrics == {key: values[2, -1] for key, values in block.metrics.items()}
    cohesion = nx.algebraic_connectivity(window.graph, weight="trust", tol=1e-12, method="lanczos", seed=1) / 10
    assert window.metrics["cohesion"] == pytest.approx(cohesion, abs=1e-6)
    with pytest.raises(ValueError, match="world 2 is not among"):
        model.window(2)


def test_a_data_collector_of_mesa_works_on_it() -> None:
    """Catches a model that looks like Mesa's and is none."""
    model = model_of(variant(end=2023), worlds=[0])
    reporters = {"trade": lambda m: m.window().metrics["trade_total_busd"]}
    collector = mesa.DataCollector(reporters, agent_reporters={"gdp": "gdp"})
    collector.collect(model)
    for _ in range(3):
        model.step()
        collector.collect(model)
    assert len(collector.get_model_vars_dataframe()) == 4
    assert len(collector.get_agent_vars_dataframe()) == 40


def test_there_is_no_year_after_the_horizon(finished: Any) -> None:
    """Catches a step that reads the facts and the luck of a year that is not there."""
    model, block = finished
    with pytest.raises(ValueError, match="ends in 2040"):
        model.step()
    assert model.run().years == (2040,)
    assert block.years[-1] == 2040


def test_a_model_can_be_freed() -> None:
    """Catches Mesa 3.3's registry that keeps every model, and with it gigabytes over a sweep."""
    model = model_of(variant(end=2022), worlds=[0])
    model.run()
    alive = weakref.ref(model)
    del model
    gc.collect()
    assert alive() is None


def members(model: Any) -> set[str]:
    """Codes of the members now; the worlds agree."""
    assert (model.state.member == model.state.member[:1]).all()
    return {iso for iso, row in model.ties.row.items() if model.state.member[0, row]}


def test_states_join_in_the_years_they_joined() -> None:
    """Catches an accession a year late, and observers counted as members."""
    model = model_of(variant(end=2026), worlds=[0, 1])
    eight = {"CHN", "IND", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB"}
    seen = {model.year.year: members(model)}
    while model.year.year < 2026:
        model.step()
        seen[model.year.year] = members(model)
    assert seen[2020] == seen[2022] == eight
    assert seen[2023] == eight | {"IRN"}
    assert seen[2024] == seen[2026] == eight | {"IRN", "BLR"}


def test_history_begins_with_six_and_ends_with_eight() -> None:
    """Catches the members of today put into 2001."""
    model = model_of(variant("history"), worlds=[0])
    assert members(model) == {"CHN", "KAZ", "KGZ", "RUS", "TJK", "UZB"}
    while model.year.year < 2017:
        assert len(members(model)) == 6
        model.step()
    assert members(model) >= {"IND", "PAK"}
    assert model.year.year == 2017


def test_a_scenario_can_say_never_or_another_year() -> None:
    """Catches an override of the dates that does not reach the model."""
    model = model_of(variant(end=2026, membership={"BLR": None, "IRN": 2025, "UZB": 2020}), worlds=[0])
    years = {}
    while True:
        for iso in members(model):
            years.setdefault(iso, model.year.year)
        if model.year.year == 2026:
            break
        model.step()
    assert "BLR" not in years
    assert years["IRN"] == 2025
    assert years["UZB"] == 2020


def test_gdp_is_the_datum_while_there_is_one_and_drawn_after_it() -> None:
    """Catches a forecast of the past, and a future without spread."""
    model = model_of(variant(end=2026), worlds=range(4))
    known = CASE.gdp(model.ties.states, range(2020, 2027))
    assert not np.isnan(known[:4]).any()
    assert np.isnan(known[5:]).all()
    for row in range(1, 7):
        before = model.state.log_gdp.copy()
        model.step()
        assert np.array_equal(model.state.last_log_gdp, before)
        assert np.abs(model.state.log_gdp - before).max() < 1.0
        for state, datum in enumerate(known[row]):
            values = model.state.log_gdp[:, state]
            assert len(set(values)) == 4 if np.isnan(datum) else (values == datum).all()


def test_a_downturn_moves_gdp_only_where_it_is_not_yet_known() -> None:
    """Catches a shock counted twice: once in the datum, once in the event."""

    def gdp(*events: Any) -> Any:
        model = model_of(variant(end=2026, events=events), worlds=range(3))
        path = [model.state.log_gdp.copy()]
        while model.year.year < 2026:
            model.step()
            path.append(model.state.log_gdp.copy())
        return np.array(path), model.year.p["downturn.growth"]

    plain, _ = gdp()
    past, _ = gdp(Downturn(start=2021, end=2023, severity=2.0))
    future, size = gdp(Downturn(states=("RUS", "CHN"), start=2025, severity=2.0))
    assert np.array_equal(plain, past)
    row = [model_row in ("CHN", "RUS") for model_row in variant().states]
    assert np.array_equal(plain[:5], future[:5])
    assert future[5] - plain[5] == pytest.approx(-2.0 * size * np.array(row), abs=1e-12)
    assert future[6] - plain[6] == pytest.approx(future[5] - plain[5], abs=1e-12)


def test_the_plan_lists_the_year_in_its_order() -> None:
    """Catches a printed order that is not the order of the code."""
    plan = model_of(variant("combined"), worlds=[0]).plan()
    phases = [phase for phase, _, _ in plan]
    assert sorted(phases, key=PHASES.index) == phases
    assert set(phases) == set(PHASES)
    assert all(len(text) > 15 for _, _, text in plan)
    names = [name for _, name, _ in plan]
    assert names.index("growth") < names.index("disputes") < names.index("consensus") < names.index("delivery")
    assert names.index("trade") < names.index("trust") < names.index("accession") < names.index("community")


class Called(Mechanism):
    """Notes the years in which it is called, and what had adopted and acted by then."""

    years: ClassVar[list[int]] = []

    def step(self, year: Year) -> None:
        """Note the year."""
        self.years.append(year.year)


@pytest.mark.parametrize("phase", PHASES)
def test_a_mechanism_of_any_phase_is_called_once_a_year_last_in_its_phase(phase: str) -> None:
    """Catches a phase that `step` leaves out, though a component may name it and `show` prints it."""
    one = type("Own", (Called,), {"phase": phase, "years": [], "__doc__": "Notes the years of its calls."})()
    plain = model_of(variant("combined", end=2025), worlds=[0])
    model = CooperationModel(
        plain.scenario, plain.year, plain.agreements, [0], plain.settings, [*plain.mechanisms, one], plain.metrics
    )
    one.years.clear()
    model.run()
    assert one.years == [2024, 2025]
    own = [action for action in model.order if action.phase == phase]
    assert own[-1].call == one.step or own[-1].name > one.key()
    assert [(action.phase, action.name, action.text) for action in model.order] == model.plan()


def test_the_description_of_the_model_has_the_phases_in_their_order() -> None:
    """Catches a page that tells another order than the model runs."""
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    _, _, told = page.partition("The phases run in the order **")
    assert tuple(told.partition("**")[0].split(", ")) == PHASES


def test_policies_act_on_what_is_delivered_in_the_same_year_and_before_exchange() -> None:
    """Catches a policy that acts a year late, and one that acts twice."""
    model = model_of(variant("combined"), worlds=[0])
    rows = [(phase, name) for phase, name, _ in model.plan()]
    acting = [("policies", policy.label) for policy in model.agreements]
    assert [row for row in rows if row[0] == "policies"] == [("policies", "effects"), ("policies", "loans"), *acting]
    assert rows.index(("delivery", "delivery")) < rows.index(acting[0])
    assert rows.index(acting[-1]) < rows.index(("exchange", "trade"))


def test_a_mechanism_can_be_switched_off() -> None:
    """Catches a switch that is stored and not used."""
    model = model_of(variant(end=2024, without=Without(mechanisms=("disputes", "trust"))), worlds=range(3))
    assert {"disputes", "trust"}.isdisjoint(m.key() for m in model.mechanisms)
    model.run()
    assert np.array_equal(model.state.trust_level, model.year.reference.trust_level)
    assert not model.state.dispute.any()
    nothing = model_of(variant(end=2024, without=Without(mechanisms="all")), worlds=range(3))
    nothing.run()
    assert np.array_equal(nothing.state.trade, nothing.year.reference.trade)


def test_fixed_parameters_leave_only_the_luck_of_the_years() -> None:
    """Catches a 'fixed' run that still draws its ledger or its start."""
    model = model_of(variant(end=2022), worlds=[0, 9], replicates=1, fixed_parameters=True)
    centre = CASE.ledger.centre([0])
    assert all((column == centre[name]).all() for name, column in model.year.p.items())
    assert np.array_equal(model.state.trade[0], model.state.trade[1])
    model.run()
    assert not np.isclose(model.state.trade[0], model.state.trade[1]).any()


def test_all_27_states_of_the_case_can_be_simulated_together_and_any_two() -> None:
    """Catches a table that has the ten and lacks the others, and a size of one tie that breaks a shape."""
    everybody = tuple(sorted(CASE.catalog.states))
    block = model_of(variant(states=everybody, horizon=Horizon(start=2020, end=2024)), worlds=[0, 1]).run()
    assert block.ties["trust"].shape == (2, 5, 351)
    two = model_of(variant(states=("CHN", "RUS"), horizon=Horizon(start=2020, end=2024)), worlds=[0, 1]).run()
    for one in (block, two):
        for group in (one.metrics, one.states, one.ties):
            assert not [name for name, values in group.items() if not np.isfinite(values).all()]
