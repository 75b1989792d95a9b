"""The command that draws figures; its work is imported when it is given."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sco_sim.cli.options import Json


class Figure(StrEnum):
    """Names of figures (`plots/owned.py`); which of them a folder has depends on what is stored in it."""

    difference = "difference"
    outcomes_difference = "outcomes_difference"
    outcomes = "outcomes"
    graph = "graph"
    agreements = "agreements"
    winners = "winners"
    payers = "payers"
    matrix = "matrix"
    response = "response"
    rules = "rules"
    portfolio = "portfolio"
    packages = "packages"
    sequence = "sequence"
    enlargement = "enlargement"
    routes = "routes"
    threshold = "threshold"
    cascade = "cascade"
    hindcast = "hindcast"


class Format(StrEnum):
    """Kinds of files."""

    png = "png"
    svg = "svg"
    pdf = "pdf"


def plot(
    folder: Annotated[
        Path, typer.Argument(help="Folder of a comparison, a run, a sweep or a study.", show_default=False)
    ],
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Folder of the figures; figures/ inside if left out, that of its tables for a study.",
            show_default=False,
        ),
    ] = None,
    figure: Annotated[
        list[Figure] | None,
        typer.Option(
            help="Draw this figure only; other files stay. Repeatable. Of a run: outcomes, graph, agreements; "
            "of a sweep: response; of a study: its name.",
            show_default=False,
        ),
    ] = None,
    format: Annotated[
        list[Format] | None,
        typer.Option(help="Kind of file; png and svg if left out. Repeatable.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Draw the figures of what is stored, a comparison, run, sweep or study, as PNG, SVG or PDF."""
    from sco_sim.commands import plot as command

    kinds = format or [Format.png, Format.svg]
    raise typer.Exit(command.main(folder, out, [one.value for one in figure or ()], [one.value for one in kinds], json))


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command(epilog="Example: sco-sim plot results/baseline_vs_sister_cities")(plot)
