"""What it would take: thresholds of an invented club against the closed form, and the search by itself."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sco_sim.case.case import Case
from sco_sim.commands.threshold import _number, _table
from sco_sim.engine.build import simulate
from sco_sim.errors import ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.studies.threshold.asked import Asked, asked
from sco_sim.studies.threshold.knobs import Knob, lever, parameter
from sco_sim.studies.threshold.search import Crossing, Ray, Search
from sco_sim.studies.threshold.threshold import Threshold, ThresholdStudy
from sco_sim.studies.threshold.words import caveats, sentence
from sco_sim.studies.wording import three_digits
from tests.club import FIRST, SECTORS, SETS, TEXT, agreement, club
from tests.unit.command_line import call, fine, parsed
from tests.worlds import CASE

WORLDS = 60
TRADE = "regulatory_cooperation.trade"
INTENSITY = "policies.regulatory_cooperation.intensity"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The club."""
    return club(tmp_path_factory.mktemp("threshold") / "club")


def answer(case: Case, by: str, *sets: str, path: str = "", chance: float = 0.8) -> tuple[Threshold, Asked]:
    """The threshold of the parameter, or of a lever, in the first year of the club."""
    scenario = agreement(case, *sets)
    study = ThresholdStudy(scenario, case, worlds=WORLDS, seed=1, replicates=1)
    question = asked("trade_total_busd", by, FIRST, chance, scenario)
    knob = lever(path, scenario) if path else parameter(TRADE, scenario, case.catalog)
    return study.threshold(knob, question), question


@pytest.mark.slow
def test_the_threshold_of_a_parameter_is_that_of_the_closed_form(case: Case) -> None:
    """Trade is exp(3 x) times what it would be in every world, so 10 % take x = ln(1.1) / 3."""
    one, question = answer(case, "10%")
    assert one.crossing.value == pytest.approx(math.log(1.1) / SECTORS, rel=0.02)
    assert one.crossing.low <= one.crossing.value <= one.crossing.high
    assert one.crossing.high / one.crossing.low < 1.02
    assert one.multiple == pytest.approx(math.log(1.1) / SECTORS / 0.026, rel=0.02)
    assert "1.2 times the upper end of the evidence (-0.006 to 0.026)" in sentence(one, question)
    assert not caveats(one)


@pytest.mark.slow
def test_a_fall_is_looked_for_on_the_other_side(case: Case) -> None:
    one, question = answer(case, "-10%")
    assert one.crossing.value == pytest.approx(math.log(0.9) / SECTORS, rel=0.02)
    assert "times the lower end of the evidence" in sentence(one, question)


@pytest.mark.slow
def test_the_threshold_of_a_lever_is_the_quantile_of_what_the_worlds_need(case: Case) -> None:
    """Each world has a parameter of its own, p, and needs ln(1.02) / 3 p; 0.7 of them have the quantile of those."""
    wide = f"parameters.{TRADE}={{low: 0, high: 0.04}}"
    one, question = answer(case, "2%", wide, path="policies.regulatory_cooperation.intensity", chance=0.7)
    drawn = simulate(agreement(case, wide), case=case, worlds=WORLDS, years=[FIRST], metrics=[]).parameters[TRADE]
    with np.errstate(divide="ignore"):
        needed = np.where(drawn > 0.0, math.log(1.02) / (SECTORS * drawn), np.inf)
    expected = np.sort(needed)[math.ceil(0.7 * WORLDS) - 1]
    assert one.crossing.value == pytest.approx(expected, rel=0.02)
    assert one.crossing.low < one.crossing.value < one.crossing.high
    assert "the scenario's 1" in sentence(one, question)
    assert one.reference == "without regulatory_cooperation"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("outcome", "by", "fixed", "path", "needed"),
    [
        ("cost_musd", "9", 0.01, "policies.regulatory_cooperation.cost_per_tie_musd", 9.0 / (SECTORS * 6)),
        ("trade_total_busd", "-1%", -0.01, INTENSITY, math.log(0.99) / (SECTORS * -0.01)),
        ("trade:ALA-BOR", "1%", 0.01, INTENSITY, math.log(1.01) / (SECTORS * 0.01)),
    ],
)
def test_other_levers_and_outcomes_have_their_closed_form(
    case: Case, outcome: str, by: str, fixed: float, path: str, needed: float
) -> None:
    """A cost that rises by sector and tie, a fall by a text that harms, and one tie: each the same in every world."""
    scenario = agreement(case, f"parameters.{TRADE}={fixed}")
    study = ThresholdStudy(scenario, case, worlds=10, seed=3, replicates=1)
    one = study.threshold(lever(path, scenario), asked(outcome, by, FIRST, 0.9, scenario))
    assert one.crossing.value == pytest.approx(needed, rel=0.005)
    assert one.crossing.low == pytest.approx(one.crossing.high, rel=0.005)


@pytest.mark.slow
def test_two_at_once_are_each_turned_alone(case: Case) -> None:
    """At half intensity the entry needs twice as much; at an entry of 0.02 the lever half of what it needs at 0.01."""
    scenario = agreement(case, f"parameters.{TRADE}=0.02", TEXT.replace("all}", "all, intensity: 0.5}"))
    study = ThresholdStudy(scenario, case, worlds=10, seed=3, replicates=1)
    question = asked("trade_total_busd", "2%", FIRST, 0.9, scenario)
    entry = study.threshold(parameter(TRADE, scenario, case.catalog), question)
    text = study.threshold(lever("policies.regulatory_cooperation.intensity", scenario), question)
    assert entry.crossing.value == pytest.approx(math.log(1.02) / (SECTORS * 0.5), rel=0.005)
    assert text.crossing.value == pytest.approx(math.log(1.02) / (SECTORS * 0.02), rel=0.005)


def test_what_no_value_allowed_brings_is_said(case: Case) -> None:
    one, question = answer(case, "1000%", f"parameters.{TRADE}=0.02", path="policies.regulatory_cooperation.intensity")
    assert not one.crossing.reached
    assert "Not within any value of policies.regulatory_cooperation.intensity that is allowed (0 to 1)" in sentence(
        one, question
    )


def search(
    margin: object, bound: float = 10.0, worlds: int = 100, chance: float = 0.8, anchor: float = 0.0
) -> Crossing:
    """The crossing of a margin that is a function of the value."""
    return Search(margin, Ray(0.0, bound, anchor), chance, np.arange(worlds)).crossing()  # type: ignore[arg-type]


def test_a_response_that_rises_and_falls_is_noticed() -> None:
    """Reached between 3 and 6 only; a bisection from end to end would say nothing is."""
    one = search(lambda x: np.full(100, 1.0 if 3.0 <= x <= 6.0 else -1.0))
    assert one.value == pytest.approx(3.0, rel=0.01)
    assert 6.0 < one.lost <= 7.5
    assert one.falls


def test_a_peak_that_does_not_suffice_is_said_with_its_height() -> None:
    own = np.linspace(0.0, 1.0, 100, endpoint=False)
    one = search(lambda x: 0.5 - 0.05 * (x - 4.0) ** 2 - own)
    assert not one.reached
    assert one.share == pytest.approx(0.5, abs=0.02)
    assert one.best == pytest.approx(4.0, abs=1.0)


def test_falls_that_follow_each_other_are_said_as_one() -> None:
    one = search(
        lambda x: np.full(100, 1.0) - np.where(np.arange(100) < 10.0 * max(x - 4.0, 0.0), 2.0, 0.0), chance=0.3
    )
    assert len(one.falls) > 2
    knob = parameter("cities.trade", load_scenario("no_events"), CASE.catalog)
    first, last = one.falls[0][0], one.falls[-1][1]
    said = " ".join(caveats(Threshold(knob, one, "as it is")))
    assert f"the share of worlds falls between {first:.3g} and {last:.3g}." in said


def test_worlds_that_no_value_moves_are_said() -> None:
    """Catches a value that only makes up for refusals passing for the strength of the policy."""
    knob = Knob("parameters.x", "x", "1", -1.0, 1.0, 0.0, (-0.5, 0.5))
    one = Crossing(0.5, 0.4, 0.6, 0.8, 0.5, math.nan, (), 1.0, "", ((0.0, 0.0), (1.0, 0.8)))
    assert not caveats(Threshold(knob, one, "as it is", unmoved=0.04))
    (said,) = caveats(Threshold(knob, one, "as it is", unmoved=0.18))
    assert said.startswith("In 18 % of worlds nothing changes")
    assert said.endswith("more than 82 % of worlds there.")


def test_worlds_that_no_value_moves_are_counted(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fifth of the worlds refuses the text: they stay as they are at every value."""
    adopted = np.arange(WORLDS) >= WORLDS // 5
    monkeypatch.setattr(ThresholdStudy, "_before", lambda *_: np.ones(WORLDS))
    monkeypatch.setattr(ThresholdStudy, "_at", lambda self, scenario, knob, asked, value: 1.0 + value * adopted)
    one, _ = answer(case, "10%", chance=0.5)
    assert one.crossing.reached
    assert one.unmoved == pytest.approx(0.2)


def test_sentences_have_no_power_of_ten() -> None:
    knob = Knob("policies.x.y", "x", "1", 0.0, 1e6, 5000.0, None)
    one = Crossing(580000.0, 292000.0, math.inf, 0.8, 1e6, math.nan, (), 1e6, "", ((0.0, 0.0), (1e6, 0.8)))
    question = Asked("trust_min", "", 0, 1.0, False, 2030, 0.8)
    assert sentence(Threshold(knob, one, "x"), question).endswith(": 116 times the scenario's 5000.")
    never = replace(one, value=math.nan, low=math.nan, high=math.nan, share=0.0)
    assert "(0 to 1,000,000)" in sentence(Threshold(knob, never, "x"), question)


def test_tables_have_no_infinite_and_no_negative_zero() -> None:
    """An interval that is open, and a threshold of nothing on a side below it."""
    knob = Knob("parameters.x", "x", "1", -1.0, 1.0, 0.0, (-0.5, 0.5))
    open_ended = Crossing(0.5, 0.4, math.inf, 0.8, 0.5, math.nan, (), 1.0, "", ((0.0, 0.0), (1.0, 0.8)))
    none = replace(open_ended, value=0.0, low=0.0, high=-0.0)
    question = Asked("trust_min", "", 0, 1.0, False, 2030, 0.8)
    answers = [Threshold(knob, one, "as it is") for one in (open_ended, none)]
    written = _table(answers, question)
    assert not np.isinf(written.select_dtypes("number").to_numpy()).any()
    assert str(answers[1].multiple) == "0.0"
    assert "(0.4 to beyond what is allowed)" in written["sentence"][0]
    assert (_number(math.inf), _number(math.nan), _number(-math.inf)) == ("beyond", "-", "beyond")


def test_a_value_that_takes_nothing() -> None:
    assert search(lambda x: np.full(100, 1.0 + x)).value == 0.0


@pytest.mark.parametrize(
    ("range_", "said"),
    [
        ((0.36, 1.02), "0 already, and all of the evidence lies beyond (0.36 to 1.02)"),
        ((-1.0, 1.0), "within the evidence"),
    ],
)
def test_what_takes_nothing_is_said_beside_the_evidence(range_: tuple[float, float], said: str) -> None:
    """Catches evidence that lies on the one side there is called evidence that allows nothing on it."""
    knob = Knob("parameters.x", "x", "1", min(range_[0], 0.0), 2.0, 0.5, range_)
    none = Crossing(0.0, 0.0, 0.0, 0.9, 0.0, math.nan, (), 2.0, "", ((0.0, 0.9), (2.0, 0.9)))
    assert said in sentence(Threshold(knob, none, "x"), Asked("trust_min", "", 0, 1.0, False, 2030, 0.8))


def test_per_cent_are_of_a_size() -> None:
    """A loss of 10 that becomes one of 8 is up by 20 %; of nothing there is no per cent."""
    question = Asked("disputes", "", 0, 10.0, True, 2030, 0.8)
    assert question.margin(np.array([-10.0, 10.0]), np.array([-8.0, 12.0])) == pytest.approx([10.0, 10.0])
    with pytest.raises(ScenarioError, match="disputes is 0 in 1 of 2 worlds"):
        question.margin(np.array([0.0, 1.0]), np.array([0.0, 1.0]))


@pytest.mark.slow
def test_a_change_in_per_cent_of_nothing_is_refused_with_the_unit(case: Case) -> None:
    """Catches worlds without a quarrel counted as if they were not there, and a warning of numpy instead of words."""
    club_of = case.folder
    done = call("threshold", club_of / "scenarios" / "cooperation.yaml", "--case", club_of, "--worlds", 8,
                "--year", 2025, "--parameter", "council.base", "--outcome", "disputes", "--by=-10%")  # fmt: skip
    assert done.exit_code == 2
    assert "error: --by: disputes is 0 in" in done.stderr
    assert "Warning" not in done.stderr


def test_values_that_cannot_be_simulated_end_the_search_and_are_named() -> None:
    def margin(x: float) -> Array:
        if x > 5.0:
            raise FloatingPointError("trade is infinite in 2030")
        return np.full(100, -1.0)

    one = search(margin)
    assert one.end == 5.0
    assert "infinite" in one.stopped


@pytest.mark.slow
def test_the_interval_of_the_value_holds_the_truth_about_as_often_as_it_says() -> None:
    """Worlds need exp(z); 0.8 of them exp(0.84). Catches an interval of the share, or one that is always too short."""
    truth, inside = math.exp(0.8416212), 0
    for seed in range(40):
        needed = np.exp(np.random.default_rng(seed).normal(size=120))
        one = search(lambda x, needed=needed: x - needed, bound=20.0, worlds=120, anchor=1.0)
        assert one.value == pytest.approx(np.sort(needed)[95], rel=0.01)
        inside += one.low <= truth <= one.high
    assert 35 <= inside <= 40


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--outcome", "trust_min", "--by", "1"], "what is to be turned?"),
        (["--outcome", "trust_mim", "--by", "1", "--parameter", "cities.trade"], "did you mean 'trust_min'?"),
        (["--outcome", "trust_min", "--by", "one", "--parameter", "cities.trade"], "'one' is no change"),
        (["--outcome", "trust_min", "--by", "0", "--parameter", "cities.trade"], "'0' is no change"),
        (["--outcome", "trade", "--by", "1", "--parameter", "cities.trade"], "trade has a value for each tie"),
        (["--outcome", "trade:IND-XXX", "--by", "1", "--parameter", "cities.trade"], "'IND-XXX' is none"),
        (["--outcome", "trust_min", "--by", "1", "--parameter", "cities.trad"], "did you mean 'cities.trade'?"),
        (["--outcome", "trust_min", "--by", "1", "--lever", "policies.sister_citys.intensity"], "did you mean"),
        (["--outcome", "trust_min", "--by", "1", "--lever", "policies.sister_cities.start"], "is no number"),
        (
            ["--outcome", "trust_min", "--by", "1", "--lever", "parameters.cities.trade"],
            "give --parameter cities.trade",
        ),
        (["--outcome", "trust_min", "--by", "1", "--parameter", "cities.trade", "--year", "2050"], "outside the years"),
        (["--outcome", "trust_min", "--by", "1", "--parameter", "cities.trade", "--chance", "0"], "a chance of 0"),
    ],
)
def test_what_cannot_be_asked_is_said(words: list[str], said: str) -> None:
    done = call("threshold", "sister_cities", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_numbers_are_read_without_powers_of_ten_and_limits_as_they_are_set() -> None:
    """Catches 1e+03 on the screen, and a limit above zero that is shown as 4.94e-324."""
    assert [three_digits(value) for value in (1000.0, 123456.0, 0.2861, -2.0, 1e-5)] == [
        "1,000", "123,000", "0.286", "-2", "1e-05",
    ]  # fmt: skip
    scenario = load_scenario("baseline")
    knob, question = lever("events.dispute.severity", scenario), asked("cities_total", "1", 2030, 0.8, scenario)
    assert question.words == "cities_total +1 twinned place by 2030 in 80 % of worlds"
    never = Crossing(math.nan, math.nan, math.nan, 0.0, 0.0, math.nan, (), 10.0, "", ())
    assert "that is allowed (above 0 to 10)" in sentence(Threshold(knob, never, "x"), question)


@pytest.mark.slow
def test_a_lever_that_cannot_be_nothing_is_named() -> None:
    """Catches a budget of nothing told as if the user had set it."""
    words = ("threshold", "on_a_budget", "--lever", "budget.total_musd", "--outcome", "trade_total_busd", "--by", "1%")
    done = call(*words, "--worlds", 2)
    assert done.exit_code == 2
    said = " ".join(done.stderr.split())
    assert "budget.total_musd: it cannot be 0, from where values are tried: the policies would cost" in said


def test_a_lever_has_the_limits_of_its_field() -> None:
    scenario = load_scenario("combined", ["budget={total_musd: 1000}"])
    pairs = lever("policies.sister_cities.new_pairs_per_year", scenario)
    assert (pairs.low, pairs.high, pairs.now, pairs.limited) == (0.0, 1000.0, 20.0, True)
    assert lever("policies.sister_cities.ramp_years", scenario).whole
    assert not lever("budget.total_musd", scenario).limited
    assert lever("policies.trade_corridor#2.intensity", scenario).part == ("policies", 1)
    with pytest.raises(ScenarioError, match="trade_corridor#1 to policies"):
        lever("policies.trade_corridor.intensity", scenario)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*far outside its range")
def test_several_at_once_give_a_table_and_a_picture(case: Case, tmp_path: Path) -> None:
    words = ["threshold", case.folder / "scenarios" / "baseline.yaml", "--case", case.folder, "--worlds", 10,
             "--outcome", "trade:ALA-BOR", "--by", "1%", "--year", FIRST, "--parameter", TRADE,
             "--lever", "policies.regulatory_cooperation.intensity"]  # fmt: skip
    words += [word for text in (*SETS, TEXT, f"parameters.{TRADE}.low=0.004") for word in ("--set", text)]
    shown = fine(*words, "--out", tmp_path / "t")
    assert "Side by side" in shown
    table = pd.read_csv(tmp_path / "t" / "thresholds.csv")
    assert list(table["reached"]) == [True, True]
    assert (tmp_path / "t" / "threshold.png").exists()
    answers = parsed(*words)["thresholds"]
    assert [one["needed"] for one in answers] == pytest.approx(list(table["needed"]))


def test_a_reference_with_other_states_is_refused(tmp_path: Path) -> None:
    """Catches a tie read at the place that another one has: states of the two are counted differently."""
    file = tmp_path / "few.yaml"
    file.write_text(
        "title: Few\nhorizon: {start: 2023, end: 2040, now: 2026}\nstates: [CHN, KAZ, KGZ, RUS, TJK, UZB]\n"
    )
    told = call("threshold", "sister_cities", "--lever", "policies.sister_cities.new_pairs_per_year",
                "--outcome", "trade:KAZ-RUS", "--by", "1%", "--against", str(file), "--worlds", "8")  # fmt: skip
    assert told.exit_code == 2
    assert "few has other states or another start" in " ".join(told.stderr.split())
