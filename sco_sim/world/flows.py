"""What flows on the ties, against what is expected of it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.numerics.functions import total
from sco_sim.world.channels import BY_CHANNEL, BY_VALUE, Channel
from sco_sim.world.ends import Ends
from sco_sim.world.facts import Facts, Reference
from sco_sim.world.memory import Memory
from sco_sim.world.state import State


class Flows(Ends, Memory):
    """Part of `Year`: exchange above expectation, gravity, and what visas leave of travel."""

    state: State
    facts: Facts
    reference: Reference
    p: Mapping[str, Array]

    @property
    def index(self) -> int:
        """Years since the start of the horizon."""
        raise NotImplementedError

    def per_state(self, stem: str) -> Array:
        """A ledger parameter that each state has of its own, as columns (world, state)."""
        raise NotImplementedError

    def gdp(self) -> Array:
        """GDP in USD of 2015, shape (world, state); not to be changed."""
        return self.once("gdp", lambda: np.exp(self.state.log_gdp))

    def by_gravity(self, channel: Channel, change: Array) -> Array:
        """Change of the log of a channel that goes with a change of its `size`, (world, state) -> (world, tie).

        It follows the growth of its two ends; a channel that is `common` follows the mean growth of all states too.
        """
        out = self.p[f"{channel.name}.gdp_elasticity"] * self.both(change)
        if channel.common:
            out += 2.0 * self.p[f"{channel.name}.common_elasticity"] * change.mean(axis=1, keepdims=True)
        return out

    def expected(self, name: str, lag: int = 0) -> Array:
        """What is expected of a channel by now without policies and trust, (world, tie); see `Channel.expected`.

        By gravity it is equation 14. With lag 1, what was expected by the end of the year before.

        Args:
            name: State variable of the channel, one direction if it has two.
            lag: Years before the present one, 0 or 1.
        """
        channel, start = BY_VALUE[name], self.reference.arrays[name]
        if channel.expected == "gravity":
            by_then = self.state.arrays[f"last_{channel.size}" if lag else channel.size]
            return start + self.by_gravity(channel, by_then - self.reference.arrays[channel.size])
        if channel.expected == "arrivals":
            return start + self.p[f"{channel.name}.arrival_rate"] * (self.index - lag)
        return start.copy()

    def count(self, name: str) -> Array:
        """What a channel in ln(1 + x) counts, 0 at least, shape (world, tie); not to be changed."""
        return self.once(("count", name), lambda: np.maximum(np.expm1(self.state.arrays[name]), 0.0))

    def prosperity(self) -> Array:
        """Equation 28: GDP by volume above the path of its mean growth since the start, log points, (world, state)."""
        grown = self.state.log_volume - self.reference.log_volume
        above: Array = grown - self.per_state("growth.mean") * self.index
        return above

    def shared_prosperity(self) -> Array:
        """Equation 28: prosperity of the end of each tie that is worse off, as a bounded number, (world, tie)."""
        own = np.tanh(self.once("prosperity", self.prosperity))
        worse: Array = np.minimum(own.take(self.ties.first, axis=1), own.take(self.ties.second, axis=1))
        return worse

    def above(self, channel: str, lag: int = 0) -> Array:
        """How far a channel stands above what is expected of it, log points, (world, tie); the mean of its directions.

        Before a count of the year has arrived (equation 13), ask with lag 1: both are then those of the year before.
        """
        declared = BY_CHANNEL[channel]
        parts = [self._above(declared.scale, name, lag) for name in declared.values]
        return parts[0] if len(parts) == 1 else 0.5 * (parts[0] + parts[1])

    def _above(self, scale: str, name: str, lag: int) -> Array:
        now, expected = self.state.arrays[name], self.expected(name, lag)
        return np.log1p(now) - np.log1p(expected) if scale == "count" else now - expected

    def trade_ratio(self) -> Array:
        """Trade of each state that policies, trust and events let expect, over what gravity alone implies.

        Both are expectations over luck, so that chance alone makes nobody gain; shape (world, state).
        """
        return self.once("trade_ratio", self._trade_ratio)

    def _trade_ratio(self) -> Array:
        state, mine = self.state, self.ties.of_state
        warmer = self.p["trade.trust_elasticity"] * (state.trust_level - self.reference.trust_level)
        by_gravity = np.exp(self.expected("trade"))
        shifted = by_gravity * np.exp(warmer + state.response_trade + state.shock_trade)
        return total(shifted.take(mine, axis=1)) / total(by_gravity.take(mine, axis=1))

    def quarrel(self) -> Array:
        """How far two states are at odds: a spat, a war, or a quarrel one is drawn into, the largest, (world, tie)."""
        state = self.state
        return np.maximum(np.maximum(state.spat, state.war), state.drawn)

    def rivalry(self) -> Array:
        """What settlements have left of the strategic rivalry of the year, 0-1, shape (world, tie)."""
        left: Array = self.facts.rivalry[self.index] * (1.0 - np.clip(self.state.effect_rivalry, 0.0, 1.0))
        return left

    def travel(self) -> Array:
        """Share of travel that the visas of the two ends leave, shape (world, tie)."""
        floor = self.p["visas.floor"]
        out: Array = floor + (1.0 - floor) * self.facts.openness[self.index]
        return out
