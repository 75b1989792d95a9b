"""Texts, packages, side payments and clauses of a scenario, at the centre of the ledger and over its settings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import pandas as pd

from sco_sim.case.case import Case
from sco_sim.components.rule import Rule
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.scenario.schema import Scenario
from sco_sim.studies.council.rules import rules_of
from sco_sim.studies.packages.bundles import alone, packages, sets, states
from sco_sim.studies.packages.clauses import clauses
from sco_sim.studies.packages.payments import MOST, bargain, transfers
from sco_sim.studies.packages.votes import Summit, summit_of, year_of

FILES = {f"{name}.csv": name for name in ("alone", "packages", "states", "bargains", "transfers", "clauses")}
"""File to the table that it holds."""
PRICED = 40
"""Packages whose side payments are worked out, at most: those whose least ready voter is nearest to its threshold."""
Step = Callable[[int, int], None]
STEPS = 6


@dataclass(frozen=True)
class Packages:
    """What passes alone, together, for money and with a clause less; the tables are described where they are made."""

    year: int
    """Year of the vote."""
    rule: str
    """Key of the rule."""
    worlds: int
    """Settings."""
    most: float
    """Share of its GDP that a state can move in a year."""
    alone: pd.DataFrame
    packages: pd.DataFrame
    states: pd.DataFrame
    bargains: pd.DataFrame
    transfers: pd.DataFrame
    clauses: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """File to table."""
        return {file: getattr(self, name) for file, name in FILES.items()}


def with_rule(scenario: Scenario, key: str | None) -> Scenario:
    """The scenario under another rule, as its manual's example writes it; raises ScenarioError for an unknown one."""
    rules = rules_of(scenario)
    if key is None:
        return scenario
    if key not in rules:
        raise ScenarioError(Problem(f"no rule '{key}' for this scenario", did_you_mean(key, rules), "--rule"))
    return scenario.model_copy(update={"decision_rule": rules[key]})


def study(
    scenario: Scenario, case: Case, *, year: int | None = None, worlds: int = 100, seed: int = 1, most: float = MOST,
    progress: Step | None = None,
) -> Packages:  # fmt: skip
    """All of it.

    Args:
        scenario: Needs a text that is put to a vote.
        case: Tables and ledger.
        year: Year of the vote; the first in which all texts are on the table if left out.
        worlds: Settings, draws of the ledger and of the initial state.
        seed: Of the draws.
        most: Share of its GDP that a state can be paid, or pay, a year.
        progress: Called with steps done and all.

    Raises:
        ScenarioError: Nothing is put to a vote in that year.
    """
    when, rules = year_of(scenario, year), rules_of(scenario)
    done = iter(range(1, STEPS + 1))

    def tick() -> None:
        if progress is not None:
            progress(next(done), STEPS)

    centre = summit_of(scenario, case, when, worlds=1, seed=seed, fixed_parameters=True)
    tick()
    settings = summit_of(scenario, case, when, worlds=worlds, seed=seed)
    tick()
    with at_rest(centre), at_rest(settings):
        return together(centre, settings, rules, when, scenario.decision_rule.key(), most, tick)


def together(
    centre: Summit, settings: Summit, rules: Mapping[str, Rule], year: int, rule: str, most: float,
    tick: Callable[[], None] = lambda: None,
) -> Packages:  # fmt: skip
    """The tables of two summits with the same texts, one of a single world at the centre."""
    singles = alone(centre, settings, rules)
    tick()
    bundles = packages(centre, settings)
    tick()
    failing = [(one,) for one, passes in enumerate(singles["passes"]) if not passes]
    priced = [*failing, *_nearest(centre, bundles)]
    bargains, paying = bargain(centre, settings, priced, most), transfers(centre, settings, priced, most)
    tick()
    gaining = set(bundles["package"][bundles["gained"] > 0.0].head(PRICED))
    named = {_name(centre, members): members for members in sets(centre.texts)}
    shown = [*((one,) for one in range(len(centre.texts))), *(named[name] for name in named if name in gaining)]
    cut = clauses(centre, settings)
    tick()
    return Packages(
        year, rule, settings.year.state.worlds, most, singles, bundles, states(centre, settings, shown), bargains,
        paying, cut,
    )  # fmt: skip


def _nearest(centre: Summit, bundles: pd.DataFrame) -> list[tuple[int, ...]]:
    """Packages that fail at the centre and hold a text that fails alone, the nearest to passing first."""
    failing = bundles[~bundles["passes"].astype(bool) & (bundles["parts_pass"] < bundles["size"])]
    nearest = set(failing.sort_values("readiness", ascending=False, kind="stable")["package"].head(PRICED))
    return [members for members in sets(centre.texts) if _name(centre, members) in nearest]


def _name(summit: Summit, members: tuple[int, ...]) -> str:
    return " + ".join(summit.texts[one].label for one in members)


@contextmanager
def at_rest(summit: Summit) -> Iterator[None]:
    """While nothing of a summit changes: what a text brings is worked out once."""
    with summit.year.at_rest():
        yield
