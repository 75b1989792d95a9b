"""How far one history is from another of the same parameters, and what a scenario is beside that.

A world is one history. Two histories of the same parameters differ by chance alone; how far, is seen in more
histories of the reference in its own settings. A scenario is told by how often one history with it is better than
another without it: the probability of superiority (Grissom 1994; the common-language effect size of McGraw and Wong
1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.limits import MOST_WORLDS
from sco_sim.numerics.arrays import Array, Ints

if TYPE_CHECKING:
    from sco_sim.case.case import Case
    from sco_sim.store.stored_run import StoredRun

SETTINGS, REPLICATES = 200, 4
"""Most settings of the reference of which more histories are simulated, where its run has one of each, and how many a
setting has then."""


@dataclass(frozen=True)
class Histories:
    """Several histories of the reference in each of some settings of its run."""

    years: tuple[int, ...]
    settings: Ints
    """Number of each setting, (setting,)."""
    values: dict[str, Array]
    """Outcome -> (setting, replicate, year)."""

    def of(self, outcome: str, year: int) -> tuple[Array, Ints]:
        """One outcome in one year, (setting, replicate), and the numbers of its settings; none without a value."""
        block = self.values.get(outcome)
        if block is None or year not in self.years:
            return np.empty((0, 2)), np.empty(0, dtype=np.intp)
        one = block[..., self.years.index(year)]
        known = ~np.isnan(one).any(axis=1)
        return one[known], self.settings[known]


def histories(reference: StoredRun, case: Case, years: Sequence[int] | None = None) -> Histories:
    """Those of the run itself if it has replicates, else each setting's own and more that are simulated beside it.

    Those have the parameters of the setting and streams of random numbers that no run has.

    Args:
        reference: The run.
        case: What it is simulated on.
        years: Those that are asked for; all if left out.
    """
    from sco_sim.engine.build import simulate

    stored = _stored(reference, years)
    if stored.values and next(iter(stored.values.values())).shape[1] > 1:
        return stored
    chosen = stored.settings[:SETTINGS]
    # below the worlds of the next setting, and above those of any run
    worlds = [(int(one) + 1) * MOST_WORLDS - more for one in chosen for more in range(1, REPLICATES)]
    block = simulate(
        reference.scenario, case=case, worlds=worlds, seed=reference.manifest["seed"], replicates=MOST_WORLDS,
        fixed_parameters=reference.manifest["fixed_parameters"], years=years, metrics=stored.values,
    )  # fmt: skip
    shape = (len(chosen), REPLICATES - 1, len(block.years))
    both = {
        key: np.concatenate([stored.values[key][: len(chosen)], values.reshape(shape)], axis=1)
        for key, values in block.metrics.items()
        if key in stored.values
    }
    return Histories(stored.years, chosen, both)


def _stored(reference: StoredRun, years: Sequence[int] | None) -> Histories:
    """The whole settings of a run."""
    replicates = int(reference.manifest["replicates"])
    frame = reference.metrics(years)
    calendar = np.unique(frame["year"].to_numpy())
    worlds = np.unique(frame["world"].to_numpy())
    numbers, counts = np.unique(reference.numbering.setting(worlds), return_counts=True)
    whole = numbers[counts == replicates]
    kept = frame[np.isin(reference.numbering.setting(frame["world"].to_numpy()), whole)].sort_values(["world", "year"])
    shape = (len(whole), replicates, len(calendar))
    values = {str(key): kept[key].to_numpy(dtype=float).reshape(shape) for key in kept if key not in ("world", "year")}
    return Histories(tuple(calendar.tolist()), whole, values)


def within(block: Array) -> float:
    """Standard deviation between histories of one setting: the root of the mean square within (Searle 1971).

    Args:
        block: Shape (setting, replicate). NaN without a setting or with one replicate.
    """
    if not len(block) or block.shape[1] < 2:
        return float("nan")
    return float(np.sqrt(block.var(axis=1, ddof=1).mean()))


def superiority(
    difference: Array, settings: Ints, block: Array, better: str, own: Ints | None = None
) -> tuple[float, float]:
    """The chance that one history with the scenario is better than another without it, and its standard error.

    The other history has the same parameters and another chance: it differs from the scenario's by the paired
    difference, which chance leaves nearly alone, and by what two histories of the reference differ by. Where no side
    is better, the chance of a higher value. The error is that of a U-statistic of two samples (DeLong et al. 1988),
    with what a setting adds through its difference and through its histories taken together.

    Args:
        difference: Paired differences, scenario less reference, shape (world,).
        settings: Setting of each world, shape (world,).
        block: Histories of the reference, shape (setting, replicate).
        better: higher, lower or none.
        own: Setting of each row of the block; settings that no world has if left out.
    """
    known = ~np.isnan(difference)
    difference, settings = difference[known], settings[known]
    if not len(difference) or not len(block) or block.shape[1] < 2:
        return float("nan"), float("nan")
    pairs = np.stack([block[:, a] - block[:, b] for a, b in permutations(range(block.shape[1]), 2)], axis=1)
    side = -1.0 if better == "lower" else 1.0
    moved = side * difference
    ordered = np.sort(pairs, axis=None)  # symmetric about zero, so of either side
    above = _below(ordered, moved)
    of_block = 1.0 - _below(np.sort(moved), pairs).mean(axis=1)
    share = float(above.mean())
    own = settings.max() + 1 + np.arange(len(block)) if own is None else own
    _, cluster = np.unique(np.concatenate([settings, own]), return_inverse=True)
    parts = np.concatenate([(above - share) / len(above), (of_block - share) / len(block)])
    sums = np.bincount(cluster, weights=parts)
    if len(sums) < 2:
        return share, float("nan")
    return share, float(np.sqrt(len(sums) / (len(sums) - 1) * (sums**2).sum()))


def _below(ordered: Array, values: Array) -> Array:
    """Share of an ordered sample that lies below each value, ties half, in the shape of the values."""
    sides = np.searchsorted(ordered, values, side="left") + np.searchsorted(ordered, values, side="right")
    out: Array = sides / (2.0 * len(ordered))
    return out
