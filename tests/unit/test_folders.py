"""Every command given a folder that it does not read says what the folder is and what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.command_line import call, fine

EXPERIMENT = """
scenarios: [baseline]
sweep:
  factors:
    contact: {path: parameters.trust.contact_effect, low: -0.05, high: 0.1}
  design: {points: [{contact: 0.0}, {contact: 0.1}]}
  worlds: 1
  outcomes: [cities_total]
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a stored run, a sweep, a comparison, a case, and one without results."""
    folder = tmp_path_factory.mktemp("folders")
    (folder / "two.yaml").write_text(EXPERIMENT)
    fine("sweep", folder / "two.yaml", "--out", folder / "sweep")
    fine("compare", "baseline", "sister_cities", "--worlds", "2", "--no-figures", "--out", folder / "comparison")
    (folder / "run").symlink_to(folder / "comparison" / "runs" / "baseline")
    fine("new", "case", folder / "case")
    return folder


WORDS = {
    "run": "a stored run of baseline",
    "sweep": "a sweep of 2 points of baseline",
    "comparison": "the folder of a comparison",
    "case": "a case folder",
    ".": "a folder without results",
}
SCENARIOS = ("run", "show", "council", "rules", "validate", "portfolio")


@pytest.mark.parametrize("command", [*SCENARIOS, "rivals", "diff", "sweep"])
@pytest.mark.parametrize("folder", WORDS)
def test_a_folder_in_the_place_of_a_file(here: Path, command: str, folder: str) -> None:
    """Catches `it is a directory, not a file`, which says neither what it is nor what reads it."""
    two = ("baseline",) if command in ("rivals", "diff") else ()
    result = call(command, *two, here / folder)
    assert result.exit_code == 2, result.output
    assert WORDS[folder] in result.stderr
    assert f"not {'an experiment' if command == 'sweep' else 'a scenario'}" in result.stderr
    reader = {"run": "sco-sim compare", "sweep": "sco-sim sensitivity", "comparison": "sco-sim plot", "case": "--case"}
    assert reader.get(folder, "two.yaml") in result.stderr
    assert "directory" not in result.stderr


READ = {
    "plot": ("run", "sweep", "comparison"),
    "compare": ("run", "two.yaml"),
    "discover": ("run", "sweep"),
    "export": ("run", "sweep", "comparison"),
    "rerun": ("run", "sweep"),
    "sensitivity": ("sweep",),
    "verify": ("run", "sweep", "comparison"),
}


@pytest.mark.parametrize(
    ("command", "folder"), [(c, f) for c, read in READ.items() for f in (*WORDS, "two.yaml") if f not in read]
)
def test_a_folder_that_the_command_does_not_read(here: Path, command: str, folder: str) -> None:
    """Catches a reader that complains of a file it misses, and not of the folder it was given."""
    more = {"discover": ("--where", "cities_total_2035 > 0"), "compare": ("baseline",)}.get(command, ())
    result = call(command, here / folder, *more)
    assert result.exit_code == 4, result.output
    kind = {"run": "a run of one scenario", "sweep": "a sweep of 2 points", "two.yaml": "this is a file"}
    assert kind.get(folder, WORDS.get(folder)) in result.stderr or WORDS.get(folder, "-") in result.stderr
    assert "No such file" not in result.stderr
    assert "directory" not in result.stderr


def test_a_scenario_is_no_experiment() -> None:
    result = call("sweep", "baseline")
    assert result.exit_code == 2
    assert "`sco-sim run baseline` simulates it" in result.stderr


@pytest.mark.parametrize("command", ["run", "validate", "portfolio"])
def test_an_experiment_is_no_scenario(here: Path, command: str) -> None:
    """Catches a list of fields that the file lacks as a scenario, which it is not."""
    result = call(command, here / "two.yaml")
    assert result.exit_code == 2
    assert f"`sco-sim sweep {here / 'two.yaml'}` simulates it" in result.stderr
    assert "horizon" not in result.stderr


@pytest.mark.parametrize("design", ["sobol: {n: 2}", "sobol: {n: 4}", "morris: {n: 2}"])
def test_a_design_that_sensitivity_refuses_is_refused_before_anything_is_simulated(tmp_path: Path, design: str) -> None:
    """Catches a sweep that simulates every point for an analysis that will refuse it."""
    file = tmp_path / "small.yaml"
    file.write_text(EXPERIMENT.replace("points: [{contact: 0.0}, {contact: 0.1}]", design))
    for arguments in ((), ("--dry-run",)):
        result = call("sweep", file, "--out", tmp_path / "out", *arguments)
        assert result.exit_code == 2
        assert f"{file}:6:" in result.stderr
        assert "no interval can be resampled from" in result.stderr
        assert "give the design n: " in result.stderr
    assert not (tmp_path / "out").exists()
