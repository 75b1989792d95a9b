"""What each promise of the documents takes: thresholds are where the share is reached, and none lacks a sentence."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sco_sim.components.registry import find, keys
from sco_sim.errors import ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.effects.documents import promised
from sco_sim.studies.effects.effects import OUTCOMES, at_full_strength
from sco_sim.studies.threshold.knobs import IDLE, Knob, parameter
from sco_sim.studies.threshold.promises import NOTICED, OTHERWISE, VIA, Needed, Promises, placed, promises_of
from sco_sim.studies.threshold.promises_page import LATER, page, sentence, what
from sco_sim.studies.threshold.search import Crossing
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
    assert "equal_voice: readiness to agree up by 0.1 z" in sentence(one)


@pytest.mark.slow
def test_the_nearest_promise_is_that_most_worlds_keep_at_an_end_of_the_evidence(study: Promises) -> None:
    """Catches a promise that is kept as it is, and one that another comes nearer to."""
    found = study.nearest(["sister_cities", "equal_voice"])
    assert found is not None
    one, share = found
    assert one.as_it_is < study.chance
    assert one.crossing is not None
    ends = []
    for key, outcome, sign in promises_of(["sister_cities", "equal_voice"]):
        component, name, kept = study._asked(key, outcome, sign)
        if name is not None and kept < study.chance:
            for end in parameter(name, study.reference, CASE.catalog).evidence or ():
                ends.append(float((study._margin(component, outcome, sign, name, end) >= 0.0).mean()))
    assert share == max(ends)
    assert study.nearest([]) is None


def test_the_entry_is_the_one_that_speaks_of_the_outcome(study: Promises) -> None:
    def entry(key: str, outcome: str) -> str | None:
        return study._entry(at_full_strength("policies", key, 2023), outcome)  # type: ignore[arg-type]

    assert entry("meetings", "disputes") == "meetings.hazard"
    assert entry("sister_cities", "trade") == "cities.trade"
    assert entry("sister_cities", "trust") == VIA["trust"]
    assert entry("sister_cities", "capacity") == "sister_cities.diffusion"
    assert set(OTHERWISE.values()) <= set(CASE.ledger.entries)
    assert entry("security_cooperation", "security") is None
    assert entry("security_cooperation", "trust") == "trust.security_effect"
    assert entry("visa_freedom", "people") == "visas.floor"


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
        f"* {key}: {what(needed(outcome=outcome, sign=sign))}"
        for key in keys("policies") for outcome, sign in promised("policies", find("policies", key)).items() if sign
    ]  # fmt: skip
    lines = lines[-len(expected) :]  # the counts come before
    for line, begins in zip(lines, expected, strict=True):
        assert line.startswith(begins[:110]), line
    text = " ".join((ROOT / "docs" / "what_it_would_take.md").read_text("utf-8").split())
    assert f"policies {len(expected)} promises: 48 of the first count" in text


KNOB = Knob("parameters.people.x", "x", "1", -5.0, 5.0, 0.1, (-0.1, 0.2))


def crossing(value: float, *, share: float = 0.9, best: float = 1.0, lost: float = math.nan) -> Crossing:
    """A search that ended at a value, NaN for none."""
    return Crossing(
        value, value, value, share, best, lost, (), 5.0, "", ((0.0, 0.0), (best, share), (5.0, 0.5 * share))
    )


def needed(
    one: Crossing | None = None, *, outcome: str = "trust", sign: int = 1, knob: Knob = KNOB, as_it_is: float = 0.0,
    other: float = math.nan,
) -> Needed:  # fmt: skip
    """What a promise takes."""
    return Needed("sister_cities", outcome, sign, (45, 45), None if one is None else knob, one, as_it_is, other)


@pytest.mark.parametrize(
    ("value", "knob", "where"),
    [
        (0.0, KNOB, "itself"), (0.05, KNOB, "within"), (-0.1, KNOB, "within"), (0.201, KNOB, "beyond"),
        (-0.11, KNOB, "beyond"), (0.1, replace(KNOB, evidence=(0.3, 1.0)), "less"),
        (1.1, replace(KNOB, evidence=(0.3, 1.0)), "beyond"), (-0.1, replace(KNOB, evidence=(0.3, 1.0)), "beyond"),
        (-0.2, replace(KNOB, evidence=(-1.0, -0.3)), "less"),
        (0.9, replace(KNOB, evidence=(0.3, 0.8), idle=1.0), "less"),
        (0.2, replace(KNOB, evidence=(0.3, 0.8), idle=1.0), "beyond"),
    ],
)  # fmt: skip
def test_where_a_value_lies_beside_the_evidence(value: float, knob: Knob, where: str) -> None:
    assert placed(knob, value) == where


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (needed(crossing(0.05)), "met if `people.x` is at least 0.05, which is within the evidence (-0.1 to 0.2)."),
        (needed(crossing(0.201)), "at least 0.201, just beyond the upper end of the evidence (-0.1 to 0.2)."),
        (needed(crossing(-0.6)), "met only if `people.x` is at most -0.6, 6 times the lower end of the evidence"),
        (needed(crossing(0.0)), "met even if `people.x` is 0, so it does not hang on it."),
        (needed(crossing(0.5, lost=2.0)), "more is not better: at 2 it is met no longer."),
        (needed(crossing(0.5), other=-0.7), "it is met on the other side too, at -0.7."),
        (
            needed(crossing(math.nan, share=0.31)),
            "met at no value of `people.x` that is allowed in 80 % of worlds: the most is 31 %, at 1, and fewer beyond",
        ),
        (needed(crossing(math.nan, share=0.0)), "met in no world at any value of `people.x` that is allowed"),
        (needed(), "met in no world: the model gives the policy no way to it, and the ledger has no entry to turn."),
        (needed(as_it_is=1.0), "met in every world by what the policy is; the ledger has no entry to turn."),
        (
            needed(crossing(-0.3), knob=replace(KNOB, evidence=(0.1, 0.2))),
            "is at most -0.3, on a side on which the evidence has 0.1 to 0.2, that is nothing.",
        ),
    ],
)
def test_a_sentence_says_by_what_a_promise_is_met(one: Needed, words: str) -> None:
    assert words in sentence(one)
    assert sentence(one).startswith("sister_cities: mean trust up by 1 point: met ")


def test_promises_without_an_entry_have_a_count_of_their_own() -> None:
    rows = [needed(), needed(as_it_is=1.0), needed(crossing(0.05)), needed(crossing(0.5)), needed(crossing(math.nan))]
    text = " ".join(page(rows, 8, 1, "evidence").split())
    assert "* 1 are met within the evidence or with less; * 1 take more than the evidence has" in text
    assert "* 1 are met at no value that is allowed; * 2 have no entry that could be turned: 1 are met" in text


def test_what_does_nothing_at_another_value_than_zero_is_walked_from_there() -> None:
    """Catches a visa requirement that would be turned from the strongest there is."""
    scenario = load_scenario("no_events")
    for name, idle in IDLE.items():
        knob = parameter(name, scenario, CASE.catalog)
        assert knob.nothing == idle
        assert {ray.nothing for ray in knob.rays()} == {idle}
    assert set(LATER) <= set(keys("policies"))


def test_both_sides_are_searched_and_that_with_the_least_of_the_evidence_counts(
    study: Promises, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A response of both sides, for evidence of -0.06 to 0.18: met from -0.08 down and from 0.1 up."""

    def measured(key: str, component: object, name: str, value: float) -> dict[str, Array]:
        rises = max(value / 0.1, -value / 0.08) if key else 0.0
        return {"capacity": np.full(5, NOTICED["WGI"] * rises)}

    monkeypatch.setattr(study, "_measured", measured)
    one = study.one("implementation_support", "capacity", 1)
    assert one.crossing is not None
    assert one.met == "within"
    assert one.crossing.value == pytest.approx(0.1, rel=0.01)
    assert one.other_side == pytest.approx(-0.08, rel=0.01)


def test_a_horizon_of_less_than_ten_years_is_refused() -> None:
    """Catches a traceback from a model that is at its end."""
    said = call("promises", "sister_cities", "--set", "horizon.end=2030").stderr
    assert "promises are judged after 10 years, and 2023 to 2030 is less" in " ".join(said.split())
    assert "horizon.end=2033" in said


def test_an_unknown_policy_is_named(study: Promises) -> None:
    with pytest.raises(ScenarioError, match="no policy 'sister_citys'"):
        study.all(["sister_citys"])
    done = call("promises", "sister_citys", "--worlds", 2)
    assert done.exit_code == 2
    assert "did you mean 'sister_cities'?" in done.stderr
    assert math.isfinite(sum(NOTICED.values()))
