"""What the aims of the hindcast and the predictive checks miss is said where users read, not only in tables."""

from __future__ import annotations

from typing import Any

from sco_sim.evidence.hindcast.aims import missed
from sco_sim.evidence.hindcast.rolling import ENGINE
from tests.worlds import ROOT

DISPUTES: dict[str, Any] = {
    "differences": {"base_rate": {"ignorance_difference": 0.1, "low_05": 0.0, "high_95": 0.2}}
}  # fmt: skip


def record(engine: float, rival: float, low: float = 0.7) -> dict[str, Any]:
    """Trade of 2021-23 by tie: the same errors in both scores, and the lower end of the coverage of 80 %."""
    scores = {name: {"rmse": error, "crps": error} for name, error in ((ENGINE, engine), ("persistence", rival))}
    coverage = {"80": {"share": 0.5 * (low + 0.9), "low_05": low, "high_95": 0.9}}
    block = {"scores": scores, "coverage": coverage, "origins": [{"origin": 2020, "end": 2023}]}
    return {"channel": "trade", "years": "2021-23", "gdp": "drawn", "columns": block}


def test_what_is_missed_stands_in_sentences() -> None:
    """Catches a miss that only a table of eighty cells shows, and a sentence that is there whatever the scores."""
    words = missed([record(0.5, 0.4), record(0.3, 0.4, low=0.85)], DISPUTES)
    name = "Trade 2021-23, GDP drawn by the engine, each tie or series"
    assert f"RMSE above that of the least naive forecast in 1 of 2: {name}." in words
    assert f"CRPS above it in 1 of 2: {name}." in words
    assert f"The 80 % interval does not hold in 1 of 2: {name}." in words
    assert "Not reached: Disputes: ignorance below that of the base_rate" in words
    disputes = {"differences": {"base_rate": {"ignorance_difference": -0.1, "low_05": -0.2, "high_95": 0.0}}}
    assert missed([record(0.3, 0.4)], disputes) == "**Missed.** Nothing."


def test_the_readme_says_the_gravest_misses() -> None:
    """Catches a README that is silent on what the pages find, or that goes on about what has been mended."""
    readme, checks, aims = (
        " ".join((ROOT / name).read_text(encoding="utf-8").split())
        for name in ("README.md", "docs/predictive.md", "docs/evidence.md")
    )
    missing = checks.split("## Where the model misses")[1]
    students = "* students, total of the series known in every year" in missing
    swings = "* conflict, share of the group: standard deviation" in missing
    assert ("above all the number of students, which grows in the worlds" in readme) == students
    assert ("how far the group's conflict share swings" in readme) == swings
    row = next(line for line in aims.split("| ") if line.startswith("Conflict (GDELT) 2021-23: RMSE at or below"))
    at = aims.index(row)
    assert ("the conflict share of 2021-23 worse than by each tie's own recent mean" in readme) == (
        "**no**" in aims[at : at + 150]
    )
