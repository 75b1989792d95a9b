"""The commands about the council and about single components; their work is imported when they are given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sco_sim.cli.complete import SCENARIOS
from sco_sim.cli.options import (
    Case,
    CouncilWorlds,
    Fixed,
    Json,
    Nowcast,
    Options,
    Replicates,
    ScenarioArgument,
    Seed,
    Sets,
    View,
    changes,
    finite,
    shared,
    side_by_side,
    typed,
)
from sco_sim.errors import Problem, ScenarioError

Texts = Annotated[
    str | None,
    typer.Option(
        metavar="FILE", show_default=False,
        help="Table of texts to put to the members, or `real`; --set parameters.NAME=VALUE and --view change what they "
        "are weighed by.",
    ),
]  # fmt: skip
Draws = Annotated[
    int | None,
    typer.Option(
        min=1, max=100_000, metavar="N", show_default=False,
        help="Draws of the weights, with --agenda; 2,000 if left out, 20,000 with --replay.",
    ),
]  # fmt: skip
VoteYear = Annotated[
    int | None,
    typer.Option(
        metavar="YEAR", help="Year of the vote; the first in which each is tabled if left out.", show_default=False
    ),
]


def council(
    context: typer.Context,
    scenario: Annotated[
        str | None,
        typer.Argument(
            help="Scenario file or shipped name; leave it out with --agenda.",
            show_default=False,
            autocompletion=SCENARIOS,
        ),
    ] = None,
    agenda: Texts = None,
    replay: Annotated[bool, typer.Option("--replay", help="Judge the council by what became of the texts.")] = False,
    year: VoteYear = None,
    worlds: CouncilWorlds = 200,
    replicates: Replicates = 1,
    seed: Seed = 1,
    draws: Draws = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Page to write the replay to.", show_default=False)
    ] = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    fixed_parameters: Fixed = False,
    json: Json = False,
) -> None:
    """Show who would accept what, how far and why: the agreements of a scenario, or any texts of a table."""
    sets = changes(set_, view, nowcast=nowcast)
    if agenda is not None and scenario is None:
        from sco_sim.commands import council_agenda

        _refuse(typed(context, "worlds", "replicates", "fixed_parameters"), "an agenda has draws: --draws N")
        code = council_agenda.main(
            agenda, year=year, draws=draws, seed=seed, sets=sets, case=case, replay=replay, out=out, as_json=json
        )
        raise typer.Exit(code)
    if scenario is None or agenda is not None or replay or out is not None:
        raise ScenarioError(
            Problem(
                "what is put to the council?", "give either a scenario, or --agenda with --replay and --out if wanted"
            )
        )
    from sco_sim.commands import council as command

    _refuse(typed(context, "draws"), "a scenario has worlds: --worlds N")
    code = command.main(
        scenario,
        year=year,
        worlds=worlds,
        sets=sets,
        case=case,
        as_json=json,
        replicates=replicates,
        seed=seed,
        fixed_parameters=fixed_parameters,
    )
    raise typer.Exit(code)


def _refuse(options: tuple[str, ...], remedy: str) -> None:
    """Options that would be read over."""
    if options:
        raise ScenarioError(Problem(f"{options[0]} does nothing here", remedy, options[0]))


def effects(
    components: Annotated[
        list[str] | None,
        typer.Argument(help="Policies and events; every one there is if left out.", show_default=False),
    ] = None,
    worlds: CouncilWorlds = 200,
    replicates: Replicates = 1,
    seed: Seed = 1,
    all_: Annotated[bool, typer.Option("--all", help="Print every outcome that moves at all.")] = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="CSV file to write; the figure of promises stands beside.", show_default=False
        ),
    ] = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Show what each policy and event does on its own, and whether it is what the documents promise."""
    from sco_sim.commands import effects as command
    from sco_sim.commands import views_of_studies
    from sco_sim.commands.view_names import several

    sets = changes(None, view, nowcast=nowcast)
    work = views_of_studies.effects if several(sets) else command.main
    code = work(
        components or (), everything=all_, out=out, case=case, sets=sets, as_json=json,
        worlds=worlds, replicates=replicates, seed=seed,
    )  # fmt: skip
    raise typer.Exit(code)


@shared(side_by_side)
def rules(
    scenario: ScenarioArgument,
    options: Options,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for tables and a figure.", show_default=False)
    ] = None,
) -> None:
    """Run a scenario under every decision rule: what each adopts, dilutes, delays, who is left out, what it costs."""
    from sco_sim.commands import rules as command

    raise typer.Exit(command.main(scenario, out=out, **options))


@shared(side_by_side)
def rivals(
    reference: Annotated[
        str, typer.Argument(help="Scenario to compare with.", show_default=False, autocompletion=SCENARIOS)
    ],
    scenario: ScenarioArgument,
    options: Options,
) -> None:
    """Compare two scenarios under every rival view of contact and consensus, and say which findings survive all."""
    from sco_sim.commands import rivals as command

    raise typer.Exit(command.main(reference, scenario, **options))


def implementation(
    worlds: CouncilWorlds = 200,
    draws: Annotated[
        int, typer.Option(min=1, max=100_000, metavar="N", help="Draws of the weights, for the institutions.")
    ] = 2000,
    seed: Seed = 1,
    all_: Annotated[bool, typer.Option("--all", help="Print the tables, and what they rest on, too.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Page to write.", show_default=False)] = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Show what became of what was signed, in force and carried out, beside what the model makes of the same."""
    from sco_sim.commands import implementation as command

    raise typer.Exit(command.main(
        worlds=worlds, draws=draws, seed=seed, everything=all_, case=case, out=out, as_json=json
    ))  # fmt: skip


def packages(
    scenario: ScenarioArgument,
    year: Annotated[
        int | None,
        typer.Option(
            metavar="YEAR", help="Year of the vote; the first in which all texts are tabled if left out.",
            show_default=False,
        ),
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="Rule of `list rules`; the scenario's own if left out.", show_default=False),
    ] = None,
    worlds: Annotated[
        int, typer.Option(min=1, max=10_000, metavar="N", help="Settings: draws of the ledger and of the start.")
    ] = 100,
    seed: Seed = 1,
    most: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, callback=finite, metavar="SHARE",
            help="Share of its GDP that a state can be paid, or pay, a year.",
        ),
    ] = 0.01,
    all_: Annotated[bool, typer.Option("--all", help="Print the packages and the clauses as tables too.")] = False,
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
    """Find what passes alone, which package of two or three passes, the side payments, and the clause to shelve."""
    from sco_sim.commands import packages as command

    code = command.main(
        scenario, year=year, rule=rule, worlds=worlds, seed=seed, most=most, sets=changes(set_, view, nowcast=nowcast),
        everything=all_, case=case, out=out, as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, with an example each."""
    app.command(epilog="Example: sco-sim council combined --year 2030, or: sco-sim council --agenda real")(council)
    app.command(epilog="Example: sco-sim effects --worlds 200, or: sco-sim effects trade_facilitation --all")(effects)
    app.command(epilog="Example: sco-sim rules contested_agenda --out results/rules")(rules)
    app.command(epilog="Example: sco-sim rivals baseline combined")(rivals)
    app.command(epilog="Example: sco-sim implementation --worlds 100")(implementation)
    app.command(epilog="Example: sco-sim packages contested_agenda --out results/packages")(packages)
