"""Ways to decide: by hand, in a scenario file, in Python, and without a trace where nobody uses them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sco_sim import components
from sco_sim.components.decider import Decider
from sco_sim.components.deciders.fixed import Fixed
from sco_sim.components.deciders.follower import Follower
from sco_sim.components.deciders.red_lines import RedLines
from sco_sim.components.deciders.relative_gains import RelativeGains
from sco_sim.components.deciders.stakes import Stakes
from sco_sim.components.readiness import ambition, gainers, readiness, rival_gains, stakes
from sco_sim.components.registry import keys
from sco_sim.engine.member import MemberState
from sco_sim.errors import ScenarioError
from sco_sim.numerics.functions import expit
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from tests.unit.command_line import fine, parsed
from tests.worlds import different, model_of, variant

AGENDA = "contested_agenda"


@pytest.fixture(scope="module")
def model() -> Any:
    """The contested agenda in its third year, before the vote."""
    made = model_of(variant(AGENDA, end=2030), worlds=range(5))
    for _ in range(3):
        made.step()
    return made


def of(model: Any, name: str) -> Any:
    """One agreement."""
    return next(policy for policy in model.agreements if policy.label == name)


def test_relative_gains_by_hand(model: Any) -> None:
    """Catches a sign, a gap the wrong way round, and a reward for a rival that gains less."""
    text = of(model, "tariff_liberalisation")
    gain = gainers(model.year, text)
    z = readiness(stakes(model.year, text))
    rivals = rival_gains(model.year, gain)
    india, china = model.states["IND"], model.states["CHN"]
    gap = (rivals - gain)[:, india.row]
    assert (gap > 0.3).all(), "China proposes it and is a rival of India"
    answer = RelativeGains(sensitivity=1.5).ambition(india, text)
    assert answer == pytest.approx(expit(2.0 * (z[:, india.row] - 1.5 * gap)))
    assert np.array_equal(
        RelativeGains(sensitivity=9.0).ambition(china, text), ambition(stakes(model.year, text))[:, china.row]
    )
    assert np.array_equal(RelativeGains(sensitivity=0.0).ambition(india, text), Stakes().ambition(india, text))


def test_a_follower_answers_what_its_leader_answers_even_through_another_follower(model: Any) -> None:
    """Catches a weight on the wrong side, and a follower of a follower that is asked by equation 5."""
    text = of(model, "trade_facilitation")
    kyrgyzstan, pakistan, china = (model.states[iso] for iso in ("KGZ", "PAK", "CHN"))
    own, led = Stakes().ambition(kyrgyzstan, text), Stakes().ambition(china, text)
    assert Follower(leader="CHN", weight=0.25).ambition(kyrgyzstan, text) == pytest.approx(0.75 * own + 0.25 * led)
    pakistan.decider = Follower(leader="CHN")
    try:
        assert np.array_equal(Follower(leader="PAK").ambition(kyrgyzstan, text), led)
    finally:
        pakistan.decider = Stakes()


def test_red_lines_refuse_and_leave_the_rest_to_the_stakes(model: Any) -> None:
    """Catches a line that is crossed unnoticed, and one that stops other texts."""
    india = model.states["IND"]
    corridor, tariffs, customs = (
        of(model, name) for name in ("china_pakistan_economic_corridor", "tariff_liberalisation", "trade_facilitation")
    )
    for lines, refused in (
        (RedLines(fields=("transport",)), (corridor,)),
        (RedLines(proposers=("CHN",)), (tariffs,)),
        (RedLines(depths=(tariffs.depth,)), (tariffs,)),
    ):
        for text in (corridor, tariffs, customs):
            answer = lines.ambition(india, text)
            expected = 0.0 * answer if text in refused else Stakes().ambition(india, text)
            assert np.array_equal(answer, expected), (lines, text.label)


@pytest.mark.parametrize(("level", "adopts"), [(0.2, False), (0.9, True)])
def test_one_state_decides_what_all_adopt_under_consensus(level: float, adopts: bool) -> None:
    """Catches a council that does not ask: votes and adoption follow one state's answer."""
    scenario = variant(AGENDA, end=2030, decides={iso: Fixed(level=0.95) for iso in variant(AGENDA).states})
    scenario = scenario.model_copy(update={"decides": {**scenario.decides, "KGZ": Fixed(level=level)}})
    model = model_of(scenario, worlds=range(3))
    model.run()
    place = model.agreements.index(of(model, "trade_facilitation"))
    assert (~np.isnan(model.state.adopted_year[:, place])).tolist() == [adopts] * 3
    assert (model.state.hold_out[:, place] == model.ties.row["KGZ"]).all()
    members = model.state.member > 0.0
    assert (model.state.adopted[:, place][members] == level * adopts).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["followers", "red_lines"])
def test_the_example_changes_adoption_and_the_same_file_without_it_no_bit(name: str) -> None:
    """Catches an example that does nothing, and a side effect of asking states one by one."""
    plain = model_of(variant(AGENDA), worlds=range(8)).run()
    other = model_of(variant(name), worlds=range(8)).run()
    assert "agreements.hold_out" in different(plain, other)
    assert "agreements.adopted_year" in different(plain, other)
    assert not different(plain, model_of(variant(name, decides={}), worlds=range(8)).run())
    everyone = dict.fromkeys(variant(AGENDA).states, Stakes())
    assert not different(plain, model_of(variant(AGENDA, decides=everyone), worlds=range(8)).run())
    one_by_one = {iso: Stakes() for iso in variant(AGENDA).states}
    assert not different(plain, model_of(variant(AGENDA, decides=one_by_one), worlds=range(8)).run())


class Cautious(MemberState):
    """Goes half as far as its stakes would have it."""

    def ambition(self, agreement: Any) -> Any:
        """Half of equation 5."""
        return 0.5 * super().ambition(agreement)


def test_a_subclass_of_the_state_decides_for_its_state_alone() -> None:
    """Catches a council that asks the arrays and not the agent."""
    plain, other = (
        model_of(variant(AGENDA, end=2030), worlds=range(5), agents=agents) for agents in ({}, {"UZB": Cautious})
    )
    assert repr(other.states["UZB"]) == "Cautious(UZB)"
    before, after = (model.council.ask(of(model, "tariff_liberalisation")) for model in (plain, other))
    row = plain.ties.row["UZB"]
    assert np.array_equal(after[:, row], 0.5 * before[:, row])
    assert np.array_equal(np.delete(after, row, axis=1), np.delete(before, row, axis=1))
    assert "agreements.adopted_year" in different(plain.run(), other.run())


def test_a_state_can_change_its_mind_in_mid_run() -> None:
    """Catches deciders that are fixed when the model is built."""
    model = model_of(variant(AGENDA, end=2030), worlds=range(3))
    model.step()
    model.states["KAZ"].decider = Fixed(level=0.0)
    model.run()
    place = model.agreements.index(of(model, "trade_facilitation"))
    assert np.isnan(model.state.adopted_year[:, place]).all()


def test_a_decider_that_forgets_to_answer_is_noticed(model: Any) -> None:
    """Catches a base class that would let every text through."""
    with pytest.raises(NotImplementedError):
        Decider().ambition(model.states["IND"], model.agreements[0])


def write(folder: Path, text: str) -> Path:
    """A scenario file in the folder."""
    file = folder / "own.yaml"
    file.write_text(f"extends: contested_agenda.yaml\n{text}\n", encoding="utf-8")
    return file


def test_a_file_gives_a_decider_a_child_changes_or_undoes_it(tmp_path: Path) -> None:
    """Catches `decides` that is not inherited, not overridden, or lost on the way to a stored run."""
    parent = write(tmp_path, "decides: {IND: {fixed: {level: 0.2}}, KGZ: stakes, TJK: {follower: {leader: RUS}}}")
    scenario = load_scenario(parent)
    assert scenario.decides == {"IND": Fixed(level=0.2), "KGZ": Stakes(), "TJK": Follower(leader="RUS")}
    assert Scenario.from_resolved(scenario.resolved()) == scenario
    child = tmp_path / "child.yaml"
    child.write_text("extends: own.yaml\ndecides: {IND: null, KGZ: {fixed: {level: 1.0}}}\n", encoding="utf-8")
    assert load_scenario(child).decides == {"KGZ": Fixed(level=1.0), "TJK": Follower(leader="RUS")}
    child.write_text("extends: own.yaml\ndecides: {TJK: {follower: {weight: 0.5}}}\n", encoding="utf-8")
    assert load_scenario(child).decides["TJK"] == Follower(leader="RUS", weight=0.5)
    changed = load_scenario(parent, ["decides.IND.fixed.level=0.3", "decides.KGZ=relative_gains"])
    assert changed.decides["IND"] == Fixed(level=0.3)
    assert changed.decides["KGZ"] == RelativeGains()
    assert "decides" not in {key for key, value in load_scenario("baseline").resolved().items() if value}


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("decides: {XXX: stakes}", 2, 11, "no state 'XXX' in this case"),
        ("decides:\n  AZE: stakes", 3, 3, "'AZE' is not simulated here"),
        ("decides:\n  IND: reluctant", 3, 8, "no decider 'reluctant'"),
        ("decides:\n  IND: {fixed: {}}", 3, 9, "level"),
        ("decides:\n  IND: {fixed: {level: 1.5}}", 3, 24, "level"),
        ("decides:\n  IND: {follower: {leader: USA}}", 3, 28, "'USA' is not simulated here"),
        ("decides:\n  IND: {red_lines: {fields: [rail]}}", 3, 30, "no field 'rail'"),
        ("decides:\n  IND: {red_lines: {}}", 3, 20, "it has no red line"),
        ("decides: {IND: {follower: {leader: IND}}}", 2, 11, "wait for each other's answers: IND -> IND"),
        (
            "decides:\n  IND: {follower: {leader: PAK}}\n  PAK: {follower: {leader: IND}}", 3, 3,
            "wait for each other's answers: IND -> PAK -> IND",
        ),
        ("decides:\n  IND: 3", 3, 8, "here must be one decider"),
        ("decides:\n  IND: {consensus: {}}", 3, 9, "no decider 'consensus'"),
        ("decides: [IND]", 2, 1, "decides must be a mapping"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_decides_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, column: int, message: str
) -> None:
    """Catches a misspelt decider that is dropped, and an error without a line."""
    with pytest.raises(ScenarioError) as caught:
        load_scenario(write(tmp_path, text))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert (problem.line, problem.column) == (line, column), problem
    assert problem.remedy


@pytest.mark.slow
def test_commands_know_deciders() -> None:
    """Catches a kind of component that `list`, `show`, `diff`, `council` or the schema forgets."""
    listed = {row["key"]: row for row in parsed("list", "deciders")}
    assert list(listed) == keys("deciders")
    assert "leader" in {field["field"] for field in listed["follower"]["fields"]}
    assert parsed("show", "red_lines")["decides"]["PAK"] == {"relative_gains": {"sensitivity": 2.0}}
    assert "IND decides by red lines" in fine("show", "red_lines", "--only", "phases")
    differences = {row["field"] for row in parsed("diff", "contested_agenda", "red_lines")["differences"]}
    assert {"decides.IND", "decides.PAK"} <= differences
    text = parsed("council", "red_lines", "--worlds", "4", "--year", "2027")
    states = {state["iso3"]: state for state in text["agreements"][-1]["states"]}
    assert (states["IND"]["decides"], states["IND"]["ambition"]) == ("red_lines", 0.0)
    assert set(states["IND"]["terms"].values()) == {None}
    assert states["CHN"]["decides"] == "stakes"
    entries = json.loads(fine("schema"))["properties"]["decides"]["additionalProperties"]["oneOf"]
    assert [entry["required"][0] for entry in entries if "required" in entry] == keys("deciders")


def test_a_file_with_deciders_is_checked_without_tables_and_graphs() -> None:
    """Catches a decider whose check needs what only a simulation needs."""
    code = "import sys; from sco_sim.scenario.load import load_scenario as load; load('followers'); load('red_lines')"
    code += "; print(sorted({'scipy', 'pandas', 'mesa', 'networkx', 'matplotlib'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_one_import_has_what_a_component_of_ones_own_needs() -> None:
    """Catches a name that is promised and not there, and an import that loads more than it is asked for."""
    for name in components.__all__:
        thing = getattr(components, name)
        assert name in ("Codes", "Share") or (thing.__name__ == name and thing.__module__.startswith("sco_sim.")), name
    with pytest.raises(AttributeError, match="Polici"):
        components.Polici  # noqa: B018
    code = "import sys, sco_sim.components; print('pydantic' in sys.modules, 'numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False False"
