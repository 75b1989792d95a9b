"""How old the evidence at the start is, in words: whatever is simulated, or read from a store, is shown with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.case.age import Age
from sco_sim.case.age_words import as_records, in_words, of_records
from sco_sim.commands.files import ages_of
from sco_sim.commands.screen.output import note, say

Record = Mapping[str, object]

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario
    from sco_sim.store.stored import Stored


def say_observed(scenarios: Sequence[Scenario], case: Path | None, *, aside: bool) -> None:
    """The year in which each variable of the initial state was last observed.

    `aside` says it on standard error, where standard output is JSON or names of files.
    """
    _say(((one.name, ages_of(one, case)) for one in scenarios), aside)


def say_stored_observed(*stored: Stored, aside: bool) -> None:
    """The same, as the manifests of stored runs and sweeps keep it."""
    manifests = [one.manifest for one in stored]
    _say(((str(one["name"]), of_records(one, one["years"][0])) for one in manifests), aside)


def observed_of(scenario: Scenario, case: Path | None) -> Record:
    """The same of one scenario as plain data, for `--json`: see `as_records`."""
    return as_records(ages_of(scenario, case))


def stored_observed(stored: Stored) -> Record:
    """The same of a stored run or sweep."""
    manifest = stored.manifest
    return as_records(of_records(manifest, manifest["years"][0]))


def _say(ages: Iterable[tuple[str, Sequence[Age]]], aside: bool) -> None:
    """The words once, or, of several starts, with the names of the scenarios where they differ."""
    names: dict[str, list[str]] = {}
    for name, of in ages:
        names.setdefault(in_words(of), []).append(name)
    for words, under in names.items():
        text = words if len(names) == 1 else f"{', '.join(dict.fromkeys(under))}: {words}"
        if words and aside:
            note(text)
        elif words:
            say(text, "dim")
