"""`sco-sim sensitivity`: what the outcomes of a stored sweep depend on, and how much of them is chance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.commands.files import check_run, write_table
from sco_sim.commands.screen.outcomes import number
from sco_sim.commands.screen.output import emit, heading, note, say, table
from sco_sim.components.registry import metric
from sco_sim.plots.sensitivity import sensitivity as picture
from sco_sim.plots.style import save, styled
from sco_sim.studies.sensitivity.indices import MEASURES
from sco_sim.studies.sensitivity.rankings import Ranking, rankings, tables
from sco_sim.studies.sweep.stored_sweep import open_sweep
from sco_sim.studies.wording import percent


def main(
    folder: Path, *, outcomes: Sequence[str], years: Sequence[int], method: str, out: Path | None, as_json: bool
) -> int:
    """Rank, write tables and pictures, print; the exit code."""
    check_run(str(folder))
    sweep = open_sweep(folder)
    found, left_out = rankings(sweep, outcomes, years, method)
    target = folder / "sensitivity" if out is None else out
    ranked, shares = tables(found)
    paths = [write_table(ranked, target / "sensitivity.csv"), write_table(shares, target / "chance.csv")]
    with styled():
        for one in found:
            title = f"{metric(one.outcome).title.lower()} in {one.year}"
            drawn = picture(one.table, title, metric(one.outcome).unit, one.share, one.nothing)
            name = f"{one.table['method'].iloc[0]}_{one.outcome}_{one.year}_{one.scenario}"
            paths += save(drawn, target, name)
    if as_json:
        rows = ranked.astype(object).where(ranked.notna(), None).to_dict("records")
        emit({"sensitivity": rows, "chance": shares.to_dict("records"), "files": paths, "left_out": left_out})
        return 0
    say(sweep.experiment.title or sweep.experiment.name, "bold")
    say(
        f"{len(sweep.rows()):,} points, {int(sweep.manifest['points']):,} with scenarios; seed {sweep.manifest['seed']}"
    )
    for one in found:
        _print(one, len(dict.fromkeys(other.scenario for other in found)) > 1)
    for words in left_out:
        note(words)
    say(f"written to {target}", "dim")
    return 0


def _print(one: Ranking, several: bool) -> None:
    method = str(one.table["method"].iloc[0])
    heading(f"{metric(one.outcome).title}, {one.year}" + (f", {one.scenario}" if several else "") + f" ({method})")
    first, second = MEASURES[method]
    table(
        ["Factor", first.capitalize(), "Interval" if method != "pawn" else "Smallest to largest", second.capitalize()],
        [
            [r["factor"], number(r["index"], 3), f"{number(r['low'], 3)} to {number(r['high'], 3)}",
             number(r["second"], 3)]
            for r in one.table.to_dict("records")
        ],
        [first.capitalize(), "Interval", "Smallest to largest", second.capitalize()],
    )  # fmt: skip
    if one.nothing == one.nothing:
        say(f"A factor that does nothing stays below {one.nothing:.3f} in 95 % of cases.", "dim")
    if one.share.factors == one.share.factors:
        told = (percent(part) for part in one.share)
        say("Of the variance over all worlds: factors {}, luck {}, factors and luck together {}.".format(*told))
