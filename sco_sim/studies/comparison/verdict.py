"""A row of comparison.csv in words, and whether the number of worlds is enough for it."""

from __future__ import annotations

import math

from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.studies.wording import Row, amount, decimals, percent, scale, signed

SAME = 0.03
"""Chances this near each other are called the same."""
SKEWED = 2.0
"""A mean that is so many times the median, or has another sign, disagrees with it."""
SETTLED = 0.1
"""Largest standard error of the mean, as a share of the width of the interval or of the mean, that is enough."""
FEWEST = 10
"""Fewest settings that are enough: the standard error itself is known from them, badly from a few, and two may agree by
chance, the more so where --fixed-parameters leaves only chance to differ; the ends of the interval need as many."""


def enough(row: Row, settings: int | None = None) -> bool:
    """Whether there are worlds enough for the figure: with more it would be much the same.

    Args:
        row: A row of comparison.csv.
        settings: Number of settings behind it (`Comparison.settings`); not looked at if left out.
    """
    if settings is not None and settings < FEWEST:
        return False
    error, width = float(row["mean_se"]), float(row["high_95"]) - float(row["low_05"])
    return not math.isnan(error) and error <= SETTLED * max(width, abs(float(row["difference"])))


def settled(row: Row) -> bool:
    """Whether the sign of the mean difference is settled: it is over two standard errors."""
    return abs(float(row["difference"])) > 2.0 * float(row["mean_se"])


def is_prior(row: Row, settings: int | None = None) -> bool:
    """Whether the chance of being better is what the priors alone imply; False where they imply none.

    With the number of settings behind the row, a gap within two standard errors of such a share counts as none.
    """
    chance, prior = float(row["chance_better"]), float(row["prior_chance_better"])
    noise = 2.0 * math.sqrt(prior * (1.0 - prior) / settings) if settings else 0.0
    return abs(chance - prior) <= max(SAME, noise)


def sentence(row: Row, settings: int | None = None) -> str:
    """One plain sentence for a row of comparison.csv.

    Args:
        row: A row, by the names of its columns.
        settings: Number of settings behind it (`Comparison.settings`), to allow for chance in few draws.
    """
    title, year = metric(row["outcome"]).title, int(row["year"])
    if math.isnan(float(row["difference"])):
        return f"{title}: no world has a value in {year}."
    if row["difference"] == row["low_05"] == row["high_95"] == 0.0:
        return f"{title}: the same as in {row['reference']} in every world in {year}."
    parts = [_change(row, title, year), _chance(row, settings), _notice(row), _worlds(row, settings)]
    return "; ".join(part for part in parts if part) + "."


def _change(row: Row, title: str, year: int) -> str:
    size, low, high, unit = amount(row)
    if unit.lower() in title.lower():
        unit = ""
    way = "up" if row["difference"] > 0 else "down"
    moved = f"{way} by {size} {unit}".rstrip() if size.strip("0.,") else "hardly changed"
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


def _chance(row: Row, settings: int | None) -> str:
    chance, prior = float(row["chance_better"]), float(row["prior_chance_better"])
    if math.isnan(chance):
        return ""
    text = f"better in {percent(chance)} of worlds"
    if math.isnan(prior):
        return text
    if is_prior(row):
        return f"{text}, as the priors alone imply ({percent(prior)}): the run added nothing to the sign"
    if settings and is_prior(row, settings):
        number = counted(settings, "setting")
        return f"{text}, with {number} not distinguishable from the {percent(prior)} of the priors alone"
    return f"{text}, where the priors alone imply {percent(prior)}"


def _notice(row: Row) -> str:
    measure, ratio = metric(row["outcome"]), abs(float(row["spread_ratio"]))
    if math.isnan(ratio):
        return ""
    if measure.reads == ("community",):
        return "it restates the inputs and is not a finding"
    size = f"{ratio:.1f} times the yearly spread" if ratio >= 0.05 else "under a tenth of the yearly spread"
    if ratio < 1.0:
        return f"nobody would notice it in one history ({size})"
    if "trust_level" in measure.reads and "trust_deviation" not in measure.reads:
        return f"{size} of the level, which nobody observes without its noise"
    return f"it would show in one history ({size})"


def _worlds(row: Row, settings: int | None) -> str:
    if not enough(row, settings):
        return "too few worlds for this figure"
    return "" if settled(row) else "the mean is not distinguishable from zero"
