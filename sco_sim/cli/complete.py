"""What the shell completes beside files: names of scenarios and views, keys of outcomes and policies."""

from __future__ import annotations

from collections.abc import Callable


def named(listed: str) -> Callable[[str], list[str]]:
    """A completer: names of a kind of `sco-sim list` that begin with what was typed.

    They are looked up when the shell asks, as nothing else of the program needs them.
    """

    def complete(incomplete: str) -> list[str]:
        from sco_sim.commands.complete import names

        return [name for name in names(listed) if name.startswith(incomplete)]

    return complete


SCENARIOS, VIEWS, METRICS = named("scenarios"), named("views"), named("metrics")
