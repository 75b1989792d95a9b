"""Reading, extending and overriding scenario files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sco_sim.case.read_catalog import read_catalog
from sco_sim.components.registry import find
from sco_sim.errors import CaseError, ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.yaml_source import read_text, resolve
from sco_sim.shipped import default_case, shipped_scenarios

MEMBERS = ("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB")
PARENT = """\
title: Parent
horizon: {start: 2020, end: 2030}
membership: {IRN: null}
decision_rule: {opt_in: {minimum: 4}}
rivals: {contact: none}
parameters:
  trust.persistence: {low: 0.1, high: 0.5}
policies:
  - sister_cities: {start: 2023}
  - sister_cities: {name: more_cities, start: 2024}
  - people_to_people: {}
events:
  - pandemic: {start: 2021}
  - dispute: {between: [KGZ, TJK], year: 2022}
  - dispute: {between: [CHN, IND], year: 2023}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parent.yaml").write_text(PARENT)
    return tmp_path


def child(folder: Path, text: str) -> Path:
    path = folder / "child.yaml"
    path.write_text("extends: parent.yaml\n" + text)
    return path


def refusal(path: Path | str, *overrides: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path, overrides)
    return str(caught.value)


def test_shipped_scenarios_load_and_say_where_they_come_from() -> None:
    names = {path.stem for path in shipped_scenarios().glob("*.yaml")}
    wanted = {"baseline", "no_events", "people_to_people", "sister_cities", "trade_corridors", "combined"}
    assert names >= wanted | {"majority_rule", "rivalry", "history"}
    beyond_members = {"candidate", "enlargement", "more_states", "new_member", "partners", "pipelines"}
    for name in names:
        scenario = load_scenario(name)
        if name in beyond_members:
            assert set(scenario.states) > set(MEMBERS)
        else:
            assert scenario.states == MEMBERS  # paired comparison needs one set of states
        assert scenario.name == name
        first, second = (shipped_scenarios() / f"{name}.yaml").read_text().splitlines()[:2]
        assert first == f"# Question: {scenario.question[0].lower()}{scenario.question[1:]}"
        assert second.startswith("# Document: D")


def test_defaults_come_from_the_dated_statuses() -> None:
    scenario = load_scenario("baseline")
    assert scenario.membership["IRN"] == 2023
    assert scenario.membership["BLR"] == 2024
    assert sum(year is not None and year <= 2020 for year in scenario.membership.values()) == 8
    assert load_scenario("history").horizon.start == 2001


def test_a_state_that_joins_in_the_scenario_is_simulated(folder: Path) -> None:
    scenario = load_scenario(child(folder, "membership: {AFG: 2028}\n"))
    assert scenario.states == ("AFG", *MEMBERS)
    assert scenario.membership["AFG"] == 2028
    assert scenario.membership["IRN"] is None  # inherited: never, yet still simulated


def test_child_adds_to_lists_merges_mappings_and_replaces_the_rest(folder: Path) -> None:
    text = """\
horizon: {end: 2033}
decision_rule: {consensus: {}}
rivals: {consensus: delays}
parameters:
  trust.persistence: {value: 0.3}
  cities.trade: 0.01
policies:
  - trade_corridor: {corridor: north_south_corridor, start: 2031}
events:
  - downturn: {start: 2032}
"""
    scenario = load_scenario(child(folder, text))
    assert (scenario.horizon.start, scenario.horizon.end) == (2020, 2033)
    assert scenario.decision_rule.key() == "consensus"
    assert scenario.rivals.model_dump() == {"contact": "none", "consensus": "delays"}
    assert [p.label for p in scenario.policies] == [
        "sister_cities", "more_cities", "people_to_people", "north_south_corridor"
    ]  # fmt: skip
    assert [e.key() for e in scenario.events] == ["pandemic", "dispute", "dispute", "downturn"]
    assert scenario.parameters["trust.persistence"].model_dump(exclude_none=True) == {"value": 0.3}
    assert scenario.parameters["cities.trade"].value == 0.01
    assert scenario.title == "child"  # a child does not pass for its parent


def test_without_drops_what_is_inherited_before_adding(folder: Path) -> None:
    text = """\
without: {policies: [more_cities, people_to_people], events: [dispute], mechanisms: [disputes]}
policies:
  - people_to_people: {start: 2025}
"""
    scenario = load_scenario(child(folder, text))
    assert [(p.label, p.start) for p in scenario.policies] == [("sister_cities", 2023), ("people_to_people", 2025)]
    assert [e.key() for e in scenario.events] == ["pandemic"]
    assert scenario.without.mechanisms == ("disputes",)
    (folder / "grandchild.yaml").write_text("extends: child.yaml\nwithout: {policies: all, mechanisms: [trade]}\n")
    grandchild = load_scenario(folder / "grandchild.yaml")
    assert grandchild.policies == ()
    assert grandchild.without.mechanisms == ("disputes", "trade")


def test_extends_falls_back_to_the_shipped_folder(folder: Path) -> None:
    (folder / "mine.yaml").write_text("extends: baseline.yaml\n")
    assert len(load_scenario(folder / "mine.yaml").events) == len(load_scenario("baseline").events)


def test_inherited_events_may_lie_outside_the_horizon_but_not_policies(folder: Path) -> None:
    load_scenario(child(folder, "horizon: {start: 2022}\n"))  # the pandemic of 2021 is a dated fact
    message = refusal(child(folder, "horizon: {end: 2023}\n"))
    assert "parent.yaml:10:" in message
    assert "the year 2024 lies outside the horizon" in message
    assert "2023 lies outside" in refusal(child(folder, "horizon: {start: 2023}\nevents: [pandemic: {start: 2023}]\n"))


def test_overrides() -> None:
    scenario = load_scenario(
        "combined",
        [
            "horizon.end=2033",
            "policies.sister_cities.intensity=0.5",
            "policies.north_south_corridor.participants=[RUS, IRN]",
            "events.war_nearby#2.severity=2",
            "decision_rule=qualified_majority",
            "parameters.trust.persistence=0.5",
            "parameters.cities.trade.low=-0.1",
            "parameters.cities.trade.high=0.1",
            "membership.IRN=null",
            "without.policies=[people_to_people]",
            "title=NO",
        ],
    )
    assert scenario.horizon.end == 2033
    policies = {p.label: p for p in scenario.policies}
    assert policies["sister_cities"].intensity == 0.5
    assert policies["north_south_corridor"].participants == ("RUS", "IRN")
    assert "people_to_people" not in policies
    assert [e.model_dump().get("severity") for e in scenario.events if e.key() == "war_nearby"] == [1.0, 2.0]
    assert scenario.decision_rule == find("rules", "qualified_majority")()
    assert scenario.parameters["trust.persistence"].value == 0.5
    assert (scenario.parameters["cities.trade"].low, scenario.parameters["cities.trade"].high) == (-0.1, 0.1)
    assert scenario.membership["IRN"] is None
    assert scenario.title == "NO"
    assert load_scenario("baseline", {"horizon.end": "2030"}).horizon.end == 2030


@pytest.mark.parametrize(
    ("override", "message", "remedy"),
    [
        ("horizon.ending=2030", "no field 'ending' in horizon", "did you mean 'end'?"),
        ("horizn.end=2030", "no field 'horizn' in the scenario", "did you mean 'horizon'?"),
        ("policies.sister_citys.start=2025", "policies has no 'sister_citys'", "did you mean 'sister_cities'?"),
        ("policies.sister_cities.intensty=1", "no field 'intensty' in sister_cities", "did you mean 'intensity'?"),
        ("policies.sister_cities.intensity=2", "intensity is 2: it must be between 0 and 1", "0 to 1"),
        ("events.war_nearby.severity=2", "there are 2 events called 'war_nearby'", "events.war_nearby#1"),
        ("events.dispute#2.severity=2", "there is one of the events called 'dispute'", "write events.dispute"),
        ("parameters.trust.persistance=1", "no parameter 'trust.persistance'", "did you mean 'trust.persistence'?"),
        ("horizon.end=.nan", "not a finite number", "ordinary number"),
        ("horizon.end=[1", "not valid YAML", "brackets"),
        ("horizon.end", "it is no `path=value`", "horizon.end=2030"),
        ("=3", "it is no `path=value`", "horizon.end=2030"),
        ("decision_rule=unanimity", "no rule 'unanimity'", "consensus"),
        ("without.events=[disputes]", "no inherited event 'disputes'", "did you mean 'dispute'?"),
    ],
)
def test_bad_override(override: str, message: str, remedy: str) -> None:
    text = refusal("combined", override)
    assert text.startswith("--set ")
    assert message in text
    assert remedy in text


def test_every_value_knows_its_line_and_column() -> None:
    tree = read_text("a:\n  - b: [1, NO]\n    c: 'x'\n", "f", [])
    item = tree.fields["a"].items[0]
    no = item.fields["b"].items[1]
    assert (no.value, no.location.line, no.location.column) == ("NO", 2, 12)
    where = item.fields["c"].key_location
    assert where is not None
    assert (where.line, where.column) == (3, 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("true", True),
        ("~", None),
        ("012", 12),
        ("0x1F", 31),
        ("0o17", 15),
        ("1.", 1.0),
        ("-.5e-1", -0.05),
        ("1_000", "1_000"),
        ("2020-01-01", "2020-01-01"),
        ("1:30", "1:30"),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    found = resolve(text)
    assert found == value
    assert type(found) is type(value)


def test_loading_takes_only_what_the_file_names() -> None:
    code = (
        "import sys; from sco_sim.scenario.load import load_scenario;"
        "load_scenario('sister_cities');"
        "heavy = {'mesa', 'pandas', 'scipy', 'matplotlib', 'networkx', 'pyarrow', 'rich', 'typer'} & set(sys.modules);"
        "kinds = tuple(f'sco_sim.components.{kind}' for kind in ('policies.', 'metrics.', 'mechanisms.'));"
        "named = {m for m in sys.modules if m.startswith(kinds)};"
        "assert not heavy, heavy; assert named == {'sco_sim.components.policies.sister_cities'}, named"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_catalog_of_the_shipped_case() -> None:
    catalog = read_catalog(default_case())
    assert len(catalog.states) == 27
    assert tuple(catalog.member_from) == MEMBERS
    assert ("CHN", "KGZ") in catalog.borders
    assert ("BLR", "CHN") not in catalog.borders | catalog.links
    assert catalog.corridors["china_kyrgyzstan_uzbekistan_railway"] == (("CHN", "KGZ"), ("KGZ", "UZB"))
    assert {"trust.persistence", "growth.mean.CHN"} <= catalog.parameters
    assert "symbol" not in catalog.parameters


def make_case(folder: Path, **changed: str) -> Path:
    files = {
        "states": "iso3,name,gdp_current_usd,population_persons\nAAA,A,9e10,1e7\nBBB,B,9e9,1e6\n",
        "statuses": "iso3,status,date\nAAA,member,2001-06-15\nAAA,observer,1999\nBBB,member,2003\n",
        "ties": "iso3_a,iso3_b,land_border\nAAA,BBB,1\n",
        "links": "corridor,mode,iso3_a,iso3_b\nroad,sea,AAA,BBB\nroad,rail,AAA,BBB\n",
    } | changed  # fmt: skip
    (folder / "data").mkdir()
    for name, text in files.items():
        (folder / "data" / f"{name}.csv").write_text(text)
    (folder / "parameters.yaml").write_text(
        "# ledger\nparameters:\n    # trust\n    a.b: {low: 1}\n    'c':\n      d: 1\n"
    )
    return folder


def test_a_case_of_its_own(tmp_path: Path) -> None:
    catalog = read_catalog(make_case(tmp_path))
    assert catalog.member_from == {"AAA": 2001, "BBB": 2003}
    assert catalog.corridors == {"road": (("AAA", "BBB"),)}
    growth = {f"growth.{stem}.{iso}" for stem in ("mean", "spread", "prices") for iso in ("AAA", "BBB")}
    assert catalog.parameters == {"a.b", "c"} | growth
    path = tmp_path / "s.yaml"
    path.write_text("horizon: {start: 2023, end: 2030}\n")
    assert load_scenario(path, case=tmp_path).states == ("AAA", "BBB")


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("states", "code\nAAA\n", "states.csv:1: no column 'iso3'"),
        ("links", "corridor,mode,iso3_a,iso3_b\nroad,sea,AAA,ZZZ\n", "links.csv:2:4: iso3_b: no state 'ZZZ'"),
        ("statuses", "iso3,status,date\nAAA,member,soon\n", "statuses.csv:2:3: date: 'soon' is no date"),
        ("statuses", "iso3,status,date\nQQQ,member,2001\n", "statuses.csv:2:1: iso3: no state 'QQQ'"),
    ],
)
def test_bad_case(name: str, text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(CaseError) as caught:
        read_catalog(make_case(tmp_path, **{name: text}))
    assert message in str(caught.value)


def test_missing_case(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such case folder"):
        load_scenario("baseline", case=tmp_path / "none")
    with pytest.raises(CaseError, match="lacks this file"):
        load_scenario("baseline", case=tmp_path)


def test_a_policy_that_answers_an_event_is_tabled_with_it(folder: Path) -> None:
    """The earliest event of the key counts, wherever --set moves it; catches a start that is fixed once for all."""
    path = child(folder, "policies:\n  - health_cooperation: {answers: dispute}\n")
    assert load_scenario(path).agreements[-1].start == 2022
    moved = load_scenario(path, ["events.pandemic.start=2025", "policies.health_cooperation.answers=pandemic"])
    assert [policy.start for policy in moved.agreements] == [2023, 2024, None, 2025]


def test_an_answer_to_nothing_or_with_a_start_is_refused(folder: Path) -> None:
    said = refusal(child(folder, "policies:\n  - health_cooperation: {answers: pandemics}\n"))
    assert "child.yaml:3" in said
    assert "health_cooperation answers 'pandemics', and the scenario has no such event" in said
    assert "pandemic" in said.split("no such event")[1]
    both = refusal(child(folder, "policies:\n  - health_cooperation: {answers: pandemic, start: 2024}\n"))
    assert "it has a `start` and an event to answer" in both
