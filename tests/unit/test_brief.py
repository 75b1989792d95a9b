"""The three sentences to take home: which is chosen, and what would overturn it, on tables worked out by hand."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest

from sco_sim.studies.brief import another_rule, first_of, what_is_worth_knowing, what_it_does, what_stands_in_the_way
from sco_sim.studies.comparison.answer import Answer, Sentence
from sco_sim.studies.worth.information import Choice, Worth
from sco_sim.studies.worth.options import Options
from tests.unit.command_line import fine, parsed

HARM = Sentence("harm", "Disputes rise.", ("disputes",), (("road", "disputes"),))
SHOWS = Sentence("shows", "Trade rises.", ("trade_total_busd",), (("road", "trade_total_busd"),))
STILL = Sentence("still", "Nothing else moves.", ("gdp_total_busd",))
TEXT = {"agreement": "road", "adopted_share": 0.25, "hold_out": "IND"}


def test_what_shows_goes_first_and_harm_is_not_left_out() -> None:
    said = Answer(("Few worlds.",), (HARM, SHOWS, STILL))
    weak = [{"scenario": "road", "outcome": "trade_total_busd", "other_sign": 0.2, "parameter": "cities.trade"}]
    one = what_it_does(said, weak, "sco-sim compare a b")
    assert one.text == "Few worlds. Trade rises. Disputes rise."
    assert "20 % of its draws" in one.overturned_by
    assert "`cities.trade`" in one.overturned_by
    assert first_of(Answer((), (HARM, STILL))) is HARM
    assert "nothing inside the ranges" in what_it_does(Answer((), (HARM,)), weak, "").overturned_by
    assert "sco-sim threshold" in what_it_does(Answer((), (STILL,)), [], "").overturned_by


def test_only_a_sign_that_is_told_can_overturn_it() -> None:
    """Catches the sign of another scenario, which moves the same outcome by next to nothing."""
    row = {"outcome": "trade_total_busd", "other_sign": 0.47, "parameter": ""}
    said = Answer((), (SHOWS,))
    assert "nothing inside" in what_it_does(said, [{**row, "scenario": "market"}], "").overturned_by
    both = Sentence("shows", "Trade rises.", ("trade_total_busd",), (*SHOWS.moved, ("market", "trade_total_busd")))
    weak = [{**row, "scenario": "market"}, {**row, "scenario": "road", "other_sign": 0.1}]
    told = what_it_does(Answer((), (both,)), weak, "", names={"market": "A market"}).overturned_by
    assert "has the other sign with A market, by no single entry" in told


@pytest.mark.parametrize(
    ("veto", "delivery", "begins"), [(0.4, 0.1, "Refusal costs s more"), (0.1, 0.4, "Delivery costs s more")]
)
def test_what_costs_more_stands_in_the_way(veto: float, delivery: float, begins: str) -> None:
    one = what_stands_in_the_way("s", {"veto": veto, "delivery": delivery}, [TEXT], "c", tried=True)
    assert one.text.startswith(begins)
    assert ("held up by IND" in one.text) == (veto > delivery)
    assert one.strength == 0.4
    none = what_stands_in_the_way("s", {"veto": veto, "delivery": delivery}, [], "c", tried=True)
    assert "nothing to a vote" in none.text
    assert not none.sure


def test_no_rule_is_named_that_is_not_surely_better() -> None:
    rules = {"consensus": (0.0, 0.0), "weighted": (0.05, 0.01), "opt_in": (0.2, 0.3)}
    one = another_rule(rules, "consensus", "c")
    assert one.text == "another rule: under weighted 5 points more are delivered"
    assert one.strength == 0.05
    assert not another_rule({"consensus": (0.0, 0.0), "opt_in": (0.2, 0.3)}, "consensus", "c").text


def test_only_what_is_surely_worth_knowing_is_named() -> None:
    options = Options(("a", "b"), Choice(np.array([[1.0, 0.0]] * 40)), {}, {"x": "judgement"}, "trade_total_busd", 2040)
    sure = {"x": Worth(2.0, 0.1, 0.3, 1), "y": Worth(0.1, 0.1, 0.1, 1)}
    one = what_is_worth_knowing(options, sure, "c")
    assert "`x` (judgement)" in one.text
    assert "30 % of cases" in one.text
    assert one.overturned_by.endswith("most often be b")
    assert "no single entry" in what_is_worth_knowing(options, {"y": sure["y"]}, "c").text


@pytest.mark.slow
def test_the_command_gives_three_sentences_each_with_its_command(tmp_path: Path) -> None:
    words = ("brief", "sister_cities", "--worlds", 40, "--set", "horizon.end=2030", "--out", tmp_path / "b")
    shown = fine(*words)
    for number in (1, 2, 3):
        assert f"\n{number}. " in shown
    assert shown.count("would be overturned by:") == 3
    commands = [one["command"] for one in parsed(*words)["sentences"]]
    assert [command.split()[1] for command in commands][:2] == ["compare", "rules"]
    worth = next(one for one in parsed(*words)["candidates"] if one["study"] == "worth")
    fine(*worth["command"].split()[1:])


@pytest.mark.slow
def test_few_worlds_and_a_club_of_ones_own_are_not_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a refusal of the whole because one study cannot be done, and a reference that is not the one named."""
    monkeypatch.chdir(tmp_path)  # the commands that it prints write into results/
    fine("new", "case", tmp_path / "club")
    scenarios = [tmp_path / "club" / "scenarios" / f"{name}.yaml" for name in ("baseline", "cooperation")]
    words = ("brief", *scenarios, "--case", tmp_path / "club", "--worlds", 10, "--set", "horizon.end=2030",
             "--out", tmp_path / "b")  # fmt: skip
    shown, record = fine(*words, "--all"), parsed(*words)
    assert [one["about"] for one in record["sentences"]][:2] == ["what it does", "what stands in the way"]
    for one in record["candidates"]:
        assert " ".join(one["why"].split()) in " ".join(shown.split())
    assert record["rule"] in " ".join(shown.split())
    silent = {one["study"]: one["lacking"] for one in record["candidates"] if not one["text"]}
    assert silent["routes"] == "the scenario builds no corridor"
    assert silent["worth"].startswith("it takes 40 settings")
    assert "`worth` says nothing: it takes 40 settings" in " ".join(fine(*words).split())
    for one in record["candidates"]:
        if one["text"]:
            assert ("--against" in one["command"]) == (one["study"] == "threshold")
            fine(*shlex.split(one["command"])[1:])
