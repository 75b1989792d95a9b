"""The commands that ask what matters, where, and which mix to choose; their work is imported when they are given."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sco_sim.cli.complete import SCENARIOS
from sco_sim.cli.options import (
    Case,
    CouncilWorlds,
    Json,
    Nowcast,
    Out,
    Outcomes,
    Replicates,
    ScenarioArgument,
    Seed,
    Sets,
    View,
    changes,
    finite,
)
from sco_sim.cli.options import Workers as WorkerCount

SweepFolder = Annotated[Path, typer.Argument(help="Folder of a stored sweep.", show_default=False)]


class Method(StrEnum):
    """How `sensitivity` ranks."""

    sobol = "sobol"
    morris = "morris"
    pawn = "pawn"


def sensitivity(
    folder: SweepFolder,
    outcome: Outcomes = None,
    years: Annotated[
        str, typer.Option(metavar="YEARS", help="Years, e.g. 2030,2035; the last that is kept if left out.")
    ] = "",
    method: Annotated[
        Method | None, typer.Option(help="That of the design if left out, else PAWN.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to write to; sensitivity/ inside if left out.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Rank what the outcomes of a sweep depend on, and say how much of them is chance."""
    from sco_sim.commands import sensitivity as command
    from sco_sim.commands.files import numbers

    code = command.main(
        folder, outcomes=outcome or (), years=numbers(years, "--years") or (), method=method.value if method else "",
        out=out, as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def discover(
    folder: Annotated[Path, typer.Argument(help="Folder of a stored sweep or run.", show_default=False)],
    where: Annotated[
        str,
        typer.Option(metavar="CONDITION", help='What happens, e.g. "trust_min_2035 < 0.5".', show_default=False),
    ],
    scenario: Annotated[
        str, typer.Option(metavar="NAME", help="Scenario of the sweep; the first if left out.", show_default=False)
    ] = "",
    density: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, callback=finite, metavar="SHARE", help="Density that the box reported has at least."
        ),
    ] = 0.5,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to write to; discovery/ inside if left out.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Find in which corner of a sweep, or of the parameters of a run, something happens (PRIM and CART)."""
    from sco_sim.commands import discover as command

    raise typer.Exit(command.main(folder, where=where, scenario=scenario, density=density, out=out, as_json=json))


def portfolio(
    scenario: ScenarioArgument,
    budget: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            callback=finite,
            metavar="MUSD",
            show_default=False,
            help="Million USD of 2015; the scenario's if left out.",
        ),
    ] = None,
    levels: Annotated[
        str, typer.Option(metavar="SHARES", help="Shares of its intensity that a policy can have, besides 0.")
    ] = "1",
    own_rule: Annotated[bool, typer.Option("--own-rule", help="Under the scenario's decision rule only.")] = False,
    worlds: CouncilWorlds = 200,
    replicates: Replicates = 1,
    seed: Seed = 1,
    workers: WorkerCount = None,
    out: Out = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    outcome: Outcomes = None,
    json: Json = False,
) -> None:
    """Try every mix of a scenario's policies that a budget allows, under every decision rule, and compare them."""
    from sco_sim.commands import portfolio as command
    from sco_sim.commands import views_of_studies
    from sco_sim.commands.view_names import several

    sets = changes(set_, view, nowcast=nowcast)
    work = views_of_studies.portfolio if several(sets) else command.main
    code = work(
        scenario, sets=sets, outcomes=outcome or (), case=case, out=out, as_json=json,
        budget=budget, levels=_shares(levels), every_rule=not own_rule, worlds=worlds, replicates=replicates, seed=seed,
        workers=workers,
    )  # fmt: skip
    raise typer.Exit(code)


def routes(
    scenario: ScenarioArgument,
    year: Annotated[
        int | None,
        typer.Option(min=1990, max=2100, metavar="YEAR", help="The scenario's start if left out.", show_default=False),
    ] = None,
    close: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="Shut a leg (L054), a border (CHN-KGZ), a state (KGZ) or a strait (HORMUZ) first. Repeatable.",
            show_default=False,
        ),
    ] = None,
    build: Annotated[
        list[str] | None,
        typer.Option(metavar="LEG", help="Count a planned leg as finished. Repeatable.", show_default=False),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the tables and the map; none if left out.", show_default=False),
    ] = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Say what the loss of each freight leg, border, transit state and strait costs whom, and who gains as a bypass."""
    from sco_sim.commands import routes as command

    code = command.main(
        scenario, year=year, close=close or (), build=build or (), case=case, out=out,
        sets=changes(set_, view, nowcast=nowcast), as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def loop(
    scenario: Annotated[
        str, typer.Argument(help="Scenario file, or the name of a shipped scenario.", autocompletion=SCENARIOS)
    ] = "combined",
    view: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VIEW", show_default=False,
            help="View of the ledger: a name of `list views`, or a file; every shipped one if left out. Repeatable.",
        ),
    ] = None,
    worlds: CouncilWorlds = 100,
    replicates: Replicates = 1,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="CSV file to write too.", show_default=False)] = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    case: Case = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Show the gain around each loop of the documents under each view: does a push amplify or die out?"""
    from sco_sim.commands import loop as command
    from sco_sim.scenario.views import views

    code = command.main(
        scenario, views=view or tuple(views()), sets=changes(set_, nowcast=nowcast), case=case, out=out,
        as_json=json, worlds=worlds, replicates=replicates, seed=seed,
    )  # fmt: skip
    raise typer.Exit(code)


def cascade(
    scenario: Annotated[
        str, typer.Argument(help="Scenario file, or the name of a shipped scenario.", autocompletion=SCENARIOS)
    ] = "combined",
    tie: Annotated[
        str | None,
        typer.Option(metavar="TIE", help="Tie of the quarrel: IND-PAK; the dearest if left out.", show_default=False),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=1990, max=2100, metavar="YEAR", help="Year of the quarrel; four after the start if left out.",
                     show_default=False),
    ] = None,
    severity: Annotated[float, typer.Option(min=0.01, max=10.0, help="1 is a spat, 2 a war.")] = 2.0,
    worlds: CouncilWorlds = 40,
    replicates: Replicates = 1,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for the tables and the figure; none if left out.", show_default=False),
    ] = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Follow a quarrel on one tie through ties, trade, votes and delivery, and rank ties by what theirs would cost."""
    from sco_sim.commands import cascade as command

    code = command.main(
        scenario, tie=tie, year=year, severity=severity, worlds=worlds, seed=seed, replicates=replicates,
        sets=changes(set_, view, nowcast=nowcast), case=case, out=out, as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def _shares(text: str) -> tuple[float, ...]:
    from sco_sim.errors import Problem, ScenarioError

    try:
        shares = tuple(float(part) for part in text.split(","))
    except ValueError:
        shares = ()
    if not shares or any(not 0.0 < share <= 1.0 for share in shares):
        raise ScenarioError(Problem(f"'{text}' is no list of shares", "write --levels 0.5,1", "--levels"))
    if len(set(shares)) < len(shares):
        raise ScenarioError(Problem(f"'{text}' names a share twice", "name each share once", "--levels"))
    return shares


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, with an example each."""
    app.command(epilog="Example: sco-sim sensitivity results/sobol_sco")(sensitivity)
    app.command(epilog='Example: sco-sim discover results/rules_and_cities --where "trust_min_2035 < 0.5"')(discover)
    app.command(epilog="Example: sco-sim portfolio on_a_budget --budget 800 --workers 2")(portfolio)
    app.command(epilog="Example: sco-sim routes baseline --year 2026 --out results/routes")(routes)
    app.command(epilog="Example: sco-sim loop combined --view documents --worlds 200")(loop)
    app.command(epilog="Example: sco-sim cascade rivalry --tie IND-PAK --out results/cascade")(cascade)
