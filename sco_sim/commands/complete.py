"""What the shell completes: names of shipped scenarios and views, and keys of policies, events and metrics."""

from __future__ import annotations

from sco_sim.commands.files import shipped


def names(listed: str) -> list[str]:
    """Names of a kind of `sco-sim list`."""
    if listed == "scenarios":
        return sorted(shipped())
    if listed == "views":
        from sco_sim.scenario.views import views

        return sorted(views())
    from sco_sim.components.registry import keys

    return sorted(keys(listed))
