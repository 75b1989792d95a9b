"""Freight routes: closures, detours and the cost of a tie, on a toy graph by hand and on the shipped tables."""

from __future__ import annotations

import copy
import csv
import json
import math
import re
import shutil
from functools import cache
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib.pyplot as plt
import networkx as nx
import pytest
from typer.testing import CliRunner

from sco_sim.case.case import Case
from sco_sim.case.routes import legs_of, network_of, prices_of
from sco_sim.cli.main import app
from sco_sim.components.events.border_closing import BorderClosing
from sco_sim.engine.build import build_model
from sco_sim.plots.routes import map_of, route_map
from sco_sim.plots.style import styled
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import default_case, shipped_scenarios
from sco_sim.studies.routes import RouteStudy
from sco_sim.world.detours import Detours
from sco_sim.world.routes import PATHS, Closed, Leg, Network, Node, Prices
from tests.unit.test_case_schema import shipped_with
from tests.unit.test_plots import overlapping
from tests.worlds import ROOT

MEMBERS = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
RAILWAY = "L054"
P = {
    "routes.km_day.rail_express": 1000.0, "routes.usd_km.rail": 1.0, "routes.container_value": 1000.0,
    "routes.day_value": 0.1, "routes.gauge_hours": 12.0, "routes.split": 5.0, "routes.port_days": 2.0,
    "routes.port_usd": 50.0, "routes.reload_days": 1.0, "routes.km_day.road": 500.0, "routes.usd_km.road": 2.0,
}  # fmt: skip


def toy(*legs: Leg) -> Network:
    """Capitals of four states, one node each, named after them."""
    nodes = {name: Node(name, name.upper(), 0.0, 0.0, True) for name in "abcd"}
    return Network(nodes, legs, Prices(P))


def rail(ends: str, km: float, **fields: object) -> Leg:
    a, b = ends
    return Leg(ends, "rail", (a, b), (a.upper(), b.upper()), km, "rail_express", **fields)  # type: ignore[arg-type]


@cache
def network(year: int = 2024, *built: str) -> Network:
    case = Case()
    return network_of(case.table, prices_of(case.ledger.entries), year, built)


def between(net: Network, one: str, other: str) -> tuple[float, float, list[str]]:
    """Days, freight in USD and nodes of the cheapest path between two nodes, by any mode at its ends."""
    graph = net.graph.copy()
    for name, spot in (("start", one), ("end", other)):
        for mode in ("rail", "road", "sea", "caspian"):
            if (spot, mode) in graph:
                graph.add_edge(("x", name), (spot, mode), weight=0.0, days=0.0, usd=0.0)
                graph.add_edge((spot, mode), ("x", name), weight=0.0, days=0.0, usd=0.0)
    path = nx.dijkstra_path(graph, ("x", "start"), ("x", "end"))
    edges = [graph[a][b] for a, b in pairwise(path)]
    return sum(e["days"] for e in edges), sum(e["usd"] for e in edges), [name for name, _ in path[1:-1]]


def test_the_cost_of_a_tie_and_of_its_detour_by_hand() -> None:
    net = toy(rail("ab", 1000), rail("bc", 1000), rail("ad", 1500, hours=48.0), rail("dc", 1500))
    # a leg of 1000 km: a day and 1000 USD, and a day of 1000 USD at 0.1 a day is 100
    short, detour = 2200.0, 3000.0 + 100.0 * (3.0 + 2.0)
    choice = net.choice("A", "C")
    assert [path.cost for path in choice.paths] == [short]  # the detour is above 1.5 times as dear
    assert choice.cost == pytest.approx(short * PATHS ** (1.0 / 5.0))
    lost = net.without(Closed(legs=frozenset({"ab"}))).choice("A", "C")
    assert [path.cost for path in lost.paths] == [detour]
    assert lost.cost / choice.cost == pytest.approx(detour / short)
    assert net.without(Closed(states=frozenset({"B"}))).choice("A", "C").cost == lost.cost
    assert net.without(Closed(borders=frozenset({("B", "C")}))).choice("A", "C").cost == lost.cost
    assert math.isinf(net.without(Closed(states=frozenset({"B", "D"}))).choice("A", "C").cost)


def test_two_routes_share_the_freight_by_their_cost() -> None:
    choice = toy(rail("ab", 1000), rail("bc", 1000), rail("ad", 1100), rail("dc", 1000)).choice("A", "C")
    ratio = (2310.0 / 2200.0) ** -5.0
    assert choice.shares == pytest.approx([1.0 / (1.0 + ratio), ratio / (1.0 + ratio)])
    assert choice.cost == pytest.approx(2200.0 * ((1.0 + ratio) / PATHS) ** -0.2)


def test_a_change_of_gauge_is_bounded_and_a_reload_takes_its_day() -> None:
    assert Prices(P).days(rail("ab", 1000, hours=48.0, gauge_change=True)) == 1.5
    road = Leg("bc", "road", ("b", "c"), ("B", "C"), 500.0, "road")
    (path,) = toy(rail("ab", 1000), road).choice("A", "C").paths
    assert (path.days, path.usd) == (1.0 + 1.0 + 1.0, 1000.0 + 1000.0)


@pytest.mark.parametrize(
    ("year", "closed", "is_open"),
    [
        (2024, ((2024.6, math.inf),), True),
        (2025, ((2024.6, math.inf),), False),
        (2024, ((2023.9, 2024.2), (2024.1, 2024.55)), False),
        (2024, ((2024.0, 2024.3), (2024.0, 2024.3)), True),
    ],
)
def test_a_leg_is_shut_in_a_year_that_is_half_shut(
    year: int, closed: tuple[tuple[float, float], ...], is_open: bool
) -> None:
    assert rail("ab", 1.0, closed=closed).operates(year) is is_open


def test_the_tables_by_year() -> None:
    """Catches closures, opening years and plans that are read wrongly."""
    legs = {leg.key: leg for leg in legs_of(Case().table)}
    assert legs[RAILWAY].operates(2030)
    assert not legs[RAILWAY].operates(2029)
    assert legs[RAILWAY].operates(2025, built=True)
    trans_afghan = next(leg for leg in legs.values() if leg.status == "planned")
    assert not trans_afghan.operates(2050)
    torkham = next(leg for leg in legs.values() if leg.crossing == "Torkham")
    assert [torkham.operates(year) for year in (2017, 2024, 2025, 2026)] == [True, True, True, False]
    batken = [leg for leg in legs.values() if leg.borders == {("KGZ", "TJK")}]
    assert len(batken) == 3
    by_year = [True, False, False, True]
    assert [all(leg.operates(year) for leg in batken) for year in (2020, 2022, 2024, 2025)] == by_year
    assert legs["L118"].borders == {("KAZ", "RUS"), ("KAZ", "TKM"), ("IRN", "TKM")}


@pytest.mark.parametrize(
    ("one", "other", "days", "usd"),
    [
        ("Xi'an", "Malaszewicze", (11.0, 18.0), (2400, 3600)),
        ("Xi'an", "Tashkent", (5.0, 7.5), (1400, 2200)),
        ("Almaty", "Baku", (7.0, 10.0), (1000, 2000)),
        ("Kashgar", "Gwadar", (11.0, 16.0), (3000, 6600)),
        ("Islamabad", "Tashkent", (7.0, 9.5), (2300, 2900)),
    ],
)
def test_end_to_end_beside_what_is_published(
    one: str, other: str, days: tuple[float, float], usd: tuple[float, float]
) -> None:
    """Catches a unit, a speed or a rate that is off; Mumbai-Moscow is known to be too quick (docs/routes.md)."""
    took, cost, _ = between(network(), one, other)
    assert days[0] <= took <= days[1]
    assert usd[0] <= cost <= usd[1]


def test_islamabad_tashkent_goes_by_khunjerab_and_osh_when_afghan_pakistani_crossings_shut() -> None:
    days, usd, path = between(network(), "Islamabad", "Tashkent")
    assert "Kabul" in path
    shut = network().without(Closed(borders=frozenset({("AFG", "PAK")})))
    days_shut, usd_shut, path_shut = between(shut, "Islamabad", "Tashkent")
    assert {"Kashgar", "Osh"} < set(path_shut)
    assert days_shut - days == pytest.approx(1.2, abs=0.3)  # 9.0 to 10.2 in the provenance of the tables
    assert usd_shut - usd == pytest.approx(1480.0, abs=150.0)  # 2690 to 4170
    by_year = between(network(2026), "Islamabad", "Tashkent")
    assert by_year[2] == path_shut


@pytest.mark.parametrize(
    "closed",
    [
        Closed(states=frozenset({"KGZ"})),
        Closed(borders=frozenset({("CHN", "KGZ")})),
        Closed(borders=frozenset({("KGZ", "UZB")})),
    ],
)
def test_china_uzbekistan_gains_by_the_railway_only_through_kyrgyzstan(closed: Closed) -> None:
    without, built = network(), network(2024, RAILWAY)
    assert built.choice("CHN", "UZB").cost < 0.96 * without.choice("CHN", "UZB").cost
    assert built.without(closed).choice("CHN", "UZB").cost == without.without(closed).choice("CHN", "UZB").cost


@pytest.mark.slow
def test_no_closure_makes_a_tie_cheaper_and_each_detour_is_the_next_best() -> None:
    """Catches a share that falls to a better path, and a closure that leaves something open."""
    net = network()
    before = {pair: net.choice(*pair) for pair in combinations(MEMBERS, 2)}
    used = {leg.key: leg for choice in before.values() for path in choice.paths for leg in path.legs}
    closures = [Closed(legs=frozenset({key})) for key in used]
    closures += [Closed(borders=frozenset({pair})) for pair in {p for leg in used.values() for p in leg.borders}]
    closures += [Closed(states=frozenset({state})) for state in (*MEMBERS, "AFG", "TKM", "MNG")]
    closures += [Closed(straits=frozenset({name})) for name in ("SUEZ", "HORMUZ", "MALACCA", "BOSPORUS")]
    for closed in closures:
        shut = net.without(closed)
        for pair, choice in before.items():
            if any(closed.shuts(leg) for path in choice.paths for leg in path.legs):
                after = shut.choice(*pair)
                assert after.cost >= choice.cost * (1.0 - 1e-12), (closed, pair)
                assert not any(closed.shuts(leg) for path in after.paths for leg in path.legs)


@pytest.mark.slow
def test_the_study_adds_up() -> None:
    """Catches trade that is counted twice, and a state that lies between its own ties."""
    study = RouteStudy(Case(), load_scenario(shipped_scenarios() / "triangle.yaml"), 2024)
    for choice in study.choices.values():
        assert sum(choice.shares) == pytest.approx(1.0)
    for name, ties in study.between.items():
        for pair, musd in ties.items():
            assert name not in pair
            assert 0.0 < musd <= study.trade[pair] * (1.0 + 1e-12)
    for one in study.closures():
        assert all(loss.percent >= -1e-9 for loss in one.losses)
        assert one.sort != "state" or all(one.name not in loss.tie for loss in one.losses)


def test_the_page_says_what_the_command_says() -> None:
    """Catches figures of docs/routes.md that the tables have left behind."""
    page = (ROOT / "docs" / "routes.md").read_text(encoding="utf-8")
    study = RouteStudy(Case(), load_scenario(shipped_scenarios() / "baseline.yaml"), 2024)
    share = sum(study.between["KAZ"].values()) / sum(study.trade.values())
    kazakhstan = study.lose("state", "KAZ", "KAZ", Closed(states=frozenset({"KAZ"})))
    built = network(2024, RAILWAY).choice("CHN", "UZB").cost / network().choice("CHN", "UZB").cost
    said = re.sub(r"\s+", " ", page)
    assert f"for {100 * share:.0f} % of their trade" in said
    assert f"freight would cost {kazakhstan.percent:.0f} % more" in said
    assert f"China-Uzbekistan {100 * (1 - built):.0f} % cheaper" in said
    assert next(loss for loss in kazakhstan.losses if loss.tie == ("KGZ", "RUS")).percent == pytest.approx(187, abs=15)


@pytest.mark.slow
def test_the_command_writes_tables_and_a_map(tmp_path: Path) -> None:
    result = CliRunner().invoke(
        app, ["routes", "triangle", "--build", RAILWAY, "--close", "KGZ", "--out", str(tmp_path), "--json"]
    )
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    with (tmp_path / "paths.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    assert all("Osh" not in row["nodes"] and "Bishkek" not in row["nodes"] for row in rows if "KGZ" not in row["tie"])
    assert len(rows) == len(answer["paths"])
    assert {path.name for path in tmp_path.iterdir()} >= {"losses.csv", "summary.csv", "routes.png", "routes.svg"}


@pytest.mark.slow
def test_no_two_names_of_the_map_lie_on_one_another() -> None:
    """Catches names that hide each other where places are close: Bosporus, Anzali, Chabahar."""
    study = RouteStudy(Case(), load_scenario(shipped_scenarios() / "baseline.yaml"), 2023)
    with styled():
        figure = route_map(map_of(study, []))
        figure.draw_without_rendering()
        for axis in figure.axes[:2]:
            assert len(axis.texts) > 10
            assert overlapping(axis.texts) == []
        plt.close(figure)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--close", "KGX"], "KGX.*KGZ|KGX.*did you mean"),
        (["--build", "L54"], "no leg 'L54'.*did you mean"),
        (["--build", "?"], "no leg '.'.*sco-sim data route_legs. lists them"),
    ],
)
def test_what_is_no_leg_border_or_state_is_refused(options: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["routes", "triangle", *options])
    assert result.exit_code == 2
    assert re.search(message, result.stderr, re.DOTALL)


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("node_b", "Oshh", "does not join: no node 'Oshh'.*did you mean"),
        ("state_b", "UZB", "does not join: Osh lies in KGZ, not in UZB"),
        ("node_b", "Kashgar", "leads from Kashgar to itself"),
        ("closed_periods", "2021-05-21", "'2021-05-21' is no period.*write from..to"),
        ("length_km", "0", "length_km"),
    ],
)
def test_a_leg_that_does_not_join_is_refused_by_name_and_line(
    column: str, cell: str, message: str, tmp_path: Path
) -> None:
    def change(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        for row in rows:
            if row["leg"] == RAILWAY:
                row[column] = cell
        return rows

    folder = shipped_with(tmp_path / "case", "route_legs", change)
    result = CliRunner().invoke(app, ["case", "check", str(folder)])
    assert result.exit_code == 2
    assert re.search(message, result.stderr, re.DOTALL)
    assert "route_legs.csv:" in result.stderr


@pytest.mark.slow
def test_a_case_without_routes_says_so(tmp_path: Path) -> None:
    shutil.copytree(default_case(), tmp_path / "case")
    for name in ("route_legs", "route_nodes"):
        (tmp_path / "case" / "data" / f"{name}.csv").unlink()
    result = CliRunner().invoke(app, ["routes", "triangle", "--case", str(tmp_path / "case")])
    assert result.exit_code == 2
    assert "the case has no routes" in result.stderr


def test_what_a_closed_border_adds_by_hand() -> None:
    """Catches a rise on ties that do not use the border, one of a border nobody crosses, one beyond all value."""
    net = toy(rail("ab", 1000), rail("bc", 1000), rail("ad", 1500, hours=48.0), rail("dc", 1500))
    detours = Detours("ABCD", net)
    shut = net.without(Closed(borders=frozenset({("B", "C")})))
    rise = dict(zip(detours.pairs, detours.rise(frozenset({("B", "C")})).tolist(), strict=True))
    assert rise["A", "B"] == rise["A", "D"] == 0.0
    assert rise["A", "C"] == min(1.0, (shut.choice("A", "C").cost - net.choice("A", "C").cost) / 1000.0)
    assert rise["A", "C"] > 0.5
    assert not detours.rise(frozenset({("B", "D")})).any()
    assert detours.rise(frozenset({("A", "B"), ("A", "D")})).tolist()[:3] == [1.0, 1.0, 1.0]  # A is cut off
    assert copy.deepcopy(detours) is detours


def test_ties_that_have_to_go_round_a_closed_border_lose_trade() -> None:
    """Catches a closed border that concerns only its two states (row N5 of docs/mechanisms.md)."""
    scenario = load_scenario(shipped_scenarios() / "no_events.yaml")
    event = BorderClosing(between=("KAZ", "UZB"), start=2025, end=2026, severity=2.0)
    model = build_model(scenario.model_copy(update={"events": (event,)}), worlds=2, fixed_parameters=True)
    while model.year.year < 2025:
        model.step()
    lost = -model.state.shock_trade[0]
    rise = model.year.facts.detours.rise(frozenset({("KAZ", "UZB")}))
    own, through, apart = (model.ties.tie(*pair) for pair in (("KAZ", "UZB"), ("RUS", "UZB"), ("CHN", "IND")))
    assert lost[through] == pytest.approx(Case().ledger["routes.elasticity"].central * rise[through])
    assert rise[through] > 0.01
    assert lost[apart] == 0.0
    assert lost[own] == pytest.approx(2.0 * Case().ledger["border_closing.trade"].central)


def test_freight_through_a_state_that_gets_dearer_and_a_leg_that_is_finished_by_hand() -> None:
    """Catches a premium on the state's own ties, a tie that cannot go round, a leg over a border nobody named."""
    short, long = rail("ab", 1000), rail("bc", 1000)
    net = toy(short, long, rail("ad", 1500), rail("dc", 1500))
    planned = rail("ac", 500, status="planned")
    detours = Detours("ABCD", net, (planned,))
    dearer = dict(zip(detours.pairs, detours.dearer(frozenset({"B"})).tolist(), strict=True))
    instead = toy(short.twice_as_dear(), long.twice_as_dear(), rail("ad", 1500), rail("dc", 1500))
    assert dearer["A", "C"] == min(1.0, (instead.choice("A", "C").cost - net.choice("A", "C").cost) / 1000.0) > 0.0
    assert dearer["A", "B"] == dearer["B", "D"] == dearer["A", "D"] == 0.0
    assert not detours.builds(frozenset({("A", "B")}))
    assert not detours.fall(frozenset({("A", "B")})).any()
    fall = dict(zip(detours.pairs, detours.fall(frozenset({("A", "C"), ("A", "B")})).tolist(), strict=True))
    after = toy(*net.legs, planned)
    for pair in (("A", "C"), ("B", "C"), ("C", "D")):
        assert fall[pair] == min(1.0, (net.choice(*pair).cost - after.choice(*pair).cost) / 1000.0)
    assert fall["A", "C"] > 0.0


def test_a_corridor_that_finishes_a_leg_serves_third_ties_as_far_as_its_states_take_part() -> None:
    """Catches a railway that helps nobody outside its corridor, one that is open without Kyrgyzstan (C6, N5)."""
    fields = "corridor: china_kyrgyzstan_uzbekistan_railway, start: 2026, decided_by: given"
    moved = []
    for taking_part in ("[CHN, KGZ, UZB]", "[CHN, UZB]"):
        text = f"policies=[{{trade_corridor: {{{fields}, participants: {taking_part}}}}}]"
        model = build_model(load_scenario("no_events", [text, "horizon.end=2030"]), worlds=2, fixed_parameters=True)
        while model.year.year < 2030:
            model.step()
        fall = model.year.facts.detours.fall(frozenset({("CHN", "KGZ"), ("KGZ", "UZB")}))
        third = model.ties.tie("CHN", "TJK")
        assert fall[third] > 0.0
        moved.append(float(model.state.effect_trade[0, third]))
    assert moved[0] > 0.0
    assert moved[1] == 0.0
