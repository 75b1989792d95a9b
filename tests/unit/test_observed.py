"""Whatever is simulated, or read from a store, is shown with the age of its evidence; any scenario may be a nowcast."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import typer

from sco_sim.cli.main import app
from sco_sim.commands.observed import say_stored_observed
from sco_sim.studies.sweep.stored_sweep import open_sweep
from tests.unit.command_line import call, fine, parsed

SAID = "Last observed: "
EXPERIMENT = """\
title: Few or many cities
scenarios: [sister_cities]
sweep:
  factors:
    pairs: {path: policies.sister_cities.new_pairs_per_year, low: 5, high: 40}
  design: {points: [{pairs: 5}, {pairs: 10}, {pairs: 20}, {pairs: 40}]}
  worlds: 4
  replicates: 2
  outcomes: [cities_total]
  years: [2035]
"""
FEW = ("--worlds", 2, "--set", "horizon.end=2028")
QUICK: Mapping[str, tuple[object, ...]] = {
    "run": ("baseline", *FEW, "--out", "done", "--force"),
    "compare": ("baseline", "combined", "--worlds", 2, "--no-figures"),
    "council": ("combined", "--worlds", 2),
    "rules": ("combined", "--worlds", 2),
    "rivals": ("baseline", "combined", "--worlds", 2),
    "effects": ("sister_cities", "--worlds", 2),
    "portfolio": ("on_a_budget", "--budget", 100, "--own-rule", "--worlds", 2, "--out", "mixes"),
    "routes": ("baseline",),
    "loop": ("combined", "--view", "documents", "--worlds", 2),
    "cascade": ("triangle", "--worlds", 2, "--set", "horizon.end=2032", "--year", 2026),
    "enlargement": ("contested_agenda", "--worlds", 2, "--rule", "opt_in", "--year", 2027),
    "sequence": ("security_first", "--worlds", 2, "--set", "horizon.end=2028"),
    "packages": ("taking_sides", "--worlds", 2),
    "predictive": ("--worlds", 2),
    "implementation": ("--worlds", 2, "--draws", 20),
    "brief": ("sister_cities", "--worlds", 40, "--set", "horizon.end=2028", "--out", "home"),
    "promises": ("special_fund", "--worlds", 2),
    "trace": ("combined", "--world", 2, "--set", "horizon.end=2028"),
    "threshold": (
        "sister_cities",
        "--worlds",
        2,
        "--set",
        "horizon.end=2028",
        "--outcome",
        "trust_min",
        "--by",
        1,
        "--lever",
        "policies.sister_cities.intensity",
    ),
    "hindcast": ("--scenario", "from_2020", "--worlds", 2),
}
"""Commands that simulate, as short as they can be."""
STORED = {"worth", "plot", "report", "export", "sweep", "sensitivity", "discover"}
"""Commands that read what is stored, or store points."""
WITHOUT_A_RUN = {"show", "validate"}
"""Commands that say it of a scenario; tests/unit/test_age.py has them."""
SILENT = {"calibrate", "diff", "list", "data", "schema", "rerun", "verify"}
"""Commands that show no outcome of a simulation: bits, differences of files, tables, fits."""


def commands() -> dict[str, Any]:
    """Every command at the top, by its name."""
    group: Any = typer.main.get_command(app)
    return {name: one for name, one in group.commands.items() if not hasattr(one, "commands")}


def test_every_command_is_known_to_say_it_or_to_show_no_outcome() -> None:
    """Catches a new command that shows outcomes and that nobody holds to the rule."""
    assert set(commands()) == set(QUICK) | STORED | WITHOUT_A_RUN | SILENT


def test_every_command_that_loads_a_scenario_takes_nowcast() -> None:
    """Catches a remedy that names an option which the command does not have."""
    for name, command in commands().items():
        options = {word for parameter in command.params for word in parameter.opts}
        if options & {"--set", "--view"}:
            assert "--nowcast" in options, name


@pytest.mark.slow
@pytest.mark.parametrize("name", list(QUICK))
def test_a_command_that_simulates_says_how_old_the_evidence_is(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches figures of a nowcast, or of a case without trade, that look like those of fresh evidence."""
    monkeypatch.chdir(tmp_path)
    assert SAID in fine(name, *QUICK[name])


def test_beside_json_it_is_said_on_standard_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a start that lies years behind its evidence in an answer that only a machine reads."""
    monkeypatch.chdir(tmp_path)
    late = ("--set", "horizon.start=2030", "--set", "horizon.end=2031", "--nowcast", "--worlds", 2)
    done = call("council", "combined", *late, "--json")
    assert done.exit_code == 0, done.output
    assert "Nowcast: carried on to 2030" in done.stderr
    assert SAID not in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", list(QUICK))
def test_json_has_it(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an answer for machines that holds the figures and not the age of the evidence behind them."""
    monkeypatch.chdir(tmp_path)
    answer = parsed(name, *QUICK[name])
    one = answer["scenarios"][-1] if name == "compare" else answer
    records = list(one["evidence"].values()) if name == "rivals" else [one]
    for record in records:
        assert record["observed"]["trade"] in (2020, 2023)
        assert record["observed"]["trade"] == 2020 or "IRN to BLR" in record["older"]["trade"]
        assert record["assumed"] == {}


@pytest.mark.slow
def test_what_reads_a_store_says_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches files for other tools, or figures, of a run whose evidence was old, without a word."""
    monkeypatch.chdir(tmp_path)
    fine("run", "baseline", *FEW, "--out", "done")
    for name in ("export", "plot"):
        done = call(name, "done")
        assert done.exit_code == 0, done.output
        assert SAID in done.stderr
        assert SAID not in done.stdout
    assert SAID in call("run", "baseline", *FEW, "--out", "done", "--json").stderr
    assert parsed("export", "done")["observed"]["trade"] == 2023
    assert parsed("plot", "done")["evidence"]["baseline"]["observed"]["trade"] == 2023


@pytest.mark.slow
def test_sweeps_say_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a ranking or a box of worlds whose evidence was old, without a word."""
    monkeypatch.chdir(tmp_path)
    Path("few.yaml").write_text(EXPERIMENT, encoding="utf-8")
    assert SAID in fine("sweep", "few.yaml", "--out", "swept")
    assert SAID in fine("sensitivity", "swept")
    middle = open_sweep("swept").frame([2035])["cities_total"].median()
    assert SAID in fine("discover", "swept", "--where", f"cities_total_2035 > {middle}")
    assert SAID in call("export", "swept").stderr
    for command in (("sweep", "few.yaml", "--out", "swept"), ("sensitivity", "swept")):
        assert parsed(*command)["observed"]["trade"] == 2023, command


def test_starts_that_differ_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Catches a comparison that says the age of the first run for all."""

    class Kept:
        def __init__(self, name: str, start: int, seen: int) -> None:
            self.manifest = {"name": name, "years": [start, start + 9], "observed": {"trade": seen}}

    say_stored_observed(Kept("early", 2020, 2020), Kept("late", 2023, 2023), aside=False)  # type: ignore[arg-type]
    assert capsys.readouterr().out.splitlines() == [
        "early: Last observed: trade 2020.",
        "late: Last observed: trade 2023.",
    ]
    say_stored_observed(Kept("a", 2023, 2023), Kept("b", 2023, 2023), aside=True)  # type: ignore[arg-type]
    assert capsys.readouterr().err == "Last observed: trade 2023.\n"
