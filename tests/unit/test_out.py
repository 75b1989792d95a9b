"""A file or folder that cannot be written is refused before anything is simulated, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.command_line import call

COMMANDS = (
    ("trace", "baseline"),
    ("effects", "sister_cities"),
    ("promises", "sister_cities"),
    ("loop", "baseline"),
    ("worth", "combined", "--outcome", "trade_total_busd"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_a_file_that_cannot_be_written_is_refused_at_once(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sco_sim.scenario.load.load_scenario", lambda *_, **__: pytest.fail("it went on"))
    monkeypatch.setattr("sco_sim.engine.build.simulate", lambda *_, **__: pytest.fail("it was simulated"))
    for out, why in ((tmp_path / "none" / "x.csv", "there is no folder"), (tmp_path, "it is a folder")):
        result = call(*command, "--out", out)
        assert result.exit_code == 4, result.output
        assert why in " ".join(result.output.split())
        assert "None" not in result.output


FOLDERS = (
    ("cascade", "combined"),
    ("enlargement", "contested_agenda"),
    ("packages", "contested_agenda"),
    ("routes", "baseline"),
    ("rules", "combined"),
    ("sequence", "rotating_chair"),
    ("threshold", "combined", "--parameter", "cities.trade", "--outcome", "trust_min", "--by", "1"),
)


@pytest.mark.parametrize("command", FOLDERS, ids=lambda words: words[0])
def test_a_folder_that_cannot_be_made_is_refused_at_once(
    command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sco_sim.scenario.load.load_scenario", lambda *_, **__: pytest.fail("it went on"))
    monkeypatch.setattr("sco_sim.engine.build.simulate", lambda *_, **__: pytest.fail("it was simulated"))
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file", tmp_path / "file" / "inside"):
        result = call(*command, "--out", out)
        assert result.exit_code == 4, result.output
        assert "is no folder" in " ".join(result.output.split())


def test_baseline_is_not_compared_with_itself() -> None:
    result = call("brief", "baseline")
    assert result.exit_code == 2
    assert "name another scenario" in result.output
