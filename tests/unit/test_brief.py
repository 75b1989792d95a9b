"""The three sentences to take home: which is chosen, and what would overturn it, on tables worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sco_sim.studies.brief import first_of, what_is_worth_knowing, what_it_does, what_stands_in_the_way
from sco_sim.studies.comparison.answer import Answer, Sentence
from sco_sim.studies.worth.information import Choice, Worth
from sco_sim.studies.worth.options import Options
from tests.unit.command_line import fine, parsed

HARM = Sentence("harm", "Disputes rise.", ("disputes",))
SHOWS = Sentence("shows", "Trade rises.", ("trade_total_busd",))
STILL = Sentence("still", "Nothing else moves.", ("gdp_total_busd",))
TEXT = {"agreement": "road", "adopted_share": 0.25, "hold_out": "IND"}


def test_what_shows_goes_first_and_harm_is_not_left_out() -> None:
    said = Answer(("Few worlds.",), (HARM, SHOWS, STILL))
    weak = [{"outcome": "trade_total_busd", "other_sign": 0.2, "parameter": "cities.trade"}]
    one = what_it_does(said, weak, "sco-sim compare a b")
    assert one.text == "Few worlds. Trade rises. Disputes rise."
    assert "20 % of its draws" in one.overturned_by
    assert "`cities.trade`" in one.overturned_by
    assert first_of(Answer((), (HARM, STILL))) is HARM
    assert "nothing inside the ranges" in what_it_does(Answer((), (HARM,)), weak, "").overturned_by
    assert "sco-sim threshold" in what_it_does(Answer((), (STILL,)), [], "").overturned_by


@pytest.mark.parametrize(
    ("veto", "delivery", "begins"), [(0.4, 0.1, "Refusal costs s more"), (0.1, 0.4, "Delivery costs s more")]
)
def test_what_costs_more_stands_in_the_way(veto: float, delivery: float, begins: str) -> None:
    rules = {"consensus": (0.0, 0.0), "weighted": (0.05, 0.01), "opt_in": (0.2, 0.3)}
    one = what_stands_in_the_way("s", {"veto": veto, "delivery": delivery}, [TEXT], rules, "consensus", "c")
    assert one.text.startswith(begins)
    assert ("held up by IND" in one.text) == (veto > delivery)
    assert one.overturned_by == "another rule: under weighted 5 points more are delivered"


def test_no_rule_is_named_that_is_not_surely_better() -> None:
    lost = {"veto": 0.4, "delivery": 0.1}
    rules = {"consensus": (0.0, 0.0), "opt_in": (0.2, 0.3)}
    assert what_stands_in_the_way("s", lost, [TEXT], rules, "consensus", "c").overturned_by.startswith(
        "no decision rule"
    )
    assert "nothing to a vote" in what_stands_in_the_way("s", lost, [], {}, "consensus", "c").text


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
    assert [command.split()[1] for command in commands] == ["compare", "rules", "worth"]
    fine(*commands[2].split()[1:])
