"""The commands about the order of texts and about who is at the table; their work is imported when they are given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sco_sim.cli.complete import SCENARIOS
from sco_sim.cli.options import (
    Case,
    CouncilWorlds,
    Json,
    Nowcast,
    Replicates,
    Seed,
    Sets,
    View,
    changes,
)

Folder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder for the tables and the figure; none if left out.", show_default=False),
]


def sequence(
    scenario: Annotated[
        str, typer.Argument(help="Scenario file, or the name of a shipped scenario.", autocompletion=SCENARIOS)
    ] = "rotating_chair",
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY", show_default=False,
            help="Judge orders by this outcome (`list metrics`, or agreements_in_force); trade and agreements in force "
            "if left out. Repeatable.",
        ),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=1990, max=2300, metavar="YEAR", show_default=False,
                     help="Year in which outcomes are read; five after the last text is tabled if left out."),
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Put this text in order; all that the council decides if left out. "
                     "Repeatable.", show_default=False),
    ] = None,
    worlds: CouncilWorlds = 80,
    replicates: Replicates = 1,
    seed: Seed = 1,
    out: Folder = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Search the orders in which texts are tabled, and who chairs when: best, worst, regret, value of the chair."""
    from sco_sim.commands import sequence as command

    code = command.main(
        scenario, outcomes=outcome or (), year=year, texts=text or (), worlds=worlds, seed=seed, replicates=replicates,
        sets=changes(set_, view, nowcast=nowcast), case=case, out=out, as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def enlargement(
    scenario: Annotated[
        str, typer.Argument(help="Scenario file, or the name of a shipped scenario.", autocompletion=SCENARIOS)
    ] = "contested_agenda",
    members: Annotated[
        list[str] | None,
        typer.Option(metavar="CODES", show_default=False,
                     help="Members of an organisation, CHN,KAZ,RUS, the founders first; by their dates if left out. "
                     "Repeatable."),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY", help="Under this decision rule (`list rules`); all if left out. Repeatable.",
                     show_default=False),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=1990, max=2300, metavar="YEAR", show_default=False,
                     help="Year in which it is read; five after the last text is tabled if left out."),
    ] = None,
    worlds: CouncilWorlds = 60,
    replicates: Replicates = 1,
    seed: Seed = 1,
    out: Folder = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Share out what the founders lose in adoption and delivery as members join: number, rivalries, wants, size."""
    from sco_sim.commands import enlargement as command

    code = command.main(
        scenario, members=members or (), rules=rule or (), year=year, worlds=worlds, seed=seed, replicates=replicates,
        sets=changes(set_, view, nowcast=nowcast), case=case, out=out, as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, with an example each."""
    app.command(epilog="Example: sco-sim sequence rotating_chair --year 2032 --out results/sequence")(sequence)
    app.command(epilog="Example: sco-sim enlargement contested_agenda --out results/enlargement")(enlargement)
