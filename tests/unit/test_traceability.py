"""Every statement of the documents has a home, every page says what the code says, every shipped scenario runs."""

from __future__ import annotations

import ast
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from sco_sim.components.registry import KINDS, find, keys
from sco_sim.scenario.load import load_scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.studies.council.agenda import Rounds
from sco_sim.studies.council.agenda_table import read_agenda, shipped_agenda
from sco_sim.studies.council.replay import REPLAY_DRAWS, Replay
from sco_sim.studies.council.report import markdown
from sco_sim.studies.effects.documents import homes, rows
from sco_sim.studies.effects.responses import silent
from tests.worlds import CASE, ROOT, model_of

SCENARIOS = sorted(shipped_scenarios().glob("*.yaml"))
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
EVERY_ROW = [f"{letter}{n}" for letter, last in (("A", 16), ("B", 26), ("C", 24), ("P", 9)) for n in range(1, last + 1)]
EVERY_ROW += ["N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9", "N10"]
"""Rows that a second reading of the documents adds have an N."""
EQUATION = re.compile(r"\*\*\((\d+)\) ([^*]+)\*\*(?: \(([^)]*)\))?")
"""An equation of the page: its number, its title, and what computes it."""


def build_mechanisms() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_mechanisms", ROOT / "docs" / "build_mechanisms.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def docstrings() -> Iterator[tuple[Path, str]]:
    for path in (ROOT / "sco_sim").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                yield path, ast.get_docstring(node) or ""


def test_the_table_has_every_row_of_the_documents_once() -> None:
    """Catches a statement that is dropped."""
    assert list(rows()) == EVERY_ROW
    assert all(row.statement and row.documents for row in rows().values())


def test_every_row_has_a_home_or_a_reason() -> None:
    """Catches a statement that is nowhere in the model, and a component that claims a row there is not."""
    found = homes()
    assert set(found) == set(EVERY_ROW), "a component claims an unknown row"
    homeless = [name for name, home in found.items() if not home and not rows()[name].note and name not in silent()]
    assert not homeless, f"{homeless}: give it to a component, or say in responses.yaml why it cannot answer"


@pytest.mark.parametrize("kind", ["policies", "events"])
def test_every_policy_and_event_comes_from_the_documents(kind: str) -> None:
    """Catches a component that no document asked for."""
    assert not [key for key in keys(kind) if not find(kind, key).rows]


def test_the_page_of_mechanisms_is_up_to_date() -> None:
    """Catches a page that tells of yesterday's code."""
    page = build_mechanisms()
    assert page.PAGE.read_text(encoding="utf-8") == page.page(), "run `python docs/build_mechanisms.py`"


@pytest.mark.slow
def test_the_page_of_the_council_is_up_to_date() -> None:
    """Catches numbers about the real agenda that no command of today gives."""
    items = read_agenda(shipped_agenda(CASE), CASE)
    named = {iso for item in items for iso in item.states()}
    page = markdown(Replay(items, Rounds(CASE, set(CASE.catalog.member_from) | named, draws=REPLAY_DRAWS)))
    told = (ROOT / "docs" / "council.md").read_text(encoding="utf-8")
    assert told == page, "run `sco-sim council --agenda real --replay --out docs/council.md`"


def test_every_policy_event_and_rule_is_shown_by_a_shipped_scenario() -> None:
    """Catches a component that nobody sees at work."""
    shown = build_mechanisms().shown()
    named = [(kind, key) for kind in KINDS if kind not in ("mechanisms", "metrics") for key in keys(kind)]
    assert not [one for one in named if one not in shown]


def test_every_equation_named_in_a_docstring_is_in_the_model_description() -> None:
    """Catches a number that points nowhere."""
    there = {int(number) for number, _, _ in EQUATION.findall(MODEL)}
    assert there == set(range(1, max(there) + 1)), "a number is missing or comes twice"
    for path, text in docstrings():
        for match in re.finditer(r"[Ee]quations? (\d+)((?:(?:, | and | to )\d+\b(?! %))*)", text):
            for number in [match[1], *re.findall(r"\d+", match[2])]:
                assert int(number) in there, f"{path.name}: equation {number}"


def test_every_equation_names_what_computes_it() -> None:
    """Catches a description that is not tied to the code, or to code that is gone."""
    names: set[str] = set()
    for path in (ROOT / "sco_sim").rglob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names.add(node.name)
                names |= {f"{node.name}.{part.name}" for part in node.body if isinstance(part, ast.FunctionDef)}
    numbers = [number for number, _, _ in EQUATION.findall(MODEL)]
    assert sorted(numbers) == sorted(set(numbers)), "two equations have the same number"
    for number, title, tail in EQUATION.findall(MODEL):
        told = re.findall(r"`([\w.]+)`", tail.split(";")[0])
        assert told, f"equation {number} ({title}) names nothing"
        assert not [one for one in told if one not in names], f"equation {number} ({title}): {told}"


def test_the_model_description_has_every_part_of_the_protocol() -> None:
    """Catches a heading of the ODD protocol left out."""
    parts = (
        "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling",
        "Design concepts", "Initialisation", "Input data", "Submodels",
    )  # fmt: skip
    concepts = (
        "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing",
        "Interaction", "Stochasticity", "Collectives", "Observation",
    )  # fmt: skip
    found = [MODEL.find(f"## {place}. {part}") for place, part in enumerate(parts, 1)]
    assert -1 not in found
    assert found == sorted(found)
    assert not [concept for concept in concepts if f"*{concept}.*" not in MODEL]


def test_there_are_at_least_twenty_scenarios() -> None:
    """Catches a library that shrinks."""
    assert len(SCENARIOS) >= 20


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_shipped_scenario_says_what_it_asks_and_runs(path: Path) -> None:
    """Catches a scenario without its two opening lines, and one that loads and cannot be simulated."""
    question, document = path.read_text(encoding="utf-8").splitlines()[:2]
    assert question.startswith("# Question: ")
    assert re.match(r"# Document: .*\bD[0-4]\b", document)
    scenario = load_scenario(path)
    assert scenario.title
    assert scenario.question
    model = model_of(scenario, worlds=range(2))
    block = model.run()
    assert block.years[-1] == scenario.horizon.end
    assert not model.state.out_of_bounds()
    assert np.isfinite(block.metrics["trade_total_busd"]).all()
