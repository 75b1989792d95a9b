"""The groups of commands that `--help` prints, those of a first day on top."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import typer

GROUPS = {
    "First day": ("compare", "report", "show", "new", "validate", "list"),
    "Simulate": ("run", "sweep", "rerun"),
    "Ask about scenarios": (
        "diff",
        "council",
        "rules",
        "rivals",
        "packages",
        "effects",
        "threshold",
        "cascade",
        "sequence",
        "enlargement",
        "routes",
        "loop",
        "trace",
        "brief",
        "promises",
    ),
    "Read what is stored": ("plot", "worth", "sensitivity", "discover", "portfolio", "export", "verify"),
    "Evidence": ("data", "case", "calibrate", "hindcast", "predictive", "implementation", "schema"),
}
"""Commands of each group, in the order in which they are printed; a command that is in none comes last."""


def arrange(app: typer.Typer) -> None:
    """Put the commands of an application into GROUPS."""
    order = [name for names in GROUPS.values() for name in names]
    everything: list[Any] = [*app.registered_commands, *app.registered_groups]
    for one in everything:
        name = _name(one)
        one.rich_help_panel = next((group for group, names in GROUPS.items() if name in names), "More")
    app.registered_commands.sort(key=lambda one: order.index(_name(one)) if _name(one) in order else len(order))


def alone(app: typer.Typer, words: Sequence[str]) -> typer.Typer:
    """The application with the command that the words begin with and no other; all of it if they begin with none.

    Typer reads the options of every command that it has before it runs one.
    """
    first = next((word for word in words if not word.startswith("-")), "")
    commands = [one for one in app.registered_commands if _name(one) == first]
    groups = [one for one in app.registered_groups if _name(one) == first]
    if not commands and not groups:
        return app
    out = copy.copy(app)
    out.registered_commands, out.registered_groups = commands, groups
    return out


def _name(one: Any) -> str:
    """The name of a command or of a group of commands: given, or that of its function."""
    return str(one.name or one.callback.__name__)
