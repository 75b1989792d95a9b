"""A change in a sentence is never told as zero: it is less than the last decimal, or has more decimals."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from sco_sim.studies.brief import another_rule, what_stands_in_the_way
from sco_sim.studies.comparison.answer import answer
from sco_sim.studies.comparison.verdict import sentence
from sco_sim.studies.council.rule_words import _than
from sco_sim.studies.council.rules import COST
from sco_sim.studies.enlargement.words import _points, _rules, _steps
from sco_sim.studies.portfolio import _gain
from sco_sim.studies.sequence.words import _amount
from sco_sim.studies.views.conclusions import Stated, _says
from sco_sim.studies.wording import change_of, decimals, size_of
from sco_sim.studies.worth.words import _size
from tests.unit.test_compare_screen import row

ZERO = re.compile(r"(?<![\d.,])[+-]?0(\.0+)?(?![\d.,]*[\d%])(?! %)")
"""A number that is zero as it is printed."""
LITTLE = {"difference": 3e-5, "low_05": -0.4, "high_95": 0.5, "mean_se": 1e-6, "difference_median": 0.2}


def moved(text: str) -> str:
    """A sentence without its intervals, whose ends may round to zero."""
    return re.sub(r"\((?:5-95|95) %:[^)]*\)|\(median[^)]*\)", "", text)


@pytest.mark.parametrize("digits", [0, 1, 4])
@pytest.mark.parametrize("value", [0.0, 3e-7, -3e-7, 0.04, -2.0, 1234.5])
def test_a_size_is_zero_only_where_nothing_changes(value: float, digits: int) -> None:
    """Catches `up by 0.0000`, and a change that is there and told as none."""
    for text in (size_of(value, digits), change_of(value, digits)):
        assert bool(ZERO.fullmatch(text)) is (value == 0.0)
        if text.startswith("less than"):
            assert abs(value) < float(text.removeprefix("less than "))


def losses(loss: float) -> dict[str, Any]:
    return {"rule": "consensus", "members": "4", "outcome": "adopted", "loss": loss, "loss_low": loss / 2.0,
            "loss_high": 2.0 * loss, "cause": "all"}  # fmt: skip


def stages() -> Any:
    few, more, most = (SimpleNamespace(name=name, joined=("IND",)) for name in ("2", "3", "4"))
    return SimpleNamespace(stages=(few, more, most), own="consensus")


def every_step() -> list[dict[str, Any]]:
    causes = ("all", "number", "rivalry", "motives", "leader")
    return [losses(2e-3) | {"members": members, "cause": cause} for members in ("3", "4") for cause in causes]


SENTENCES = {
    "answer, harm": lambda: answer([row("cohesion", "bad", **LITTLE | {"difference": -3e-5})], 200).lines[0],
    "answer, better": lambda: answer([row("cohesion", "good", **LITTLE)], 200).lines[0],
    "answer, a range": lambda: answer([row("cohesion", name, **LITTLE) for name in "abc"], 200).lines[0],
    "verdict": lambda: sentence(
        row("cohesion", "good", **LITTLE, chance_better=0.6, low_05_se=0.0, high_95_se=0.0, difference_median_se=0.0,
            chance_better_se=0.0, moved_se=0.0, better_if_moved_se=0.0, superiority_se=0.0), 200
    ),
    "worth": lambda: _size(2e-4, 2, "points"),
    "views": lambda: _says(Stated(2e-4, -0.1, 0.2, 0.1, "up"), 1.0, 2, "points"),
    "another rule": lambda: another_rule({"opt_in": (0.002, 0.0001)}, "consensus", "c").text,
    "in the way": lambda: what_stands_in_the_way(
        "s", {"veto": 0.3, "delivery": 1e-4}, [{"adopted_share": 0.5, "hold_out": "", "agreement": "a"}], "c",
        tried=True,
    ).text,
    "rules": lambda: _than({"delay": 1.04, COST: 10.2}, {"delay": 1.0, COST: 10.0}),
    "rules, alike": lambda: _than({"delay": 1.0, COST: 10.0}, {"delay": 1.0, COST: 10.0}),
    "portfolio": lambda: _gain(
        pd.Series({"held_out": 1e-4, "held_out_low": -0.2, "held_out_high": 0.4, "held_out_better": 0.5, "unit": ""})
    ),
    "enlargement, points": lambda: _points(losses(1e-5) | {"loss_high": 2.0}),
    "enlargement, rules": lambda: _rules([losses(2e-3), losses(1e-3) | {"rule": "weighted"}], stages()),
    "enlargement, steps": lambda: _steps(every_step(), stages()),
    "sequence": lambda: _amount({"difference": 1e-4, "low": -0.2, "high": 0.4}, "trade_total_busd"),
}  # fmt: skip
"""What tells a change, with one that rounds to nothing."""


@pytest.mark.parametrize("name", SENTENCES)
def test_no_sentence_tells_a_change_as_zero(name: str) -> None:
    text = moved(SENTENCES[name]())
    assert text
    assert not ZERO.search(text), text


def test_zero_is_noticed() -> None:
    """Catches a pattern that lets everything pass."""
    for text in ("up by 0.0000 with x", "brings +0.0 bn USD", "0 million USD less"):
        assert ZERO.search(text)
    for text in ("up by 0.0019", "less than 0.0001", "10 points", "passes in 0 % of settings", "up by 0.10"):
        assert not ZERO.search(text)
    assert decimals(0.0) == 1


def test_harm_of_an_earlier_year_says_the_year_first() -> None:
    """Catches figures of 2030 that read as those of 2040, of which the table beside them has others."""
    rows = [
        row("cohesion", "bad", difference=-0.5, mean_se=0.01, spread_ratio=-0.3),
        row("trade_total_busd", "bad", year=2030, difference=-9.0, mean_se=0.1, spread_ratio=-0.2),
        row("trade_total_busd", "bad", year=2040, difference=0.1, mean_se=9.0),
    ]
    (text, *_) = answer(rows, 200).lines
    assert "with bad (5-95 %: -1.0 to +1.0) by 2040; in 2030, no longer settled by 2040: trade inside the group" in text
