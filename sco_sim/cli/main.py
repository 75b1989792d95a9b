"""The command line: parse and print. Every command imports its work when it is given, so `--help` is quick."""

from __future__ import annotations

import os
import shlex
import sys
import warnings
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from sco_sim.cli import agenda, analyses, answers, evidence, figures, sweeps
from sco_sim.cli import council as studies
from sco_sim.cli.case import case_app
from sco_sim.cli.complete import SCENARIOS
from sco_sim.cli.groups import alone, arrange
from sco_sim.cli.options import (
    Case,
    Json,
    Nowcast,
    Options,
    ScenarioArgument,
    Seed,
    Sets,
    View,
    Workers,
    changes,
    shared,
    stored,
)
from sco_sim.cli.process import prepare
from sco_sim.cli.typed import refuse
from sco_sim.commands.files import CODE_ALLOWED, TYPED
from sco_sim.errors import EvidenceWarning, SimError

TRACEBACK = "SCO_SIM_TRACEBACK"
ALLOW_CODE = "--allow-code"


class _Group(TyperGroup):
    """Turns what a command raises into plain text and an exit code."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Keep what was typed, and take `--allow-code`, an option of every command, from wherever it stands."""
        if ctx.parent is None:
            TYPED.set(shlex.join(["sco-sim", *args]))
            refuse(args)
        if ctx.parent is None and ALLOW_CODE in args:
            args = [ALLOW_CODE, *(argument for argument in args if argument != ALLOW_CODE)]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command; SimError, Ctrl-C and a closed pipe end in typer.Exit."""
        try:
            return super().invoke(ctx)
        except SimError as error:
            from sco_sim.commands.screen.output import complain

            complain(error)
            raise typer.Exit(error.exit_code) from error
        except KeyboardInterrupt as error:
            from sco_sim.commands.screen.output import note

            note(f"\n{error}" if str(error) else "\nInterrupted.")
            raise typer.Exit(getattr(error, "exit_code", 130)) from error
        except BrokenPipeError as error:
            # whoever read the output has seen enough; Python must not complain when it closes stdout
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from error


app = typer.Typer(
    cls=_Group,
    help="Simulate scenarios of cooperation among states, and compare what they lead to.",
    epilog="Example: sco-sim compare baseline sister_cities trade_corridors --worlds 200",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
new_app = typer.Typer(help="Begin something of your own.", no_args_is_help=True)
app.add_typer(new_app, name="new")
app.add_typer(case_app, name="case")


class Section(StrEnum):
    """Parts of what `show` prints."""

    states = "states"
    agreements = "agreements"
    budget = "budget"
    events = "events"
    phases = "phases"
    initial = "initial"
    ties = "ties"
    parameters = "parameters"


class Kind(StrEnum):
    """What `list` lists."""

    policies = "policies"
    events = "events"
    rules = "rules"
    deciders = "deciders"
    mechanisms = "mechanisms"
    metrics = "metrics"
    scenarios = "scenarios"
    parameters = "parameters"
    views = "views"


@app.command(epilog="Example: sco-sim run baseline --worlds 200 --workers 2")
@shared(stored)
def run(scenario: ScenarioArgument, options: Options) -> None:
    """Simulate one scenario into a stored run. Given again, it goes on where it was interrupted."""
    from sco_sim.commands import run as command

    raise typer.Exit(command.main(scenario, **options))


@app.command(epilog="Example: sco-sim compare baseline combined majority_rule --years 2025,2035 --out results/rules")
@shared(stored)
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Scenario files, shipped names or folders of stored runs; the first is the reference.",
            show_default=False,
            autocompletion=SCENARIOS,
        ),
    ],
    options: Options,
    years: Annotated[
        str,
        typer.Option(metavar="YEARS", help="Years of interest, e.g. 2025,2035; every fifth and the last if left out."),
    ] = "",
    unpaired: Annotated[
        bool, typer.Option("--unpaired", help="Compare as independent runs, e.g. with other seeds.")
    ] = False,
    figures: Annotated[
        bool, typer.Option(help="Draw the figures too, which takes most of the time; `plot` draws them later.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Write report.html too, a page to forward; else an earlier one goes.")
    ] = False,
) -> None:
    """Compare scenarios with the first of them on the same worlds: one screen, tables, and figures if asked for."""
    from sco_sim.commands import compare as command

    code = command.main(scenarios, years=years, unpaired=unpaired, figures=figures, report=report, **options)
    raise typer.Exit(code)


@app.command(epilog="Example: sco-sim show trade_corridors --only phases --only agreements")
def show(
    scenario: ScenarioArgument,
    only: Annotated[
        list[Section] | None, typer.Option(help="Print this section only. Repeatable.", show_default=False)
    ] = None,
    seed: Seed = 1,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Show a scenario: states, agreements, events, order of the year, initial values, parameters. Nothing is run."""
    from sco_sim.commands import show as command

    sections = [section.value for section in only or ()]
    raise typer.Exit(
        command.main(
            scenario, only=sections, sets=changes(set_, view, nowcast=nowcast), case=case, seed=seed, as_json=json
        )
    )


@app.command(epilog="Example: sco-sim validate my_scenario.yaml")
def validate(
    files: Annotated[
        list[str],
        typer.Argument(help="Scenario files, views or shipped names.", show_default=False, autocompletion=SCENARIOS),
    ],
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Check scenario files, or views: everything that is wrong, with file, line, column and remedy."""
    from sco_sim.commands import validate as command

    raise typer.Exit(command.main(files, changes(set_, view, nowcast=nowcast), case, json))


@app.command(epilog="Example: sco-sim diff combined majority_rule")
def diff(
    a: ScenarioArgument,
    b: Annotated[str, typer.Argument(help="The other scenario.", show_default=False, autocompletion=SCENARIOS)],
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Show what differs between two scenarios, field by field, parameters too."""
    from sco_sim.commands import diff as command

    raise typer.Exit(command.main(a, b, sets=changes(set_, view, nowcast=nowcast), case=case, as_json=json))


@app.command("list", epilog="Example: sco-sim list policies")
def list_(
    kind: Annotated[Kind, typer.Argument(help="What to list.", show_default=False)],
    case: Case = None,
    json: Json = False,
) -> None:
    """List what a scenario can name, what is measured, the shipped scenarios and views, or the ledger."""
    from sco_sim.commands import listing as command

    raise typer.Exit(command.main(kind, case, json))


@app.command(epilog="Example: sco-sim data links")
def data(
    table: Annotated[
        str | None, typer.Argument(help="A table; coverage of all if left out.", show_default=False)
    ] = None,
    rows: Annotated[
        int | None,
        typer.Option(
            min=0, metavar="N", help="Show so many rows; all of a table of up to 60 if left out.", show_default=False
        ),
    ] = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Show what the tables hold, and unit, source, licence and defects of each column."""
    from sco_sim.commands import data as command

    raise typer.Exit(command.main(table, rows, case, json))


studies.register(app)
sweeps.register(app)
analyses.register(app)
agenda.register(app)
answers.register(app)
evidence.register(app)
figures.register(app)


@app.command(epilog="Example: sco-sim report results/baseline_vs_sister_cities")
def report(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="DIR",
            help="Folder of a comparison, a run or a sweep, of several views, or what rules, portfolio, packages, "
            "sequence, enlargement or hindcast --report wrote.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The page; report.html inside the folder if left out.", show_default=False),
    ] = None,
    md: Annotated[
        bool, typer.Option("--md", help="Write Markdown (report.md) and SVG files in report_figures instead.")
    ] = False,
    year: Annotated[
        int | None,
        typer.Option(
            help="Year of interest of answer and table of a comparison; the last if left out.", show_default=False
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Write what is stored as one page to forward: answer, tables, figures. It needs no network."""
    from sco_sim.commands import report as command

    raise typer.Exit(command.main(folder, out, markdown=md, year=year, as_json=json))


@app.command(epilog="Example: sco-sim rerun results/baseline --world 17")
def rerun(
    folder: Annotated[Path, typer.Argument(help="Folder of a stored run, which is only read.", show_default=False)],
    world: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="One world; all if left out.", show_default=False)
    ] = None,
    workers: Workers = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Simulate a stored run again from its manifest and compare the bits. Exit code 4 if they differ."""
    from sco_sim.commands import rerun as command

    raise typer.Exit(command.main(folder, world=world, workers=workers, case=case, as_json=json))


@app.command(epilog="Example: sco-sim schema > scenario.schema.json")
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors."""
    from sco_sim.commands import schema as command

    raise typer.Exit(command.main())


@new_app.command("scenario", epilog="Example: sco-sim new scenario my_cities --extends baseline")
def new_scenario(
    name: Annotated[str, typer.Argument(help="Name of the new file, without .yaml.", show_default=False)],
    extends: Annotated[str, typer.Option(help="What it builds on: a shipped name, or a file beside it.")] = "baseline",
) -> None:
    """Write NAME.yaml, a commented scenario that validates. Never over a file."""
    from sco_sim.commands import new as command

    raise typer.Exit(command.main(name, extends))


@new_app.command("case", epilog="Example: sco-sim new case asean --states IDN,MYS,THA gdp.csv population.csv baci.csv")
def new_case(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new folder.", show_default=False)],
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="FILE...",
            help="Downloads as they come: World Bank wide tables (GDP, population, governance), IMF Direction of "
            "Trade, CEPII BACI and GeoDist, UN Comtrade.",
            show_default=False,
        ),
    ] = None,
    states: Annotated[
        str,
        typer.Option(metavar="CODES", help="Codes or names, separated by commas; an invented club if left out."),
    ] = "",
    member_from: Annotated[
        int, typer.Option(min=1900, max=2200, metavar="YEAR", help="First year as members, of all states.")
    ] = 2000,
) -> None:
    """Write a case folder: four invented states that run at once, or states of your own from downloads."""
    from sco_sim.commands import new_case as command

    raise typer.Exit(command.main(folder, states, files or (), member_from))


arrange(app)


def _version(asked: bool) -> None:
    if asked:
        from sco_sim.version import __version__

        print(f"sco-sim {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    allow_code: Annotated[
        bool,
        typer.Option(ALLOW_CODE, help="Let scenario files name components as package.module:Class: runs that code."),
    ] = False,
) -> None:
    """Simulate scenarios of cooperation among states, and compare what they lead to."""
    CODE_ALLOWED.set(allow_code)
    warnings.filterwarnings("ignore", category=EvidenceWarning)  # every command says how old the evidence is


def _warn(message: Warning | str, *where: object, **more: object) -> None:
    """A warning in one line on standard error, without the line of the source."""
    print(f"warning: {message}", file=sys.stderr)


def main() -> None:
    """Entry point: what nobody foresaw ends in one line and exit code 1, what the system refuses in 4."""
    warnings.showwarning = _warn
    prepare()
    try:
        alone(app, sys.argv[1:])()
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        if isinstance(error, OSError):
            print(f"error: the system refuses to read or write: {error}", file=sys.stderr)
            sys.exit(4)
        words = " ".join(str(error).split()) or "no further words"
        print(
            f"sco-sim met an error it did not foresee, {type(error).__name__}: {words[:200]}\n"
            f"Please report it with the traceback: set {TRACEBACK}=1 and give the same command again.",
            file=sys.stderr,
        )
        sys.exit(1)
