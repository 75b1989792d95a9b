"""How old the evidence at the start is, in words: whatever is simulated, or read from a store, is shown with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def say_observed(scenarios: Sequence[Scenario], case: Path | None, *, aside: bool, brief: bool = False) -> None:
    """The year in which each variable of the initial state was last observed.

    `aside` says it on standard error, where standard output is JSON or names of files; `brief` leaves out what is
    within the age that a start bears, for a command whose answer is one screen.
    """
    _say(((one.name, ages_of(one, case)) for one in scenarios), aside, brief=brief)


def say_stored_observed(*stored: Stored, aside: bool) -> None:
    """The same, as the manifests of stored runs and sweeps keep it."""
    _say(_kept(stored), aside)


def observed_in_brief(*stored: Stored) -> str:
    """The same in short: without what is within the age that a start bears."""
    return "; ".join(_texts(_kept(stored), brief=True))


def _kept(stored: Iterable[Stored]) -> Iterator[tuple[str, Sequence[Age]]]:
    for one in stored:
        yield str(one.manifest["name"]), of_records(one.manifest, one.manifest["years"][0])


def observed_of(scenario: Scenario, case: Path | None) -> Record:
    """The same of one scenario as plain data, for `--json`: see `as_records`."""
    return as_records(ages_of(scenario, case))


def stored_observed(stored: Stored) -> Record:
    """The same of a stored run or sweep."""
    manifest = stored.manifest
    return as_records(of_records(manifest, manifest["years"][0]))


def _say(ages: Iterable[tuple[str, Sequence[Age]]], aside: bool, *, brief: bool = False) -> None:
    for text in _texts(ages, brief=brief):
        if aside:
            note(text)
        else:
            say(text, "dim")


def _texts(ages: Iterable[tuple[str, Sequence[Age]]], *, brief: bool = False) -> Iterator[str]:
    """The words once, or, of several starts, with the names of the scenarios where they differ."""
    names: dict[str, list[str]] = {}
    for name, of in ages:
        names.setdefault(in_words(of, brief=brief), []).append(name)
    for words, under in names.items():
        if words:
            yield words if len(names) == 1 else f"{', '.join(dict.fromkeys(under))}: {words}"
