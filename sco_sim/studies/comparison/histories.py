"""How far one history is from another of the same parameters, and what a scenario is beside that.

A world is one history. Two histories of the same parameters differ by chance alone; how far, is seen in a small block
of replicates of the reference. A scenario is told by how often one history with it is better than another without it:
the probability of superiority (Grissom 1994; the common-language effect size of McGraw and Wong 1992).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.limits import MOST_WORLDS
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.studies.statistics import standard_error

if TYPE_CHECKING:
    from sco_sim.case.case import Case
    from sco_sim.store.stored_run import StoredRun

SETTINGS, REPLICATES = 20, 5
"""Size of the block that is simulated where the run of the reference has one replicate a setting."""


@dataclass(frozen=True)
class Histories:
    """Several histories of the reference in each of some settings."""

    years: tuple[int, ...]
    values: dict[str, Array]
    """Outcome -> (setting, replicate, year)."""

    def of(self, outcome: str, year: int) -> Array:
        """One outcome in one year, shape (setting, replicate); empty where it has no value."""
        block = self.values.get(outcome)
        if block is None or year not in self.years:
            return np.empty((0, 2))
        one = block[..., self.years.index(year)]
        known: Array = one[~np.isnan(one).any(axis=1)]
        return known


def histories(reference: StoredRun, case: Case) -> Histories:
    """Those of the run itself if it has replicates, else of a block that is simulated beside it.

    The block has settings and streams of random numbers that no run has, so it is independent of the worlds compared.
    """
    from sco_sim.engine.build import simulate

    replicates = int(reference.manifest["replicates"])
    if replicates > 1:
        return _stored(reference, replicates)
    settings = min(SETTINGS, reference.size)
    first = MOST_WORLDS  # a run has fewer settings, and its worlds are below MOST_WORLDS
    worlds = [(first + setting) * MOST_WORLDS + one for setting in range(settings) for one in range(REPLICATES)]
    block = simulate(
        reference.scenario, case=case, worlds=worlds, seed=reference.manifest["seed"], replicates=MOST_WORLDS,
        fixed_parameters=reference.manifest["fixed_parameters"],
    )  # fmt: skip
    shape = (settings, REPLICATES, len(block.years))
    return Histories(block.years, {key: values.reshape(shape) for key, values in block.metrics.items()})


def _stored(reference: StoredRun, replicates: int) -> Histories:
    """The whole settings of a run with replicates."""
    frame = reference.metrics()
    years = np.unique(frame["year"].to_numpy())
    worlds = np.unique(frame["world"].to_numpy())
    numbers, counts = np.unique(reference.numbering.setting(worlds), return_counts=True)
    whole = numbers[counts == replicates]
    kept = frame[np.isin(reference.numbering.setting(frame["world"].to_numpy()), whole)].sort_values(["world", "year"])
    shape = (len(whole), replicates, len(years))
    values = {str(key): kept[key].to_numpy(dtype=float).reshape(shape) for key in kept if key not in ("world", "year")}
    return Histories(tuple(years.tolist()), values)


def within(block: Array) -> float:
    """Standard deviation between histories of one setting: the root of the mean square within (Searle 1971).

    Args:
        block: Shape (setting, replicate). NaN without a setting or with one replicate.
    """
    if not len(block) or block.shape[1] < 2:
        return float("nan")
    return float(np.sqrt(block.var(axis=1, ddof=1).mean()))


def superiority(difference: Array, settings: Ints, block: Array, better: str) -> tuple[float, float]:
    """The chance that one history with the scenario is better than another without it, and its standard error.

    The other history has the same parameters and another chance: it differs from the scenario's by the paired
    difference, which chance leaves nearly alone, and by what two histories of the reference differ by. Where no side
    is better, the chance of a higher value. The error is that of a two-sample U-statistic over the settings of the
    run and those of the block (DeLong et al. 1988).

    Args:
        difference: Paired differences, scenario less reference, shape (world,).
        settings: Setting of each world, shape (world,).
        block: Histories of the reference, shape (setting, replicate).
        better: higher, lower or none.
    """
    known = ~np.isnan(difference)
    difference, settings = difference[known], settings[known]
    if not len(difference) or not len(block) or block.shape[1] < 2:
        return float("nan"), float("nan")
    pairs = np.stack([block[:, a] - block[:, b] for a, b in permutations(range(block.shape[1]), 2)], axis=1)
    side = -1.0 if better == "lower" else 1.0
    ordered = np.sort(side * pairs, axis=1)  # of each setting; symmetric about zero
    moved = side * difference
    count = pairs.shape[1]
    above = np.array(
        [
            (np.searchsorted(own, moved, side="left") + np.searchsorted(own, moved, side="right")) / (2.0 * count)
            for own in ordered
        ]
    )  # (setting of the block, world)
    error = np.hypot(
        standard_error(above.mean(axis=0), settings), standard_error(above.mean(axis=1), np.arange(len(block)))
    )
    return float(above.mean()), float(error)
