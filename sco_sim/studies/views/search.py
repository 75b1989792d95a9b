"""The entries that split two views, each switched alone: all of them on few worlds, those that may matter on all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from sco_sim.engine.record import Progress
from sco_sim.numerics.arrays import Array, Ints
from sco_sim.studies.comparison.verdict import SURE
from sco_sim.studies.statistics import standard_error
from sco_sim.studies.views.conclusions import NAMED, SMALL, WHOLE
from sco_sim.studies.views.split import Measure, Pair, Split, Stand, entries, of_change, sign_of
from sco_sim.studies.views.worlds import each

FEW = 40
"""Settings on which every entry is switched first."""
AT_ONCE = 2000
"""Worlds up to which every entry is switched on all of them at once: few entries, as in a view of one's own."""
DOUBT = 2.5
"""Standard errors of a share within which few worlds leave it open."""
SLACK = 1.25
"""Factor by which the error of a mean may be another on all worlds than few worlds suggest."""
TOGETHER = 20
"""Entries that are switched before the progress is told."""
Reading = Callable[[int], Measure]
"""From how many worlds, the first of the same, to what reads outcomes off a scenario."""
Parts = dict[str, dict[str, Split]]
"""Entry to what it makes of each outcome that it moves."""


def splits(
    mine: Pair, theirs: Pair, outcomes: Sequence[str], read: Reading, settings: Ints, tick: Progress | None = None
) -> dict[str, list[Split]]:
    """Outcome to what each entry makes of it, switched alone in `mine`: what splits the views first, by share.

    Where they are many, every entry is switched on the worlds of the first FEW settings, and those on all worlds that
    could bring the conclusion of the other view or, where none does, be named for their share. Entries that do not move
    an outcome are left out: of many entries, those too that move it in none of the first worlds.
    """
    names = entries(mine.right, theirs.right)
    if not names:
        return {outcome: [] for outcome in outcomes}
    few = int(np.count_nonzero(settings <= np.unique(settings)[:FEW][-1]))
    screened = 2 * few < len(settings) and len(names) * len(settings) > AT_ONCE
    first = few if screened else len(settings)
    tick = tick or (lambda done, wanted: None)
    views = Switched(mine, theirs, outcomes, read(first), settings[:first])
    parts = views.switch(names, lambda done: tick(done * first, len(names) * first))
    if first < len(settings):
        parts = _surely(parts, views, Switched(mine, theirs, outcomes, read(len(settings)), settings), tick)
    kept = {outcome: [own[outcome] for own in parts.values() if outcome in own] for outcome in outcomes}
    return {outcome: sorted(own, key=lambda one: (not one.alone, -one.share)) for outcome, own in kept.items()}


def _surely(parts: Parts, few: Switched, everything: Switched, tick: Progress) -> Parts:
    """The same on all worlds where few leave open what is said; elsewhere as the few have it, at the gap of all."""
    out = {
        name: {outcome: everything.foreseen(one, outcome, few) for outcome, one in split.items()}
        for name, split in parts.items()
    }
    by_outcome = {
        outcome: {name: split[outcome] for name, split in parts.items() if outcome in split}
        for outcome in everything.outcomes
    }
    worlds, done = len(parts) * len(few.settings), 0

    def again(names: Iterable[str]) -> None:
        nonlocal worlds, done
        chosen = [name for name in dict.fromkeys(names) if all(one.worlds < count for one in out[name].values())]
        done, worlds = worlds, worlds + len(chosen) * count
        out.update(everything.switch(chosen, lambda number: tick(done + number * count, worlds)))

    count = len(everything.settings)
    again(
        name for outcome, own in by_outcome.items() for name, one in own.items()
        if everything.may_bring(one, outcome, few)
    )  # fmt: skip
    again(
        name for outcome, own in by_outcome.items() for name in own
        if may_be_named(own, name) and not any(out[other][outcome].alone for other in own if outcome in out[other])
    )  # fmt: skip
    return out


def may_be_named(own: Mapping[str, Split], name: str) -> bool:
    """Whether the share of an entry may be one of the largest, or be all of the gap."""
    low, high = _span(own[name])
    if np.isnan(low):
        return True
    if low <= 1.0 + WHOLE and high >= 1.0 - WHOLE:
        return True
    larger = sum(other.share > high for key, other in own.items() if key != name)
    return high >= SMALL and larger < NAMED


def _span(one: Split) -> tuple[float, float]:
    return one.share - DOUBT * one.error, one.share + DOUBT * one.error


class Switched:
    """Two views of the same differences on some worlds, and what becomes of them where one entry is switched."""

    def __init__(self, mine: Pair, theirs: Pair, outcomes: Sequence[str], measure: Measure, settings: Ints) -> None:
        self.mine, self.theirs, self.outcomes, self.measure, self.settings = mine, theirs, outcomes, measure, settings
        self.here, self.there = self._changes(mine), self._changes(theirs)

    def _changes(self, pair: Pair) -> dict[str, Array]:
        left, right = self.measure(pair.left), self.measure(pair.right)
        return {outcome: right[outcome] - left[outcome] for outcome in self.outcomes}

    def stands(self, outcome: str) -> tuple[Stand, Stand]:
        """Where the two views stand."""
        return of_change(self.here[outcome], self.settings), of_change(self.there[outcome], self.settings)

    def switch(self, names: Sequence[str], tick: Callable[[int], None]) -> Parts:
        """What each entry makes of every outcome that it moves; `tick` is told how many are done."""
        out = {}
        for start in range(0, len(names), TOGETHER):
            some = names[start : start + TOGETHER]
            left = each(self.measure, self.mine.left, self.theirs.left, some)
            right = each(self.measure, self.mine.right, self.theirs.right, some)
            for name in some:
                moved = {outcome: right[name][outcome] - left[name][outcome] for outcome in self.outcomes}
                out[name] = self._parts(name, moved)
            tick(start + len(some))
        return out

    def _parts(self, name: str, moved: Mapping[str, Array]) -> dict[str, Split]:
        out = {}
        for outcome, difference in moved.items():
            here, there = self.here[outcome], self.there[outcome]
            known = ~np.isnan(here + there + difference)
            change, gap, settings = (difference - here)[known], (there - here)[known], self.settings[known]
            if not change.any():
                continue
            of_here, of_there = self.stands(outcome)
            now = of_change(difference, self.settings)
            share, error = _share(change, gap, settings)
            alone = now.sign == of_there.sign != of_here.sign
            out[outcome] = Split(name, now, share, alone, error, len(self.settings))
        return out

    def foreseen(self, one: Split, outcome: str, few: Switched) -> Split:
        """Where these worlds would stand by the share and the error that few worlds show."""
        here, there = self.stands(outcome)
        mean = here.mean + one.share * (there.mean - here.mean)
        error = _scaled(one.stand.error, here, few.stands(outcome)[0], len(few.settings) / len(self.settings))
        return Split(one.entry, Stand(mean, error, sign_of(mean, error)), one.share, False, one.error, one.worlds)

    def may_bring(self, one: Split, outcome: str, few: Switched) -> bool:
        """Whether the entry alone may bring what the other view says on these worlds."""
        here, there = self.stands(outcome)
        if there.sign == "none":
            return one.stand.sign == "none"
        foreseen = self.foreseen(one, outcome, few).stand
        doubt = DOUBT * one.error * abs(there.mean - here.mean)
        if np.isnan(doubt) or np.isnan(foreseen.error):
            return True
        if there.sign == "open":
            return abs(foreseen.mean) - doubt <= SLACK * SURE * foreseen.error
        size = foreseen.mean if there.sign == "up" else -foreseen.mean
        return size + doubt > SURE * foreseen.error / SLACK


def _share(change: Array, gap: Array, settings: Ints) -> tuple[float, float]:
    """Share of the mean gap that a change makes, with its standard error; both (world,). NaN where there is no gap."""
    whole = float(gap.mean())
    if not whole:
        return float("nan"), float("nan")
    share = float(change.mean()) / whole
    return share, standard_error(change - share * gap, settings) / abs(whole)


def _scaled(error: float, here: Stand, few: Stand, part: float) -> float:
    """An error of few worlds as it would be on all: as that of the first view is, else by their number."""
    return error * (here.error / few.error if few.error > 0.0 and here.error > 0.0 else part**0.5)
