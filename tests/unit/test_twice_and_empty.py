"""What is named twice, and what is empty, is refused with its place: it cannot be meant."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from sco_sim.cli.typed import fault
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.sweep.experiment import load_experiment
from tests.unit.command_line import call

FACTORS = "factors: {contact: {path: parameters.trust.contact_effect, low: -0.05, high: 0.1}}"


@pytest.mark.parametrize(
    ("command", "option", "message"),
    [
        (["run", "baseline", "--case", ""], "--case", "its value is empty"),
        (["run", "baseline", "--out="], "--out", "its value is empty"),
        (["run", "baseline", "--out", " ", "--json"], "--out", "its value is empty"),
        (["report", ""], "", "an argument is empty"),
        (["run", "baseline", "--set", "a.b=1", "--set", "a.b=2"], "--set", "a.b is given twice: a.b=1 and a.b=2"),
        (["run", "baseline", "--set=a.b=1", "--set", "a.b=1"], "--set", "a.b is given twice"),
        (["sweep", "e.yaml", "--until", "x: 1", "--until", "x=2"], "--until", "x is given twice: x: 1 and x=2"),
        (["loop", "combined", "--view", "sceptic", "--view", "sceptic"], "--view", "sceptic is given twice"),
    ],
)
def test_words_that_cannot_be_meant(command: list[str], option: str, message: str) -> None:
    problem = fault(command)
    assert problem is not None
    assert (problem.file, problem.message) == (option, message)
    assert problem.remedy


@pytest.mark.parametrize(
    "command",
    [
        "run baseline --json --out x",
        "run baseline --set a.b=1 --set a.c=1",
        "threshold sister_cities --by -1 --year 2040",
        "compare baseline combined --outcome a --outcome b --years 2030",
        "rivals baseline baseline",
        "run baseline -- --out=",
    ],
)
def test_words_that_may_be_meant(command: str) -> None:
    assert fault(shlex.split(command)) is None


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("run", "baseline", "--out", ""), "--out: its value is empty"),
        (("report", ""), "an argument is empty"),
        (("compare", "baseline", "combined", "--view", "sceptic,sceptic"), "the view 'sceptic' is named twice"),
        (("compare", "baseline", "combined", "--years", "2030,2030"), "--years: 2030 stands twice"),
        (("portfolio", "on_a_budget", "--levels", "0.5,0.5"), "'0.5,0.5' names a share twice"),
        (("enlargement", "--members", "CHN,CHN,RUS", "--members", "CHN,IND,RUS"), "CHN is named twice"),
    ],
)  # fmt: skip
def test_commands_refuse_them_in_one_error(command: tuple[str, ...], words: str) -> None:
    result = call(*command)
    assert result.exit_code == 2, result.output
    assert words in result.stderr
    assert result.stderr.count("error:") == 1


def experiment(folder: Path, scenarios: list[str], **sweep: object) -> Path:
    path = folder / "twice.yaml"
    lines = [f"  {name}: {json.dumps(value)}" for name, value in sweep.items()]
    path.write_text("\n".join([f"scenarios: {json.dumps(scenarios)}", "sweep:", f"  {FACTORS}", *lines, ""]))
    return path


LATIN = {"latin_hypercube": {"n": 4}}


@pytest.mark.parametrize(
    ("scenarios", "sweep", "line", "message"),
    [
        (["baseline", "baseline"], {"design": LATIN}, 1, "the scenario baseline stands twice"),
        (["baseline"], {"design": LATIN, "outcomes": ["trust_min", "trust_min"]}, 5, "the outcome trust_min stands"),
        (["baseline"], {"design": LATIN, "years": [2030, 2035, 2030]}, 5, "the year 2030 stands twice"),
        (["baseline"], {"design": {"points": [{"contact": 0.01}, {"contact": 0.01}]}}, 4, "the point {"),
    ],
)
def test_an_experiment_names_nothing_twice(
    scenarios: list[str], sweep: dict[str, object], line: int, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_experiment(experiment(tmp_path, scenarios, **sweep))
    (problem,) = caught.value.problems
    assert problem.line == line
    assert message in problem.message
    assert "the first is on line" in problem.remedy


def test_two_files_of_one_name_are_no_two_scenarios(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "same.yaml").write_text("extends: baseline.yaml\n")
    with pytest.raises(ScenarioError, match="two scenarios are named 'same'"):
        load_experiment(experiment(tmp_path, ["one/same.yaml", "two/same.yaml"], design=LATIN))


def test_an_event_that_stands_twice_is_refused_with_both_places(tmp_path: Path) -> None:
    """Catches an inherited event that a file repeats: what it does would count twice."""
    path = tmp_path / "twice.yaml"
    path.write_text("extends: baseline.yaml\nevents:\n  - settlement: {between: [CHN, IND], year: 2024}\n")
    with pytest.raises(ScenarioError, match="the same settlement stands twice") as caught:
        load_scenario(path)
    assert "baseline.yaml" in str(caught.value)
    assert "twice.yaml" in str(caught.value)


def test_ends_of_a_factor_that_are_too_far_apart_are_refused_in_words(tmp_path: Path) -> None:
    path = experiment(tmp_path, ["baseline"], design=LATIN)
    path.write_text(path.read_text().replace("low: -0.05, high: 0.1", "low: -1.0e+308, high: 1.0e+308"))
    with pytest.raises(ScenarioError, match="too far to calculate with"):
        load_experiment(path)
