"""One world told: what was tabled, blocked and paid is what the model did, and why is what was put into it."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from sco_sim.case.case import Case
from sco_sim.commands.trace import _told_apart
from sco_sim.engine.build import simulate
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.trace.facts import TERMS, Fact, difference
from sco_sim.studies.trace.trace import Trace
from tests.club import club
from tests.unit.command_line import call, fine, parsed

WORLD = 3
TEXTS = (
    "policies=[{regulatory_cooperation: {name: open_text, start: 2025, participants: [ALA, BOR, CYR]}}, "
    "{sister_cities: {start: 2026, decided_by: given, participants: all}}]"
)
SETS = (
    TEXTS, "horizon.end=2028", "events=[{dispute: {between: [ALA, BOR], year: 2026, severity: 2}}]",
    "parameters.quarrel.trade_spat=0.1", "parameters.quarrel.trade_war=0.5",
)  # fmt: skip


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The club."""
    return club(tmp_path_factory.mktemp("trace") / "club")


def scenario(case: Case, *sets: str) -> Scenario:
    """Two texts and a war."""
    return load_scenario(case.folder / "scenarios" / "baseline.yaml", [*SETS, *sets], case=case.folder)


@pytest.fixture(scope="module")
def blocked(case: Case) -> Trace:
    """A member refuses the open text until it asks no more; nobody is asked about the other."""
    return Trace(scenario(case, "decides={BOR: {fixed: {level: 0.1}}}"), case, WORLD, seed=1, replicates=1)


def of(trace: Trace, topic: str, subject: str) -> dict[int, Fact]:
    """Facts of a topic and subject by year."""
    return {fact.year: fact for fact in trace.facts if (fact.topic, fact.subject) == (topic, subject)}


def test_who_blocks_is_named_in_every_year_with_the_reason(blocked: Trace) -> None:
    facts = of(blocked, "council", "open_text")
    assert list(facts) == [2025, 2026, 2027, 2028]
    assert {fact.what for fact in facts.values()} == {"is blocked by BOR"}
    assert "it decides otherwise than by its stakes" in facts[2025].words
    assert of(blocked, "council", "sister_cities")[2026].what == "is given"


def test_an_adopted_text_that_nobody_pays_for_is_told(case: Case) -> None:
    """Catches a text that is adopted and does nothing, and a story that does not say why."""
    texts = TEXTS.replace("CYR]}", "CYR], payers: {BOR: 1}}")
    sets = (texts, "decision_rule={opt_in: {minimum: 2}}", "decides={ALA: {fixed: {level: 0.9}}, "
            "BOR: {fixed: {level: 0.1}}, CYR: {fixed: {level: 0.9}}}")  # fmt: skip
    told = Trace(scenario(case, *sets), case, WORLD, seed=1, replicates=1)
    (fact,) = of(told, "council", "open_text").values()
    assert fact.what == "is adopted"
    assert fact.words.endswith("none of those named to pay adopts it, so nothing of it is carried out.")
    assert not of(told, "delivery", "open_text")


def test_the_reason_is_the_term_that_was_put_in(case: Case) -> None:
    """Outside pressure, which only CYR feels, is named. Catches terms of another state or sign."""
    pressed = "events=[{outside_pressure: {on: [CYR], start: 2025, end: 2028}}]"
    sets = (pressed, "parameters.council.pressure=1.5", "parameters.council.wobble=0")
    facts = of(Trace(scenario(case, *sets), case, WORLD, seed=1, replicates=1), "council", "open_text")
    assert facts[2025].what == "is blocked by CYR"
    assert facts[2025].words.index(TERMS["pressure"]) < len(facts[2025].words)


def test_a_war_is_told_with_what_it_takes_of_trade(blocked: Trace) -> None:
    """Severity 2 is a spat of 1 and a war of 1: it takes 1 - exp(-0.6) of the trade."""
    words = of(blocked, "dispute", "ALA-BOR")[2026].words
    assert "a war breaks out, as dated" in words
    assert f"It takes {100.0 * (1.0 - math.exp(-0.6)):.0f} % of the year's trade" in words


@pytest.mark.parametrize(
    ("first", "second", "blamed"),
    [(2, 1, "an earlier war"), (2, 0.1, "an earlier war"), (1, 0.1, "an earlier dispute")],
)
def test_a_dispute_is_not_blamed_for_one_before_it(case: Case, first: float, second: float, blamed: str) -> None:
    """Catches a spat that is said to take most of the trade, since a war of the years before still does."""
    both = [
        f"{{dispute: {{between: [ALA, BOR], year: {year}, severity: {severity}}}}}"
        for year, severity in ((2026, first), (2027, second))
    ]
    sets = (f"events=[{', '.join(both)}]",)
    found = of(Trace(scenario(case, *sets), case, WORLD, seed=1, replicates=1), "dispute", "ALA-BOR")
    assert " It takes " in found[2026].words
    assert f"With what is left of {blamed} it takes" in found[2027].words


def test_what_is_paid_adds_up_to_what_the_world_costs(blocked: Trace) -> None:
    paid = sum(fact.value for fact in blocked.facts if fact.topic == "money")
    assert paid == pytest.approx(blocked.last["cost_musd"], abs=4 * 0.5)
    assert paid > 0.0


def test_the_world_is_that_of_every_run(case: Case, blocked: Trace) -> None:
    """Catches watching that changes what is watched, and another world of the same number."""
    one = scenario(case, "decides={BOR: {fixed: {level: 0.1}}}")
    block = simulate(one, case=case, worlds=range(WORLD + 2), years=[2028])
    for key, value in blocked.last.items():
        assert block.metrics[key][WORLD, 0] == value or math.isnan(value), key


def test_reasons_have_words_for_every_term_of_readiness(case: Case) -> None:
    from sco_sim.components.readiness import stakes
    from sco_sim.engine.build import build_model

    model = build_model(scenario(case), case=case)
    model.step()
    assert set(stakes(model.year, model.agreements[0])) <= set(TERMS)


def test_two_scenarios_of_one_name_are_told_apart() -> None:
    """Catches [combined only] under combined: a run under another view, or a file of the same name."""
    one, believer = load_scenario("baseline"), load_scenario("baseline", ["view=documents"])
    assert _told_apart(one, load_scenario("combined")) == ("baseline", "combined")
    assert _told_apart(one, believer) == ("baseline", "baseline [belief: documents]")
    assert _told_apart(one, one) == ("baseline (first)", "baseline (second)")


def test_the_difference_of_two_scenarios() -> None:
    def fact(what: str, value: float = 0.0, year: int = 2030) -> Fact:
        return Fact(year, "council", "text", what, f"{what} {value}", value)

    apart = difference(
        [fact("is adopted", 0.6), fact("waits", 1.0, 2031), fact("a")],
        [fact("is adopted", 0.8), fact("waits", 1.01, 2031)],
    )
    assert [one.what for one in apart.only_here] == ["a"]
    assert not apart.only_there
    assert [(here.value, there.value) for here, there in apart.otherwise] == [(0.6, 0.8)]


@pytest.mark.slow
def test_the_command_tells_compares_and_writes(case: Case, tmp_path: Path) -> None:
    file, other = case.folder / "scenarios" / "baseline.yaml", case.folder / "scenarios" / "cooperation.yaml"
    words = ["trace", other, "--case", case.folder, "--world", 1, "--set", "horizon.end=2030"]
    told = fine(*words, "--out", tmp_path / "t.csv")
    assert "World 1 of" in told
    assert "million USD is paid" in told or "is blocked by" in told
    assert set(pd.read_csv(tmp_path / "t.csv")["scenario"]) == {"cooperation"}
    against = fine(*words, "--against", file)
    assert "[cooperation only]" in against
    assert "Where it ends, 2030" in against
    answer = parsed(*words, "--against", file)
    assert answer["against"] == "baseline"
    assert answer["difference"]["only_here"]
    assert answer["stored"] is None
    wrong = call("trace", other, "--case", case.folder, "--against", "combined")
    assert wrong.exit_code == 2
    assert "Traceback" not in wrong.output


@pytest.fixture(scope="module")
def stored(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three worlds of a run of seed 5."""
    folder = tmp_path_factory.mktemp("stored") / "run"
    fine("run", case.folder / "scenarios" / "cooperation.yaml", "--case", case.folder, "--worlds", 3, "--seed", 5,
         "--set", "horizon.end=2027", "--out", folder)  # fmt: skip
    return folder


def test_a_world_beyond_those_stored_is_said_to_be_simulated_anew(stored: Path) -> None:
    """Catches a history that is taken for one of those behind the numbers of a folder."""
    inside, beyond = call("trace", stored, "--world", 2), call("trace", stored, "--world", 3)
    assert "World 2 of" in inside.stdout
    assert "none of" not in inside.stderr
    assert "seed 5" in inside.stdout
    assert f"world 3 is none of the 3 worlds stored in {stored}: it is simulated anew" in beyond.stderr
    assert beyond.exit_code == 0
    assert parsed("trace", stored, "--world", 2)["stored"] is True


def test_a_stored_world_that_comes_out_otherwise_is_refused(stored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = StoredRun.metrics
    monkeypatch.setattr(StoredRun, "metrics", lambda run, years=None: metrics(run, years).assign(cohesion=0.5))
    told = call("trace", stored, "--world", 1)
    assert told.exit_code != 0
    assert "does not come out as it is stored" in told.stderr


def test_what_a_stored_run_has_fixed_is_not_read_over(case: Case, stored: Path) -> None:
    """Catches a seed that is typed and ignored, and another scenario's world of another seed or length beside it."""
    file = case.folder / "scenarios" / "baseline.yaml"
    for words, said in (
        (("trace", stored, "--seed", 1), "what is stored has its own --seed"),
        (("trace", stored, "--replicates", 1, "--seed", 5), "its own --seed and --replicates"),
        (("trace", stored, "--set", "horizon.end=2026"), "whose scenario cannot be changed"),
        (("trace", file, "--case", case.folder, "--against", stored, "--seed", 1), "give --seed 5 --replicates 1"),
        (("trace", stored, "--against", file), "baseline ends in"),
        (("worth", stored, "--outcome", "cohesion", "--worlds", 400), "what is stored has its own --worlds"),
    ):
        told = call(*words)
        assert told.exit_code == 2, words
        assert said in " ".join(told.stderr.split()), told.stderr
