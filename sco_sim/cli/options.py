"""Options and arguments that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ScenarioArgument = Annotated[
    str, typer.Argument(help="Scenario file, or the name of a shipped scenario.", show_default=False)
]
# the upper ends keep a slip of the finger from filling the memory
Worlds = Annotated[
    int, typer.Option(min=1, max=1_000_000, metavar="N", help="Worlds to simulate: settings x replicates.")
]
CouncilWorlds = Annotated[
    int, typer.Option(min=1, max=10_000, metavar="N", help="Worlds to simulate: settings x replicates.")
]
Replicates = Annotated[
    int, typer.Option(min=1, max=1_000_000, metavar="N", help="Worlds that share one draw of parameters (a setting).")
]
Seed = Annotated[int, typer.Option(min=0, metavar="N", help="Seed of all random numbers.")]
Workers = Annotated[int, typer.Option(min=1, max=256, metavar="N", help="Processes; the results do not depend on it.")]
Batch = Annotated[
    int,
    typer.Option(min=1, max=4096, metavar="N", help="Worlds simulated together at most; results do not depend on it."),
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
Json = Annotated[bool, typer.Option("--json", help="Machine-readable output on standard output.")]
Fixed = Annotated[bool, typer.Option("--fixed-parameters", help="Hold the ledger at its centre.")]
Force = Annotated[bool, typer.Option("--force", help="Replace whatever run is stored in the folder.")]
Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        metavar="KEY",
        help="Print this outcome only (`list metrics`), in every block. Repeatable.",
        show_default=False,
    ),
]
All = Annotated[bool, typer.Option("--all", help="Print every outcome, not only the important ones.")]
