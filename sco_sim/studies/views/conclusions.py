"""Conclusions under several views side by side: which differ, between whom, and what splits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import pandas as pd

from sco_sim.errors import Problem, ScenarioError
from sco_sim.scenario.schema import EVIDENCE
from sco_sim.studies.views.split import Split
from sco_sim.studies.wording import change_of, decimals, scale

VIEW_TABLE, SPLIT_TABLE = "views.csv", "splits.csv"
COLUMNS = (
    "subject", "outcome", "title", "unit", "year", "view", "belief", "difference", "low_05", "high_95", "mean_se",
    "conclusion", "differs",
)  # fmt: skip
SPLITS = (
    "subject", "outcome", "view", "other_view", "entry", "difference", "conclusion", "share_of_gap", "share_se",
    "alone", "worlds",
)  # fmt: skip
NAMED = 3
"""Entries that are named where none brings the other conclusion alone."""
SMALL = 0.05
"""An entry that makes less of the gap is not worth a name."""
WHOLE = 0.1
"""An entry that makes all of the gap but so much is what splits two views, whatever trace the others leave."""
MOST = 1.5
"""A larger share of a gap says only that the gap is small, and is not printed."""


@dataclass(frozen=True)
class Stated:
    """What one view says of one difference."""

    difference: float
    low: float
    """5 % of worlds; NaN where it is a choice and no difference."""
    high: float
    error: float
    says: str
    """Up, down, open or none; or what is best."""


@dataclass(frozen=True)
class Conclusion:
    """What every view says of the same thing."""

    subject: str
    """Scenario, component, or what is chosen among."""
    outcome: str
    title: str
    unit: str
    year: int
    by_view: Mapping[str, Stated]
    splits: Mapping[tuple[str, str], Sequence[Split]] = field(default_factory=dict)
    """Two views to the entries that make the difference, once looked for."""

    @property
    def differs(self) -> bool:
        """Whether not all views say the same."""
        return len({one.says for one in self.by_view.values()}) > 1

    @property
    def apart(self) -> list[tuple[str, str]]:
        """Two views each that say another thing."""
        return [
            (one, other) for one, other in combinations(self.by_view, 2)
            if self.by_view[one].says != self.by_view[other].says
        ]  # fmt: skip


def views_of(text: str) -> list[str]:
    """Views separated by commas; raises ScenarioError for one named twice or without a name."""
    names = [name.strip() for name in text.split(",")]
    if "" in names or len(set(names)) < len(names):
        raise ScenarioError(Problem(f"'{text}' is no list of views", "write --view documents,evidence", "--view"))
    return names


def called(view: str) -> str:
    """A view as it is named everywhere: a belief is called one."""
    return view if view == EVIDENCE else f"{view} (belief)"


def sentence(one: Conclusion) -> list[str]:
    """What the views say of it, and what splits them; a sentence each."""
    factor, unit = scale(one.unit)
    largest = max(abs(factor * said.difference) for said in one.by_view.values())
    digits = decimals(largest)
    parts = [f"{called(view)} {_says(said, factor, digits, unit)}" for view, said in one.by_view.items()]
    lines = [f"{one.subject}, {one.title} in {one.year}: {'; '.join(parts)}."]
    lines += [_split(pair, parts, one) for pair, parts in one.splits.items()]
    return lines


def _says(said: Stated, factor: float, digits: int, unit: str) -> str:
    size = f"{change_of(factor * said.difference, digits)} {unit}".rstrip()
    return {"none": "says that nothing changes", "open": f"leaves it open ({size} on average)",
            "up": f"says up ({size})", "down": f"says down ({size})"}.get(said.says, f"says {said.says}")  # fmt: skip


def _split(pair: tuple[str, str], parts: Sequence[Split], one: Conclusion) -> str:
    mine, theirs = pair
    says = one.by_view[theirs].says
    what = {"none": "no change", "open": "an open sign"}.get(says, says)
    if not parts:
        seen = "or in worlds too few to see it: no entry moves it alone"
        return f"{mine} and {theirs} are split by several entries together, {seen}."
    alone = [split for split in parts if split.alone]
    if alone:
        names = _names(alone[:NAMED])
        more = f" and {len(alone) - NAMED} more" if len(alone) > NAMED else ""
        either = " (each)" if len(alone) > 1 else ""
        switch = f"as {called(theirs)} has it, alone it brings {what}{either}"
        return f"{mine} and {theirs} are split by {names}{more}: {switch}."
    whole = [split for split in parts if abs(split.share - 1.0) <= WHOLE]
    if whole:
        return f"{mine} and {theirs} are split by {_names(whole[:1])}."
    most = [split for split in parts if split.share >= SMALL][:NAMED]
    if not most:
        return f"{mine} and {theirs} are split by several entries together: none makes much of the gap alone."
    return f"{mine} and {theirs} are split by several entries, of which none brings {what} alone: {_names(most)}."


def _names(splits: Sequence[Split]) -> str:
    """Entries with the share of the gap between the means that each makes by itself."""
    return ", ".join(
        f"`{one.entry}`" + ("" if not abs(one.share) <= MOST else f" ({100.0 * one.share:.0f} % of the gap)")
        for one in splits
    )


def tables(conclusions: Sequence[Conclusion]) -> dict[str, pd.DataFrame]:
    """views.csv, a row a conclusion and view, and splits.csv, a row an entry; the columns COLUMNS and SPLITS."""
    rows = [
        (one.subject, one.outcome, one.title, one.unit, one.year, view, view != EVIDENCE, said.difference, said.low,
         said.high, said.error, said.says, one.differs)
        for one in conclusions for view, said in one.by_view.items()
    ]  # fmt: skip
    parts = [
        (one.subject, one.outcome, *pair, split.entry, split.stand.mean, split.stand.sign, split.share, split.error,
         split.alone, split.worlds)
        for one in conclusions for pair, parts in one.splits.items() for split in parts
    ]  # fmt: skip
    return {
        VIEW_TABLE: pd.DataFrame(rows, columns=list(COLUMNS)),
        SPLIT_TABLE: pd.DataFrame(parts, columns=list(SPLITS)),
    }
