"""Base class of mechanisms."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from sco_sim.components.base import Component
from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import with_common
from sco_sim.numerics.mixture import mixture_mean, noise_scale
from sco_sim.world.channels import BY_CHANNEL

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.world.year import Year


PHASES = ("events", "council", "delivery", "policies", "exchange", "trust", "membership", "record")
"""Phases of a year, in their order."""


class Mechanism(Component):
    """How quantities respond, every year, in one phase."""

    phase: ClassVar[str]
    """One of `PHASES`; the mechanisms of a phase act after what else happens in it."""
    order: ClassVar[int] = 50
    """Order among the mechanisms of the phase; lower comes first."""
    streams: ClassVar[tuple[str, ...]] = ()
    """Names of its random streams."""

    def step(self, year: Year) -> None:
        """Change the state in place."""
        raise NotImplementedError


def shared_normal(year: Year, stream: str, unit: Literal["state", "tie"], share: Array) -> Array:
    """Standard normals, (world, unit), of whose variance a share (world, 1) is common to all units.

    What is common comes from a stream of its own, `<stream>.common`.
    """
    return with_common(year.normal(f"{stream}.common", "world"), year.normal(stream, unit), share)


class Exchange(Mechanism):
    """How one exchange channel moves: towards a target that trust, policies and events shift."""

    phase = "exchange"
    channel: ClassVar[str]
    """Name of the channel it moves, one of `world.channels.CHANNELS`."""

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """Where the channel is drawn to: its state variables to arrays (world, tie), as the state holds them.

        Args:
            year: The year.
            lag: 1 before the exchange of the year (its mechanism asks so), 0 after it.
        """
        raise NotImplementedError

    def settle(self, year: Year) -> None:
        """Put the channel where it would stand in the long run, were all else to stay as it is."""
        for name, target in self.target(year, lag=0).items():
            year.state.arrays[name][:] = target


class Responding(Exchange):
    """An exchange channel that follows gravity (equations 10 to 12).

    Two paces are kept apart. What policies and other channels shift is taken up by a share of
    `<channel>.policy_response` a year, and moves the level as it is taken up. The deviation of a tie from where it
    belongs returns by `<channel>.adjustment`, which is fitted to that return and says nothing of how soon traders use a
    new railway. Trust shifts where the tie belongs, as in the fit.
    """

    def pull(self, year: Year, lag: int = 1) -> Array:
        """Shift that policies and other channels come to when all of it is taken up, log points, (world, tie)."""
        del lag  # for those that look at other channels
        return year.state.arrays[BY_CHANNEL[self.channel].effect]

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """Gravity and trust, what has been taken up so far, and the shocks of the year before, (world, tie) each."""
        channel, state = BY_CHANNEL[self.channel], year.state
        shift: Array = (
            year.p[f"{self.channel}.trust_elasticity"] * (state.trust_level - year.reference.trust_level)
            + state.arrays[channel.response]
            + state.arrays[f"last_{channel.shock}"]
        )
        return {name: year.expected(name, lag) + shift for name in channel.values}

    def settle(self, year: Year) -> None:
        """As any channel, with all of the pull taken up."""
        year.state.arrays[BY_CHANNEL[self.channel].response][:] = self.pull(year, lag=0)
        super().settle(year)

    def noise(self, year: Year, moved: dict[str, Array]) -> dict[str, Array]:
        """The random part of each state variable of the channel this year, (world, tie) each.

        Args:
            year: The year.
            moved: What each would be this year without noise, (world, tie).
        """
        raise NotImplementedError

    def sized_noise(self, year: Year, moved: dict[str, Array]) -> dict[str, Array]:
        """Noise as wide as the size of the flow makes it, (world, tie) each; `moved` as for `noise`.

        It keeps the mean of the total over all ties and both directions, not that of each flow: in the record small
        flows grow in the mean, they do not fall in the median (docs/model.md).
        """
        p, stem, pivot = year.p, self.channel, BY_CHANNEL[self.channel].noise_pivot
        assert pivot is not None, f"the noise of {stem} does not go with size"
        share, spread = p[f"{stem}.tail_share"], p[f"{stem}.tail_spread"]
        noise, grown, total = {}, 0.0, 0.0
        for name, values in moved.items():
            scale = noise_scale(
                year.state.arrays[name], p[f"{stem}.noise_level"], p[f"{stem}.noise_size"], p[f"{stem}.noise_floor"],
                pivot,
            )  # fmt: skip
            noise[name] = scale * year.mixture(name.replace("_", "."), "tie", share, spread)
            flow, mean = np.exp(values), mixture_mean(scale, share, spread)
            mean *= flow
            grown = grown + mean.sum(axis=1, keepdims=True)
            total = total + flow.sum(axis=1, keepdims=True)
        centre = np.log(grown / total)
        for values in noise.values():
            values -= centre
        return noise

    def step(self, year: Year) -> None:
        """Equations 10 to 12, every direction for itself."""
        channel, arrays, p = BY_CHANNEL[self.channel], year.state.arrays, year.p
        response = arrays[channel.response]
        taken_up = p[f"{self.channel}.policy_response"] * (self.pull(year) - response)
        jump = arrays[channel.shock] - arrays[f"last_{channel.shock}"] + taken_up
        jump += year.by_gravity(channel, arrays[channel.size] - arrays[f"last_{channel.size}"])
        moved = {
            name: partial_adjustment(arrays[name], target, p[f"{self.channel}.adjustment"]) + jump
            for name, target in self.target(year).items()
        }
        for name, noise in self.noise(year, moved).items():
            arrays[name][:] = moved[name] + noise
        response += taken_up


def partial_adjustment(x: Array, target: Array, adjustment: Array) -> Array:
    """Log of a flow once a share of its gap to the target is closed: ln((1 - adjustment) e^x + adjustment e^target).

    The gap is one of flows, not of logs: next year's flow is then linear in this year's, so noise whose exponential
    has the mean 1 keeps the mean of the flow exactly, whatever its width depends on; and the record prefers it
    (docs/model.md). Shape (world, tie), as x and target; adjustment is (world, 1).
    """
    gap: Array = target - x  # in place from here on: a fresh array for each step would take twice as long
    np.exp(gap, out=gap)
    gap *= adjustment
    gap += 1.0 - adjustment
    np.log(gap, out=gap)
    gap += x
    return gap
