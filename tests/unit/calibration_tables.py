"""The shipped calibration tables as the tests read them: keys, spans and who is who."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from sco_sim.world.channels import CHANNELS

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "calibration" / "data"
MEMBERS = ["BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB"]
OTHERS = ["AFG", "ARE", "ARM", "AZE", "BHR", "EGY", "KHM", "KWT", "LKA", "MDV", "MMR", "MNG"]
STATES = sorted([*MEMBERS, *OTHERS, "NPL", "QAT", "SAU", "TUR", "USA"])
TIES = set(combinations(STATES, 2))
MEMBER_TIES = set(combinations(MEMBERS, 2))
PAIR = ["iso3_a", "iso3_b"]
KEYS = {
    "states": ["iso3"],
    "state_names": ["iso3"],
    "state_years": ["iso3", "year"],
    "growth_outlook": ["iso3"],
    "heritage": ["iso3", "site"],
    "sco_university": ["iso3", "year"],
    "ties": PAIR,
    "tie_years": [*PAIR, "year"],
    "claims": [*PAIR, "territory"],
    "sister_cities": PAIR,
    "air_links": [*PAIR, "year"],
    "trade_reports": ["iso3_o", "iso3_d", "year"],
    "trade_reconciled": ["iso3_o", "iso3_d", "year"],
    "students": ["iso3_origin", "iso3_destination", "year"],
    "migrants": ["iso3_origin", "iso3_destination", "year"],
    "investment_stocks": ["iso3_investor", "iso3_host", "year", "body"],
    "energy_links": ["line", "iso3_origin", "iso3_destination"],
    "energy_volumes": ["iso3_origin", "iso3_destination", "year"],
    "visas": ["iso3_passport", "iso3_destination", "year"],
    "visitors": ["iso3_origin", "iso3_destination", "year", "period", "kind"],
    "china_diplomacy": ["iso3", "year"],
    "statuses": ["iso3", "status"],
    "summits": ["n"],
    "documents": ["date", "document"],
    "exercises": ["start_date", "name"],
    "agenda": ["item", "adopted"],
    "alignments": [*PAIR, "name", "from_year"],
    "arms_shares": ["iso3_supplier", "iso3_recipient", "to_year"],
    "instruments": ["instrument"],
    "ratifications": ["iso3", "instrument"],
    "scorecards": ["body", "period", "measure"],
    "links": ["corridor", *PAIR, "mode"],
    "corridors": ["corridor"],
    "border_times": ["mode", "indicator", "scope", "year"],
    "trains": ["year"],
    "route_nodes": ["node"],
    "route_legs": ["leg"],
    "columns": ["table", "column"],
}
for channel in CHANNELS:  # a new channel's table, if it is one row a tie and year
    KEYS.setdefault(channel.table, [*PAIR, "year"])
SIGNED = {  # columns whose scale runs below zero
    "capital_lat_deg", "capital_lon_deg", "stability_wgi_pv", "effectiveness_wgi_ge", "gdelt_balance",
    "lat_deg", "lon_deg", "un_agreement_kappa", "nominal_growth_ln", "real_growth_ln",
}  # fmt: skip
SPANS = {
    "icews_cooperative_events": (2002, 2014),
    "icews_conflictual_events": (2002, 2014),
    "gdelt_active_days": (2018, 2023),
    "mid_onsets": (1992, 2014),
    "mid_ongoing": (1992, 2014),
    "mid_max_hostility": (1992, 2014),
    "ucdp_intensity": (1992, 2024),
    "alliance": (1992, 2018),
    "shared_igos": (1992, 2014),
    "sanctions_a_on_b": (1992, 2022),
    "sanctions_b_on_a": (1992, 2022),
}


@cache
def table(name: str) -> Any:
    """A table with gaps as NaN; nobody changes it."""
    return pd.read_csv(DATA / f"{name}.csv", keep_default_na=False, na_values=[""])


def flow(origin: str, destination: str, year: int) -> Any:
    rows = table("trade_reports").set_index(KEYS["trade_reports"])
    return rows.loc[(origin, destination, year)]


def tie(name: str, first: str, second: str) -> Any:
    rows = table(name)
    return rows[(rows.iso3_a == first) & (rows.iso3_b == second)]


def members_on(day: str) -> set[str]:
    rows = table("statuses")
    return set(rows[(rows.status == "member") & (rows.date.astype(str) <= day)].iso3)
