"""How the freight cost of every tie changes with what is shut, dearer or built."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from sco_sim.numerics.arrays import Array
from sco_sim.world.routes import Choice, Closed, Leg, Network, Pair


class Detours:
    """How the freight cost of every tie changes with what is shut, dearer or built; worked out once for each.

    Changes are shares of the value of the goods, 0 to 1, shape (tie,).
    """

    def __init__(self, states: Sequence[str], network: Network, unbuilt: Iterable[Leg] = ()) -> None:
        self.pairs, self.network = tuple(combinations(sorted(states), 2)), network
        self.unbuilt = tuple(unbuilt)
        """Legs that are not there yet."""
        self._known: dict[tuple[str, frozenset[Any]], Array] = {}

    def __deepcopy__(self, memo: object) -> Detours:
        return self  # no world changes it

    @cached_property
    def _choices(self) -> tuple[Choice, ...]:
        return tuple(self.network.choice(*pair) for pair in self.pairs)

    def rise(self, borders: frozenset[Pair]) -> Array:
        """What closed land borders add; a tie that is cut off has 1, one that no route served has 0; shape (tie,)."""
        closed = Closed(borders=borders)
        return self._once("shut", borders, lambda: self._with(closed.shuts, ()))

    def dearer(self, states: frozenset[str]) -> Array:
        """What it adds if freight through some states costs twice as much; their own ties have 0; (tie,)."""

        def touched(leg: Leg) -> bool:
            return bool(leg.crossed & states)

        def doubled() -> Array:
            legs = tuple(leg.twice_as_dear() for leg in self.network.legs if touched(leg))
            out = self._with(touched, legs)
            return out * [not set(pair) & states for pair in self.pairs]

        return self._once("dearer", states, doubled)

    def builds(self, borders: frozenset[Pair]) -> tuple[Leg, ...]:
        """Legs that are not there yet and cross land borders of these alone."""
        return tuple(leg for leg in self.unbuilt if leg.borders and leg.borders <= borders)

    def fall(self, borders: frozenset[Pair]) -> Array:
        """What it takes off to finish the legs over some borders; a tie without a route that gets one has 1; (tie,)."""
        return self._once("built", borders, lambda: self._built(self.builds(borders)))

    def _once(self, name: str, what: frozenset[Any], make: Callable[[], Array]) -> Array:
        if (name, what) not in self._known:
            out = make()
            out.setflags(write=False)
            self._known[name, what] = out
        return self._known[name, what]

    def _with(self, gone: Callable[[Leg], bool], instead: tuple[Leg, ...]) -> Array:
        """Rise of the cost without some legs and with others in their stead, none of which makes anything cheaper."""
        out = np.zeros(len(self.pairs))
        if any(map(gone, self.network.legs)):
            rest = (leg for leg in self.network.legs if not gone(leg))
            after = Network(self.network.nodes, (*rest, *instead), self.network.prices)
            for tie, (pair, before) in enumerate(zip(self.pairs, self._choices, strict=True)):
                if any(gone(leg) for path in before.paths for leg in path.legs):
                    out[tie] = self._share(after.choice(*pair).cost - before.cost)
        return out

    def _built(self, legs: tuple[Leg, ...]) -> Array:
        out = np.zeros(len(self.pairs))
        if legs:
            after = Network(self.network.nodes, (*self.network.legs, *legs), self.network.prices)
            for tie, (pair, before) in enumerate(zip(self.pairs, self._choices, strict=True)):
                with_it = after.choice(*pair).cost
                out[tie] = self._share(before.cost - with_it) if math.isfinite(with_it) else 0.0
        return out

    def _share(self, usd: float) -> float:
        return min(1.0, usd / self.network.prices.p["routes.container_value"])
