"""The commands that a page prints are run as they stand, from the folder where the user stood."""

from __future__ import annotations

import html
import re
import shlex
from pathlib import Path

import pytest

from sco_sim.report.files import write_report
from sco_sim.studies.comparison.compare import compare
from tests.unit.command_line import call, fine

TYPED = (
    "sco-sim compare 'my files/baseline.yaml' 'my files/cooperation.yaml' --worlds 40 --set horizon.end=2028 "
    "--case club --out 'out of the way/two'"
)


def commands_of(page: Path) -> list[str]:
    """What the page prints under "Make this page again", and in its text about this folder."""
    text = page.read_text(encoding="utf-8")
    (block,) = re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.DOTALL)
    inline = (line for line in re.findall(r"<code>(sco-sim .*?)</code>", text) if "--" in line)
    return list(dict.fromkeys(html.unescape(line) for line in (*block.splitlines(), *inline)))


def run_all(commands: list[str]) -> None:
    for line in commands:
        program, *words = shlex.split(line, comments=True)
        assert program == "sco-sim"
        result = call(*words)
        assert result.exit_code == 0, f"{line}\n{result.output}"


@pytest.mark.slow
def test_what_a_page_prints_runs_as_typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a folder without its parents, and a file, a case, a field or an option that is left out."""
    monkeypatch.chdir(tmp_path)
    fine("new", "case", "club")
    Path("club/scenarios").rename("my files")
    fine(*shlex.split(TYPED)[1:])
    commands = commands_of(write_report(Path("out of the way/two")))
    assert commands[0] == TYPED
    assert any(line.startswith("sco-sim trace 'out of the way/two/runs/") for line in commands)
    assert any(line.startswith("sco-sim worth 'out of the way/two' --outcome") for line in commands)
    run_all(commands)
    run = Path("out of the way/two/runs/cooperation")
    run_all(commands_of(write_report(run, "run.html")))


@pytest.mark.slow
def test_from_python_the_page_prints_what_makes_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a scenario of the user's own that is called by a shipped name, and a record of an older command."""
    monkeypatch.chdir(tmp_path)
    Path("combined.yaml").write_text("extends: baseline.yaml\nhorizon: {end: 2026}\n", encoding="utf-8")
    compare(["baseline", "majority_rule"], worlds=2, out="shipped", fixed_parameters=True)
    commands = commands_of(write_report("shipped"))
    assert commands[0].startswith("sco-sim compare baseline majority_rule --worlds 2 --replicates 1 --seed 1 --fixed")
    run_all(commands[:1])
    compare(["baseline", "combined.yaml"], worlds=2, out="own")
    commands = commands_of(write_report("own"))
    assert commands[0] == "sco-sim compare own/runs/baseline own/runs/combined --out own"
    run_all(commands)
    # horizons of two lengths: what is drawn ends with the shorter
    assert len(fine("plot", "own", "--figure", "outcomes", "--figure", "outcomes_difference").splitlines()) == 4


@pytest.mark.slow
def test_a_sweep_and_the_rules_print_their_commands(
    swept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_all(commands_of(write_report(swept, tmp_path / "sweep.html"))[:2])
    monkeypatch.chdir(tmp_path)
    fine("rules", "majority_rule", "--worlds", 2, "--set", "horizon.end=2030", "--out", "a/b")
    commands = commands_of(write_report("a/b"))
    assert commands[0] == "sco-sim rules majority_rule --worlds 2 --set horizon.end=2030 --out a/b"
    run_all(commands)
