"""A row of comparison.csv in words, and whether the number of worlds is enough for it."""

from __future__ import annotations

import math

from sco_sim.components.registry import metric
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.statistics import sure
from sco_sim.studies.wording import Row, amount, decimals, percent, scale, signed, size_in_words

MARGIN = 0.1
"""Chances that are surely nearer each other than this are called the same."""
ONE_SIDED = 1.644854
"""Standard errors of a one-sided test at 5 %."""
SURE = sure(len(IMPORTANT))
"""Standard errors from which on the sign of a mean is settled: 95 % for all outcomes of an answer together."""
SKEWED = 2.0
"""A mean that is so many times the median, or has another sign, disagrees with it."""
SETTLED = {"mean_se": 0.1, "low_05_se": 0.15, "high_95_se": 0.15}
"""Largest standard errors of the mean and of the ends of the interval that are enough, as shares of the width of the
interval or of the mean, whichever is larger."""
SETTLED_SHARES = {"chance_better_se": 0.05, "superiority_se": 0.05}
"""Largest standard errors of shares that are enough."""
FEWEST = 72
"""Fewest settings in which the 5 % and 95 % quantiles have any bounds at 95 % (0.95^72 < 0.025)."""


def lacking(row: Row) -> list[str]:
    """Which figures of a row need more worlds: the names of their standard errors, none if there are enough.

    Args:
        row: A row of comparison.csv.
    """
    size = max(float(row["high_95"]) - float(row["low_05"]), abs(float(row["difference"])))
    wide = [name for name, most in SETTLED.items() if not float(row[name]) <= most * size]
    shares = [name for name in SETTLED_SHARES if not math.isnan(float(row[name.removesuffix("_se")]))]
    return wide + [name for name in shares if not float(row[name]) <= SETTLED_SHARES[name]]


def lacking_ends(row: Row) -> bool:
    """Whether the ends of a 5-95 % range need more worlds.

    Args:
        row: With low_05, high_95 and their standard errors.
    """
    width = float(row["high_95"]) - float(row["low_05"])
    return not all(float(row[name]) <= SETTLED[name] * width for name in ("low_05_se", "high_95_se"))


def enough(row: Row, settings: int | None = None) -> bool:
    """Whether there are worlds enough for every figure of a row: with more, none would be much another.

    Args:
        row: A row of comparison.csv.
        settings: Number of settings behind it (`Comparison.settings`); not looked at if left out.
    """
    return not lacking(row) and (settings is None or settings >= FEWEST)


def same(row: Row) -> bool:
    """Whether the outcome is the same in every world.

    A mean of nothing in an interval of nothing is not enough: a gain in one world may stand against a loss in another.
    """
    return bool(row["difference"] == row["low_05"] == row["high_95"] == 0.0) and not float(row["mean_se"]) > 0.0


def settled(row: Row) -> bool:
    """Whether the sign of the mean difference is settled at 95 % for all outcomes of an answer together."""
    return abs(float(row["difference"])) > SURE * float(row["mean_se"])


def beside_the_prior(row: Row) -> str:
    """What the run added to the priors, over the worlds in which the outcome moves and setting by setting.

    `same` if the two chances of being better are surely within MARGIN (two one-sided tests at 5 %, Schuirmann 1987),
    else `differs` if they surely differ (95 %), else `open`; "" where the priors imply nothing.
    """
    gap = abs(float(row["better_if_moved"]) - float(row["prior_chance_better"]))
    error = float(row["prior_gap_se"])
    if math.isnan(gap) or math.isnan(error):
        return ""
    if gap + ONE_SIDED * error <= MARGIN:
        return "same"
    return "differs" if gap > SURE * error else "open"


def sentence(row: Row, settings: int | None = None) -> str:
    """One plain sentence for a row of comparison.csv.

    Args:
        row: A row, by the names of its columns.
        settings: Number of settings behind it (`Comparison.settings`), to allow for chance in few draws.
    """
    title, year = metric(row["outcome"]).title, int(row["year"])
    if math.isnan(float(row["difference"])):
        return f"{title}: no world has a value in {year}."
    if same(row):
        return f"{title}: the same as in {row['reference']} in every world in {year}."
    parts = [_change(row, title, year), _chance(row), _notice(row), _worlds(row, settings)]
    return "; ".join(part for part in parts if part) + "."


def _change(row: Row, title: str, year: int) -> str:
    _, low, high, unit = amount(row)
    if unit.lower() in title.lower():
        unit = ""
    way = "up" if row["difference"] > 0 else "down"
    moved = f"{way} by {size_in_words(row)} {unit}".rstrip() if row["difference"] else "not changed"
    return f"{title}: {moved} on average by {year} ({_median(row)}; 5-95 %: {low} to {high})"


def _median(row: Row) -> str:
    factor, _ = scale(str(row["unit"]))
    largest = max(abs(float(row[name])) for name in ("difference", "low_05", "high_95"))
    text = f"median {signed(factor * float(row['difference_median']), decimals(factor * largest))}"
    return f"{text}, {why}" if (why := _skew(row)) else text


def _skew(row: Row) -> str:
    """What it means that mean and median disagree; empty where they do not, or the mean is not settled."""
    mean, median = float(row["difference"]), float(row["difference_median"])
    if not settled(row) or (abs(mean) < SKEWED * abs(median) and mean * median > 0.0):
        return ""
    if mean * median > 0.0:
        return "since a few worlds with large effects make most of the mean"
    if median == 0.0:
        return "since nothing moves in half of the worlds or more, and a few make the mean"
    return "since a few worlds with large effects make the mean, and most move the other way"


def _chance(row: Row) -> str:
    chance, prior = float(row["chance_better"]), float(row["prior_chance_better"])
    if math.isnan(chance):
        return ""
    text = f"better in {percent(chance)} of worlds"
    if float(row["moved"]) < 1.0:
        chance = float(row["better_if_moved"])
        text = f"moves in {percent(float(row['moved']))} of worlds and is better in {percent(chance)} of those"
    verdict = beside_the_prior(row)
    if verdict == "same":
        return f"{text}, as the priors alone imply ({percent(prior)}): the run added nothing to the sign"
    if verdict == "open":
        return f"{text}, which so many worlds cannot tell from the {percent(prior)} that the priors alone imply"
    return text if math.isnan(prior) else f"{text}, where the priors alone imply {percent(prior)}"


def _notice(row: Row) -> str:
    measure, share = metric(row["outcome"]), float(row["superiority"])
    if measure.reads == ("community",):
        return "it restates the inputs and is not a finding"
    if math.isnan(share):
        return ""
    side = "better" if row["better"] != "none" else "higher"
    pairs = f"{100.0 * share:.0f} of 100 pairs of histories"
    text = f"one history with it is {side} than one without it in {pairs}"
    if "trust_level" in measure.reads and "trust_deviation" not in measure.reads:
        return f"{text}, of a level that nobody observes without its noise"
    return text


def _worlds(row: Row, settings: int | None) -> str:
    if not enough(row, settings):
        return "too few worlds for this figure"
    return "" if settled(row) else "the mean is not distinguishable from zero"
