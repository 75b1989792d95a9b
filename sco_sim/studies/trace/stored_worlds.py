"""Worlds of a stored comparison told: the middle one and the two extremes, each beside the same world of the reference.

A comparison stores outcomes and not what happened. The worlds are simulated again by their numbers, and told only if
every outcome of the last year comes out to the bit as it is stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from sco_sim.case.case import Case
from sco_sim.components.registry import metric
from sco_sim.errors import Problem, StoreError
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.comparison.important import IMPORTANT
from sco_sim.studies.statistics import common
from sco_sim.studies.trace.facts import Line, shortened, side_by_side
from sco_sim.studies.trace.trace import Trace
from sco_sim.studies.wording import decimals, scale, signed


@dataclass(frozen=True)
class Chosen:
    """A world, by the rank of its difference from the reference."""

    rank: str
    world: int
    difference: float
    """In the unit of the outcome."""


@dataclass(frozen=True)
class History:
    """A world as it goes, beside the same world of the reference."""

    chosen: Chosen
    lines: list[Line]
    ends: list[tuple[str, str, str, str]]
    """Outcome, here, there and the difference in the last year, in words."""


def chosen(run: StoredRun, reference: StoredRun, outcome: str, year: int) -> list[Chosen]:
    """The worlds of the lowest, the middle and the highest difference in an outcome of a year.

    Of an even number of worlds the middle one is the lower of the two; extremes that differ by no more are left out.
    """
    frames = [one.metrics(years=[year]).set_index("world")[outcome].dropna() for one in (run, reference)]
    worlds = common([frame.index.to_numpy() for frame in frames])
    gap = (frames[0].reindex(worlds) - frames[1].reindex(worlds)).to_numpy(dtype=float)
    if not len(gap):
        return []
    order = np.argsort(gap, kind="stable")
    ranks = {"middle": order[(len(order) - 1) // 2], "lowest": order[0], "highest": order[-1]}
    of_rank = [Chosen(name, int(worlds[row]), float(gap[row])) for name, row in ranks.items()]
    apart = [one for one in of_rank[1:] if one.difference != of_rank[0].difference]
    return [of_rank[0], *apart]


def history_of(run: StoredRun, reference: StoredRun, case: Case, one: Chosen) -> History:
    """A world of a run, simulated again and told; raises StoreError if it does not come out as it is stored."""
    mine, theirs = (of_run(each, case, one.world) for each in (run, reference))
    return History(one, shortened(side_by_side(mine.facts, theirs.facts)), list(ends(mine.last, theirs.last)))


def is_stored(run: StoredRun, world: int) -> bool:
    """Whether the run has the outcomes of a world."""
    return world in run.done()


def of_run(run: StoredRun, case: Case, world: int) -> Trace:
    """A world of a stored run, watched; raises StoreError if an outcome is not what is stored.

    A world that is not stored is the one that the run would have had under that number: nothing tells if it is right.
    """
    manifest = run.manifest
    trace = Trace(
        run.scenario, case, world, seed=manifest["seed"], replicates=manifest["replicates"],
        fixed_parameters=manifest["fixed_parameters"],
    )  # fmt: skip
    if not is_stored(run, world):
        return trace
    frame = run.metrics(years=[run.scenario.horizon.end]).set_index("world")
    known = [key for key in trace.last if key in frame]
    stored, again = frame.loc[world, known].to_numpy(dtype=float), np.array([trace.last[key] for key in known])
    if not np.array_equal(stored, again, equal_nan=True):
        message = f"world {world} of {manifest['name']} does not come out as it is stored"
        raise StoreError(Problem(message, "`sco-sim rerun` says what differs; or compare again", str(run.path)))
    return trace


def ends(here: Mapping[str, float], there: Mapping[str, float]) -> Iterator[tuple[str, str, str, str]]:
    """Where two worlds end: outcome with its unit, here, there, difference."""
    for key in IMPORTANT:
        if key in here and key in there:
            factor, unit = scale(metric(key).unit)
            one, other = factor * here[key], factor * there[key]
            digits = decimals(max(abs(one), abs(other)))
            title = metric(key).title
            title = title if not unit or unit.lower() in title.lower() else f"{title}, {unit}"
            gap = signed(one - other, decimals(abs(one - other)))
            yield title, f"{one:,.{digits}f}", f"{other:,.{digits}f}", gap
