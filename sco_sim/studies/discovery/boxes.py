"""Scenario discovery: the corners of the design in which something happens, by PRIM and by CART.

PRIM (Friedman and Fisher 1999; Bryant and Lempert 2010) peels a thin slice off a box again and again, the one that
leaves the largest share of cases per case lost. CART (Breiman et al. 1984) splits in two where that tells most.
Both are written out here: two short algorithms, the same result on every machine. Columns are numbers; of a
categorical column, named in `categories`, values are dropped one by one instead of cut off at an end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.studies.discovery.held_out import UNKNOWN, HeldOut

PEEL = 0.05
"""Share of the cases in the box that one peel takes off at least, and paste looks at."""
MASS = 0.05
"""Smallest share of all points that a box may hold."""
DENSITY = 0.5
"""Density that the recommended box should reach: it happens there more often than not."""


@dataclass(frozen=True)
class Limit:
    """What a box says of one factor: an interval, or the values of a categorical one."""

    low: float = -math.inf
    high: float = math.inf
    values: frozenset[int] | None = None

    def holds(self, column: Array) -> Bools:
        """Which points lie within, shape (point,)."""
        if self.values is not None:
            return np.isin(column, sorted(self.values))
        inside: Bools = (column >= self.low) & (column <= self.high)
        return inside


@dataclass(frozen=True)
class Box:
    """A corner of the design and how good it is in the worlds that it was sought in; `held_out` says how good it is."""

    limits: Mapping[str, Limit]
    """Factor to what the box says of it; a factor that it leaves free is not there."""
    coverage: float
    """Share of all cases that lie in it."""
    density: float
    """Share of its points that are cases."""
    mass: float
    """Share of all points that lie in it."""
    chances: Mapping[str, float] = field(default_factory=dict)
    """Factor to the chance that the search limits it without any effect (`significance`); small: the limit counts."""
    held_out: HeldOut = UNKNOWN
    """The same in worlds that it was not sought in."""

    def holds(self, factors: Sequence[str], points: Array) -> Bools:
        """Which points lie in it, shape (point,)."""
        inside = np.ones(len(points), dtype=bool)
        for name, limit in self.limits.items():
            inside &= limit.holds(points[:, factors.index(name)])
        return inside

    def without(self, name: str) -> Box:
        """The limits but one; how good the box is without it is not worked out."""
        return replace(self, limits={k: v for k, v in self.limits.items() if k != name})


def prim(factors: Sequence[str], points: Array, cases: Bools, categories: Sequence[str] = ()) -> list[Box]:
    """The peeling trajectory, from the whole design to the densest box.

    Args:
        factors: Names of the columns.
        points: Shape (point, factor); categorical columns hold whole numbers.
        cases: Where it happens, shape (point,).
        categories: Factors without an order.

    Raises:
        ScenarioError: It happens nowhere or everywhere, so there is nothing to find.
    """
    check(cases)
    limits: dict[str, Limit] = {}
    inside = np.ones(len(cases), dtype=bool)
    trajectory = [_box(limits, factors, points, cases)]
    while cases[inside].mean() < 1.0:
        best = None
        for column, name in enumerate(factors):
            for limit in _peels(points[inside, column], limits.get(name, Limit()), name in categories):
                kept = inside & limit.holds(points[:, column])
                if kept.sum() < max(MASS * len(cases), 2) or kept.sum() == inside.sum():
                    continue
                gain = (cases[kept].mean() - cases[inside].mean()) / (inside.sum() - kept.sum())
                if best is None or gain > best[0]:
                    best = (gain, name, limit, kept)
        if best is None or best[0] <= 0.0:
            break
        inside, limits = best[3], {**limits, best[1]: best[2]}
        trajectory.append(_box(limits, factors, points, cases))
    return [*trajectory, *_pasted(trajectory[-1], factors, points, cases, categories)]


def recommended(boxes: Sequence[Box], density: float = DENSITY) -> Box:
    """Among the boxes at least so dense the one with the best balance of coverage and density; else the densest.

    The balance is the harmonic mean of the two.
    """
    dense = [box for box in boxes if box.density >= density]
    if not dense:
        return max(boxes, key=lambda box: (box.density, box.coverage))
    return max(dense, key=lambda box: (box.coverage * box.density / (box.coverage + box.density), -len(box.limits)))


def simplified(box: Box, factors: Sequence[str], points: Array, cases: Bools, loss: float = 0.01) -> Box:
    """The box without the limits that add no more than `loss` to its density, the least of them first."""
    while box.limits:
        boxes = [_box(box.without(name).limits, factors, points, cases) for name in box.limits]
        widest = max(boxes, key=lambda one: one.density)
        if widest.density < box.density - loss:
            break
        box = widest
    return box


def cart(
    factors: Sequence[str], points: Array, cases: Bools, categories: Sequence[str] = (), depth: int = 4
) -> list[Box]:
    """Leaves of a classification tree (Gini impurity) in which it happens more often than not, best covered first.

    Arguments and errors are those of `prim`; a leaf holds at least MASS of the points.
    """
    check(cases)
    leaves: list[Box] = []

    def grow(limits: dict[str, Limit], inside: Bools, left: int) -> None:
        split = _split(factors, points, cases, inside, limits, categories) if left else None
        if split is None:
            leaves.append(_box(limits, factors, points, cases))
            return
        name, sides = split
        for limit in sides:
            grow({**limits, name: limit}, inside & limit.holds(points[:, factors.index(name)]), left - 1)

    grow({}, np.ones(len(cases), dtype=bool), depth)
    often = [leaf for leaf in leaves if leaf.density > 0.5 and leaf.limits]
    return sorted(often, key=lambda leaf: -leaf.coverage)


def check(cases: Bools) -> None:
    """Raises ScenarioError if it happens nowhere or everywhere."""
    share = float(cases.mean()) if cases.size else 0.0
    if share in (0.0, 1.0):
        where = "everywhere" if share else "nowhere"
        raise ScenarioError(
            Problem(
                f"the condition holds {where} in the {counted(int(cases.size), 'point')}",
                "choose another bound",
                "--where",
            )
        )


def in_words(limit: Limit, name: str, labels: Sequence[str] = (), whole: bool = False) -> str:
    """What a box says of a factor, in words; `labels` are the values of a categorical factor."""
    if limit.values is not None:
        chosen = [labels[value] for value in sorted(limit.values)]
        return f"{name} is {' or '.join(chosen)}"
    low, high = limit.low, limit.high
    if whole:
        low, high = math.ceil(low) if low > -math.inf else low, math.floor(high) if high < math.inf else high
        if low == high:
            return f"{name} is {low:g}"
    if low == -math.inf:
        return f"{name} at most {high:.4g}"
    return f"{name} at least {low:.4g}" if high == math.inf else f"{name} from {low:.4g} to {high:.4g}"


def _box(limits: Mapping[str, Limit], factors: Sequence[str], points: Array, cases: Bools) -> Box:
    box = Box(dict(limits), 0.0, 0.0, 0.0)
    inside = box.holds(factors, points)
    hits, size = int(cases[inside].sum()), int(inside.sum())
    return replace(box, coverage=hits / int(cases.sum()), density=hits / max(size, 1), mass=size / len(cases))


def _peels(column: Array, limit: Limit, categorical: bool) -> list[Limit]:
    """The boxes that one peel can make of one factor."""
    there = np.unique(column)
    if len(there) < 2:
        return []
    if categorical:
        values = frozenset(int(value) for value in there)
        return [Limit(values=values - {value}) for value in sorted(values)]
    low, high = (float(q) for q in np.quantile(column, [PEEL, 1.0 - PEEL], method="inverted_cdf"))
    # of a factor with few levels the quantile is the end itself: then the whole level goes
    low = low if low > there[0] else float(there[1])
    high = high if high < there[-1] else float(there[-2])
    return [Limit(low, limit.high), Limit(limit.low, high)]


def _pasted(last: Box, factors: Sequence[str], points: Array, cases: Bools, categories: Sequence[str]) -> list[Box]:
    """What widening the last box again by single limits makes better: boxes at least as dense that cover more."""
    pasted: list[Box] = []
    box = last
    improved = True
    while improved:
        improved = False
        for name, limit in box.limits.items():
            column = points[:, factors.index(name)]
            for wider in _wider(column, limit, name in categories):
                candidate = _box({**box.limits, name: wider}, factors, points, cases)
                if candidate.density >= box.density and candidate.coverage > box.coverage:
                    box, improved = candidate, True
                    pasted.append(box)
                    break
    return pasted


def _wider(column: Array, limit: Limit, categorical: bool) -> list[Limit]:
    if categorical and limit.values is not None:
        others = {int(value) for value in np.unique(column)} - limit.values
        return [Limit(values=limit.values | {value}) for value in sorted(others)]
    below, above = np.unique(column[column < limit.low]), np.unique(column[column > limit.high])
    step = max(1, round(0.01 * len(np.unique(column))))
    wider = []
    if below.size:
        wider.append(Limit(float(below[-min(step, below.size)]), limit.high))
    if above.size:
        wider.append(Limit(limit.low, float(above[min(step, above.size) - 1])))
    return wider


def _split(
    factors: Sequence[str], points: Array, cases: Bools, inside: Bools, limits: Mapping[str, Limit],
    categories: Sequence[str],
) -> tuple[str, tuple[Limit, Limit]] | None:  # fmt: skip
    """The split of a node that lowers the Gini impurity most; None if none does."""
    total, hits, least = int(inside.sum()), int(cases[inside].sum()), max(1, math.ceil(MASS * len(cases)))
    if hits in (0, total):
        return None
    best, split = hits * (total - hits) / total - 1e-9, None
    for number, name in enumerate(factors):
        column, limit = points[inside, number], limits.get(name, Limit())
        for sides in _cuts(column, limit, name in categories):
            left = sides[0].holds(column)
            size, among = int(left.sum()), int(cases[inside][left].sum())
            if min(size, total - size) < least:
                continue
            impurity = among * (size - among) / size
            impurity += (hits - among) * (total - size - hits + among) / (total - size)
            if impurity < best:
                best, split = impurity, (name, sides)
    return split


def _cuts(column: Array, limit: Limit, categorical: bool) -> list[tuple[Limit, Limit]]:
    there = np.unique(column)
    if categorical:
        values = frozenset(int(value) for value in there)
        return [(Limit(values=frozenset({v})), Limit(values=values - {v})) for v in sorted(values) if len(values) > 1]
    middles = 0.5 * (there[1:] + there[:-1])
    if middles.size > 99:
        middles = np.unique(np.quantile(column, np.linspace(0.01, 0.99, 99)))
    return [(Limit(limit.low, float(m)), Limit(float(np.nextafter(m, math.inf)), limit.high)) for m in middles]
