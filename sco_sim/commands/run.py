"""`sco-sim run`: simulate one scenario into a stored run, and sum it up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.commands.files import load
from sco_sim.commands.screen.outcomes import chosen, digits_of_level, named, number, of_worlds, unit_of_level
from sco_sim.commands.screen.output import emit, fits, grouped, heading, note, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.components.registry import metric
from sco_sim.engine.record import interest
from sco_sim.runs.run import run
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.comparison.tables import agreements
from sco_sim.studies.wording import percent

Record = dict[str, Any]


def main(
    scenario: str,
    *,
    sets: Sequence[str],
    case: Path | None,
    out: Path | None,
    outcomes: Sequence[str],
    everything: bool,
    as_json: bool,
    **how: Any,
) -> int:
    """Simulate, store, print; `how` goes to `sco_sim.run`. The exit code."""
    found = load(scenario, sets, case)
    chosen(of_worlds(), outcomes, everything)  # a wrong name is told before the run, not after it
    folder = Path("results") / found.name if out is None else out
    with progress(found.name, folder) as tick:
        stored = run(found, case=case, out=folder, progress=tick, **how)
    failed = failures([stored])
    simulated = stored.size > len(stored.failed)
    rows = summary(stored, outcomes, everything) if simulated else []
    adopted = list(agreements(stored)) if simulated else []
    if as_json:
        emit(
            {
                "scenario": found.name, "path": stored.path, "worlds": stored.size, "failed": stored.failed,
                "seed": stored.manifest["seed"], "outcomes": rows, "agreements": adopted,
            }
        )  # fmt: skip
        return failed
    say(found.title, "bold")
    say(found.question)
    say(size_of([stored]))
    if rows:
        _print(rows)
        print_agreements(adopted)
    heading(f"Stored in {stored.path}")
    return failed


def failures(runs: Sequence[StoredRun]) -> int:
    """Tell on standard error which worlds failed and why; the exit code 3 if any did, else 0."""
    code = 0
    for stored in runs:
        bad = stored.query("SELECT world, error FROM worlds WHERE status = 'failed' ORDER BY world")
        if len(bad):
            code = 3
            note(
                f"error: {len(bad)} of {stored.size} worlds of {stored.manifest['name']} failed, the first is "
                f"world {bad['world'].iloc[0]}: {bad['error'].iloc[0]}\n"
                f"    give the same command again to try them again; tracebacks are in {stored.path}/worlds.sqlite"
            )
    return code


def size_of(runs: Sequence[StoredRun]) -> str:
    """Worlds, settings, replicates, seed and years, in words."""
    made = runs[0].manifest
    counts = " and ".join(dict.fromkeys(f"{run.size:,}" for run in runs))
    found = [run.query("SELECT count(DISTINCT setting) AS n FROM worlds")["n"].iloc[0] for run in runs]
    settings = " and ".join(dict.fromkeys(f"{number:,}" for number in found))
    centred = ", parameters held at their centres" if made["fixed_parameters"] else ""
    return (
        f"{counts} worlds{' each' if len(runs) > 1 else ''} = {settings} settings x {made['replicates']} replicates, "
        f"seed {made['seed']}, {made['years'][0]} to {made['years'][1]}{centred}"
    )


def summary(stored: StoredRun, outcomes: Sequence[str], everything: bool) -> list[Record]:
    """Mean and 5-95 % range over worlds of the outcomes chosen, at the start and in the years of interest."""
    first, last = (int(year) for year in stored.manifest["years"])
    known = [name for name, kind in stored.manifest["metrics"].items() if kind["axis"] == "world"]
    keys = chosen(sorted(known), outcomes, everything)
    found = stored.values([first, *interest(first, last)], keys)
    rows: list[Record] = []
    for key in keys:
        kind = metric(key)
        for year in (first, *interest(first, last)):
            values = found[key, year]
            values = values[~np.isnan(values)]
            low, high = np.quantile(values, [0.05, 0.95]) if len(values) else (np.nan, np.nan)
            rows.append(
                {
                    "outcome": key, "title": kind.title, "unit": kind.unit, "evidence": kind.evidence, "year": year,
                    "mean": float(values.mean()) if len(values) else np.nan, "low_05": float(low),
                    "high_95": float(high),
                }
            )  # fmt: skip
    return rows


def _print(rows: Sequence[Record]) -> None:
    years = list(dict.fromkeys(row["year"] for row in rows))
    lines = []
    for key in dict.fromkeys(row["outcome"] for row in rows):
        own = [row for row in rows if row["outcome"] == key]
        factor, unit = unit_of_level(own[0]["unit"])
        width = own[-1]["high_95"] - own[-1]["low_05"]
        digits = digits_of_level(factor * own[-1]["mean"], factor * width)
        means = [number(factor * row["mean"], digits) for row in own]
        ends = [number(factor * own[-1][end], digits) for end in ("low_05", "high_95")]
        lines.append([named(own[0]["title"], unit), *means, f"{ends[0]} to {ends[1]}"])
    headers = [*map(str, years), f"5-95 % in {years[-1]}"]
    heading("Mean over worlds")
    if fits(["Outcome", *headers], lines):
        table(["Outcome", *headers], lines, headers)
    else:
        grouped(headers, [(title, [numbers]) for title, *numbers in lines])


def print_agreements(rows: Sequence[Record]) -> None:
    """What became of each agreement, a line each; nothing if there are none."""
    if not rows:
        return
    heading("Agreements")
    several = len({row["scenario"] for row in rows}) > 1
    headers = ["Agreement", "Adopted", "Year", "Delay", "Ambition", "Delivered", "Least willing"]
    lines = []
    for row in rows:
        out = f"{row['hold_out']} ({percent(row['hold_out_share'])})" if row["hold_out"] else "-"
        cells = [
            row["agreement"], percent(row["adopted_share"]), number(row["adopted_year_mean"], 0).replace(",", ""),
            number(row["delay_mean_years"], 1), number(row["ambition_where_adopted"], 2),
            number(row["delivered_mean"], 2), out,
        ]  # fmt: skip
        lines.append([f"{row['scenario']}: {cells[0]}" if several else cells[0], *cells[1:]])
    table(headers, lines, headers[1:6])
    say(
        "Adopted: share of worlds. Year and ambition (0-1): means where adopted. Delay: summits at which it failed. "
        "Least willing: the state most often so, and in what share of worlds.",
        "dim",
    )
