"""`sco-sim cascade`: what a quarrel on one tie does to all, and which ties' quarrels cost most."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sco_sim.case.opened import opened
from sco_sim.commands.files import TYPED, load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.commands.screen.progress import progress
from sco_sim.commands.written import check_out_folder
from sco_sim.errors import counted
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.cascade import YEARS, CascadeStudy, tie_of

LATER = 4
"""Years after the start in which the quarrel breaks out, if none is given."""
SHOWN = (0, 1, 2, 5, 10)
"""Years after the quarrel that the screen shows."""
TOP = 10


def main(
    scenario: str, *, tie: str | None, year: int | None, severity: float, worlds: int, seed: int, replicates: int,
    sets: list[str], case: Path | None, out: Path | None, as_json: bool,
) -> int:  # fmt: skip
    """Rank the ties, follow one of them, write, print; the exit code."""
    check_out_folder(out)
    loaded = load(scenario, sets, case)
    asked = None if tie is None else tie_of(tie, loaded)
    when = loaded.horizon.start + LATER if year is None else year
    study = CascadeStudy(
        loaded, opened(case), year=when, severity=severity, worlds=worlds, seed=seed, replicates=replicates
    )
    with progress(loaded.name, None) as tick:
        ranking = study.ranking(progress=lambda done, total: tick(done * worlds, total * worlds))
    pair = asked or tie_of(str(ranking["tie"].iloc[0]), loaded)
    paths = pd.concat([study.path(pair, channels) for channels in (False, True)], ignore_index=True)
    about = f"A quarrel of severity {severity:g} between {pair[0]} and {pair[1]} in {when}"
    files = [] if out is None else _write(out, paths, ranking, about)
    if as_json:
        say_observed([loaded], case, aside=True)
        emit(
            {"scenario": loaded.name, **of_view(loaded), "tie": "-".join(pair), "year": when, "severity": severity,
             "worlds": worlds, "seed": seed, "years": paths.to_dict("records"), "ranking": ranking.to_dict("records"),
             "files": files, **observed_of(loaded, case)}
        )  # fmt: skip
        return 0
    say(f"{about}: {loaded.title or loaded.name}, {counted(worlds, 'paired world')}", "bold")
    say_view([loaded])
    say_observed([loaded], case, aside=False)
    _print_path(paths, when)
    _print_ranking(ranking, loaded)
    say(
        f"Differences between worlds with and without the quarrel; costs are means a year over {YEARS} years. "
        "Channels: people to people (nine tenths unofficial), sister cities and media, given from the first year on.",
        "dim",
    )
    if out is not None:
        say(f"written to {out}", "dim")
    return 0


def _print_path(paths: pd.DataFrame, when: int) -> None:
    heading("Year by year, with 5-95 % of worlds in the first year")
    rows, years = [], [when + later for later in SHOWN if when + later <= paths["year"].max()]
    for _, part in paths.groupby(["outcome", "channels"], sort=False):
        of_year = part.set_index("year")
        title = str(part["title"].iloc[0]) + (", with channels" if part["channels"].iloc[0] else "")
        low, high, mean = (of_year[name].to_dict() for name in ("low_05", "high_95", "mean"))
        span = f"{low[when]:+.3g} to {high[when]:+.3g}"
        rows.append([title, part["unit"].iloc[0], *(f"{mean[shown]:+.3g}" for shown in years), span])
    order = list(dict.fromkeys(paths["title"]))
    rows.sort(key=lambda row: order.index(row[0].removesuffix(", with channels")))
    names = [str(year) for year in years]
    table(["What", "Unit", *names, "5-95 %"], rows, [*names, "5-95 %"])


def _print_ranking(ranking: pd.DataFrame, scenario: Scenario) -> None:
    heading(f"What a quarrel on each tie costs the organisation ({counted(len(ranking), 'tie')}, the dearest first)")
    rows = [
        [row["tie"], f"{row['trade_busd']:.2f}", f"{row['trade_error_busd']:.2g}", f"{row['trade_busd_channels']:.2f}",
         f"{row['conflict_points']:.2g}", f"{row['votes_texts']:.2g}", f"{row['delivery_texts']:.2g}"]
        for row in ranking.head(TOP).to_dict("records")
    ]  # fmt: skip
    names = ["Trade, bn USD", "+/-", "with channels", "Conflict, points", "Adopted, texts", "Delivered, texts"]
    table(["Tie", *names], rows, names)
    if not scenario.policies:
        say("The scenario puts no text to a vote, so nothing can be lost of adoption and delivery.", "dim")


def _write(out: Path, paths: pd.DataFrame, ranking: pd.DataFrame, about: str) -> list[Path]:
    from sco_sim.plots.cascade import Cascade
    from sco_sim.plots.studies import write_study

    return write_study(out, "cascade", Cascade(paths, ranking), about, TYPED.get())
