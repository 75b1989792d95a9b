"""Files never run code: not scenario files, not manifests; and nothing they name is written outside a folder."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sco_sim.errors import ScenarioError, StoreError
from sco_sim.fields import is_name, name_of
from sco_sim.runs.run import run
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from sco_sim.store.manifest import checked, content_hash, sealed
from sco_sim.store.stored_run import StoredRun, open_run
from sco_sim.studies.comparison.checks import check_names
from tests.worlds import variant

EVIL = "from pathlib import Path\nPath(__file__).with_name('ran').touch()\nraise SystemExit(0)\n"


@pytest.fixture
def evil(tmp_path: Path) -> Path:
    """A folder with a module that leaves a trace when it is imported, and a scenario that names it."""
    (tmp_path / "evil_module.py").write_text(EVIL)
    (tmp_path / "evil.yaml").write_text("extends: baseline.yaml\npolicies: [{'evil_module:X': {}}]\n")
    return tmp_path


def cli(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sco_sim", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def test_a_scenario_file_runs_no_code_unless_it_is_allowed(evil: Path) -> None:
    refused = cli(evil, "validate", "evil.yaml")
    assert refused.returncode == 2
    assert "evil.yaml:2:13: 'evil_module:X' is a path to Python code" in refused.stderr
    assert not (evil / "ran").exists()
    allowed = cli(evil, "validate", "--allow-code", "evil.yaml")  # and its SystemExit(0) is no success
    assert (evil / "ran").exists()
    assert allowed.returncode == 2
    assert "cannot load 'evil_module:X': SystemExit" in allowed.stderr


def test_a_manifest_runs_no_code(evil: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(evil))
    stored = run(variant("baseline", end=2025), worlds=1, out=evil / "stored")
    data: dict[str, Any] = json.loads(json.dumps(dict(stored.manifest)))
    data["scenario"]["policies"] = [{"evil_module:X": {}}]
    with pytest.raises(StoreError, match="'evil_module:X' is a path to Python code"):
        StoredRun(stored.path, data).scenario  # noqa: B018
    assert not (evil / "ran").exists()


def test_a_class_of_this_process_comes_back(tmp_path: Path) -> None:
    """Catches a rule so strict that runs made from Python cannot be read by the Python that made them."""
    from tests.unit.test_scenario import Flood

    scenario = variant("baseline", end=2025).model_copy(update={"events": (Flood(year=2024),)})
    assert Scenario.from_resolved(scenario.resolved()) == scenario


@pytest.mark.parametrize("name", ["x/../../../ESCAPED", "..", "", "a/b", "a\\b", "-x", ".x", "a" * 81, "a\n"])
def test_names_that_lead_elsewhere(name: str, tmp_path: Path) -> None:
    assert not is_name(name)
    stored = run(variant("baseline", end=2025), worlds=1, out=tmp_path / "stored")
    data: dict[str, Any] = json.loads(json.dumps(dict(stored.manifest)))
    with pytest.raises(ValueError, match="name"):
        Scenario.from_resolved({**data["scenario"], "name": name})
    with pytest.raises(ValueError, match="name"):
        checked(sealed({**data, "name": name}))
    data["scenario"]["name"] = name
    data["content"] = content_hash(data)
    (tmp_path / "stored" / "manifest.json").write_text(json.dumps(sealed(data)))
    with pytest.raises(StoreError):
        open_run(tmp_path / "stored")


@pytest.mark.parametrize("stem", ["a b", "..x", "-rf", "é", "Сценарий", "a" * 300, "...", "x.y", "con/.."])
def test_every_file_gives_a_name(stem: str) -> None:
    assert is_name(name_of(stem, "scenario"))


def test_names_that_differ_in_capitals_share_a_folder_somewhere() -> None:
    with pytest.raises(ScenarioError, match="'Baseline' and 'baseline' differ in capitals only"):
        check_names(["Baseline", "baseline"])


def test_a_key_is_no_way_to_a_module_of_ours(tmp_path: Path) -> None:
    for key in ("__init__", "../events/dispute", "sister_cities.x", "os", ":", "a:b:c", ".:x"):
        path = tmp_path / "key.yaml"
        path.write_text(json.dumps({"extends": "baseline.yaml", "policies": [{key: {}}]}))
        with pytest.raises(ScenarioError, match=r"no policy|Python code"):
            load_scenario(path)
