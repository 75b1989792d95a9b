"""The command that draws figures; its work is imported when it is given."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sco_sim.cli.options import Json


class ComparisonFigure(StrEnum):
    """Figures of a comparison, of all its scenarios or of each."""

    difference = "difference"
    outcomes_difference = "outcomes_difference"
    outcomes = "outcomes"
    graph = "graph"
    winners = "winners"


def plot(
    folder: Annotated[Path, typer.Argument(help="Folder of a comparison or of a stored run.", show_default=False)],
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the figures; figures/ inside if left out.", show_default=False),
    ] = None,
    figure: Annotated[
        list[ComparisonFigure] | None,
        typer.Option(help="Draw this figure of a comparison only; other files stay. Repeatable.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Draw the figures of a stored comparison or run again, as PNG and SVG."""
    from sco_sim.commands import plot as command

    raise typer.Exit(command.main(folder, out, [one.value for one in figure or ()], json))


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(epilog="Example: sco-sim plot results/baseline_vs_sister_cities")(plot)
