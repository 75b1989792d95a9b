"""The outcomes of which an answer speaks."""

IMPORTANT = (
    "conflict_share_observed_mean", "conflict_share_observed_max", "trade_total_busd", "gdp_total_busd",
    "students_total", "people_index", "cities_total", "migrants_total", "investment_total_busd", "cohesion",
    "disputes", "agreements_adopted", "delivered_mean", "gains_gini", "cost_musd",
)  # fmt: skip
"""Outcomes that are shown, and that the answer speaks of, unless the user asks for others."""
