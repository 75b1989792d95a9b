"""Which sentences are taken home: the rule on made candidates, and each study's candidate on cases worked by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import pytest

from sco_sim.numerics.arrays import Array
from sco_sim.scenario.load import load_scenario
from sco_sim.scenario.schema import Scenario
from sco_sim.shipped import shipped_scenarios
from sco_sim.studies.candidates.candidate import (
    CHANGES,
    DOES,
    KNOWING,
    STANDS,
    Candidate,
    best,
    judged,
    lacks,
    three,
)
from sco_sim.studies.candidates.structure import of_closures, of_quarrels, package, payment
from sco_sim.studies.candidates.unknown import beyond, of_views, promise, single
from sco_sim.studies.packages.study import Packages
from sco_sim.studies.routes import Closure, Loss
from sco_sim.studies.threshold.knobs import Knob
from sco_sim.studies.threshold.promises import Needed
from sco_sim.studies.threshold.search import Crossing
from sco_sim.studies.views.split import Pair

DID = Candidate(DOES, "Trade rises.", "compare", "nothing")
REFUSED = Candidate(STANDS, "Refusal.", "rules", "nothing that was tried", "rules", 0.2)
ROUTE = Candidate(STANDS, "A border.", "routes", "x", "routes", 0.5, if_ever=True)
QUARREL = Candidate(STANDS, "A quarrel.", "cascade", "x", "cascade", 0.6, sure=False, if_ever=True)
RULE = Candidate(CHANGES, "another rule", "rules", "x", "rules", 0.05)
PACKAGE = Candidate(CHANGES, "a package", "packages", "x", "packages", 0.1)
WORTH = Candidate(KNOWING, "An entry.", "worth", "x", "worth", 0.4)
VIEWS = Candidate(KNOWING, "A belief.", "views", "x", "views", 0.3)


def texts(*every: Candidate) -> list[str]:
    return [one.text for one in three(every)]


def test_the_three_are_the_largest_that_are_sure() -> None:
    every = [DID, REFUSED, ROUTE, RULE, PACKAGE, VIEWS, WORTH]
    first, second, third = three(every)
    assert (first, third) == (DID, WORTH)
    assert second.text == "Refusal."
    assert second.overturned_by == "a package (`packages`)"
    assert texts(*every) == texts(*reversed(every))


def test_what_is_lost_only_if_something_happens_comes_after_what_is_lost_as_things_stand() -> None:
    assert best([ROUTE, REFUSED], STANDS) is REFUSED
    unsure = Candidate(STANDS, "It tables nothing.", "rules", "a text", "rules", sure=False)
    assert best([unsure, ROUTE, QUARREL], STANDS) is ROUTE
    assert three([unsure, ROUTE, RULE])[0].overturned_by == "x"


def test_without_anything_sure_the_one_as_things_stand_is_said_and_a_remedy_is_not() -> None:
    unsure = Candidate(STANDS, "It tables nothing.", "rules", "a text", "rules", sure=False)
    assert best([QUARREL, unsure], STANDS) is unsure
    assert best([Candidate(CHANGES, "a rule", "r", "x", "rules", 0.9, sure=False)], CHANGES) is None
    assert texts(DID, REFUSED, lacks(KNOWING, "worth", "w", "it takes 40 settings")) == ["Trade rises.", "Refusal."]


def test_every_candidate_says_why() -> None:
    every = [DID, REFUSED, ROUTE, QUARREL, RULE, PACKAGE, WORTH, VIEWS, lacks(KNOWING, "x", "x", "too few")]
    why = {one.candidate.text: one.why for one in judged(every)}
    assert sum(one.chosen for one in judged(every)) == 4
    assert why == {
        "Trade rises.": "chosen",
        "Refusal.": "chosen: 20 %: the largest that is sure",
        "A border.": "not chosen: 50 %: only if it happens, and something is lost as things stand",
        "A quarrel.": "not chosen: 60 %: not surely above nothing",
        "another rule": "not chosen: 5 %: less than another",
        "a package": "chosen: 10 %: the largest that is sure",
        "An entry.": "chosen: 40 %: the largest that is sure",
        "A belief.": "not chosen: 30 %: less than another",
        "": "nothing to say: too few",
    }


def test_the_dearest_closure_counts_what_it_costs_and_what_it_cuts_off() -> None:
    def closure(name: str, musd: float, stranded: float) -> Closure:
        loss = Loss(("A", "B"), 1.0, 1.0, 1.0, musd)
        return Closure("border", name, name, (loss,), 1.0, musd, stranded, {})

    one = of_closures([closure("A-B", 30.0, 0.0), closure("B-C", 10.0, 40.0)], 1000.0, "c")
    assert one.strength == pytest.approx(0.05)
    assert one.if_ever
    assert one.text.startswith("Closing the border B-C to freight on land would cost the members 50 million USD")
    assert "40 million USD of it without another way" in one.text
    assert one.overturned_by.endswith("closing the border A-B to freight on land, costs 3 %")
    assert not of_closures([], 1000.0, "c").text


def test_the_dearest_quarrel_is_told_with_how_often_another_is_dearer() -> None:
    lost = {("A", "B"): np.array([0.1, 0.2, 0.3, 0.2]), ("A", "C"): np.array([0.2, 0.1, 0.1, 0.1])}
    one = of_quarrels(lost, {("A", "B"): 0.25, ("A", "C"): 0.0}, np.arange(4), 2027, "c")
    assert one.strength == pytest.approx(0.2)
    assert one.sure
    assert "cost the members 20 % of their trade in the ten years after it, 25 % of that on ties of others" in one.text
    assert "costs more in up to 25 % of worlds" in one.overturned_by
    assert not of_quarrels({("A", "B"): np.array([0.1, -0.1])}, {("A", "B"): 0.0}, np.arange(2), 2027, "c").sure


def packages_of(packages: Sequence[Mapping[str, object]], bargains: Sequence[Mapping[str, object]] = ()) -> Packages:
    alone = pd.DataFrame({"text": ["a", "b", "d"], "share": [0.2, 0.8, 1.0]})
    none = pd.DataFrame()
    return Packages(
        2030, "consensus", 400, 0.01, alone, pd.DataFrame(packages), none, pd.DataFrame(bargains), none, none
    )


def test_a_package_gains_what_it_brings_through_less_what_it_spoils() -> None:
    rows = [
        {"package": "a + b", "size": 2, "share": 0.8, "share_parts": 0.2, "lost": 0.0},
        {"package": "b + d", "size": 2, "share": 0.6, "share_parts": 0.8, "lost": 0.2},
    ]
    one = package(packages_of(rows), "c")
    assert one.strength == pytest.approx((2 * 0.8 - 1.0) / 3)
    assert one.sure
    assert "pass in 80 % of settings, all of them alone in 20 %" in one.text
    assert not package(packages_of(rows[1:]), "c").text
    assert not package(packages_of([]), "c").text


def test_a_payment_counts_the_settings_in_which_it_can_be_made() -> None:
    rows = [
        {"of": "a", "asked": 0.8, "share_paid": 0.5, "total_median_musd": 12.0},
        {"of": "a + b", "asked": 1.0, "share_paid": 1.0, "total_median_musd": 1.0},
    ]
    one = payment(packages_of([], rows), "c")
    assert one.strength == pytest.approx(0.4 / 3)
    assert "bought in 40 % of settings, for 12 million USD a year" in one.text
    assert not payment(packages_of([], [rows[0] | {"share_paid": math.nan}]), "c").text
    assert not payment(packages_of([]), "c").text


def test_an_entry_is_worth_knowing_as_often_as_it_lies_beyond_what_it_takes() -> None:
    knob, draws = Knob("parameters.x", "x", "", -1.0, 1.0, 0.0, (-0.5, 0.5)), np.array([-0.4, -0.1, 0.2, 0.3, 0.4])
    assert beyond(knob, 0.25, draws) == pytest.approx(0.4)
    assert beyond(knob, -0.1, draws) == pytest.approx(0.4)
    assert beyond(knob, 0.0, draws) == beyond(knob, math.nan, draws) == beyond(knob, math.inf, draws) == 0.0


def test_the_promise_nearest_to_being_kept_is_worth_knowing_as_often_as_it_would_be() -> None:
    """Two of five draws lie beyond what it takes; a promise of which nothing is drawn says nothing."""
    knob = Knob("parameters.cities.trade", "x", "", -1.0, 1.0, 0.0, (-0.5, 0.5))
    crossing = Crossing(0.25, 0.2, 0.3, 0.8, 1.0, math.nan, (), 1.0, "", ((0.0, 0.0), (1.0, 0.9)))

    class Study:
        worlds = 32

        def nearest(self, only: Sequence[str]) -> tuple[Needed, float] | None:
            assert only == ["sister_cities"]
            return Needed("sister_cities", "trade", 1, (45, 45), knob, crossing, 0.1), 0.7

    def asked(draws: Mapping[str, Array]) -> Candidate:
        return promise(["sister_cities"] * 2, draws, Study(), lambda key: f"promises {key}")  # type: ignore[arg-type]

    one = asked({"cities.trade": np.array([-0.4, -0.1, 0.2, 0.3, 0.4])})
    assert one.text.startswith(
        "Nearest to being kept is what is promised of sister_cities, alone and at full strength,"
    )
    assert "`cities.trade` is at least 0.25" in one.text
    assert "70 % of worlds get there at the better end of what is known of it, 10 % as it is drawn" in one.overturned_by
    assert (one.strength, one.study, one.command) == (pytest.approx(0.4), "promises", "promises sister_cities")
    assert asked({}).lacking


def test_halving_gives_the_entry_that_brings_it_alone() -> None:
    names = list("abcdefg")
    assert single(names, lambda some: "e" in some) == "e"
    assert single(names, lambda some: {"a", "g"} <= set(some)) is None
    assert single([], lambda some: True) is None


def test_the_belief_that_splits_the_views_is_named() -> None:
    """Under the second view trade rises by its entry `cities.trade` alone; the other entry does nothing."""
    base = load_scenario(shipped_scenarios() / "sister_cities.yaml")
    plain = base.model_copy(update={"policies": ()})

    def under(view: str, *entries: str) -> Pair:
        given = {name: f"{view} {name}" for name in entries}
        return Pair(*(one.model_copy(update={"parameters": given, "view": view}) for one in (plain, base)))

    def read(scenario: Scenario) -> Mapping[str, Array]:
        up = "cities.trade" in scenario.parameters and bool(scenario.policies)
        noise = np.array([1.0, -1.0, 0.5, -0.5]) * bool(scenario.policies)
        return {"trade_total_busd": 10.0 * up + noise, "gdp_total_busd": np.zeros(4)}

    pairs = {"evidence": under("evidence"), "documents": under("documents", "trust.contact_effect", "cities.trade")}
    outcomes = ("trade_total_busd", "gdp_total_busd")
    one = of_views(pairs, outcomes, read, np.arange(4), 2030, "c")
    assert one.strength == pytest.approx(0.5)
    assert "With `cities.trade` alone as documents (belief) has it, evidence says so too." in one.text
    assert "documents (belief) says up" in one.text
    same = {"evidence": under("evidence"), "sceptic": under("sceptic", "trust.contact_effect")}
    assert not of_views(same, outcomes, read, np.arange(4), 2030, "c").text
