"""Components as another package may bring them: one that is right, and wrong ones, each with one fault."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from sco_sim.components import Decider, Decision, Event, Mechanism, Metric, Programme, Rule


class Train(Programme):
    """Trains by night between the capitals.

    Source: none; invented for a test.

    Example:
        outsiders: {start: 2023}
    """

    parameters = ("people_to_people.people",)
    writes = ("effect_people",)

    def act(self, year: Any, strength: Any) -> None:
        """More people travel."""
        year.state.effect_people[:] += year.p["people_to_people.people"] * strength


MANUAL = Train.__doc__


class Silent(Train):
    pass


class NoSource(Train):
    """Trains by night between the capitals.

    Example:
        outsiders: {start: 2023}
    """


class NoFieldText(Train):
    __doc__ = MANUAL

    carriages: int = 1


class NoExample(Train):
    """Trains by night between the capitals.

    Source: none.
    """


class InvalidExample(Train):
    """Trains by night between the capitals.

    Source: none.

    Example:
        outsiders: {start: 2023, gauge: 1520}
    """


class OtherKey(Train):
    """Trains by night between the capitals.

    Source: none.

    Example:
        night_train: {start: 2023}
    """


class UnknownParameter(Train):
    __doc__ = MANUAL
    parameters = ("night_train.people",)


class UnknownVariable(Train):
    __doc__ = MANUAL
    writes = ("effect_peopel",)


class HiddenParameter(Train):
    __doc__ = MANUAL
    parameters = ()


class HiddenChange(Train):
    __doc__ = MANUAL
    writes = ("effect_trust",)


class HiddenRead(Train):
    __doc__ = MANUAL

    def act(self, year: Any, strength: Any) -> None:
        year.state.effect_people[:] += year.p["people_to_people.people"] * strength * year.state.trade


class DrawsInPolicy(Train):
    __doc__ = MANUAL

    def act(self, year: Any, strength: Any) -> None:
        luck = year.uniform("night_train", "tie")
        year.state.effect_people[:] += year.p["people_to_people.people"] * strength * luck


class ForgetsStrength(Train):
    __doc__ = MANUAL

    def act(self, year: Any, strength: Any) -> None:
        year.state.effect_people[:] += year.p["people_to_people.people"]


class TwiceWrong(ForgetsStrength):
    __doc__ = MANUAL

    def outlay(self, year: Any, strength: Any) -> Any:
        year.state.trust_level[:] += 0.1
        return super().outlay(year, strength)


class ActsUnadopted(Train):
    __doc__ = MANUAL

    def fade(self, year: Any) -> Any:
        year.state.trust_level[:] += 0.1
        return super().fade(year)


class FreeOfStrength(Train):
    __doc__ = MANUAL

    def outlay(self, year: Any, strength: Any) -> Any:
        return np.full(year.state.worlds, 3.0)


class ScalarOutlay(Train):
    __doc__ = MANUAL

    def outlay(self, year: Any, strength: Any) -> Any:
        return float(strength.sum())


class AcrossWorlds(Train):
    __doc__ = MANUAL

    def act(self, year: Any, strength: Any) -> None:
        year.state.effect_people[:] += year.p["people_to_people.people"] * strength.mean(axis=0)


class DoesNothing(Train):
    __doc__ = MANUAL

    def act(self, year: Any, strength: Any) -> None:
        year.state.effect_people[:] += 0.0 * strength


class Raises(Train):
    __doc__ = MANUAL

    def act(self, year: Any, strength: Any) -> None:
        raise RuntimeError("no rails")


class Flood(Event):
    """Floods that close the passes for a season.

    Source: none; invented for a test.

    Example:
        outsiders: {start: 2024}
    """

    start: int = Field(2024)
    """Year of the flood."""
    severity: float = Field(1.0, ge=0.0)
    """Multiple of an ordinary flood."""

    writes = ("shock_trust",)

    def years(self) -> tuple[int, int]:
        return self.start, self.start

    def act(self, year: Any) -> None:
        year.state.shock_trust[:] -= 0.1 * self.severity


class ForgetsSeverity(Flood):
    __doc__ = Flood.__doc__

    def act(self, year: Any) -> None:
        year.state.shock_trust[:] -= 0.1


class OutOfBounds(Flood):
    __doc__ = Flood.__doc__
    writes = ("cost",)

    def act(self, year: Any) -> None:
        year.state.cost[:] -= 1e9 * self.severity


class NeverComes(Flood):
    __doc__ = Flood.__doc__

    def years(self) -> tuple[int, int]:
        return 1900, 1900


class TrustTop(Metric):
    """Trust of the best tie, as a share."""

    unit: ClassVar[str] = "share"
    title: ClassVar[str] = "Trust, best tie"
    reads = ("trust_level",)

    def measure(self, year: Any) -> Any:
        return np.asarray(year.trust().max(axis=1))


class NoUnit(TrustTop):
    """Trust of the best tie, as a share."""

    unit = ""


class NoSuchAxis(TrustTop):
    """Trust of the best tie, as a share."""

    axis = "ties"  # type: ignore[assignment]


class WrongShape(TrustTop):
    """Trust of the best tie, as a share."""

    axis = "state"


class NotFinite(TrustTop):
    """Trust of the best tie, as a share."""

    def measure(self, year: Any) -> Any:
        return np.full(year.state.worlds, np.nan)


class Weather(Mechanism):
    """Weather that makes trust pass or not.

    Source: none; invented for a test.
    """

    phase = "trust"
    streams = ("weather",)
    writes = ("trust_deviation",)
    reads = ("trust_deviation",)

    def step(self, year: Any) -> None:
        year.state.trust_deviation[:] += 0.01 * year.normal("weather", "tie")


class NoPhase(Weather):
    __doc__ = Weather.__doc__
    phase = "winter"


class AnothersStream(Weather):
    __doc__ = Weather.__doc__
    streams = ("trade",)


class HiddenStream(Weather):
    __doc__ = Weather.__doc__
    streams = ()


class DrawsForAll(Weather):
    __doc__ = Weather.__doc__

    def step(self, year: Any) -> None:
        luck = year.normal("weather", "tie")
        year.state.trust_deviation[:] += 0.01 * (luck - luck.mean(axis=0))


class Lottery(Rule):
    """The first state on the list decides for all.

    Source: none; invented for a test.

    Example:
        outsiders: {}
    """

    def decide(self, ambition: Any, voters: Any, population: Any, gdp: Any, states: Any) -> Decision:
        level = np.where(ambition[:, 0] >= 0.5, ambition[:, 0], 0.0)
        return Decision(level[:, None] * voters, level > 0.0)


class TooAmbitious(Lottery):
    __doc__ = Lottery.__doc__

    def decide(self, ambition: Any, voters: Any, population: Any, gdp: Any, states: Any) -> Decision:
        return Decision(ambition + 1.0, ambition[:, 0] > 0.0)


class Stubborn(Decider):
    """Goes along half of the way, whatever is asked.

    Source: none; invented for a test.

    Example:
        outsiders: {}
    """

    def ambition(self, state: Any, agreement: Any) -> Any:
        return np.full(state.year.state.worlds, 0.5)


class OneForAll(Stubborn):
    __doc__ = Stubborn.__doc__

    def ambition(self, state: Any, agreement: Any) -> Any:
        return np.array([0.5])
