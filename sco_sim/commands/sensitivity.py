"""`sco-sim sensitivity`: what the outcomes of a stored sweep depend on, and how much of them is chance."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sco_sim.commands.files import say_half_done
from sco_sim.commands.folders import check_folder
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.belief import say_view
from sco_sim.commands.screen.outcomes import number
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.plots.sensitivity import sensitivity as picture
from sco_sim.plots.style import save, styled
from sco_sim.scenario.schema import Scenario
from sco_sim.store.checksums import write_tables
from sco_sim.studies.sensitivity.indices import MEASURES, PAIRS
from sco_sim.studies.sensitivity.rankings import Ranking, rankings, tables
from sco_sim.studies.sweep.stored_sweep import open_sweep
from sco_sim.studies.wording import percent

SHOWN = 10
"""Interactions printed; all are in the file."""


def main(
    folder: Path, *, outcomes: Sequence[str], years: Sequence[int], method: str, out: Path | None, as_json: bool
) -> int:
    """Rank, write tables and pictures, print; the exit code."""
    check_folder(str(folder), "sweep")
    sweep = open_sweep(folder)
    say_half_done(sweep)
    ranked_all, left_out = rankings(sweep, outcomes, years, method)
    target = folder / "sensitivity" if out is None else out
    ranked, shares, pairs = tables(ranked_all)
    written = {"sensitivity.csv": ranked, "chance.csv": shares}
    paths = write_tables(target, written if pairs is None else {**written, "interactions.csv": pairs})
    with styled():
        for one in ranked_all:
            title = f"{metric(one.outcome).title.lower()} in {one.year}"
            drawn = picture(one.table, title, metric(one.outcome).unit, one.share, one.nothing)
            name = f"{one.method}_{one.outcome}_{one.year}_{one.scenario}"
            paths += save(drawn, target, name)
    if as_json:
        say_stored_observed(sweep, aside=True)
        emit({"sensitivity": _records(ranked), "chance": _records(shares), "files": paths, "left_out": left_out,
              "half_done": sweep.half_done(), **stored_observed(sweep)}
             | ({} if pairs is None else {"interactions": _records(pairs)}))  # fmt: skip
        return 0
    say(sweep.experiment.title or sweep.experiment.name, "bold")
    say(
        f"{counted(len(sweep.rows()), 'point')}, {int(sweep.manifest['points']):,} with scenarios; "
        f"seed {sweep.manifest['seed']}"
    )
    say_view([Scenario.from_resolved(one) for one in sweep.manifest["scenarios"]])
    say_stored_observed(sweep, aside=False)
    for one in ranked_all:
        _print(one, len(dict.fromkeys(other.scenario for other in ranked_all)) > 1)
    for words in left_out:
        note(words)
    say(f"written to {target}", "dim")
    return 0


def _print(one: Ranking, several: bool) -> None:
    heading(f"{metric(one.outcome).title}, {one.year}" + (f", {one.scenario}" if several else "") + f" ({one.method})")
    main, other = MEASURES[one.method]
    headers = [main.title.capitalize(), main.range_title.capitalize(), other.title.capitalize()]
    table(
        ["Factor", *headers],
        [
            [row["factor"], number(row[main.column], 3), _range(row, main.low, main.high), number(row[other.column], 3)]
            for row in one.table.to_dict("records")
        ],
        headers,
    )
    if one.interactions is not None:
        _print_interactions(one.interactions)
    if one.nothing == one.nothing:
        say("A factor that does nothing stays below the last column in 95 % of cases.", "dim")
    if one.warning:
        say(f"Not to be relied on: {one.warning}.", "yellow")
    if one.share.factors == one.share.factors:
        factors, chance, both = (percent(part) for part in one.share)
        say(f"Of the variance over all worlds: factors {factors}, chance {chance}, factors and chance together {both}.")


def _print_interactions(pairs: pd.DataFrame) -> None:
    """The pairs of factors that do most together, beyond what each does alone."""
    _, _, column, low, high = PAIRS
    say()
    headers = ["Second order", "95 % interval"]
    rows = pairs.head(SHOWN).to_dict("records")
    lines = [[row["factor"], row["other"], number(row[column], 3), _range(row, low, high)] for row in rows]
    table(["Factor", "with", *headers], lines, headers)
    if len(pairs) > SHOWN:
        say(f"the first {SHOWN} of {counted(len(pairs), 'pair')}; all are in interactions.csv", "dim")


def _range(row: Mapping[Hashable, Any], low: str, high: str) -> str:
    return f"{number(row[low], 3)} to {number(row[high], 3)}"


def _records(frame: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")
