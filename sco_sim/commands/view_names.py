"""Which views a command names: read before anything that takes long to load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.commands.folders import VIEW
from sco_sim.errors import Problem, ScenarioError
from sco_sim.fields import name_of


def several(sets: Sequence[str]) -> dict[str, str]:
    """Name of each view to what the command line calls it, if it names more than one; else nothing.

    Raises ScenarioError for two of one name.
    """
    named = [text.removeprefix(VIEW) for text in sets if text.startswith(VIEW)]
    parts = [part.strip() for part in named[-1].split(",")] if named else []
    twice = next((part for number, part in enumerate(parts) if part and part in parts[:number]), None)
    if twice:
        raise ScenarioError(Problem(f"the view '{twice}' is named twice", "name each view once", "--view"))
    if len(parts) < 2:
        return {}
    from sco_sim.studies.views.conclusions import views_of

    given = views_of(named[-1])
    views = {name_of(Path(one).stem, "view") if Path(one).is_file() else one: one for one in given}
    if len(views) < len(given):
        raise ScenarioError(Problem("two of the views have the same name", "call one of the files otherwise", "--view"))
    return views


def under(sets: Sequence[str], view: str) -> list[str]:
    """The overrides with one view in the place of several."""
    return [*without_view(sets), f"{VIEW}{view}"]


def without_view(sets: Sequence[str]) -> list[str]:
    """The overrides that are no view."""
    return [text for text in sets if not text.startswith(VIEW)]
