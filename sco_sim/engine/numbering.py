"""World numbers: which setting and replicate a world is, and which point of a sweep it belongs to.

A run numbers its worlds setting by setting: world w is replicate w % replicates of setting w // replicates. A sweep
simulates the worlds of a run at every point of its design: world n is stream n // points of point n % points, where the
stream is the world number whose random numbers and draws it uses, and point p is row p // scenarios of the design in
scenario p % scenarios. A run is a sweep of one point.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from sco_sim.numerics.arrays import Ints

Number = TypeVar("Number", int, Ints)
"""One world number, or an array of them."""


def setting_of(stream: Number, replicates: int) -> Number:
    """The setting, one draw of the parameters, that a stream of random numbers belongs to."""
    return stream // replicates


def settings_of(worlds: Sequence[int] | Ints, replicates: int) -> Ints:
    """The setting of each world of a run, shape (world,)."""
    return setting_of(np.asarray(worlds, dtype=np.intp), replicates)


def first_worlds(settings: int, replicates: int) -> range:
    """The first world of each of so many settings."""
    return range(0, settings * replicates, replicates)


@dataclass(frozen=True)
class Numbering:
    """The numbers of a run or a sweep; every method takes one number or an array of them."""

    replicates: int
    """Worlds that share one draw of the parameters."""
    rows: int = 1
    """Rows of the design."""
    scenarios: int = 1
    """Scenarios in which each row is simulated."""

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Numbering:
        """The numbers of the run or sweep that a manifest describes."""
        scenarios = len(manifest.get("scenarios", (0,)))
        return cls(int(manifest["replicates"]), int(manifest.get("points", 1)) // scenarios, scenarios)

    @property
    def points(self) -> int:
        """Points: rows of the design times scenarios."""
        return self.rows * self.scenarios

    def world(self, stream: Number, point: Number) -> Number:
        """The world of a stream at a point."""
        return stream * self.points + point

    def point(self, world: Number) -> Number:
        """The point of a world."""
        return world % self.points

    def stream(self, world: Number) -> Number:
        """The world number whose random numbers and draws a world uses: the same at every point."""
        return world // self.points

    def row(self, world: Number) -> Number:
        """The row of the design of a world."""
        return self.row_of(self.point(world))

    def scenario(self, world: Number) -> Number:
        """The index of a world's scenario among the scenarios."""
        return self.scenario_of(self.point(world))

    def setting(self, world: Number) -> Number:
        """The setting of a world: the same at every point."""
        return setting_of(self.stream(world), self.replicates)

    def replicate(self, world: Number) -> Number:
        """The replicate of a world within its setting."""
        return self.stream(world) % self.replicates

    def stored_setting(self, world: Number) -> Number:
        """The row of the stored table of settings: a setting in a scenario, whose parameters may be its own."""
        return self.setting(world) * self.scenarios + self.scenario(world)

    def point_of(self, row: Number, scenario: Number) -> Number:
        """The point of a row in a scenario."""
        return row * self.scenarios + scenario

    def row_of(self, point: Number) -> Number:
        """The row of a point."""
        return point // self.scenarios

    def scenario_of(self, point: Number) -> Number:
        """The index of a point's scenario among the scenarios."""
        return point % self.scenarios

    def reference_of(self, point: Number) -> Number:
        """The point that a point is compared with: its row in the first scenario, or the first point of all."""
        return point - self.scenario_of(point) if self.scenarios > 1 else point * 0
