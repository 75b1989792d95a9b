"""Commands about a case folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sco_sim.cli.options import Json

case_app = typer.Typer(help="Check the tables of a case.", no_args_is_help=True)


@case_app.command("check", epilog="Example: sco-sim case check club")
def check(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Case folder.", show_default=False)],
    json: Json = False,
) -> None:
    """Check every table: what is wrong, with file, line, column and remedy, what is odd, and which fallbacks hold."""
    from sco_sim.commands import case as command

    raise typer.Exit(command.check(folder, json))


@case_app.callback()
def _case() -> None:
    """Check the tables of a case."""
