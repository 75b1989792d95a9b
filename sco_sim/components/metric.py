"""Base class of metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from sco_sim.components.base import Component
from sco_sim.errors import Problem, did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import BY_CHANNEL

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.world.year import Year


class Metric(Component):
    """What is read off the state at the end of a year."""

    unit: ClassVar[str]
    better: ClassVar[Literal["higher", "lower", "none"]] = "none"
    evidence: ClassVar[Literal["hindcast", "fitted", "judgement"]] = "judgement"
    axis: ClassVar[Literal["world", "state", "tie"]] = "world"
    channel: ClassVar[str] = ""
    """`trust` or the exchange channel whose shift the priors imply a sign for; "" for none."""
    sign: ClassVar[int] = 1
    """Sign of the metric's response to that target."""
    flow: ClassVar[bool] = False
    """Whether it is an amount of money a year, so that years add up."""
    title: ClassVar[str] = ""
    """Short words for the axis of a figure."""

    def measure(self, year: Year) -> Array:
        """Shape (world,), (world, state) or (world, tie), as `axis` says."""
        raise NotImplementedError


def against(realised: Array, expected: Array) -> Array:
    """Realised over realised plus expected: 0.5 where it is as expected, also where both are 0; 0-1, same shape."""
    total = realised + expected
    out: Array = np.divide(realised, total, out=np.full_like(total, 0.5), where=total > 0.0)
    return out


def unknown_channel(metric: type[Metric]) -> tuple[Problem, ...]:
    """What is wrong with the channel that a metric names; nothing if it is declared."""
    known = ("trust", *BY_CHANNEL)
    if not metric.channel or metric.channel in known:
        return ()
    message = f"the metric '{metric.key()}' names the channel '{metric.channel}', which nobody has declared"
    return (Problem(message, did_you_mean(metric.channel, known)),)
