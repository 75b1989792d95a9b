"""The words beside the figures: they must not claim what the figures do not show."""

from __future__ import annotations

import pytest

from sco_sim.errors import counted
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.comparison.verdict import SURE, beside_the_prior, enough, lacking, same, sentence
from sco_sim.studies.wording import decimals, percent, signed
from tests.worlds import ROOT

ROW = {
    "scenario": "a", "reference": "baseline", "outcome": "conflict_share_observed_mean", "unit": "share",
    "better": "lower", "year": 2035, "reference_mean": 0.06, "scenario_mean": 0.058, "difference": -0.002,
    "low_05": -0.009, "high_95": 0.003, "mean_se": 0.0005, "chance_better": 0.70, "prior_chance_better": 0.69,
    "evidence": "judgement", "spread_ratio": -0.3, "difference_median": -0.0015, "low_05_se": 0.0005,
    "high_95_se": 0.0005, "chance_better_se": 0.03, "moved": 1.0, "better_if_moved": 0.70, "prior_gap_se": 0.02,
    "superiority": 0.54, "superiority_se": 0.01,
}  # fmt: skip
NAN = float("nan")


def test_a_whole_sentence():
    assert sentence(ROW) == (
        "Conflict share, mean over ties: down by 0.20 points on average by 2035 (median -0.15; 5-95 %: -0.90 to "
        "+0.30); better in 70 % of worlds, as the priors alone imply (69 %): the run added nothing to the sign; one "
        "history with it is better than one without it in 54 of 100 pairs of histories."
    )


def test_an_effect_the_priors_do_not_imply():
    text = sentence(ROW | {"prior_chance_better": 0.5})
    assert "where the priors alone imply 50 %" in text
    assert "added nothing" not in text
    text = sentence(ROW | {"prior_chance_better": 0.5, "prior_gap_se": 0.2})
    assert "which so many worlds cannot tell from the 50 % that the priors alone imply" in text
    assert "priors" not in sentence(ROW | {"prior_chance_better": NAN})


def test_what_was_not_adopted_is_not_half_better():
    text = sentence(ROW | {"moved": 0.4, "better_if_moved": 0.9, "prior_chance_better": 0.88})
    assert "moves in 40 % of worlds and is better in 90 % of those, as the priors alone imply (88 %)" in text


@pytest.mark.parametrize(
    ("prior", "error", "verdict"),
    [(0.69, 0.02, "same"), (0.64, 0.02, "same"), (0.63, 0.02, "differs"), (0.5, 0.2, "open"), (0.69, 0.06, "open"),
     (NAN, 0.02, ""), (0.69, NAN, "")],
)  # fmt: skip
def test_the_prior_is_the_same_only_where_it_surely_is(prior, error, verdict):
    """Catches a gap too uncertain to be told that is called none."""
    assert beside_the_prior(ROW | {"prior_chance_better": prior, "prior_gap_se": error}) == verdict


def test_pairs_of_histories_and_a_level_nobody_sees():
    assert "in 91 of 100 pairs" in sentence(ROW | {"superiority": 0.91})
    assert "is higher than one without it" in sentence(ROW | {"better": "none"})
    level = sentence(ROW | {"outcome": "conflict_share_mean"})
    assert "nobody observes without its noise" in level
    assert "not a finding" in sentence(ROW | {"outcome": "community_mean", "unit": "index 0-1"})


def test_nothing_known_and_nothing_changed():
    assert sentence(ROW | {"difference": NAN}).endswith("no world has a value in 2035.")
    still = ROW | {"difference": 0.0, "low_05": 0.0, "high_95": 0.0, "mean_se": 0.0}
    assert sentence(still) == "Conflict share, mean over ties: the same as in baseline in every world in 2035."


def test_too_few_worlds():
    assert enough(ROW)
    for error in (0.002, NAN):
        assert not enough(ROW | {"mean_se": error})
        assert "too few worlds" in sentence(ROW | {"mean_se": error})
    assert "the mean is not distinguishable from zero" in sentence(ROW | {"mean_se": 0.0011})
    assert enough(ROW, 72)
    assert not enough(ROW, 71), "no value of 71 is beyond the 5 % quantile with 97.5 % chance"
    assert "too few worlds" in sentence(ROW, 2)
    certain = {"difference": 1.0, "low_05": 1.0, "high_95": 1.0, "mean_se": 0.01}
    assert enough(ROW | certain)


@pytest.mark.parametrize("figure", ["low_05_se", "high_95_se", "chance_better_se", "superiority_se"])
def test_every_figure_of_a_row_has_to_be_settled(figure):
    """Catches `enough` that follows from the mean alone."""
    assert lacking(ROW) == []
    for error in (0.2, float("inf"), NAN):
        assert lacking(ROW | {figure: error}) == [figure]


@pytest.mark.parametrize(("unit", "outcome"), [("twinned places", "cities_total"), ("ties", "ties_below_090")])
def test_a_unit_in_the_title_is_not_said_twice(unit, outcome):
    assert "down by 5.0 on average by 2035" in sentence(
        ROW | {"unit": unit, "outcome": outcome, "difference": -5.0, "low_05": -9.0, "high_95": 1.0}
    )


def test_numbers_in_words():
    assert [decimals(x) for x in (0.0, 0.00000012, 0.034, 2.0, 47.0, 900.0)] == [1, 4, 3, 1, 0, 0]
    assert (signed(-0.001, 2), signed(1234.5, 0), signed(-2.0, 1)) == ("0.00", "+1,234", "-2.0")
    assert (percent(1.0), percent(0.998), percent(0.001), percent(0.0)) == ("100 %", "over 99 %", "under 1 %", "0 %")


@pytest.mark.parametrize(
    ("median", "words"),
    [
        (-0.0015, ""),
        (-0.0009, "since a few worlds with large effects make most of the mean"),
        (0.0, "since nothing moves in half of the worlds or more"),
        (0.0004, "and most move the other way"),
    ],
)
def test_a_sentence_says_what_it_means_that_mean_and_median_disagree(median, words):
    """Catches a median of the other sign that stands beside the mean without a word."""
    text = sentence(ROW | {"difference_median": median})
    assert words in text
    assert ("since" in text) is bool(words)
    assert "since" not in sentence(ROW | {"difference_median": median, "mean_se": 0.002})  # the mean itself is open


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 batches"), (1, "1 batch"), (2, "2 batches"), (1200, "1,200 batches")]
)
def test_a_noun_is_in_the_plural_but_for_one(number, words):
    assert counted(number, "batch", "batches") == words


def test_the_pages_say_from_where_on_a_sign_is_settled():
    """Catches another number of outcomes in an answer, of which the pages still say the old one."""
    assert len(IMPORTANT) == 15
    text = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    assert f"settled from {SURE:.2f} of them on: 95 % for the fifteen outcomes" in text
    assert f"({SURE:.1f} standard errors)" in (ROOT / "docs" / "report.md").read_text(encoding="utf-8")


def test_a_gain_in_one_world_and_a_loss_in_another_are_not_the_same() -> None:
    """Catches disputes that move in two worlds of a hundred told as the same in every world."""
    nothing = ROW | {"difference": 0.0, "low_05": 0.0, "high_95": 0.0}
    assert same(nothing | {"mean_se": 0.0})
    assert same(nothing | {"mean_se": float("nan")})
    assert not same(nothing | {"mean_se": 0.014})
    assert "the same as in" not in sentence(nothing | {"mean_se": 0.014})
