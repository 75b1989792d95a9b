"""Loops: the gain of a loop whose gain is known, each arrow under each view, and the words."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from sco_sim.scenario.load import load_scenario
from sco_sim.studies.effects.documents import rows
from sco_sim.studies.loops.arrows import gains
from sco_sim.studies.loops.loops import COLUMNS, LOOPS, WHOLE, Loop, around, in_words
from sco_sim.studies.loops.nodes import NODES, PUSH
from tests.unit.command_line import fine, parsed
from tests.worlds import CASE, quiet

ONE = {"worlds": 2, "replicates": 2, "seed": 1, "case": CASE, "fixed_parameters": True}
NO_ARROW = ("trade", "prosperity")
"""GDP does not follow trade in this model."""


def still(contact: float, people: float, students: float) -> dict[str, float]:
    """Trust, travel and students that answer whole within the year, and nothing else that moves them."""
    return {
        "trust__level_rate": 1.0, "people__adjustment": 1.0, "students__adjustment": 1.0, "cities__arrival_rate": 0.0,
        "trust__contact_effect": contact, "people__trust_elasticity": people, "students__trust_elasticity": students,
    }  # fmt: skip


@pytest.mark.parametrize(("contact", "people", "students"), [(0.2, 0.3, 0.5), (2.0, 1.0, 1.0), (-0.1, 0.5, 0.0)])
def test_a_loop_whose_gain_is_known(contact: float, people: float, students: float) -> None:
    """Three channels push trust by tanh; two of the three answer it."""
    scenario = quiet(end=2024, **still(contact, people, students))
    there, back = gains(scenario, [("contact", "trust"), ("trust", "contact")], **ONE).values()
    assert there == pytest.approx(3.0 * contact * math.tanh(PUSH) / PUSH, rel=1e-6)
    assert back == pytest.approx((people + students) / 3.0, rel=1e-6)
    frame = around(scenario, (Loop(("contact", "trust"), ("C12",)),), **ONE)  # type: ignore[arg-type]
    gain = contact * (people + students) * math.tanh(PUSH) / PUSH
    whole = frame[frame["part"] == WHOLE].iloc[0]
    assert whole["gain"] == pytest.approx(gain, rel=1e-6)
    assert whole["says"].startswith("amplifies" if gain >= 1.0 else "works with" if gain > 0.0 else "works against")


@pytest.mark.parametrize(
    ("gain", "parts", "words"),
    [
        (0.0, {"a > b": 0.0, "b > a": 2.0}, "cut at a > b"),
        (1.5, {"a > b": 1.5}, "amplifies"),
        (0.5, {"a > b": 0.5}, "50 % comes back, all rounds together make 2.000 times"),
        (-0.25, {"a > b": 0.25}, "works against the push and dies out: all rounds together make 0.800"),
        (-1.5, {"a > b": 1.5}, "swings"),
        (1e-5, {"a > b": 1e-5}, "dies out at once"),
    ],
)
def test_what_becomes_of_a_push_in_words(gain: float, parts: dict[str, float], words: str) -> None:
    assert words in in_words(gain, parts)


def test_every_loop_is_of_nodes_and_rows_there_are() -> None:
    assert all(set(loop.nodes) <= set(NODES) and set(loop.rows) <= set(rows()) for loop in LOOPS)


@pytest.mark.slow
def test_every_arrow_acts_under_the_documents_and_no_loop_is_whole_under_the_sceptic() -> None:
    """Catches an arrow of the core loop that is cut, and a view that leaves one in."""
    frames = {
        view: around(
            load_scenario("combined", [f"view={view}", "horizon.end=2033"]), worlds=16, replicates=4, seed=1, case=CASE
        )
        for view in ("documents", "sceptic")
    }
    arrows = frames["documents"][frames["documents"]["part"] != WHOLE].drop_duplicates("part").set_index("part")["gain"]
    for part, gain in arrows.items():
        assert (gain != 0.0) == (part != " > ".join(NO_ARROW)), part
    falls = {part for part, gain in arrows.items() if gain < 0.0}
    assert falls == {"trade > quarrels", "trust > quarrels", "prosperity > quarrels", "quarrels > trade",
                     "quarrels > trust", "quarrels > votes"}  # fmt: skip
    loops = frames["sceptic"][frames["sceptic"]["part"] == WHOLE]
    assert (loops["gain"] == 0.0).all()
    assert loops["says"].str.startswith("cut at").all()


@pytest.mark.slow
def test_the_command(tmp_path: Path) -> None:
    words = ("loop", "people_to_people", "--worlds", 4, "--set", "horizon.end=2028")
    text = fine(*words, "--view", "documents", "--view", "evidence", "--out", tmp_path / "loops.csv")
    assert "View documents (belief)" in text
    assert "View evidence\n" in text
    written = pd.read_csv(tmp_path / "loops.csv")
    assert tuple(written.columns) == COLUMNS
    assert dict(zip(written["view"], written["belief"], strict=True)) == {"documents": True, "evidence": False}
    listed = parsed(*words, "--view", "documents")["loops"]
    assert len(listed) == len(written[written["view"] == "documents"])
