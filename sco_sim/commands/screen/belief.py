"""Under which view of the ledger something was simulated, in words: a belief is called one wherever it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sco_sim.commands.screen.output import say
from sco_sim.errors import counted

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario


def say_view(scenarios: Sequence[Scenario]) -> None:
    """A line for each view that is belief, with the scenarios where they differ; nothing for the ledger as it is."""
    for view in dict.fromkeys(one.view for one in scenarios if one.is_belief):
        under = [one for one in scenarios if one.view == view]
        where = "" if len(under) == len(scenarios) else f" in {', '.join(one.name for one in under)}"
        entries = counted(max(len(one.parameters) for one in under), "entry", "entries")
        say(
            f"Belief{where}: under the view `{view}`, with {entries} of the ledger overridden, what is shown is what "
            "follows from a belief and not what the evidence says.",
            "yellow",
        )


def of_view(scenario: Scenario) -> dict[str, object]:
    """The view for --json."""
    return {"view": scenario.view, "belief": scenario.is_belief}
