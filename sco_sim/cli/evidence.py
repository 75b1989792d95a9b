"""The commands about the evidence: fit and hindcast; their work is imported when they are given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sco_sim.cli.options import Case, Json, Nowcast, Seed, View, Worlds, changes


def calibrate(
    out: Annotated[
        Path | None, typer.Option(help="Folder of the fit; fits/ of the case if left out.", show_default=False)
    ] = None,
    seed: Seed = 1,
    force: Annotated[bool, typer.Option("--force", help="Fit again what is stored with the same inputs.")] = False,
    simulation: Annotated[bool, typer.Option(help="Ask the coupled model, too, what the fit does not show.")] = True,
    case: Case = None,
    json: Json = False,
) -> None:
    """Fit the ledger to the tables of the case; runs draw their parameters from what it stores."""
    from sco_sim.commands import calibrate as command

    raise typer.Exit(command.main(case, out, seed, force, simulation, json))


def hindcast(
    observations: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            show_default=False,
            help="Tie-years of your own: iso3_a, iso3_b, year, channel (trade, trust, students), value, and "
            "second_report if there is one (trade without it errs as one report). Trade in current USD, trust as a "
            "share, students in persons. Or trade as "
            "the IMF (Direction of Trade), CEPII (BACI) or the UN (Comtrade) hand it out.",
        ),
    ] = None,
    origin: Annotated[
        int | None, typer.Option(help="Last year that may be known, in place of those of the page.", show_default=False)
    ] = None,
    gdp: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv",
            show_default=False,
            help="GDP of your own: iso3, year, gdp_current_usd, gdp_constant_2015_usd if known; or a wide table of the "
            "World Bank.",
        ),
    ] = None,
    ablations: Annotated[bool, typer.Option("--ablations", help="Score the engine with parts taken out.")] = False,
    scenario: Annotated[
        str | None,
        typer.Option(
            help="Put a scenario that begins in the past, as from_2020, beside what was observed since.",
            show_default=False,
        ),
    ] = None,
    worlds: Worlds = 400,
    seed: Seed = 1,
    report: Annotated[
        Path | None,
        typer.Option(help="Write evidence.md, or the page of --scenario, and figures here.", show_default=False),
    ] = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Begin the engine in years past, knowing nothing later, and score it beside naive forecasts."""
    if scenario is not None:
        from sco_sim.commands import backtest

        _refuse("--scenario does not go with", observations=observations, origin=origin, gdp=gdp, ablations=ablations)
        sets = changes(None, view, nowcast=nowcast)
        raise typer.Exit(backtest.main(scenario, worlds, seed, report, case, json, sets))
    _refuse("what is fitted anew at each origin is a nowcast without a view: give --scenario with", nowcast=nowcast,
            view=view)  # fmt: skip
    from sco_sim.runs.pool import WORKER_ENVIRONMENT

    for name, value in WORKER_ENVIRONMENT.items():  # many small fits, which threads would only slow down
        os.environ.setdefault(name, value)
    from sco_sim.commands import hindcast as command

    raise typer.Exit(command.main(observations, origin, gdp, ablations, report, case, json, worlds, seed))


def _refuse(why: str, **given: object) -> None:
    """Raises BadParameter for options that are given and have no meaning here, by their names."""
    names = [f"--{name}" for name, value in given.items() if value is not None and value is not False]
    if names:
        raise typer.BadParameter(f"{why} {', '.join(names)}")


def predictive(
    scenario: Annotated[
        str, typer.Option(help="Scenario whose worlds are checked; one whose GDP is drawn for ten years.")
    ] = "no_events",
    worlds: Worlds = 400,
    seed: Seed = 1,
    report: Annotated[
        Path | None, typer.Option(help="Write predictive.md and its figure here.", show_default=False)
    ] = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Does what is simulated move as the record did? Totals, falls, correlations, spreads and disputes of both."""
    from sco_sim.commands import predictive as command

    raise typer.Exit(command.main(scenario, worlds, seed, report, case, json, changes(None, view, nowcast=nowcast)))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, with an example each."""
    app.command(epilog="Example: sco-sim calibrate --force")(calibrate)
    app.command(epilog="Example: sco-sim hindcast --observations my_trade.csv --origin 2020")(hindcast)
    app.command(epilog="Example: sco-sim predictive --worlds 200")(predictive)
