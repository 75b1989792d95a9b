"""Figures of studies are drawn again from their folders, the same bytes, and what is not as it was is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sco_sim.plots.studies import FORMS
from tests.unit.command_line import call, fine
from tests.worlds import ROOT

SMALL = ("--set", "horizon.end=2032")
COMMANDS = {
    "rules": ("contested_agenda", "--worlds", 2, *SMALL),
    "portfolio": ("on_a_budget", "--budget", 300, "--worlds", 2, *SMALL),
    "packages": ("contested_agenda", "--worlds", 2),
    "sequence": ("rotating_chair", "--worlds", 4, *SMALL),
    "enlargement": ("contested_agenda", "--worlds", 2, "--rule", "consensus", *SMALL),
    "routes": ("baseline",),
    "threshold": (
        "sister_cities",
        "--worlds",
        8,
        *SMALL,
        "--year",
        2030,
        "--outcome",
        "cohesion",
        "--by",
        0.01,
        "--parameter",
        "trust.contact_effect",
        "--lever",
        "policies.sister_cities.new_pairs_per_year",
    ),
    "cascade": ("combined", "--worlds", 2, *SMALL),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_a_study_is_drawn_again_from_its_folder(name: str, tmp_path: Path) -> None:
    """Catches a figure that needs what is not stored, and one that is not of the tables."""
    fine(name, *COMMANDS[name], "--out", tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.glob(f"{name}.*g")}
    assert set(before) == {f"{name}.png", f"{name}.svg"}
    drawn = tmp_path / "drawn"
    assert len(fine("plot", tmp_path, "--figure", name, "--out", drawn).splitlines()) == 2
    assert {path.name: path.read_bytes() for path in drawn.iterdir()} == before
    (pdf,) = json.loads(fine("plot", tmp_path, "--format", "pdf", "--json"))["figures"]
    assert Path(pdf) == tmp_path / f"{name}.pdf"
    refused = call("plot", tmp_path, "--figure", "graph")
    assert (refused.exit_code, f"choose of {name}" in refused.stderr) == (2, True)
    record = json.loads((tmp_path / "study.json").read_text(encoding="utf-8"))
    assert record["command"].startswith(f"sco-sim {name} {COMMANDS[name][0]}")
    if name == "portfolio":
        assert record["about"].startswith(
            "People and cities on a budget: mixes of policies against doing nothing in 2032"
        )
    (tmp_path / "study.json").write_text(json.dumps(record | {"fields": [1], "about": {}}), encoding="utf-8")
    broken = call("plot", tmp_path)
    assert (broken.exit_code, "Traceback" in broken.stderr) == (4, False)
    table = tmp_path / record["table"]
    table.write_bytes(table.read_bytes() + b"\n")
    changed = call("plot", tmp_path)
    assert changed.exit_code in (2, 4)
    assert str(tmp_path) in changed.stderr


@pytest.mark.slow
def test_the_scores_of_the_hindcast_have_a_figure(tmp_path: Path) -> None:
    assert str(tmp_path / "hindcast.svg") in fine("plot", ROOT / "docs", "--figure", "hindcast", "--out", tmp_path)
    (tmp_path / "evidence_aims.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert call("plot", tmp_path).exit_code == 4
