"""The commands about sweeps and what is stored; their work is imported when they are given."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from sco_sim.cli.options import Batch, Case, Cluster, Force, Json, Nowcast, Out, View, Workers, changes


class Format(StrEnum):
    """What `export` writes."""

    csv = "csv"
    parquet = "parquet"
    netcdf = "netcdf"
    iamc = "iamc"
    graphml = "graphml"
    gexf = "gexf"
    latex = "latex"
    xlsx = "xlsx"


def sweep(
    file: Annotated[Path, typer.Argument(help="Experiment file.", show_default=False)],
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how many worlds, how long and how large; store nothing.")
    ] = False,
    until: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OUTCOME[.FIGURE]: WIDTH", show_default=False,
            help="Add worlds until the standard error of a paired difference is that small: of its mean, or of its "
            "low_05, high_95, difference_median or chance_better. Repeatable.",
        ),
    ] = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    batch: Batch = 256,
    force: Force = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Simulate every point of an experiment into one folder. Given again, it goes on where it was interrupted."""
    from sco_sim.commands import sweep as command
    from sco_sim.commands import views_of_studies
    from sco_sim.commands.view_names import several

    sets = changes(None, view, nowcast=nowcast)
    work = views_of_studies.sweep if several(sets) else command.main
    code = work(
        file, workers=workers, cluster=cluster, out=out, dry_run=dry_run, until=until or (), case=case, batch=batch,
        force=force, as_json=json, sets=sets,
    )  # fmt: skip
    raise typer.Exit(code)


def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a stored run, sweep or comparison.", show_default=False)],
    format_: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.csv,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder to write to; export/ inside if left out.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Write a stored run, sweep or comparison for other tools: tables, netCDF, IAMC, graphs, LaTeX, Excel."""
    from sco_sim.commands import export as command

    raise typer.Exit(command.main(folder, format_.value, out, json))


def verify(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder of a stored run, sweep or comparison, which is only read.", show_default=False),
    ],
    json: Json = False,
) -> None:
    """Check that stored runs, and the tables written beside them, are as they were stored. Exit code 4 if not."""
    from sco_sim.commands import verify as command

    raise typer.Exit(command.main(folder, json))


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, with an example each."""
    app.command(epilog="Example: sco-sim sweep experiments/rules_and_cities.yaml --workers 2")(sweep)
    app.command(epilog="Example: sco-sim export results/rules_and_cities --format iamc")(export)
    app.command(epilog="Example: sco-sim verify results/rules_and_cities")(verify)
