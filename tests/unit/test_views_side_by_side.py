"""Several views at once: who concludes what, and the entry that splits them, on a club with a known answer."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sco_sim.case.case import Case
from sco_sim.case.changes import Override
from sco_sim.engine.build import read_at_start
from sco_sim.engine.numbering import settings_of
from sco_sim.errors import ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.views.choices import choice
from sco_sim.studies.views.conclusions import Conclusion, Stated, sentence, views_of
from sco_sim.studies.views.search import FEW, splits
from sco_sim.studies.views.split import Measure, Pair, content, entries, stand, switched
from sco_sim.studies.views.worlds import OfYear
from tests.club import FIRST, SECTORS, SETS, TEXT, agreement, club
from tests.unit.command_line import call, fine, parsed
from tests.worlds import CASE

TRADE = "regulatory_cooperation.trade"
OPTIMIST = f"""title: It works
overrides:
  {TRADE}: {{value: 0.02, reason: a, source: b}}
  trade.common_noise: {{value: 0.1, reason: a, source: b}}
"""
DOUBTER = f"""title: It does not
overrides:
  {TRADE}: {{value: 0, reason: a, source: b}}
  trade.common_noise: {{value: 0.02, reason: a, source: b}}
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The club, with two views that differ in two entries, of which one moves the outcome."""
    made = club(tmp_path_factory.mktemp("views") / "club")
    (made.folder / "optimist.yaml").write_text(OPTIMIST, encoding="utf-8")
    (made.folder / "doubter.yaml").write_text(DOUBTER, encoding="utf-8")
    return made


def under(case: Case, view: str) -> Pair:
    """With and without the text, under a view."""
    scenario = agreement(case, f"view={case.folder / view}.yaml")
    return Pair(scenario.model_copy(update={"policies": ()}), scenario)


def test_the_entry_in_which_two_views_differ_is_named_with_the_whole_gap(case: Case) -> None:
    """Trade is exp(3 p) times what it is without: the entry p makes all of the gap, and shared noise none."""
    mine, theirs = under(case, "optimist"), under(case, "doubter")
    assert set(entries(mine.right, theirs.right)) == {TRADE, "trade.common_noise"}
    measure = OfYear(case, ["trade_total_busd"], FIRST, worlds=12)
    found = splits(mine, theirs, ["trade_total_busd"], lambda _: measure, settings_of(range(12), 1))
    (first, *rest) = found["trade_total_busd"]
    assert first.entry == TRADE
    assert first.alone
    assert first.share == pytest.approx(1.0)
    assert first.stand.sign == "none"
    assert all(not one.alone and abs(one.share) < 0.2 for one in rest)
    left, right = (measure(one)["trade_total_busd"] for one in (mine.left, mine.right))
    assert right / left == pytest.approx(math.exp(SECTORS * 0.02), rel=1e-9)


def test_what_is_switched_is_one_belief(case: Case) -> None:
    mine, theirs = under(case, "optimist").right, under(case, "doubter").right
    other = switched(mine, theirs, TRADE)
    assert other.parameters[TRADE].value == 0.0
    assert {name for name in mine.parameters if mine.parameters[name] != other.parameters[name]} == {TRADE}
    level = load_scenario("baseline", ["view=documents"])
    assert "hazard_on" in entries(level, load_scenario("baseline"))
    assert switched(level, load_scenario("baseline"), "hazard_on").hazard_on == "none"
    gone = switched(level, load_scenario("baseline"), "trust.contact_effect")
    assert "trust.contact_effect" not in gone.parameters


def test_entries_of_policies_that_nobody_has_are_left_out() -> None:
    views = [load_scenario("baseline", [f"view={view}"]) for view in ("documents", "evidence")]
    names = entries(*views)
    assert "trust.contact_effect" in names
    assert not any(name.startswith("heritage_protection.") for name in names)


def test_entries_of_a_dispute_are_tried_without_a_dispute_that_is_dated() -> None:
    """Catches `dispute.trust` left out where no dispute is dated: those that break out by chance read it too."""
    views = [load_scenario("no_events", [f"view={view}"]) for view in ("documents", "evidence")]
    names = entries(*views)
    assert "dispute.trust" in names
    assert not any(name.startswith("war_nearby.") for name in names)


def test_what_a_scenario_does_not_read_makes_it_no_other() -> None:
    one, other, third = (
        load_scenario("no_events", [f"parameters.{name}=0.1"] if name else [])
        for name in ("", "war_nearby.trust", "trust.contact_effect")
    )
    assert content(one) == content(other) != content(third)


def test_many_at_once_are_each_by_itself_to_the_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an entry that bears on the start and is only drawn anew, and draws that go to the wrong copy."""
    one, other = (load_scenario("combined", [f"view={view}"]) for view in ("documents", "evidence"))
    wider = {"trust.level_rate": Override(low=0.2, high=0.3)}
    other = other.model_copy(update={"parameters": {**other.parameters, **wider}})
    names = ["trust.contact_effect", "hazard_on", "dispute.trust", "trust.level_rate", "people_to_people.people"]
    assert set(names) <= set(entries(one, other))
    assert "trust.level_rate" in read_at_start(one, CASE)
    assert "trust.contact_effect" not in read_at_start(one, CASE)
    keys = ["conflict_share_observed_mean", "trade_total_busd"]
    monkeypatch.setattr("sco_sim.studies.views.worlds.AT_ONCE", 10)
    how = {"worlds": 5, "replicates": 2, "seed": 3}
    together = OfYear(CASE, keys, 2029, **how).each(one, other, names)
    alone = OfYear(CASE, keys, 2029, **how)
    for name in names:
        values = alone(switched(one, other, name))
        assert all(np.array_equal(together[name][key], values[key]) for key in keys), name


class Made:
    """Differences made of the beliefs of a scenario: each entry adds its size and noise of its own."""

    def __init__(self, sizes: Mapping[str, float], noise: float) -> None:
        self.sizes, self.noise, self.simulated = sizes, noise, 0

    def __call__(self, worlds: int) -> Measure:
        def measure(scenario: Scenario) -> Mapping[str, Array]:
            self.simulated += worlds
            total = np.random.default_rng(1).normal(scale=self.noise, size=400)
            for number, (name, size) in enumerate(self.sizes.items()):
                if name in scenario.parameters:
                    total += size * np.random.default_rng(number).normal(1.0, 1.0, size=400)
            return {"x": total[:worlds] * bool(scenario.policies)}

        return measure


@pytest.mark.parametrize("seed", range(6))
def test_few_worlds_first_give_what_all_worlds_give(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an entry that is named, or brings the conclusion, on all worlds, and is given up after few."""
    base, policies = load_scenario("baseline"), load_scenario("sister_cities").policies
    believed = load_scenario("baseline", ["view=documents"])
    names, draws = entries(believed, base)[:30], np.random.default_rng(seed)
    made = Made(dict(zip(names, draws.normal(0.0, 0.1, size=30) ** 3 * 30.0, strict=True)), noise=0.3 * draws.random())
    view = base.model_copy(update={"parameters": {name: believed.parameters[name] for name in names}})
    pairs = [Pair(one, one.model_copy(update={"policies": policies})) for one in (view, base)]
    quick = splits(*pairs, ["x"], made, np.arange(200))["x"]
    spent, made.simulated = made.simulated, 0
    monkeypatch.setattr("sco_sim.studies.views.search.FEW", 1000)
    slow = splits(*pairs, ["x"], made, np.arange(200))["x"]
    assert spent < 0.7 * made.simulated
    said = {"a": Stated(1.0, 1.0, 1.0, 0.0, "up"), "b": Stated(0.0, 0.0, 0.0, 0.0, "open")}
    one = Conclusion("s", "x", "X", "", 2030, said)
    assert sentence(replace(one, splits={("a", "b"): quick})) == sentence(replace(one, splits={("a", "b"): slow}))
    assert [part for part in quick if part.alone] == [part for part in slow if part.alone]
    exact = {part.entry: part.share for part in slow}
    for part in quick:
        assert part.worlds in (FEW, 200)
        assert abs(part.share - exact[part.entry]) <= (0.0 if part.worlds == 200 else 5.0 * part.error)


@pytest.mark.parametrize("others", [0, 5])
def test_the_one_entry_that_two_views_differ_in_is_named_however_rare_its_effect(others: int) -> None:
    """Catches an entry left out since it moves nothing in the first worlds: a dispute in one world of a hundred."""
    base, policy = load_scenario("baseline"), load_scenario("sister_cities").policies

    def measure(scenario: Scenario) -> Mapping[str, Array]:
        late = np.arange(100) == 90
        return {"x": late * float("council.base" in scenario.parameters and bool(scenario.policies))}

    believed = load_scenario("baseline", ["view=documents"])
    sets = {name: believed.parameters[name] for name in entries(believed, base)[:others]}
    other = load_scenario("baseline", ["parameters.council.base=0.1"])
    view = base.model_copy(update={"parameters": {**sets, **other.parameters}})
    pairs = [Pair(one, one.model_copy(update={"policies": policy})) for one in (base, view)]
    (one,) = splits(*pairs, ["x"], lambda worlds: lambda s: {"x": measure(s)["x"][:worlds]}, np.arange(100))["x"]
    assert (one.entry, one.share, one.alone) == ("council.base", 1.0, True)


def test_two_entries_that_only_work_together_are_not_called_one() -> None:
    """Catches an entry that is named though switching it changes nothing, and a share of more than all."""
    base = load_scenario("baseline")

    def measure(scenario: Scenario) -> Mapping[str, Array]:
        both = {"cities.trade", "trust.contact_effect"} <= set(scenario.parameters)
        return {"x": np.full(10, float(both and bool(scenario.policies)))}

    policy = load_scenario("sister_cities").policies
    other = load_scenario("baseline", ["parameters.cities.trade=0.01", "parameters.trust.contact_effect=0.1"])
    pairs = [Pair(one, one.model_copy(update={"policies": policy})) for one in (base, other)]
    assert splits(*pairs, ["x"], lambda _: measure, np.arange(10))["x"] == []
    said = {"a": Stated(0.0, 0.0, 0.0, 0.0, "none"), "b": Stated(1.0, 1.0, 1.0, 0.0, "up")}
    one = replace(Conclusion("s", "x", "X", "", 2030, said), splits={("a", "b"): []})
    assert "several entries together" in sentence(one)[1]


def test_where_a_difference_stands() -> None:
    ramp, settings = np.linspace(0.9, 1.1, 50), np.arange(50)
    assert stand(np.zeros(50), ramp, settings).sign == "up"
    assert stand(ramp, np.zeros(50), settings).sign == "down"
    assert stand(ramp, ramp, settings).sign == "none"
    assert stand(np.zeros(50), ramp - 1.0, settings).sign == "open"


def test_views_agree_on_an_option_that_is_as_good_as_the_best_under_each() -> None:
    """Under a the first is best and the second as good; under b the second is surely best: both can say the second."""
    noise, settings = np.random.default_rng(1).normal(size=200), np.arange(200)
    good = np.stack([noise * 0.0, np.full(200, 1.0) + noise, np.full(200, 0.98) - noise])
    second = np.stack([noise * 0.0, np.full(200, 0.2) + noise * 0.1, np.full(200, 1.0)])
    one, says = choice("what", "trade_total_busd", 2030, ["none", "x", "y"], {"a": good, "b": second}, settings)
    assert says == {"a": 2, "b": 2}
    assert not one.differs
    surely = np.stack([noise * 0.0, np.full(200, 2.0), np.full(200, 1.0)])
    two, says = choice("what", "trade_total_busd", 2030, ["none", "x", "y"], {"a": surely, "b": second}, settings)
    assert says == {"a": 1, "b": 2}
    assert two.differs
    low, _ = choice("what", "disputes", 2030, ["none", "x", "y"], {"a": surely}, settings)
    assert low.by_view["a"].says == "none"


@pytest.mark.parametrize("text", ["documents,", ",", "documents,documents"])
def test_what_is_no_list_of_views(text: str) -> None:
    with pytest.raises(ScenarioError, match="no list of views"):
        views_of(text)


@pytest.mark.slow
def test_an_unknown_view_among_several_is_named() -> None:
    done = call("compare", "baseline", "combined", "--view", "documents,sceptik", "--worlds", 2)
    assert done.exit_code == 2
    assert "did you mean 'sceptic'?" in done.stderr


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*far outside its range")
def test_compare_sets_views_side_by_side_and_calls_belief_belief(case: Case, tmp_path: Path) -> None:
    baseline = case.folder / "scenarios" / "baseline.yaml"
    (case.folder / "scenarios" / "text.yaml").write_text(f"extends: baseline.yaml\npolicies: {TEXT[9:]}\n", "utf-8")
    views = ",".join([f"{case.folder}/optimist.yaml", f"{case.folder}/doubter.yaml", "evidence"])
    words: list[object] = ["compare", baseline, case.folder / "scenarios" / "text.yaml", "--case", case.folder,
                           "--worlds", 12, "--no-figures", "--years", FIRST, "--set", f"horizon.end={FIRST + 2}",
                           "--view", views]  # fmt: skip
    words += [word for text in SETS for word in ("--set", text)]
    shown = fine(*words, "--out", tmp_path / "c", "--report")
    assert "optimist (belief)" in shown
    page = (tmp_path / "c" / "report.html").read_text(encoding="utf-8")
    assert "sco-sim compare" in page
    assert "optimist (belief)" in page
    assert fine("report", tmp_path / "c", "--out", tmp_path / "again.html").startswith(str(tmp_path / "again.html"))
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == page
    assert "Belief: what is shown under" in shown
    assert f"split by `{TRADE}`" in shown
    table = pd.read_csv(tmp_path / "c" / "views.csv")
    assert set(table["belief"]) == {True, False}
    own = table[table["outcome"] == "trade_total_busd"].set_index("view")["conclusion"]
    assert own["doubter"] == "none"
    assert own["optimist"] != "none"
    assert len(list((tmp_path / "c").glob("*/comparison.csv"))) == 3
    of_several = call("worth", tmp_path / "c", "--outcome", "trade_total_busd")
    assert f"give one of the comparisons in it: {tmp_path / 'c' / 'doubter'}" in " ".join(of_several.stderr.split())
    answer = parsed(*words, "--out", tmp_path / "d")
    assert [one["belief"] for one in answer["views"]] == [True, True, False]
    assert answer["report"] is None
    assert json.dumps(answer)


@pytest.mark.slow
def test_effects_portfolio_and_sweep_take_several(tmp_path: Path) -> None:
    shown = fine("effects", "sister_cities", "--view", "documents,sceptic", "--worlds", 12, "--out", tmp_path / "e")
    assert "split by `sister_cities.diffusion`" in shown
    assert (tmp_path / "e" / "views.csv").exists()
    mixes = ["portfolio", "on_a_budget", "--view", "documents,sceptic", "--worlds", 4, "--own-rule", "--budget", 400]
    assert "best mix for trade_total_busd" in fine(*mixes, "--out", tmp_path / "p")
    assert (tmp_path / "p" / "documents" / "portfolio.csv").exists()
    (tmp_path / "few.yaml").write_text(
        "title: Few\nscenarios: [sister_cities]\nsweep:\n  factors:\n    pairs: {path: "
        "policies.sister_cities.new_pairs_per_year, low: 5, high: 40}\n  design: {points: [{pairs: 5}, {pairs: 40}]}\n"
        "  worlds: 6\n  outcomes: [cities_total, trust_min]\n  years: [2030]\n",
        encoding="utf-8",
    )
    swept = fine("sweep", tmp_path / "few.yaml", "--view", "documents,sceptic", "--out", tmp_path / "s")
    assert "best point for cities_total" in swept
    assert "pairs 40" in swept
    dry = parsed("sweep", tmp_path / "few.yaml", "--view", "documents,sceptic", "--dry-run")
    assert {view: one["worlds"] for view, one in dry["views"].items()} == {"documents": 12, "sceptic": 12}
    assert dry["worlds"] == 24
    refused = call("sweep", tmp_path / "few.yaml", "--view", "documents,sceptic", "--until", "cities_total: 1")
    assert "--until goes with one view" in refused.stderr
    table = pd.read_csv(fine("export", tmp_path / "s", "--format", "iamc").strip())
    assert set(table["scenario"]) == {
        f"sister_cities [belief: {view}] point {point}" for view in ("documents", "sceptic") for point in (0, 1)
    }
    csv = fine("export", tmp_path / "s", "--out", tmp_path / "csv").split()
    assert {Path(name).parent.name for name in csv} == {"documents", "sceptic"}
