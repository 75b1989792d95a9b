"""`sco-sim run`: simulate one scenario into a stored run, and sum it up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sco_sim.commands.files import load
from sco_sim.commands.folders import results
from sco_sim.commands.observed import say_stored_observed, stored_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.outcomes import chosen, digits_of_level, named, number, of_worlds, unit_of_level
from sco_sim.commands.screen.output import emit, fits, grouped, heading, note, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.components.registry import metric
from sco_sim.engine.record import interest
from sco_sim.errors import counted
from sco_sim.store.stored_run import StoredRun
from sco_sim.studies.carried import heavy_in_runs, heavy_traders
from sco_sim.studies.comparison.tables import agreements
from sco_sim.studies.comparison.verdict import lacking_ends
from sco_sim.studies.statistics import Z, paired
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
    from sco_sim.runs.run import run

    loaded = load(scenario, sets, case)
    chosen(of_worlds(), outcomes, everything)  # a wrong name is reported before the run, not after it
    folder = results(loaded.name, sets) if out is None else out
    with progress(loaded.name, folder) as tick:
        stored = run(loaded, case=case, out=folder, progress=tick, **how)
    failed = failures([stored])
    simulated = stored.size > len(stored.failed)
    rows = summary(stored, outcomes, everything) if simulated else []
    adopted = list(agreements(stored)) if simulated else []
    heavy = heavy_traders(stored) if simulated else []
    if as_json:
        say_stored_observed(stored, aside=True)
        emit(
            {
                "scenario": loaded.name, "path": stored.path, "worlds": stored.size, "failed": stored.failed,
                "seed": stored.manifest["seed"], "outcomes": rows, "agreements": adopted,
                "heavy_traders": heavy, **stored_observed(stored), **of_view(loaded),
            }
        )  # fmt: skip
        return failed
    if not simulated:
        return failed  # the note on standard error says all there is to say
    say(loaded.title, "bold")
    say(loaded.question)
    say(size_of([stored]))
    say_view([loaded])
    say_stored_observed(stored, aside=False)
    _print(rows)
    print_agreements(adopted)
    say_heavy([stored])
    heading(f"Stored in {stored.path}")
    return failed


def failures(runs: Sequence[StoredRun]) -> int:
    """Report on standard error which worlds failed and why; the exit code 3 if any did, else 0."""
    code = 0
    for stored in runs:
        worlds = stored.worlds()
        bad = worlds[worlds["status"] == "failed"]
        if len(bad):
            code = 3
            count = f"{len(bad)} of {counted(stored.size, 'world')}"
            note(
                f"error: {count} of {stored.manifest['name']} failed, the first is "
                f"world {bad['world'].iloc[0]}: {bad['error'].iloc[0]}\n"
                f"    give the same command again to try them again; tracebacks are in {stored.path}/worlds.sqlite"
            )
    return code


def say_heavy(runs: Sequence[StoredRun], year: int | None = None) -> None:
    """The states that trade more with the others than their GDP can carry by a year, the last if none is given."""
    for text in heavy_in_runs(runs, year):
        say(text, "yellow")


def size_of(runs: Sequence[StoredRun]) -> str:
    """Worlds, settings, replicates, seed and years, in words."""
    manifest = runs[0].manifest
    parts = list(dict.fromkeys(_worlds_of(run) for run in runs))
    each = " each" if len(runs) > 1 and len(parts) == 1 else ""
    worlds = " and ".join(f"{counted(count, 'world')}{each} = {settings}" for count, settings in parts)
    centred = ", parameters held at their centres" if manifest["fixed_parameters"] else ""
    return f"{worlds}, seed {manifest['seed']}, {manifest['years'][0]} to {manifest['years'][1]}{centred}"


def _worlds_of(run: StoredRun) -> tuple[int, str]:
    """How many worlds are stored, and how many settings and replicates they are."""
    replicates = int(run.manifest["replicates"])
    counts = run.worlds().groupby("setting").size().to_numpy()
    partial = counts[counts < replicates]
    whole = len(counts) - len(partial)
    text = f"{counted(whole, 'setting')} x {counted(replicates, 'replicate')}"
    if len(partial):
        fewer = str(partial[0]) if len(partial) == 1 else "fewer"
        text += f" and {counted(len(partial), 'setting')} with {fewer}"
    return int(counts.sum()), text


def summary(stored: StoredRun, outcomes: Sequence[str], everything: bool) -> list[Record]:
    """Mean and 5-95 % range over worlds of the outcomes chosen, at the start and in the years of interest."""
    first, last = (int(year) for year in stored.manifest["years"])
    known = [name for name, measure in stored.manifest["metrics"].items() if measure["axis"] == "world"]
    keys = chosen(sorted(known), outcomes, everything)
    years = [first, *interest(first, last)]
    values_of = stored.values(years, keys)
    settings = stored.numbering.setting(np.array([one for entry in stored.index().entries for one in entry.worlds]))
    rows: list[Record] = []
    for key in keys:
        measure = metric(key)
        for year in years:
            values = values_of[key, year]
            own = paired(np.zeros_like(values), values, settings)
            rows.append(
                {
                    "outcome": key, "title": measure.title, "unit": measure.unit, "evidence": measure.evidence,
                    "year": year, "mean": own.difference, "low_05": own.low_05, "high_95": own.high_95,
                    "median": own.difference_median, "mean_se": own.mean_se, "low_05_se": own.low_05_se,
                    "high_95_se": own.high_95_se, "median_se": own.difference_median_se,
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
        middle, low, high = (number(factor * own[-1][end], digits) for end in ("median", "low_05", "high_95"))
        error = number(factor * Z * own[-1]["mean_se"], digits)
        few = " (few)" if lacking_ends(own[-1]) else ""
        lines.append([named(own[0]["title"], unit), *means, error, middle, f"{low} to {high}{few}"])
    headers = [*map(str, years), "+-", f"median {years[-1]}", f"5-95 % in {years[-1]}"]
    heading(f"Mean over worlds, with median and 5-95 % range in {years[-1]}")
    if fits(["Outcome", *headers], lines):
        table(["Outcome", *headers], lines, headers)
    else:
        grouped(headers, [(title, [numbers]) for title, *numbers in lines])
    said = [f"+-: half of the 95 % interval of the mean of {years[-1]}"]
    if any(line[-1].endswith("(few)") for line in lines):
        said.append("few: too few worlds for the ends of the 5-95 % range")
    say(f"{'; '.join(said)}.", "dim")


DATES = ("adopted_year_mean", "ratified_year_mean", "force_year_mean", "half_delivered_year_mean")
"""Columns with the dates of an agreement, in their order."""


def _year(row: Record, name: str) -> str:
    """A mean year, `-` where it never was or the table is from before it was kept."""
    return number(float(row.get(name, "nan")), 0).replace(",", "")


def print_agreements(rows: Sequence[Record]) -> None:
    """What had become of each agreement by the year of the rows, a line each; nothing if there are none."""
    if not rows:
        return
    whole = any(np.isfinite(row["delay_mean_years"]) for row in rows)
    heading(f"Agreements by {max(row['year'] for row in rows)}")
    several = len({row["scenario"] for row in rows}) > 1
    headers = ["Agreement", "Adopted", "Year", "Ratified", "In force", "Half done", "Delay", "Ambition", "Delivered",
               "Least willing"]  # fmt: skip
    lines = []
    for row in rows:
        nobody = str(row["hold_out"]) in ("", "nan")  # nan: read from a table
        out = "-" if nobody else f"{row['hold_out']} ({percent(row['hold_out_share'])})"
        label = f"{row['scenario']}: {row['agreement']}" if several else row["agreement"]
        lines.append(
            [
                label, percent(row["adopted_share"]), *(_year(row, name) for name in DATES),
                number(row["delay_mean_years"], 1), number(row["ambition_where_adopted"], 2),
                number(row["delivered_mean"], 2), out,
            ]
        )  # fmt: skip
    table(headers, lines, headers[1:9])
    say(
        "Adopted: share of worlds. Year, the years in which states ratify it, it takes force and half is delivered, "
        "and ambition (0-1): means where it happened. Delay: summits at which it failed. "
        "Least willing: the state most often so, and in what share of worlds."
        + ("" if whole else " Delay, delivery and the least willing are known for the last year of the run only."),
        "dim",
    )
