"""Every number that changes: named arrays, world axis first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sco_sim.errors import did_you_mean
from sco_sim.numerics.arrays import Array


@dataclass(frozen=True)
class Variable:
    """Name, axis, unit, declared bounds and meaning of one state variable."""

    name: str
    axis: str
    unit: str
    low: float
    high: float
    text: str


_INF = float("inf")

#: Axis is `tie` (world, tie), `state` (world, state), `agreement` (world, agreement),
#: `agreement_state` (world, agreement, state) or `world` (world,).
VARIABLES: tuple[Variable, ...] = (
    Variable("trust_level", "tie", "logit", -_INF, _INF, "level of trust"),
    Variable("trust_deviation", "tie", "logit", -_INF, _INF, "passing deviation of trust from its level"),
    Variable("trade", "tie", "ln USD of 2015", -_INF, _INF, "goods trade in both directions"),
    Variable("people", "tie", "ln(1 + airport pairs)", -_INF, _INF, "airport pairs joined by a scheduled route"),
    Variable("students_ab", "tie", "ln(1 + persons)", -_INF, _INF, "students of the first state in the second"),
    Variable("students_ba", "tie", "ln(1 + persons)", -_INF, _INF, "students of the second state in the first"),
    Variable("security", "tie", "ln(1 + joint exercises)", -_INF, _INF, "security cooperation: exercises in ten years"),
    Variable("cities", "tie", "count", 0.0, _INF, "twinned places"),
    Variable("dispute", "tie", "severity", 0.0, _INF, "severity of a dispute that breaks out this year"),
    Variable("years_since_dispute", "tie", "years", 0.0, 99.0, "years since the last dispute"),
    Variable("shock_trade", "tie", "log points", -_INF, _INF, "this year's shocks to trade"),
    Variable("shock_people", "tie", "log points", -_INF, _INF, "this year's shocks to people"),
    Variable("shock_students", "tie", "log points", -_INF, _INF, "this year's shocks to students"),
    Variable("shock_trust", "tie", "logit", -_INF, _INF, "this year's shift of the trust target by events"),
    Variable("shock_deviation", "tie", "logit", -_INF, _INF, "this year's push to the passing deviation"),
    Variable("last_shock_trade", "tie", "log points", -_INF, _INF, "last year's shocks to trade"),
    Variable("last_shock_people", "tie", "log points", -_INF, _INF, "last year's shocks to people"),
    Variable("last_shock_students", "tie", "log points", -_INF, _INF, "last year's shocks to students"),
    Variable("effect_trade", "tie", "log points", -_INF, _INF, "policies' shift of the trade target"),
    Variable("effect_people", "tie", "log points", -_INF, _INF, "policies' shift of the people target"),
    Variable("effect_students", "tie", "log points", -_INF, _INF, "policies' shift of the students target"),
    Variable("effect_trust", "tie", "logit", -_INF, _INF, "policies' shift of the trust target"),
    Variable("effect_cities", "tie", "twinnings a year", 0.0, _INF, "twinned places that policies add a year"),
    Variable("effect_security", "tie", "log points", -_INF, _INF, "policies' shift of the security target"),
    Variable("effect_hazard", "tie", "log odds", -_INF, _INF, "policies' shift of the hazard of disputes next year"),
    Variable("effect_shield", "tie", "share", -_INF, _INF, "share of next year's bad shocks that policies ward off"),
    Variable(
        "effect_capacity", "state", "WGI units", -_INF, _INF, "policies' shift of next year's capacity to deliver"
    ),
    Variable(
        "effect_delivery",
        "state",
        "share",
        -_INF,
        _INF,
        "share of the undelivered part that support makes up next year",
    ),
    Variable("effect_stability", "state", "WGI units", -_INF, _INF, "policies' shift of next year's stability"),
    Variable("effect_acceptance", "state", "z", -_INF, _INF, "policies' shift of next year's readiness to agree"),
    Variable("log_gdp", "state", "ln USD of 2015", -_INF, _INF, "gross domestic product at market rates"),
    Variable("last_log_gdp", "state", "ln USD of 2015", -_INF, _INF, "gross domestic product of the year before"),
    Variable("log_population", "state", "ln persons", -_INF, _INF, "population"),
    Variable("stability", "state", "WGI units", -_INF, _INF, "political stability"),
    Variable("capacity", "state", "WGI units", -_INF, _INF, "government effectiveness"),
    Variable("volatility", "state", "WUI", 0.0, _INF, "policy volatility"),
    Variable("member", "state", "0/1", 0.0, 1.0, "member of the organisation"),
    Variable("pressure", "state", "0-1", 0.0, _INF, "outside pressure this year"),
    Variable("shock_stability", "state", "WGI units", -_INF, _INF, "this year's shocks to stability"),
    Variable("shock_volatility", "state", "WUI", -_INF, _INF, "this year's shocks to policy volatility"),
    Variable("shock_acceptance", "state", "z", -_INF, _INF, "this year's shocks to the readiness to agree"),
    Variable("shock_growth", "state", "log points", -_INF, _INF, "this year's shocks to growth"),
    Variable("community", "state", "0-1", 0.0, 1.0, "sense of community"),
    Variable("adopted", "agreement_state", "0-1", 0.0, 1.0, "ambition adopted"),
    Variable("delivered", "agreement_state", "0-1", 0.0, 1.0, "ambition delivered"),
    Variable("adopted_year", "agreement", "year", 0.0, _INF, "year of adoption, NaN before"),
    Variable("tabled_years", "agreement", "summits", 0.0, _INF, "summits at which it was on the table and failed"),
    Variable(
        "lost_to_veto", "agreement", "0-1 years", 0.0, _INF, "ambition not adopted, summed over the years since tabled"
    ),
    Variable("lost_to_delivery", "agreement", "0-1 years", 0.0, _INF, "adopted but not delivered, likewise"),
    Variable("hold_out", "agreement", "index of the state", -1.0, _INF, "least willing voter, -1 if none yet"),
    Variable("cost", "world", "million USD of 2015", 0.0, _INF, "outlays so far"),
)

BY_NAME = {variable.name: variable for variable in VARIABLES}


class State:
    """The numbers of a batch of worlds: `state.trade` is an array (world, tie). Arrays are changed in place."""

    def __init__(self, worlds: int, states: int, ties: int, agreements: int) -> None:
        shapes = {
            "world": (worlds,),
            "state": (worlds, states),
            "tie": (worlds, ties),
            "agreement": (worlds, agreements),
            "agreement_state": (worlds, agreements, states),
        }
        arrays = {v.name: np.zeros(shapes[v.axis]) for v in VARIABLES}
        object.__setattr__(self, "arrays", arrays)
        self.adopted_year[:] = np.nan
        self.hold_out[:] = -1.0

    arrays: dict[str, Array]

    def __getattr__(self, name: str) -> Array:
        arrays: dict[str, Array] = object.__getattribute__(self, "__dict__").get("arrays", {})
        if name not in arrays:
            raise AttributeError(f"no state variable '{name}'; {did_you_mean(name, BY_NAME)}")
        return arrays[name]

    def __setattr__(self, name: str, value: Array) -> None:
        raise AttributeError(f"state.{name} is an array shared with the model: write state.{name}[:] = ... instead")

    @property
    def worlds(self) -> int:
        """Number of worlds."""
        return int(self.arrays["cost"].shape[0])

    def out_of_bounds(self) -> list[str]:
        """Names of the variables that hold a value outside their declared bounds (NaN counts, but for adopted_year)."""
        bad = []
        for v in VARIABLES:
            values = self.arrays[v.name]
            if v.name == "adopted_year":
                values = values[~np.isnan(values)]
            if not bool(np.all((values >= v.low) & (values <= v.high))):
                bad.append(v.name)
        return bad
