"""What each promise of the documents takes: thresholds are where the share is reached, and none lacks a sentence."""

from __future__ import annotations

import math

import pytest

from sco_sim.components.registry import find, keys
from sco_sim.errors import ScenarioError
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.effects.documents import promised
from sco_sim.studies.effects.effects import OUTCOMES, at_full_strength
from sco_sim.studies.threshold.promises import NOTICED, OTHERWISE, VIA, Promises
from tests.unit.command_line import call
from tests.worlds import CASE, ROOT


@pytest.fixture(scope="module")
def study() -> Promises:
    """Few worlds."""
    return Promises(load_scenario("no_events"), CASE, worlds=5, seed=1)


@pytest.mark.slow
def test_the_threshold_is_where_the_share_is_reached(study: Promises) -> None:
    """Readiness is the entry times what is delivered: at the value four of five worlds have it, below not."""
    one = study.one("equal_voice", "readiness", 1)
    assert one.crossing is not None
    assert one.knob is not None
    assert one.knob.name == "equal_voice.acceptance"
    assert one.crossing.share >= 0.8
    voice = at_full_strength("policies", "equal_voice", study.reference.horizon.start)
    before = study._measured("", None, "", 0.0)["readiness"]
    for value, enough in ((one.crossing.value, True), (0.97 * one.crossing.value, False)):
        after = study._measured("equal_voice", voice, one.knob.name, value)["readiness"]  # type: ignore[arg-type]
        assert bool(((after - before) >= NOTICED["z"]).mean() >= 0.8) == enough
    assert "equal_voice: readiness to agree up by 0.1 z" in one.sentence


def test_the_entry_is_the_one_that_speaks_of_the_outcome(study: Promises) -> None:
    def entry(key: str, outcome: str) -> str | None:
        return study._entry(at_full_strength("policies", key, 2023), outcome)  # type: ignore[arg-type]

    assert entry("meetings", "disputes") == "meetings.hazard"
    assert entry("sister_cities", "trade") == "cities.trade"
    assert entry("sister_cities", "trust") == VIA["trust"]
    assert entry("sister_cities", "capacity") == "sister_cities.diffusion"
    assert set(OTHERWISE.values()) <= set(CASE.ledger.entries)
    assert entry("security_cooperation", "security") is None


def test_entries_by_which_outcomes_are_reached_are_in_the_ledger() -> None:
    assert set(VIA.values()) <= set(CASE.ledger.entries)
    assert set(VIA) <= set(OUTCOMES)
    assert {one.unit for one in OUTCOMES.values() if one.unit != "WUI"} <= set(NOTICED)


def test_the_page_has_a_sentence_for_every_promise() -> None:
    """Catches a page that is older than the policies."""
    lines = [
        line for line in (ROOT / "docs" / "what_it_would_take.md").read_text("utf-8").splitlines() if line[:2] == "* "
    ]
    expected = [
        (key, OUTCOMES[outcome].title, "up" if sign > 0 else "down")
        for key in keys("policies") for outcome, sign in promised("policies", find("policies", key)).items() if sign
    ]  # fmt: skip
    assert len(lines) == len(expected)
    for line, (key, title, way) in zip(lines, expected, strict=True):
        assert line.startswith(f"* {key}: {title} {way} by"), line


def test_an_unknown_policy_is_named(study: Promises) -> None:
    with pytest.raises(ScenarioError, match="no policy 'sister_citys'"):
        study.all(["sister_citys"])
    done = call("promises", "sister_citys", "--worlds", 2)
    assert done.exit_code == 2
    assert "did you mean 'sister_cities'?" in done.stderr
    assert math.isfinite(sum(NOTICED.values()))
