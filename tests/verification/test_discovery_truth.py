"""Boxes where the truth is known: what they are worth where they were not sought, and how often chance makes one."""

from __future__ import annotations

import numpy as np
import pytest

from sco_sim.studies.discovery import significance
from sco_sim.studies.discovery.cases import Cases, Discovery, discover
from tests.verification.coverage import FULL, REPETITIONS, SETTINGS, covers, seldom

FACTORS = ("true", "a", "b", "c")
BASE = 0.25
"""Share of the worlds in which it happens where no factor acts."""
STRONG = 1.6
"""Shift, in standard deviations of what no factor tells, beyond 0.6 of the first factor: 70 % of cases for 14."""
FEW = REPETITIONS if FULL else 100
"""A search takes a tenth of a second."""


def chance(points: np.ndarray, shift: float) -> np.ndarray:
    """The chance that it happens at each point, shape (point,)."""
    from scipy.stats import norm

    edge = norm.isf(BASE) if shift == 0.0 else norm.isf(0.14)
    return np.asarray(norm.sf(edge - shift * (points[:, 0] > 0.6)))


def sought(rng: np.random.Generator, shift: float, settings: int = SETTINGS) -> Discovery:
    """One run with a world a setting."""
    points = rng.random((settings, len(FACTORS)))
    hit = rng.random(settings) < chance(points, shift)
    return discover(Cases(FACTORS, points, hit, {}, (), np.arange(settings)))


def one(rng: np.random.Generator, shift: float) -> tuple[bool, bool, bool, float]:
    """Whether density and coverage are covered, whether the box counts, and how far too good it looks where sought."""
    box = sought(rng, shift).box
    many = rng.random((20_000, len(FACTORS)))
    inside, there = box.holds(FACTORS, many), chance(many, shift)
    density, coverage, held = there[inside].mean(), there[inside].sum() / there.sum(), box.held_out
    return (
        bool(held.density_low <= density <= held.density_high),
        bool(held.coverage_low <= coverage <= held.coverage_high),
        bool(box.limits) and held.chance <= 0.05,
        float(box.density - density),
    )


@pytest.fixture
def no_limits_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    """Searches in one split: the limits of a box are not asked after here, and take ten times as long."""
    monkeypatch.setattr(significance, "SPLITS", 1)


@pytest.mark.slow
@pytest.mark.usefixtures("no_limits_tested")
@pytest.mark.parametrize("shift", [0.0, STRONG])
def test_figures_of_a_box_cover_where_it_was_not_sought(shift: float) -> None:
    """Catches a density in the worlds that the box was sought in, which is far too good."""
    rows = np.array([one(np.random.default_rng([1, number]), shift) for number in range(FEW)])
    covers(f"density at a shift of {shift}", float(rows[:, 0].mean()), repetitions=FEW)
    covers(f"coverage at a shift of {shift}", float(rows[:, 1].mean()), repetitions=FEW)
    print(f"in the half that it was sought in the density is {100 * rows[:, 3].mean():.0f} points too good")
    if shift == 0.0:
        seldom("a box counts where nothing acts", float(rows[:, 2].mean()), repetitions=FEW)
    else:
        print(f"the box counts in {100 * rows[:, 2].mean():.0f} % of runs")
        assert rows[:, 2].mean() > 0.4


@pytest.mark.usefixtures("no_limits_tested")
def test_a_few_boxes_show_what_many_do() -> None:
    """The same as above, small: a box of nothing looks far too good where it was sought, and not in the other half."""
    rows = np.array([one(np.random.default_rng([1, number]), 0.0) for number in range(10)])
    assert rows[:, :2].mean() > 0.8
    assert rows[:, 2].mean() < 0.4
    assert rows[:, 3].mean() > 0.03


@pytest.mark.slow
def test_power() -> None:
    """How often the limit that acts is named, beside 5 % for any other: the figures of docs/statistics.md."""
    repetitions = REPETITIONS if FULL else 20
    for settings, least in ((50, 0.0), (100, 0.0), (200, 0.3)):
        named = []
        for number in range(repetitions):
            box = sought(np.random.default_rng([2, number]), STRONG, settings).box
            named.append({name for name in box.limits if box.chances[name] <= 0.05})
        got = float(np.mean(["true" in names for names in named]))
        print(f"{settings} settings: the limit that acts is named in {100 * got:.0f} % of {repetitions} runs")
        seldom(
            f"another limit, {settings} settings",
            float(np.mean([bool(n - {"true"}) for n in named])),
            0.05,
            repetitions,
        )
        assert got >= least
