"""A file that leaves out states which its parent names: the remedy is a line for that file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sco_sim.engine.build import build_model
from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.load import load_scenario


def problems(path: Path) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    return list(caught.value.problems)


def test_the_remedy_is_a_line_to_add(tmp_path: Path) -> None:
    path = tmp_path / "central_asia_only.yaml"
    text = "extends: baseline.yaml\nstates: [KAZ, KGZ, TJK, UZB]\n"
    path.write_text(text)
    (problem,) = problems(path)
    assert (problem.file, problem.line) == (str(path), 2)
    assert problem.message == (
        "BLR, CHN, IND, IRN, PAK, RUS left out, but inherited events (settlement, dispute, border_closing, "
        "war_nearby, sanctions, trade_agreement) need them"
    )
    line = re.findall("`(.*)`", problem.remedy)
    assert line == ["without: {events: [settlement, dispute, border_closing, war_nearby, sanctions, trade_agreement]}"]
    path.write_text(text + line[0])
    model = build_model(load_scenario(path))
    assert model.ties.states == ("KAZ", "KGZ", "TJK", "UZB")
    assert model.scenario.events == ()


def test_every_section_has_its_line(tmp_path: Path) -> None:
    (tmp_path / "parent.yaml").write_text(
        "horizon: {start: 2020, end: 2030}\n"
        "policies: [sister_cities: {name: twins, participants: [CHN, RUS]}]\n"
        "decision_rule: {leaders_pay: {leaders: [CHN, KAZ]}}\n"
        "agenda: {per_summit: 2, chairs: [CHN, KAZ]}\n"
        "budget: {total_musd: 1000000, key: {CHN: 0.5, KAZ: 0.5}}\n"
    )
    path = tmp_path / "child.yaml"
    path.write_text("extends: parent.yaml\nstates: [KAZ, KGZ, TJK, UZB]\n")
    (problem,) = problems(path)
    lines = re.findall("`(.*?)`", problem.remedy)
    assert lines == [
        "without: {policies: [twins]}",
        "decision_rule: {consensus: {}}",
        "agenda: {chairs: [KAZ]}",
        "budget: {key: gdp}",
    ]
    path.write_text("\n".join([path.read_text(), *lines]))
    load_scenario(path)


def test_what_the_file_itself_names_stays_a_problem_of_its_line(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "horizon: {start: 2020, end: 2030}\nstates: [KAZ, KGZ, TJK]\nevents: [sanctions: {target: RUS, start: 2022}]\n"
    )
    (problem,) = problems(path)
    assert (problem.line, problem.message) == (3, "'RUS' is not simulated here")
