"""The least value at which something is reached in a share of the worlds: bisection on common random numbers.

A coarse grid comes first, so that a response that rises and falls again is noticed; then the first crossing is halved
until it is sharp. The same worlds are simulated at every value, so nothing but the value makes the difference.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sco_sim.errors import Problem, ScenarioError
from sco_sim.numerics.arrays import Array, Bools, Ints

Margin = Callable[[float], Array]
"""From a value to how far each world is beyond what is asked, (world,); at 0 and above it is reached.

It raises FloatingPointError where worlds leave the finite numbers, ScenarioError where a budget is exceeded.
"""

SHARP = 0.003
"""Relative width at which a crossing is sharp enough."""
POINTS = 9
"""Values of the coarse grid, its ends among them."""
RESAMPLES = 999
"""Samples of the bootstrap."""
NOISE = 0.02
"""A share that falls by less, from one value of the grid to the next, is no fall."""


@dataclass(frozen=True)
class Ray:
    """Values from nothing outward, to one side: where a search walks."""

    nothing: float
    """Value at which there is nothing of it."""
    bound: float
    """Farthest value that is allowed."""
    anchor: float = 0.0
    """Distance from `nothing` at which the grid is fine: that of the evidence, or of the scenario; 0 for none."""
    whole: bool = False
    """Whether only whole numbers are values."""
    points: int = POINTS
    """Values of the coarse grid."""

    def nearer(self, distance: float) -> Ray:
        """The part within a distance: where something nearer than a value on the other side can lie."""
        reach = min(distance, abs(self.bound - self.nothing))
        bound = self.nothing + math.copysign(reach, self.bound - self.nothing)
        return replace(self, bound=bound, anchor=0.0, points=1 + POINTS // 2)

    def grid(self) -> list[float]:
        """Values of the coarse grid, from nothing to the bound: even, or by factors if the anchor is near nothing."""
        reach = abs(self.bound - self.nothing)
        if not 0.0 < self.anchor < reach / (self.points - 1):
            steps = np.linspace(0.0, reach, self.points)
        else:
            steps = np.concatenate([[0.0], np.geomspace(0.5 * self.anchor, reach, self.points - 1)])
        side = math.copysign(1.0, self.bound - self.nothing)
        return sorted({self.value(self.nothing + side * step) for step in steps}, key=self.distance)

    def value(self, value: float) -> float:
        """The nearest value that there is."""
        return float(round(value)) if self.whole else float(value)

    def distance(self, value: float) -> float:
        """How far a value is from nothing."""
        return abs(value - self.nothing)


@dataclass(frozen=True)
class Crossing:
    """What a search says."""

    value: float
    """Least value at which enough worlds reach it; NaN if none does."""
    low: float
    """95 % interval of the value over samples of worlds; infinite beyond the values allowed."""
    high: float
    share: float
    """Share of worlds that reach it there; where none does, the largest share on the way."""
    best: float
    """Where the share is largest, nearest to nothing."""
    lost: float
    """First value of the grid beyond at which it is reached no longer; NaN if there is none."""
    falls: tuple[tuple[float, float], ...]
    """Neighbours on the grid between which the share falls."""
    end: float
    """Farthest value tried: the bound, or the last that could be simulated."""
    stopped: str
    """Why values beyond could not be simulated; nothing if the bound was tried."""
    curve: tuple[tuple[float, float], ...]
    """Values tried and shares, from nothing outward."""

    @property
    def reached(self) -> bool:
        """Whether there is such a value."""
        return not math.isnan(self.value)


class Search:
    """Evaluates the margin along a ray, each value once."""

    def __init__(self, margin: Margin, ray: Ray, chance: float, settings: Ints, seed: int = 1) -> None:
        self.margin, self.ray, self.chance, self.settings, self.seed = margin, ray, chance, settings, seed
        self.known: dict[float, Array] = {}

    def share(self, value: float) -> float:
        """Share of worlds in which it is reached; raises ScenarioError if the outcome has no value in some world."""
        if value not in self.known:
            margins = self.margin(value)
            if np.isnan(margins).any():
                missing = f"the outcome has no value in {int(np.isnan(margins).sum())} of {margins.size} worlds"
                raise ScenarioError(Problem(missing, "choose an outcome and a year that every world has", "--outcome"))
            self.known[value] = margins
        return float((self.known[value] >= 0.0).mean())

    def reaches(self, value: float) -> bool:
        """Whether enough worlds reach it; a world in two hundred is no matter of rounding."""
        return self.share(value) >= self.chance - 1e-12

    def crossing(self) -> Crossing:
        """The first crossing on the way from nothing outward."""
        grid, stopped = self._possible(self.ray.grid())
        if not any(self.reaches(value) for value in grid):
            grid = self._around_the_best(grid)
        first = next((index for index, value in enumerate(grid) if self.reaches(value)), None)
        shares = [self.share(value) for value in grid]
        best = grid[int(np.argmax(shares))]
        if first is None:
            value, low, high, share, lost = math.nan, math.nan, math.nan, max(shares), math.nan
        else:
            value = grid[0] if first == 0 else self._halved(grid[first - 1], grid[first])
            low, high = self._interval(value, grid)
            share = self.share(value)
            lost = next((x for x in grid[first:] if not self.reaches(x)), math.nan)
        falls = tuple(
            (grid[i], grid[i + 1]) for i in range(len(grid) - 1) if shares[i + 1] < shares[i] - NOISE
        )  # fmt: skip
        return Crossing(value, low, high, share, best, lost, falls, grid[-1], stopped, self.curve())

    def curve(self) -> tuple[tuple[float, float], ...]:
        """Values tried and shares, from nothing outward."""
        return tuple((value, self.share(value)) for value in sorted(self.known, key=self.ray.distance))

    def _possible(self, grid: Sequence[float]) -> tuple[list[float], str]:
        """The values of a grid up to the first that cannot be simulated, and why not; raises if that is the first."""
        kept: list[float] = []
        for value in grid:
            try:
                self.share(value)
            except (FloatingPointError, ScenarioError) as error:
                if not kept:
                    raise
                return kept, str(error).splitlines()[0]
            kept.append(value)
        return kept, ""

    def _around_the_best(self, grid: list[float]) -> list[float]:
        """The grid with values halfway to the neighbours of the largest share, twice: a peak may lie between two."""
        for _ in range(2):
            best = max(range(len(grid)), key=lambda index: self.share(grid[index]))
            for other in (best - 1, best + 1):
                if 0 <= other < len(grid):
                    grid = [*grid, self.ray.value(0.5 * (grid[best] + grid[other]))]
            grid = sorted(set(grid), key=self.ray.distance)
        return grid

    def _halved(self, out: float, inside: float) -> float:
        """The least value that reaches it, between one that does not and one that does."""
        while abs(inside - out) > (1.0 if self.ray.whole else SHARP * self.ray.distance(inside)):
            middle = self.ray.value(0.5 * (out + inside))
            if middle in (out, inside):
                break
            if self.reaches(middle):
                inside = middle
            else:
                out = middle
        return inside

    def _interval(self, value: float, grid: Sequence[float]) -> tuple[float, float]:
        """The 95 % interval of the value: a bootstrap over settings of the order statistic of the worlds' own values.

        Each world has the value at which it first reaches what is asked, straight between values tried; both ends are
        tried too, so that the lines near them are short.
        """
        for _ in range(2):
            ends = self._bootstrapped()
            for end in ends:
                if math.isfinite(end) and self.ray.distance(end) <= self.ray.distance(grid[-1]):
                    self.share(self.ray.value(end))
        low, high = sorted(self._bootstrapped(), key=self.ray.distance)
        nearer = low if self.ray.distance(low) < self.ray.distance(value) else value
        farther = high if self.ray.distance(high) > self.ray.distance(value) else value
        return nearer, farther

    def _bootstrapped(self) -> tuple[float, float]:
        steps = self._own_steps()
        worlds = steps.argsort(kind="stable")
        _, settings = np.unique(self.settings, return_inverse=True)
        count = int(settings.max()) + 1
        times = np.random.default_rng(self.seed).multinomial(count, np.full(count, 1.0 / count), size=RESAMPLES)
        below = times[:, settings[worlds]].cumsum(axis=1)  # worlds of a sample up to each step, (sample, world)
        enough = below >= self.chance * below[:, -1:] - 1e-9
        drawn = steps[worlds][enough.argmax(axis=1)]
        low, high = np.quantile(drawn, (0.025, 0.975), method="inverted_cdf")
        side = math.copysign(1.0, self.ray.bound - self.ray.nothing)
        return self.ray.nothing + side * float(low), self.ray.nothing + side * float(high)

    def _own_steps(self) -> Array:
        """Distance from nothing at which each world first reaches it, infinite if it never does, (world,)."""
        values = sorted(self.known, key=self.ray.distance)
        margins = np.stack([self.known[value] for value in values], axis=1)
        steps = np.array([self.ray.distance(value) for value in values])
        there: Bools = margins >= 0.0
        own = np.where(there.any(axis=1), 0.0, np.inf)
        for world in np.flatnonzero(there.any(axis=1) & ~there[:, 0]):
            at = int(there[world].argmax())
            before, after = margins[world, at - 1], margins[world, at]
            own[world] = steps[at - 1] + (steps[at] - steps[at - 1]) * before / (before - after)
        return own
