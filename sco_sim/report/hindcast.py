"""How the engine did in hindcast, for a report: the table of aims that `sco-sim hindcast --report` writes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from sco_sim.errors import Problem, StoreError, counted
from sco_sim.report.page import Table
from sco_sim.shipped import shipped_scores

CHANNEL, OF, ERROR_NO_HIGHER, HELD = 0, 1, 3, 7
"""Columns of the table: channel and years, what of it, whether RMSE is no higher, whether bands have 80 % inside."""
YES = "yes"


@cache
def scores() -> Table:
    """The shipped scores; no rows where they are not shipped."""
    path = shipped_scores()
    return read_scores(path) if path.is_file() else Table((), ())


def read_scores(path: Path) -> Table:
    """The scores in a file that `sco-sim hindcast --report` wrote; raises StoreError if they cannot be read."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file))
    except (OSError, ValueError, csv.Error) as error:
        raise StoreError(Problem("the scores cannot be read", "give `hindcast --report` again", str(path))) from error
    if len(header) <= HELD or any(len(row) != len(header) for row in rows):
        raise StoreError(Problem("these are no scores", "give `hindcast --report` again", str(path)))
    return Table(tuple(header), tuple(tuple(row) for row in rows))


def scores_in_words(table: Table) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Two sentences: where the engine loses to the best naive forecast, and where its bands do not hold.

    Below each stand those in which it does, a line for each channel and years.
    """
    if not table.rows:
        return
    for column, won, lost in (
        (
            ERROR_NO_HIGHER,
            "its error (RMSE) is no higher than that of the best naive forecast in {n} of {all}",
            "it loses to a naive forecast in",
        ),
        (HELD, "its 80 % bands agree with what came in {n} of {all}", "they do not in"),
    ):
        missed: dict[str, list[str]] = {}
        for row in table.rows:
            if row[column] != YES:
                missed.setdefault(row[CHANNEL], []).append(row[OF])
        held = len(table.rows) - sum(map(len, missed.values()))
        words = won.format(n=held, all=f"{counted(len(table.rows), 'hindcast')}")
        sentence = f"Begun in years past, {words}{f'; {lost}:' if missed else '.'}"
        yield sentence, tuple(f"{channel}: {', '.join(of)}" for channel, of in missed.items())
