"""The exchange channels: what flows between two states. Each is declared here, once.

All else that names channels follows from `CHANNELS`: the variables of the state, what later years are compared with,
the shocks that are carried over, shielded or counted from the initial year, the initial draws, the edges of a window,
the rows of `show`, the outcomes of `effects`, the shifts that the priors imply, and the tests of
`tests/contract/test_channels.py`, which name what a new channel still lacks. Loads no array library: the check of a
case reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sco_sim.world.variable import INF, Variable


@dataclass(frozen=True)
class Channel:
    """One exchange channel between the two ends of a tie."""

    name: str
    """Name of its state variable, and the stem of its ledger parameters."""
    text: str
    """What it counts, in a few words."""
    unit: str
    """Unit of what flows, before it is scaled."""
    scale: Literal["ln", "ln1p", "count"]
    """How the state holds it: as ln(x), as ln(1 + x), or as it is (`scales.py`)."""
    table: str
    """Table of the case that its initial values come from."""
    column: str = ""
    """Column of that table, keyed by iso3_a, iso3_b and, if it has years, year; "" if `case/initial.py` has a reader of
    its own for the channel."""
    directed: bool = False
    """Two variables a tie: `<name>_ab` from the first state to the second, and `<name>_ba`."""
    expected: Literal["gravity", "arrivals", "start"] = "gravity"
    """What is expected of it without policies and trust: that it follows the two GDPs (`<name>.gdp_elasticity`), grows
    by `<name>.arrival_rate` a year, or stays as it was at the start."""
    shocked: bool = True
    """Events shock it (`shock_<name>`)."""
    carried: bool = True
    """The shocks of the year before are kept (`last_shock_<name>`): they are taken back when they end."""
    shielded: bool = True
    """A shield wards off its bad shocks (equation 20)."""
    observed_under_shocks: bool = False
    """Observed in the initial year, with the events of that year in force: its shocks count from there."""
    drawn: bool = True
    """Not known exactly at the start: every setting draws its own."""
    noise_pivot: float | None = None
    """Log size, as the state holds it, at which `<name>.noise_level` is quoted, where the noise goes with the size."""
    size: Literal["log_gdp", "log_volume"] = "log_gdp"
    """State variable that gravity follows: GDP at market rates, or by volume, where prices and exchange rates do not
    move the channel."""
    common: bool = False
    """It moves with what all states have in common too: with their mean growth (`<name>.common_elasticity`) and a luck
    of the year that all ties share (`<name>.common_noise`)."""
    added: str = ""
    """Unit of what policies add to it; log points if left out."""
    shown_per: float = 1.0
    """Units of the channel in one unit of `show`."""
    shown_unit: str = ""
    """Unit in `show`; `unit` if left out."""
    decimals: int | None = 0
    """Decimals in `show`; None for two digits that count."""

    def __post_init__(self) -> None:
        if not self.shocked and (self.carried or self.shielded or self.observed_under_shocks):
            raise ValueError(f"channel {self.name}: without shocks there are none to carry, to shield or to observe")

    @property
    def values(self) -> tuple[str, ...]:
        """Names of its state variables: one, or one a direction."""
        return (f"{self.name}_ab", f"{self.name}_ba") if self.directed else (self.name,)

    @property
    def shock(self) -> str:
        """Name of the variable that events add to."""
        return f"shock_{self.name}"

    @property
    def effect(self) -> str:
        """Name of the variable that policies add to."""
        return f"effect_{self.name}"

    @property
    def responds(self) -> bool:
        """Whether it takes up what policies and other channels shift it by at a pace of its own."""
        return self.expected == "gravity"

    @property
    def response(self) -> str:
        """Name of the variable that holds how far it has taken that up."""
        return f"response_{self.name}"

    def value_variables(self) -> Iterator[Variable]:
        """The variables of what flows."""
        unit = {"ln": f"ln {self.unit}", "ln1p": f"ln(1 + {self.unit})", "count": self.unit}[self.scale]
        low = 0.0 if self.scale == "count" else -INF
        ways = (" of the first state in the second", " of the second state in the first") if self.directed else ("",)
        for name, way in zip(self.values, ways, strict=True):
            yield Variable(name, "tie", unit, low, INF, self.text + way)

    def effect_variable(self) -> Variable:
        """The variable that policies add to."""
        if self.expected == "arrivals":
            text = f"{self.text} that policies add a year"
            return Variable(self.effect, "tie", f"{self.unit} a year", 0.0, INF, text)
        if self.added:
            return Variable(self.effect, "tie", self.added, 0.0, INF, f"{self.added} that policies have built")
        text = f"policies' shift of the {self.name} target"
        return Variable(self.effect, "tie", "log points", -INF, INF, text)


CHANNELS = (
    Channel(
        "trade", "goods trade in both directions", "USD of 2015", "ln", table="trade_reports",
        observed_under_shocks=True, noise_pivot=18.0, common=True, shown_per=1e9, shown_unit="bn USD of 2015",
        decimals=None,
    ),
    Channel(
        "people", "airport pairs joined by a scheduled route", "airport pairs", "ln1p",
        table="air_links", column="airport_pairs",
    ),
    Channel(
        "students", "students", "persons", "ln1p", table="students", directed=True, size="log_volume", noise_pivot=7.0,
    ),
    Channel(
        "security", "security cooperation: exercises in ten years", "joint exercises", "ln1p", table="exercises",
        expected="start", shocked=False, carried=False, shielded=False, drawn=False,
    ),
    Channel(
        "cities", "twinned places", "twinned places", "count", table="sister_cities", column="twinned_places",
        expected="arrivals", shocked=False, carried=False, shielded=False, drawn=False,
    ),
    Channel(
        "migrants", "people of one state who live in the other, both ways", "persons", "ln1p", table="migrants",
        expected="start", shocked=False, carried=False, shielded=False,
    ),
    Channel(
        "investment", "direct investment of one state in the other, both ways", "million USD of 2015", "ln1p",
        table="investment_stocks", shocked=False, carried=False, shielded=False, shown_per=1e3,
        shown_unit="bn USD of 2015", decimals=None,
    ),
    Channel(
        "energy", "natural gas that goes through pipelines, both ways", "bcm a year", "ln1p", table="energy_links",
        expected="start", carried=False, shielded=False, added="bcm a year of capacity", decimals=1,
    ),
)  # fmt: skip

BY_CHANNEL = {channel.name: channel for channel in CHANNELS}
BY_VALUE = {name: channel for channel in CHANNELS for name in channel.values}
"""State variable to the channel it belongs to."""
VALUES = tuple(BY_VALUE)

CARRIED = tuple(channel.shock for channel in CHANNELS if channel.carried)
"""Shocks that the next year needs to know, because they are taken back when they end."""
SHIELDED = (*(channel.shock for channel in CHANNELS if channel.shielded), "shock_trust", "shock_deviation")
"""Shocks that a shield wards off where they do harm."""
OBSERVED_UNDER_SHOCKS = (*(channel.shock for channel in CHANNELS if channel.observed_under_shocks), "shock_trust")
"""Shocks to what is observed in the initial year, with the events of that year in force: they count from there."""
DRAWN = (
    "trust_level",
    "trust_deviation",
    *(name for channel in CHANNELS if channel.drawn for name in channel.values),
)
"""Initial variables that are not known exactly."""


def shock_variables() -> Iterator[Variable]:
    """This year's shocks to the channels."""
    for channel in CHANNELS:
        if channel.shocked:
            text = f"this year's shocks to {channel.name}"
            yield Variable(channel.shock, "tie", "log points", -INF, INF, text)


def last_shock_variables() -> Iterator[Variable]:
    """Last year's shocks to the channels that carry them over."""
    for channel in CHANNELS:
        if channel.carried:
            text = f"last year's shocks to {channel.name}"
            yield Variable(f"last_{channel.shock}", "tie", "log points", -INF, INF, text)


def response_variables() -> Iterator[Variable]:
    """How far each channel has taken up what policies and other channels shift it by."""
    for channel in CHANNELS:
        if channel.responds:
            text = f"shift of {channel.name} by policies and other channels that has been taken up"
            yield Variable(channel.response, "tie", "log points", -INF, INF, text)
