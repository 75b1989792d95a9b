"""Every number that changes: named arrays, world axis first."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sco_sim.errors import did_you_mean
from sco_sim.numerics.arrays import Array
from sco_sim.world.channels import CHANNELS, last_shock_variables, response_variables, shock_variables
from sco_sim.world.shields import SHIELDS
from sco_sim.world.variable import INF, Variable

VARIABLES: tuple[Variable, ...] = (
    Variable("trust_level", "tie", "logit", -INF, INF, "level of trust"),
    Variable("trust_deviation", "tie", "logit", -INF, INF, "passing deviation of trust from its level"),
    *(variable for channel in CHANNELS for variable in channel.value_variables()),
    Variable("dispute", "tie", "severity", 0.0, INF, "severity of a dispute that breaks out this year"),
    Variable("years_since_dispute", "tie", "years", 0.0, 99.0, "years since the last dispute"),
    Variable("spat", "tie", "severity", 0.0, 1.0, "what is left of disputes up to severity 1"),
    Variable("war", "tie", "severity", 0.0, 1.0, "what is left of the part of disputes above severity 1, up to 2"),
    Variable("drawn", "tie", "severity", 0.0, 1.0, "how far the quarrels of one end with others draw in the other end"),
    *shock_variables(),
    Variable("shock_trust", "tie", "logit", -INF, INF, "this year's shift of the trust target by events"),
    Variable("shock_border", "tie", "share", 0.0, INF, "share of the land border that is closed this year"),
    Variable("shock_deviation", "tie", "logit", -INF, INF, "this year's push to the passing deviation"),
    *last_shock_variables(),
    *(channel.effect_variable() for channel in CHANNELS),
    *response_variables(),
    Variable("graduates", "tie", "log points", -INF, INF, "policies' shift of students that trade has noticed"),
    Variable("settled", "tie", "log points", -INF, INF, "policies' shift of migrants that has taken effect"),
    Variable("effect_trust", "tie", "logit", -INF, INF, "policies' shift of the trust target"),
    Variable(
        "effect_contact", "tie", "thousand persons", 0.0, INF, "persons whom programmes of exchange bring this year"
    ),
    Variable("effect_hazard", "tie", "log odds", -INF, INF, "policies' shift of the hazard of disputes next year"),
    Variable("effect_claims", "tie", "share", 0.0, INF, "share of the open claims that is settled, from next year on"),
    Variable("effect_rivalry", "tie", "share", -INF, INF, "share of a rivalry that is ended, from next year on"),
    *(
        Variable(f"effect_shield_{name}", "tie", "share", -INF, INF, f"share of next year's harm warded off by {what}")
        for name, what in SHIELDS.items()
    ),
    Variable(
        "effect_capacity",
        "state",
        "WGI units",
        -INF,
        INF,
        "policies' shift of next year's capacity to deliver",
    ),
    Variable(
        "effect_delivery",
        "state",
        "share",
        -INF,
        INF,
        "share of the undelivered part that support makes up next year",
    ),
    Variable("effect_stability", "state", "WGI units", -INF, INF, "policies' shift of next year's stability"),
    Variable("effect_acceptance", "state", "z", -INF, INF, "policies' shift of next year's readiness to agree"),
    Variable("log_gdp", "state", "ln USD of 2015", -INF, INF, "gross domestic product at market rates"),
    Variable("last_log_gdp", "state", "ln USD of 2015", -INF, INF, "gross domestic product of the year before"),
    Variable("log_volume", "state", "ln USD of 2015", -INF, INF, "GDP by volume: without prices and the exchange rate"),
    Variable("last_log_volume", "state", "ln USD of 2015", -INF, INF, "GDP by volume of the year before"),
    Variable("log_population", "state", "ln persons", -INF, INF, "population"),
    Variable("stability", "state", "WGI units", -INF, INF, "political stability"),
    Variable("capacity", "state", "WGI units", -INF, INF, "government effectiveness"),
    Variable("volatility", "state", "WUI", 0.0, INF, "policy volatility"),
    Variable("churn", "state", "WUI", 0.0, INF, "policy volatility above that of the start, as others remember it"),
    Variable("member", "state", "0/1", 0.0, 1.0, "member of the organisation"),
    Variable("pressure", "state", "0-1", 0.0, INF, "outside pressure this year"),
    Variable("shock_stability", "state", "WGI units", -INF, INF, "this year's shocks to stability"),
    Variable("shock_volatility", "state", "WUI", -INF, INF, "this year's shocks to policy volatility"),
    Variable("shock_acceptance", "state", "z", -INF, INF, "this year's shocks to the readiness to agree"),
    Variable("shock_growth", "state", "log points", -INF, INF, "this year's shocks to growth"),
    Variable("community", "state", "0-1", 0.0, 1.0, "sense of community"),
    Variable(
        "paid", "state", "million USD of 2015", -INF, INF, "contributions so far, less what came back to a lender"
    ),
    Variable("received", "state", "million USD of 2015", 0.0, INF, "payments from funds and leaders so far"),
    Variable("adopted", "agreement_state", "0-1", 0.0, 1.0, "ambition adopted"),
    Variable("delivered", "agreement_state", "0-1", 0.0, 1.0, "ambition delivered"),
    Variable("ratified", "agreement_state", "year", 0.0, INF, "year in which the state ratified it, 0 before"),
    Variable("pending", "agreement_state", "0/1", 0.0, 1.0, "adopted and not yet in force for the state"),
    Variable("adopted_year", "agreement", "year", 0.0, INF, "year of adoption, NaN before"),
    Variable("force_year", "agreement", "year", 0.0, INF, "year in which it took force, NaN before"),
    Variable("delivered_year", "agreement", "year", 0.0, INF, "year in which half of it was delivered, NaN before"),
    Variable("tabled_years", "agreement", "summits", 0.0, INF, "summits at which it was on the table and failed"),
    Variable(
        "lost_to_veto",
        "agreement",
        "0-1 years",
        0.0,
        INF,
        "ambition not adopted, summed over the years since tabled",
    ),
    Variable("lost_to_delivery", "agreement", "0-1 years", 0.0, INF, "adopted but not delivered, likewise"),
    Variable("hold_out", "agreement", "index of the state", -1.0, INF, "least willing voter, -1 if none yet"),
    Variable("built", "agreement", "share", 0.0, 1.0, "share of what is to be built that is finished"),
    Variable("building", "agreement", "share", 0.0, 1.0, "share of what is to be built that is built this year"),
    Variable("built_year", "agreement", "year", 0.0, INF, "year in which the last of it was built, NaN before"),
    Variable("owed", "agreement", "million USD of 2015", 0.0, INF, "what its payers still owe of its loan"),
    Variable("cost", "world", "million USD of 2015", 0.0, INF, "outlays so far"),
)

DATES = ("adopted_year", "force_year", "delivered_year", "built_year")
"""Years of an agreement that are NaN until it comes to that."""
BY_NAME = {variable.name: variable for variable in VARIABLES}
SHOCKS = (*(name for name in BY_NAME if name.startswith("shock_")), "pressure")
"""What events add to, besides `dispute`: a year begins without it."""
EFFECTS = tuple(name for name in BY_NAME if name.startswith("effect_"))
"""What policies add to."""


class Named:
    """Arrays by name, read as attributes: `state.trade` is `state.arrays["trade"]`."""

    arrays: dict[str, Array]

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        vars(self).update(arrays, arrays=dict(arrays))

    def __getattr__(self, name: str) -> Array:
        known: dict[str, Array] = vars(self).get("arrays", {})
        raise AttributeError(f"no {type(self).__name__.lower()} variable '{name}'; {did_you_mean(name, known)}")


CORE = (
    "log_gdp", "trust_level", "trust_deviation", "trade", "people", "students_ab", "students_ba", "cities", "migrants",
    "cost",
)  # fmt: skip
"""Variables into which every number that is not finite finds its way."""
MOST_LN = 700.0
"""Largest logarithm of which the number itself, and a sum of some, is finite."""


class State(Named):
    """The numbers of a batch of worlds: `state.trade` is an array (world, tie). Arrays are changed in place."""

    def __init__(self, worlds: int, states: int, ties: int, agreements: int) -> None:
        shapes = {
            "world": (worlds,),
            "state": (worlds, states),
            "tie": (worlds, ties),
            "agreement": (worlds, agreements),
            "agreement_state": (worlds, agreements, states),
        }
        super().__init__({v.name: np.zeros(shapes[v.axis]) for v in VARIABLES})
        for name in DATES:
            self.arrays[name][:] = np.nan
        self.hold_out[:] = -1.0

    def __setattr__(self, name: str, value: Array) -> None:
        raise AttributeError(f"state.{name} is an array shared with the model: write state.{name}[:] = ... instead")

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return int(self.arrays["cost"].shape[0])

    def not_finite(self) -> str | None:
        """The first of the variables that all else hangs on which holds a number that is not finite; None if none.

        Of a variable in logarithms, the number it stands for has to be finite too.
        """
        return next((name for name in CORE if not _finite(name, self.arrays[name])), None)

    def out_of_bounds(self) -> list[str]:
        """Names of the variables that hold a value outside their declared bounds (NaN counts, but not in DATES)."""
        bad = []
        for v in VARIABLES:
            values = self.arrays[v.name]
            if v.name in DATES:
                values = values[~np.isnan(values)]
            if not bool(np.all((values >= v.low) & (values <= v.high))):
                bad.append(v.name)
        return bad


def _finite(name: str, values: Array) -> bool:
    logarithm = BY_NAME[name].unit.startswith(("ln ", "ln("))
    return bool(np.isfinite(values).all() and (not logarithm or (values < MOST_LN).all()))
