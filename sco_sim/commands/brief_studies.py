"""The studies behind `sco-sim brief` that simulate something else than the scenarios, each on few worlds."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sco_sim.case.opened import opened
from sco_sim.commands.files import check_pairable, load
from sco_sim.errors import CaseError, Problem, ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.scenario.schema import EVIDENCE, Scenario
from sco_sim.studies.brief import SPOKEN_OF
from sco_sim.studies.candidates.candidate import CHANGES, KNOWING, STANDS, Candidate, lacks
from sco_sim.studies.candidates.structure import bundle, order, quarrel, route
from sco_sim.studies.candidates.unknown import promise, reach, split_views
from sco_sim.studies.effects.effects import REFERENCE as PROMISED_FROM
from sco_sim.studies.threshold.promises import Promises
from sco_sim.studies.views.split import Pair
from sco_sim.studies.wording import Row

VIEWS = (EVIDENCE, "documents", "sceptic")
"""Views that are laid side by side."""
MOST = {"cascade": 20, "packages": 40, "sequence": 40, "threshold": 40, "promises": 32, "compare": 40}
"""Worlds of each study at most: they rank, and the command of each can be given with more."""
Study = Callable[[], Candidate | list[Candidate]]


@dataclass(frozen=True)
class Asked:
    """What was typed."""

    names: Sequence[str]
    """Scenarios, the reference first."""
    worlds: int
    replicates: int
    seed: int
    sets: Sequence[str]
    case: Path | None

    def how(self, study: str) -> dict[str, int]:
        """Worlds, replicates and seed of a study."""
        worlds = min(self.worlds, MOST[study] * self.replicates)
        return {"worlds": worlds, "replicates": self.replicates, "seed": self.seed}

    def command(self, study: str, *names: str, more: str = "", worlds: int = 0, replicates: bool = True) -> str:
        """The command of a study, as it would be typed; without worlds where it takes none."""
        text = f"sco-sim {study} {' '.join(shlex.quote(one) for one in names)}{more}"
        text += f" --worlds {worlds} --seed {self.seed}" if worlds else ""
        text += f" --replicates {self.replicates}" if worlds and replicates and self.replicates > 1 else ""
        for one in self.sets:
            name, _, value = one.partition("=")
            text += f" --view {shlex.quote(value)}" if name == "view" else f" --set {shlex.quote(one)}"
        return text + ("" if self.case is None else f" --case {shlex.quote(str(self.case))}")


def candidates(
    asked: Asked, loaded: Sequence[Scenario], weak: Sequence[Row], draws: Mapping[str, Array]
) -> Iterator[Candidate]:
    """What each study would have a reader take home of the last scenario; one that cannot be done says why.

    Args:
        asked: What was typed.
        loaded: The scenarios, the reference first.
        weak: Rows of `fragile`.
        draws: Entry of the ledger to what was drawn of it, (setting,).
    """
    last, data, name = loaded[-1], opened(asked.case), asked.names[-1]

    def of(study: str, **more: Any) -> str:
        return asked.command(study, name, worlds=asked.how(study)["worlds"], **more)

    routes, packages = asked.command("routes", name), of("packages", replicates=False)
    once = {key: value for key, value in asked.how("packages").items() if key != "replicates"}
    yield from _tried(STANDS, "routes", routes, lambda: route(last, data, routes))
    yield from _tried(
        STANDS, "cascade", of("cascade"), lambda: quarrel(last, data, of("cascade"), **asked.how("cascade"))
    )
    yield from _tried(CHANGES, "packages", packages, lambda: bundle(last, data, packages, **once))
    yield from _tried(
        CHANGES, "sequence", of("sequence", more=" --outcome delivered_mean"),
        lambda: order(last, data, of("sequence", more=" --outcome delivered_mean"), **asked.how("sequence")),
    )  # fmt: skip
    yield from _tried(KNOWING, "views", _by_view(asked), lambda: _views(asked, last))

    def threshold(options: str) -> str:
        return of("threshold", more=f" {options} --against {shlex.quote(asked.names[0])}" if options else "")

    own = [row for row in weak if row["scenario"] == last.name and row["outcome"] in SPOKEN_OF]
    own.sort(key=lambda row: SPOKEN_OF.index(row["outcome"]))
    yield from _tried(
        KNOWING, "threshold", threshold(""),
        lambda: reach(own, draws, last, _pairable(loaded[0], last), data, threshold, **asked.how("threshold")),
    )  # fmt: skip

    def promises(policy: str) -> str:
        names = (policy,) if policy else ()
        return asked.command("promises", *names, worlds=_of_promises(asked), replicates=False)

    yield from _tried(KNOWING, "promises", promises(""), lambda: _promises(asked, last, draws, promises))


def _tried(about: str, study: str, command: str, do: Study) -> list[Candidate]:
    """What a study says; a scenario or a case that it cannot be done with is no reason to say nothing at all."""
    try:
        said = do()
    except (ScenarioError, CaseError) as error:
        problem = error.problems[0]
        return [lacks(about, study, command, problem.message)]
    return said if isinstance(said, list) else [said]


def _by_view(asked: Asked) -> str:
    pair = (asked.names[0], asked.names[-1])
    more = f" --view {','.join(VIEWS)} --no-figures"
    return asked.command("compare", *pair, more=more, worlds=asked.how("compare")["worlds"])


def _views(asked: Asked, last: Scenario) -> Candidate:
    if last.view != EVIDENCE:
        return lacks(KNOWING, "views", _by_view(asked), f"the scenario is under the view {last.view} already")
    pairs = {}
    for view in VIEWS:
        left, right = (
            load(name, [*asked.sets, f"view={view}"], asked.case) for name in (asked.names[0], asked.names[-1])
        )
        pairs[view] = Pair(_pairable(left, right), right)
    return split_views(pairs, SPOKEN_OF, opened(asked.case), _by_view(asked), **asked.how("compare"))


def _of_promises(asked: Asked) -> int:
    """Worlds of `promises`, which takes no replicates."""
    return min(asked.worlds, MOST["promises"])


def _promises(asked: Asked, last: Scenario, draws: Mapping[str, Array], command: Callable[[str], str]) -> Candidate:
    reference = load(PROMISED_FROM, asked.sets, asked.case)
    if reference.view != last.view:
        why = f"the scenario is under the view {last.view}, and what is promised is judged under {reference.view}"
        return lacks(KNOWING, "promises", command(""), why)
    study = Promises(reference, opened(asked.case), worlds=_of_promises(asked), seed=asked.seed)
    return promise([one.key() for one in last.policies], draws, study, command)


def _pairable(reference: Scenario, scenario: Scenario) -> Scenario:
    """The reference; raises ScenarioError if its worlds are no pairs of those of the scenario, to the last year."""
    check_pairable(scenario, reference)
    if reference.horizon.end < scenario.horizon.end:
        remedy = f"give --set horizon.end={reference.horizon.end}"
        raise ScenarioError(Problem(f"{reference.name} ends before {scenario.name}", remedy))
    return reference
