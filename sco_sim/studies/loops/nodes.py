"""The nodes of the loops: what each is read from, and how it is pushed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from sco_sim.components.readiness import readiness, stakes
from sco_sim.numerics.arrays import Array
from sco_sim.world.year import Year

if TYPE_CHECKING:
    from sco_sim.components.policy import Policy

PUSH = 0.1
"""Size of a push in the unit of the node."""

Arrays = Mapping[str, Array]


@dataclass(frozen=True)
class Node:
    """A variable of the loops, mean over ties, states or texts."""

    unit: str
    variables: tuple[str, ...]
    """State variables that are held as in the unpushed worlds, unless the node is the one that answers."""
    measure: Callable[[Year], Array]
    """What it stands at, (world,)."""
    push: Callable[[Year, Arrays], dict[str, Array]]
    """Its variables as in the unpushed worlds, by name, with the push on top."""
    flow: bool = False
    """Whether it is counted over the years, and not read at the end."""


def _shifted(*names: str) -> Callable[[Year, Arrays], dict[str, Array]]:
    return lambda year, held: {name: held[name] + PUSH for name in names}


def _contact(year: Year) -> Array:
    """Mean of what travellers, students and twinned places stand above expectation by, (world,)."""
    channels = [year.above(channel).mean(axis=1) for channel in ("people", "students", "cities")]
    mean: Array = sum(channels, start=np.zeros(1)) / len(channels)
    return mean


def _push_contact(year: Year, held: Arrays) -> dict[str, Array]:
    more = {name: held[name] + PUSH for name in ("people", "students_ab", "students_ba")}
    return more | {"cities": (1.0 + held["cities"]) * np.exp(PUSH) - 1.0}


def _readiness(year: Year) -> Array:
    """Mean readiness of equation 5 over the texts that are voted on and the states, (world,); 0 without texts."""
    agreements = cast("tuple[Policy, ...]", year.agreements)
    voted = [policy for policy in agreements if policy.decided_by != "given"]
    answers = [readiness(stakes(year, policy)).mean(axis=1) for policy in voted]
    mean: Array = sum(answers, start=np.zeros(year.state.worlds)) / max(len(answers), 1)
    return mean


def _push_texts(year: Year, held: Arrays) -> dict[str, Array]:
    """Texts delivered further; what is not adopted counts as adopted in the year in which it is tabled."""
    delivered, adopted = held["delivered"].copy(), held["adopted_year"].copy()
    for column, policy in enumerate(year.agreements):
        begins = year.start + 1 if policy.start is None else policy.start
        if year.year >= begins:
            delivered[:, column] += PUSH
            adopted[:, column] = np.where(np.isnan(adopted[:, column]), begins, adopted[:, column])
    return {"delivered": delivered, "adopted": held["adopted"], "adopted_year": adopted}


def _texts(year: Year) -> Array:
    """Mean share delivered over texts and states, (world,); 0 without texts."""
    delivered = year.state.delivered
    mean: Array = delivered.mean(axis=(1, 2)) if delivered.shape[1] else np.zeros(year.state.worlds)
    return mean


def _push_prosperity(year: Year, held: Arrays) -> dict[str, Array]:
    """GDP by volume grows by the push in the first year: what follows growth goes along with what is expected of it."""
    since = year.year - year.start
    return {
        "log_volume": held["log_volume"] + PUSH * (since > 0),
        "last_log_volume": held["last_log_volume"] + PUSH * (since > 1),
    }


def _mean(name: str) -> Callable[[Year], Array]:
    def measure(year: Year) -> Array:
        mean: Array = year.state.arrays[name].mean(axis=1)
        return mean

    return measure


NODES = {
    "contact": Node("ln", ("people", "students_ab", "students_ba", "cities"), _contact, _push_contact),
    "trust": Node("logit", ("trust_level",), _mean("trust_level"), _shifted("trust_level")),
    "trade": Node("ln", ("trade",), lambda year: year.above("trade").mean(axis=1), _shifted("trade")),
    "quarrels": Node(
        "severity a tie and year", ("dispute", "years_since_dispute"), _mean("dispute"),
        lambda year, held: {"dispute": held["dispute"] + PUSH, "years_since_dispute": held["years_since_dispute"]},
        flow=True,
    ),
    "votes": Node("z", ("effect_acceptance",), _readiness, _shifted("effect_acceptance")),
    "texts": Node("share delivered", ("delivered", "adopted", "adopted_year"), _texts, _push_texts),
    "community": Node("0-1", ("community",), _mean("community"), _shifted("community")),
    "prosperity": Node(
        "ln", ("log_volume", "last_log_volume"), lambda year: year.prosperity().mean(axis=1), _push_prosperity
    ),
}  # fmt: skip
"""Name to node."""
