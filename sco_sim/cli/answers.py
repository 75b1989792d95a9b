"""The commands that answer where the evidence is silent; their work is imported when they are given."""

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
    Out,
    Replicates,
    ScenarioArgument,
    Seed,
    Sets,
    View,
    changes,
    finite,
    typed,
)
from sco_sim.limits import MOST_WORLDS

Amount = Annotated[
    str,
    typer.Option(
        metavar="AMOUNT", show_default=False,
        help="Change to reach, up or down, in the unit of the outcome, shares in points: 50 or -1; or 5%, of what it "
        "is from.",
    ),
]  # fmt: skip
Against = Annotated[
    str | None,
    typer.Option(
        metavar="SCENARIO", show_default=False,
        help="What the change is from; if left out, the scenario without the policy or event of the lever, for an "
        "entry of the ledger without its policies, at the same value.",
    ),
]  # fmt: skip


def threshold(
    scenario: ScenarioArgument,
    outcome: Annotated[
        str,
        typer.Option(
            metavar="KEY", show_default=False,
            help="Outcome of `list metrics`; of one tie or state as trade:IND-PAK or gain:KAZ.",
        ),
    ],
    by: Amount,
    lever: Annotated[
        list[str] | None,
        typer.Option(
            metavar="PATH", help="Number of the scenario, e.g. policies.sister_cities.new_pairs_per_year. Repeatable.",
            show_default=False,
        ),
    ] = None,
    parameter: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Entry of the ledger (`list parameters`). Repeatable.", show_default=False),
    ] = None,
    year: Annotated[
        int | None,
        typer.Option(min=1990, max=2200, metavar="YEAR", help="The last if left out.", show_default=False),
    ] = None,
    chance: Annotated[
        float,
        typer.Option(
            min=0.0, max=1.0, callback=finite, metavar="SHARE", help="Share of worlds in which it is to be reached."
        ),
    ] = 0.8,
    against: Against = None,
    worlds: CouncilWorlds = 200,
    replicates: Replicates = 1,
    seed: Seed = 1,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder for tables and picture; none if left out.", show_default=False),
    ] = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Say how strong a lever or an entry of the ledger has to be for an outcome to be reached, beside the evidence."""
    from sco_sim.commands import threshold as command

    code = command.main(
        scenario, levers=lever or (), parameters=parameter or (), outcome=outcome, by=by, year=year, chance=chance,
        against=against, worlds=worlds, seed=seed, replicates=replicates, sets=changes(set_, view, nowcast=nowcast),
        case=case, out=out, as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def trace(
    context: typer.Context,
    scenario: Annotated[
        str,
        typer.Argument(
            help="Scenario file, shipped name, or folder of a stored run.", show_default=False, autocompletion=SCENARIOS
        ),
    ],
    world: Annotated[
        int, typer.Option(min=0, max=MOST_WORLDS, metavar="N", help="Number of the world, from 0 on.")
    ] = 0,
    against: Annotated[
        str | None,
        typer.Option(metavar="OTHER", help="Another scenario: what is otherwise there.", show_default=False),
    ] = None,
    replicates: Replicates = 1,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="CSV file to write too.", show_default=False)] = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Tell one world year by year: what was tabled, who blocked it and why, which dispute broke out, who paid."""
    from sco_sim.commands import trace as command

    code = command.main(
        scenario, world=world, against=against, seed=seed, replicates=replicates,
        typed=typed(context, "seed", "replicates"), sets=changes(set_, view, nowcast=nowcast), case=case, out=out,
        as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def worth(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="DIR|SCENARIO", show_default=False,
            help="Folder of a comparison, whose scenarios are the choice; or a scenario, whose mixes of policies are.",
        ),
    ],
    outcome: Annotated[
        str, typer.Option(metavar="KEY", help="Outcome that is chosen by (`list metrics`).", show_default=False)
    ],
    year: Annotated[
        int | None,
        typer.Option(min=1990, max=2200, metavar="YEAR", help="The last if left out.", show_default=False),
    ] = None,
    worlds: CouncilWorlds = 400,
    replicates: Replicates = 1,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="CSV file to write too.", show_default=False)] = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    all_: Annotated[bool, typer.Option("--all", help="Print every entry.")] = False,
    json: Json = False,
) -> None:  # fmt: skip
    """Say which entry of the ledger is worth knowing before choosing, and whether it would change the choice."""
    from sco_sim.commands import worth as command

    code = command.main(
        what, outcome=outcome, year=year, worlds=worlds, replicates=replicates, seed=seed,
        typed=typed(context, "worlds", "seed", "replicates"), sets=changes(set_, view, nowcast=nowcast), case=case,
        out=out, everything=all_, as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def promises(
    components: Annotated[
        list[str] | None, typer.Argument(help="Policies; every one there is if left out.", show_default=False)
    ] = None,
    worlds: CouncilWorlds = 32,
    seed: Seed = 1,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Page to write too.", show_default=False)] = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    json: Json = False,
) -> None:
    """Say for each promise of the documents how strong its entry of the ledger would have to be, in one sentence."""
    from sco_sim.commands import promises as command

    sets = changes(set_, view, nowcast=nowcast)
    code = command.main(components or (), worlds=worlds, seed=seed, sets=sets, case=case, out=out, as_json=json)
    raise typer.Exit(code)


def brief(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Scenario files or shipped names, the first the reference; one alone is compared with baseline.",
            show_default=False,
        ),
    ],
    worlds: CouncilWorlds = 200,
    replicates: Replicates = 1,
    seed: Seed = 1,
    out: Out = None,
    set_: Sets = None,
    nowcast: Nowcast = False,
    view: View = None,
    case: Case = None,
    everything: Annotated[
        bool, typer.Option("--all", help="What every study would say, the rule, and why each is chosen or not.")
    ] = False,
    json: Json = False,
) -> None:
    """Say three sentences to take home, chosen by rule, each with its command and what would overturn it."""
    from sco_sim.commands import brief as command

    sets = changes(set_, view, nowcast=nowcast)
    code = command.main(
        scenarios, worlds=worlds, replicates=replicates, seed=seed, sets=sets, case=case, out=out,
        everything=everything, as_json=json,
    )  # fmt: skip
    raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    """Add the commands to the command line, with an example each."""
    app.command(
        epilog="Example: sco-sim threshold people_to_people --parameter people_to_people.trust "
        "--outcome conflict_share_observed:IND-PAK --by -1"
    )(threshold)
    app.command(epilog="Example: sco-sim trace combined --world 7 --against baseline")(trace)
    app.command(epilog="Example: sco-sim worth on_a_budget --outcome conflict_share_observed_mean --year 2035")(worth)
    app.command(epilog="Example: sco-sim promises --out docs/what_it_would_take.md")(promises)
    app.command(epilog="Example: sco-sim brief baseline combined majority_rule")(brief)
