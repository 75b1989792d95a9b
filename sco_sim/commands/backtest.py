"""`sco-sim hindcast --scenario`: a scenario that begins in the past beside what was observed since."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.opened import opened
from sco_sim.commands.files import load
from sco_sim.commands.observed import observed_of, say_observed
from sco_sim.commands.screen.belief import of_view, say_view
from sco_sim.commands.screen.output import emit, heading, say, table
from sco_sim.evidence.backtest import LEVELS, Backtest, backtest
from sco_sim.evidence.backtest_page import page
from sco_sim.store.disk import guard, under_its_name


def main(
    scenario: str, worlds: int, seed: int, folder: Path | None, case: Path | None, as_json: bool,
    sets: Sequence[str] = (),
) -> int:  # fmt: skip
    """Print the scores, or write the page and its figure to a folder; the exit code."""
    result = backtest(load(scenario, sets, case), opened(case), worlds, seed)
    say_observed([result.scenario], case, aside=as_json or folder is not None)
    if folder is not None:
        _write(result, folder)
    elif as_json:
        emit({
            "scenario": result.scenario.name, "worlds": worlds, "seed": seed, **of_view(result.scenario),
            **observed_of(result.scenario, case),
            "scores": [score for tested in result.tested for score in tested.scores()],
            "totals": {tested.name: tested.totals() for tested in result.tested if tested.name == "trade"},
            "left_out": result.left_out,
            "missed": [miss for tested in result.tested for miss in tested.missed()],
        })  # fmt: skip
    else:
        _print(result)
    return 0


def _print(result: Backtest) -> None:
    start = result.scenario.horizon.start
    say(f"{result.scenario.title}: {result.worlds} worlds beside what was observed after {start}")
    say_view([result.scenario])
    for tested in result.tested:
        heading(f"{tested.name.capitalize()}, {tested.unit}")
        inside = [f"in {100 * level:.0f} %" for level in LEVELS]
        headers = ["Year", "n", "RMSE", "Bias", "Last value's RMSE", *inside]
        rows = [
            [
                score["year"], score["n"], f"{score['rmse']:.3f}", f"{score['bias']:.3f}",
                "-" if score["rmse_last_value"] != score["rmse_last_value"] else f"{score['rmse_last_value']:.3f}",
                *(f"{100 * score[f'inside_{100 * level:.0f}']:.0f} %" for level in LEVELS),
            ]
            for score in tested.scores()
        ]  # fmt: skip
        table(headers, rows, headers[1:])
    if result.left_out:
        say(f"Not scored, since nothing of it was observed after {start}: {', '.join(result.left_out)}.")
    say("Bias: simulated less observed. The last columns: share of the observations inside the central worlds.", "dim")


def _write(result: Backtest, folder: Path) -> None:
    from sco_sim.plots.backtest import beside
    from sco_sim.plots.evidence import draw

    name = result.scenario.name
    written = draw({name: lambda: beside(result)}, folder / "figures")
    with guard(folder, "write the page"), under_its_name(folder / f"{name}.md") as temporary:
        temporary.write_text(page(result), encoding="utf-8", newline="\n")
    for path in (folder / f"{name}.md", *written):
        say(str(path))
