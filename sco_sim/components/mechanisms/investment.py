"""Direct investment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.components.mechanism import Exchange
from sco_sim.world.channels import BY_CHANNEL

if TYPE_CHECKING:
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year


class Investment(Exchange):
    """A stock of direct investment grows with the two economies, and with what policies and their churn do to it (35).

    Nothing in the model reads it: it is an outcome.

    Source: stocks as several bodies put them (calibration/data/investment_stocks.csv), which differ by a factor of ten;
    no yearly series by pair agrees with another, so its growth and pace are judgement.
    """

    channel = "investment"
    order = 65
    parameters = (
        "investment.gdp_elasticity", "investment.policy_response", "investment.churn", "investment.noise",
    )  # fmt: skip
    streams = ("investment",)
    reads = ("investment", "effect_investment", "response_investment", "churn", "log_gdp", "last_log_gdp")
    writes = ("investment", "response_investment")
    rows = ("B12",)

    def pull(self, year: Year) -> Array:
        """Policies, less what the churn of the two governments keeps away, log points, (world, tie)."""
        kept_away: Array = year.p["investment.churn"] * year.both(year.state.churn)
        return year.state.effect_investment - kept_away

    def target(self, year: Year, lag: int = 1) -> dict[str, Array]:
        """What gravity and the pull would make of it, (world, tie)."""
        return {"investment": year.expected("investment", lag) + self.pull(year)}

    def settle(self, year: Year) -> None:
        """As any channel, with all of the pull taken up."""
        super().settle(year)
        year.state.response_investment[:] = self.pull(year)

    def step(self, year: Year) -> None:
        """Equation 35. The noise keeps the mean of the stock; it does not return, as what is invested stays."""
        state, spread, channel = year.state, year.p["investment.noise"], BY_CHANNEL["investment"]
        moved = year.p["investment.policy_response"] * (self.pull(year) - state.response_investment)
        state.response_investment[:] += moved
        moved += year.by_gravity(channel, state.log_gdp - state.last_log_gdp)
        state.investment[:] += moved + spread * year.normal("investment", "tie") - 0.5 * spread**2
