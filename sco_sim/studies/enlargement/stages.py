"""Who was a member when: the founders, and the larger organisations that they are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sco_sim.case.changes import Candidate
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.scenario.schema import Scenario


@dataclass(frozen=True)
class Stage:
    """An organisation of some members."""

    members: tuple[str, ...]
    """Codes, in the order of the alphabet."""
    joined: tuple[str, ...] = ()
    """Those who were not among the founders."""
    year: int | None = None
    """Year from which on these were the members, None if they are named."""

    @property
    def name(self) -> str:
        """How many members it has."""
        return str(len(self.members))


def stages_of(scenario: Scenario, dated: Mapping[str, int | None], named: Sequence[str] = ()) -> tuple[Stage, ...]:
    """The founders, and every larger organisation up to the last, by the dates of accession.

    Args:
        scenario: Its `membership` goes before the dates of the case.
        dated: First year as a member by code, as the case has it.
        named: Member sets as the user writes them, `CHN,RUS,...`, the founders first; in place of the dates.

    Raises ScenarioError if there are not two sets that grow, or for a state that is not simulated.
    """
    sets = [_codes(text, scenario) for text in named] if named else _by_date(scenario, dated)
    sets = [(year, members) for year, members in sets if members]
    if len(sets) < 2 or any(not set(a) < set(b) for (_, a), (_, b) in pairwise(sets)):
        remedy = "name the members before and after: --members CHN,KAZ,RUS --members CHN,IND,KAZ,RUS"
        raise ScenarioError(Problem("there are no founders who took in others", remedy, scenario.name))
    founders = sets[0][1]
    return tuple(Stage(members, tuple(iso for iso in members if iso not in founders), year) for year, members in sets)


def _codes(text: str, scenario: Scenario) -> tuple[int | None, tuple[str, ...]]:
    written = [part.strip().upper() for part in text.split(",") if part.strip()]
    codes = tuple(sorted(set(written)))
    for iso in codes:
        if written.count(iso) > 1:
            raise ScenarioError(Problem(f"{iso} is named twice in {text}", "name each member once", "--members"))
        if iso not in scenario.states:
            message = f"'{iso}' is no state that {scenario.name} simulates"
            raise ScenarioError(Problem(message, did_you_mean(iso, scenario.states), "--members"))
    return None, codes


def _by_date(scenario: Scenario, dated: Mapping[str, int | None]) -> list[tuple[int | None, tuple[str, ...]]]:
    """The members after each year in which somebody joined by the end; who joined one year apart joined together."""
    since: dict[str, int] = {}
    for iso in scenario.states:
        first = scenario.membership.get(iso, dated.get(iso))
        if first is not None and not isinstance(first, Candidate) and first <= scenario.horizon.end:
            since[iso] = first
    years = sorted(set(since.values()))
    last = [year for year in years if year + 1 not in years]
    return [(year, tuple(sorted(iso for iso, first in since.items() if first <= year))) for year in last]
