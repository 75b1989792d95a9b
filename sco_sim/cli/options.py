"""Options and arguments that several commands share."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from sco_sim.cli.complete import METRICS, SCENARIOS, VIEWS
from sco_sim.limits import MOST_BATCH, MOST_SEED, MOST_WORKERS, MOST_WORLDS


def finite(value: float | None) -> float | None:
    """An option's number as it is; `nan` and `inf` pass any range, so they are refused here."""
    if value is not None and not math.isfinite(value):
        raise typer.BadParameter(f"{value} is no number to calculate with.")
    return value


ScenarioArgument = Annotated[
    str,
    typer.Argument(
        help="Scenario file, or the name of a shipped scenario.", show_default=False, autocompletion=SCENARIOS
    ),
]
Worlds = Annotated[
    int, typer.Option(min=1, max=MOST_WORLDS, metavar="N", help="Worlds to simulate: settings x replicates.")
]
CouncilWorlds = Annotated[
    int, typer.Option(min=1, max=10_000, metavar="N", help="Worlds to simulate: settings x replicates.")
]
Replicates = Annotated[
    int, typer.Option(min=1, max=MOST_WORLDS, metavar="N", help="Worlds that share one draw of parameters (a setting).")
]
Seed = Annotated[int, typer.Option(min=0, max=MOST_SEED, metavar="N", help="Seed of all random numbers.")]
Workers = Annotated[
    int | None,
    typer.Option(
        min=1, max=MOST_WORKERS, metavar="N", show_default=False,
        help="Processes; chosen by the amount of work if left out. The results do not depend on it.",
    ),
]  # fmt: skip
Cluster = Annotated[
    str | None,
    typer.Option(
        metavar="local|ADDRESS", help="Simulate on a dask cluster: `local`, or tcp://host:port.", show_default=False
    ),
]
Batch = Annotated[
    int,
    typer.Option(
        min=1, max=MOST_BATCH, metavar="N", help="Worlds simulated together at most; results do not depend on it."
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder to write to; ./results/<name> if left out.", show_default=False),
]
Case = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Case folder of tables and ledger; the shipped one if left out.", show_default=False
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="PATH=VALUE", help="Override a field, e.g. horizon.end=2030. Repeatable.", show_default=False
    ),
]
Nowcast = Annotated[
    bool,
    typer.Option(
        "--nowcast",
        help="Start later than trade, GDP or events were observed: each is carried on with its own noise.",
    ),
]
View = Annotated[
    str | None,
    typer.Option(
        metavar="VIEW",
        help="Simulate under a view of the ledger: a name of `list views`, or a file. Any but `evidence` is belief. "
        "compare, effects, portfolio and sweep take several, joined by commas, and set them side by side.",
        show_default=False,
        autocompletion=VIEWS,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]
Fixed = Annotated[bool, typer.Option("--fixed-parameters", help="Hold the ledger at its centre.")]
Force = Annotated[bool, typer.Option("--force", help="Replace whatever run is stored in the folder.")]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="KEY",
        help="Print this outcome only (`list metrics`), in each year of interest. Repeatable.",
        show_default=False,
        autocompletion=METRICS,
    ),
]
All = Annotated[
    bool, typer.Option("--all", help="Print every outcome, not only the important ones, and each block in full.")
]


Options = dict[str, Any]
"""Values of a group of options, by the keywords that the work of a command takes."""


def shared(group: Callable[..., Options]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let a command take a group of options, which is written once: it gets what the group returns as `options`."""

    def with_group(command: Callable[..., None]) -> Callable[..., None]:
        taken = list(inspect.signature(group).parameters.values())

        @wraps(command)
        def called(**values: Any) -> None:
            command(options=group(**{one.name: values.pop(one.name) for one in taken}), **values)

        own = inspect.signature(command).parameters.values()
        hints = get_type_hints(command, include_extras=True) | get_type_hints(group, include_extras=True)
        called.__annotations__ = {name: hint for name, hint in hints.items() if name not in ("options", "return")}
        called.__signature__ = inspect.Signature([  # type: ignore[attr-defined]
            one.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints[one.name])
            for each in own for one in (taken if each.name == "options" else [each])
        ])  # fmt: skip
        return called

    return with_group


def stored(
    worlds: Worlds = 200,
    replicates: Replicates = 1,
    seed: Seed = 1,
    workers: Workers = None,
    cluster: Cluster = None,
    out: Out = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    outcome: Outcomes = None,
    all_: All = False,
    fixed_parameters: Fixed = False,
    batch: Batch = 256,
    force: Force = False,
    json: Json = False,
) -> Options:
    """Options of commands that simulate scenarios into stored runs."""
    return {
        "worlds": worlds, "replicates": replicates, "seed": seed, "workers": workers, "cluster": cluster, "out": out,
        "sets": changes(set_, view, nowcast=nowcast), "case": case, "outcomes": outcome or (), "everything": all_,
        "fixed_parameters": fixed_parameters, "batch": batch, "force": force, "as_json": json,
    }  # fmt: skip


def side_by_side(
    worlds: CouncilWorlds = 200,
    replicates: Replicates = 1,
    seed: Seed = 1,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    outcome: Outcomes = None,
    all_: All = False,
    fixed_parameters: Fixed = False,
    json: Json = False,
) -> Options:
    """Options of commands that simulate variants of a scenario on the same worlds and store nothing."""
    return {
        "worlds": worlds, "replicates": replicates, "seed": seed,
        "sets": changes(set_, view, nowcast=nowcast), "case": case, "outcomes": outcome or (), "everything": all_,
        "fixed_parameters": fixed_parameters, "as_json": json,
    }  # fmt: skip


def typed(context: typer.Context, *names: str) -> tuple[str, ...]:
    """Those of some options that were typed, as they are typed: where a folder is given they would be read over."""
    sources = {name: context.get_parameter_source(name) for name in names}
    return tuple(
        f"--{name.replace('_', '-')}" for name, source in sources.items() if source and source.name == "COMMANDLINE"
    )


def changes(sets: list[str] | None, view: str | None = None, *, nowcast: bool = False) -> list[str]:
    """The overrides of the command line, with those that `--view` and `--nowcast` stand for."""
    return [
        *(sets or ()),
        *([f"view={view}"] if view is not None else ()),
        *(["nowcast=true"] if nowcast else ()),
    ]
