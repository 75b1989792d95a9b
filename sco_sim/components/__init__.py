"""What a component of your own needs, in one import: `from sco_sim.components import Policy, Share`.

The names load what they need when first used, so that the check of a scenario file stays quick.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sco_sim.components.base import Complaint
    from sco_sim.components.decider import Decider
    from sco_sim.components.event import Event, LastingEvent, PairEvent, SpanEvent, StatesEvent, TiesEvent
    from sco_sim.components.mechanism import Exchange, Mechanism, Responding
    from sco_sim.components.metric import Metric
    from sco_sim.components.policy import Policy, Programme
    from sco_sim.components.rule import Decision, Rule
    from sco_sim.fields import Codes, Share

__all__ = [
    "Codes",
    "Complaint",
    "Decider",
    "Decision",
    "Event",
    "Exchange",
    "LastingEvent",
    "Mechanism",
    "Metric",
    "PairEvent",
    "Policy",
    "Programme",
    "Responding",
    "Rule",
    "Share",
    "SpanEvent",
    "StatesEvent",
    "TiesEvent",
]

_HOMES = {
    "sco_sim.components.base": ("Complaint",),
    "sco_sim.components.decider": ("Decider",),
    "sco_sim.components.event": ("Event", "LastingEvent", "PairEvent", "SpanEvent", "StatesEvent", "TiesEvent"),
    "sco_sim.components.mechanism": ("Exchange", "Mechanism", "Responding"),
    "sco_sim.components.metric": ("Metric",),
    "sco_sim.components.policy": ("Policy", "Programme"),
    "sco_sim.components.rule": ("Decision", "Rule"),
    "sco_sim.fields": ("Codes", "Share"),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(home), name)
    raise AttributeError(f"module 'sco_sim.components' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
