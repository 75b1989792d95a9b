"""`sco-sim worth`: which entry of the ledger is worth knowing for a choice, and whether knowing it would change it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sco_sim.case.opened import opened
from sco_sim.commands.files import load
from sco_sim.commands.folders import check_not_typed
from sco_sim.commands.observed import say_observed, say_stored_observed
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out, writing
from sco_sim.components.registry import metric
from sco_sim.errors import Problem, ScenarioError, counted
from sco_sim.scenario.schema import EVIDENCE
from sco_sim.studies.wording import scale
from sco_sim.studies.worth.information import worth
from sco_sim.studies.worth.options import Options, of_mixes, of_runs, outcome_of, runs_of
from sco_sim.studies.worth.words import MEANING, cells_of, headers_of, rows_of, sentences_of

TOP = 10


def main(
    what: str, *, outcome: str, year: int | None, worlds: int, replicates: int, seed: int, typed: Sequence[str],
    sets: Sequence[str], case: Path | None, out: Path | None, everything: bool, as_json: bool,
) -> int:  # fmt: skip
    """Read or simulate the options, judge every entry, write, print; the exit code."""
    check_out(out)
    key = outcome_of(outcome)
    if Path(what).is_dir():
        check_not_typed(what, typed)
        if sets:
            remedy = "leave out --set, --nowcast and --view"
            raise ScenarioError(Problem("what is stored cannot be changed", remedy, what))
        runs = runs_of(Path(what))
        if len(runs) < 2:
            raise ScenarioError(Problem("one run is no choice", "give the folder of a comparison", what))
        options = of_runs(runs, key, year)
        say_stored_observed(*runs, aside=as_json)
    else:
        loaded = load(what, sets, case)
        with progress(loaded.name, None) as tick:
            options = of_mixes(
                loaded, opened(case), key, year, worlds=worlds, replicates=replicates, seed=seed, progress=tick
            )
        say_observed([loaded], case, aside=as_json)
    known = worth(options.choice, options.inputs)
    rows = rows_of(options, known)
    if out is not None:
        _write(out, [{"view": options.view, **row} for row in rows])
    if as_json:
        gain, error, changes = options.choice.everything
        factor = scale(metric(key).unit)[0]
        emit(
            {"options": list(options.names), "best": options.names[options.choice.best], "outcome": key,
             "year": options.year, "view": options.view, "belief": options.view != EVIDENCE,
             "settings": len(options.choice.values),
             "everything": {"gain": factor * gain, "error": factor * error, "changes": changes},
             "entries": rows}
        )  # fmt: skip
        return 0
    _print(options, rows, everything=everything)
    return 0


def _print(options: Options, rows: Sequence[dict[str, Any]], *, everything: bool) -> None:
    title = metric(options.outcome).title
    say(f"What is worth knowing before choosing among {counted(len(options.names), 'option')}, by {title} in "
        f"{options.year}", "bold")  # fmt: skip
    if options.view != EVIDENCE:
        say(f"Belief: under the view `{options.view}`, this is what follows from a belief.", "yellow")
    shown = ", ".join(options.names) if len(options.names) <= TOP else f"{counted(len(options.names), 'mix', 'mixes')}"
    say(f"{shown}; {counted(len(options.choice.values), 'setting')}", "dim")
    say()
    for line in sentences_of(options, rows, {}):
        say(line)
    some = list(rows) if everything else [row for row in rows if row["changes"] > 0.0][:TOP]
    if not some:
        return
    heading("Entries by what they are worth")
    headers = headers_of(options)
    table(headers, cells_of(options, some, {}), headers[2:5])
    say(MEANING, "dim")


def _write(out: Path, rows: Sequence[dict[str, Any]]) -> None:
    with writing(out):
        pd.DataFrame(rows).to_csv(out, index=False, float_format="%.6g", lineterminator="\n")
