"""The order of the year: one list, which `CooperationModel.step` runs and `CooperationModel.plan` prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from sco_sim.components.base import Component
from sco_sim.components.event import Event
from sco_sim.components.mechanism import PHASES, Mechanism
from sco_sim.components.policy import Policy
from sco_sim.engine.council import Council
from sco_sim.engine.effects import apply_policy, clear_effects
from sco_sim.engine.payments import repay
from sco_sim.engine.shocks import Shocks, apply_event
from sco_sim.world.year import Year


@dataclass(frozen=True)
class Action:
    """One thing that happens in a year. The call is picklable, so that a model can be copied and stored."""

    phase: str
    """One of `PHASES`."""
    name: str
    """Key or label of the component, or of what the model itself does."""
    text: str
    """What it does, in one sentence."""
    call: Callable[[Year], None]
    """Called with the year; it changes the state in place."""


def order_of_the_year(
    shocks: Shocks,
    events: Sequence[Event],
    council: Council,
    agreements: Sequence[Policy],
    mechanisms: Sequence[Mechanism],
) -> tuple[Action, ...]:
    """Everything that happens in a year of a scenario, in the order in which it happens.

    Within a phase the mechanisms come last, by their `order` and then by key.
    """
    actions = [
        *_of_events(shocks, events),
        Action("council", council.rule.key(), _first_line(council.rule), partial(council.sit, agreements=agreements)),
        Action("policies", "effects", "What the policies of the year before did ends.", clear_effects),
        *_of_loans(agreements),
        *(
            Action("policies", policy.label, _first_line(policy), partial(apply_policy, index, policy))
            for index, policy in enumerate(agreements)
        ),
        *(
            Action(mechanism.phase, mechanism.key(), _first_line(mechanism), mechanism.step)
            for mechanism in sorted(mechanisms, key=lambda m: (m.order, m.key()))
        ),
    ]
    return tuple(sorted(actions, key=lambda action: PHASES.index(action.phase)))


def _of_loans(agreements: Sequence[Policy]) -> Iterator[Action]:
    if any(policy.loan is not None for policy in agreements):
        yield Action("policies", "loans", "Payers pay back what they owe to lenders.", partial(repay, agreements))


def _of_events(shocks: Shocks, events: Sequence[Event]) -> Iterator[Action]:
    yield Action("events", "shocks", "The shocks of the year before are remembered and end.", shocks.begin)
    for event in events:
        yield Action("events", event.key(), _first_line(event), partial(apply_event, event))
    yield Action("events", "initial year", "Shocks that the initial values hold already are taken off.", shocks.rebase)


def _first_line(component: Component) -> str:
    return (type(component).__doc__ or "").strip().splitlines()[0]
