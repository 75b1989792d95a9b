"""Tables with one row a state, or a state and a year."""

from __future__ import annotations

import math
from pathlib import Path

from build.common import STATES, YEARS, Row, Table, fixed, in_states, read, whole

JOIN_YEAR = 2018
"""Year in which the World Bank's national accounts and the IMF's (which begin then) are joined."""
OUTLOOK = "recent/state_years_2018_2030.csv"


def states(source: Path) -> Table:
    """Names, capitals, area, languages and the count of World Heritage sites."""
    sites = {row["iso3"]: row["n_sites"] for row in read(source, "people/unesco_whs_count.csv")}
    rows: list[Row] = []
    for row in read(source, "trade/country_static.csv"):
        if not in_states(row, "iso3"):
            continue
        languages = row["languages"].split(";")
        rows.append(
            {
                "iso3": row["iso3"],
                "name": row["name"],
                "capital": row["capital"],
                "capital_lat_deg": fixed(row["capital_lat"], 3),
                "capital_lon_deg": fixed(row["capital_lon"], 3),
                "area_km2": whole(row["area_km2"]),
                "landlocked": str(int(row["landlocked"] == "True")),
                "russian_official": str(int("Russian" in languages)),
                "chinese_official": str(int("Chinese" in languages)),
                "world_heritage_sites": whole(sites[row["iso3"]]),
            }
        )
    columns = (
        "iso3", "name", "capital", "capital_lat_deg", "capital_lon_deg", "area_km2", "landlocked",
        "russian_official", "chinese_official", "world_heritage_sites",
    )  # fmt: skip
    return Table("states", columns, ("iso3",), rows)


def state_years(source: Path) -> Table:
    """Economy, population and institutions by state and year.

    GDP comes from two sources that are joined in JOIN_YEAR by growth: the IMF's level of GDP in current USD from then
    on and the World Bank's growth before; the World Bank's level of real GDP up to then and the IMF's growth after.
    The World Bank's own series mixes two vintages in 2023 and 2024. Nothing that the IMF projects is a row here.
    """
    decimals = {
        "stability_wgi_pv": ("wgi_pv_est", 4),
        "effectiveness_wgi_ge": ("wgi_ge_est", 4),
        "uncertainty_wui": ("wui_mean", 5),
        "merchandise_trade_pct_gdp": ("merch_trade_pct_gdp", 3),
        "logistics_lpi": ("lpi_overall", 3),
    }
    wholes = {
        "gdp_current_usd": "gdp_current_usd",
        "gdp_constant_2015_usd": "gdp_const2015_usd",
        "population_persons": "population",
    }
    bank = {
        (row["iso3"], int(row["year"])): row
        for row in read(source, "trade/country_year.csv")
        if in_states(row, "iso3") and int(row["year"]) in YEARS
    }
    joined = _joined(source, bank)
    rows: list[Row] = []
    for (iso, year), row in bank.items():
        if in_states(row, "iso3"):
            record = {"iso3": iso, "year": str(year)}
            record |= {column: whole(row[original]) for column, original in wholes.items()}
            record |= joined[iso, year]
            record |= {column: fixed(row[original], digits) for column, (original, digits) in decimals.items()}
            rows.append(record)
    return Table("state_years", ("iso3", "year", *wholes, *decimals), ("iso3", "year"), rows)


def _joined(source: Path, bank: dict[tuple[str, int], Row]) -> dict[tuple[str, int], Row]:
    """GDP in current and in constant USD of every state and year, joined in JOIN_YEAR; a gap stays a gap."""
    fund = {
        (row["iso3"], int(row["year"])): row
        for row in read(source, OUTLOOK)
        if row["status"] in ("actual", "estimate") and int(row["year"]) in YEARS
    }
    out: dict[tuple[str, int], Row] = {}
    for iso in STATES:
        level = float(fund[iso, JOIN_YEAR]["gdp_current_usd"]) / float(bank[iso, JOIN_YEAR]["gdp_current_usd"])
        real = float(bank[iso, JOIN_YEAR]["gdp_const2015_usd"])
        for year in YEARS:
            if (iso, year) not in bank:
                continue
            current, constant = bank[iso, year]["gdp_current_usd"], bank[iso, year]["gdp_const2015_usd"]
            if year >= JOIN_YEAR:
                current = fund[iso, year]["gdp_current_usd"]
            elif current:
                current = str(float(current) * level)
            if year > JOIN_YEAR:
                real *= 1.0 + float(fund[iso, year]["real_growth_pct"]) / 100.0
                constant = str(real)
            out[iso, year] = {"gdp_current_usd": whole(current), "gdp_constant_2015_usd": whole(constant)}
    return out


def growth_outlook(source: Path) -> Table:
    """Growth that the IMF projects, as a mean over years: a prior of growth, never an observation.

    Of GDP in current USD over the US deflator, the unit of the model, from the last year that is not projected to the
    last that is; blank where the IMF projects nothing.
    """
    fund = {(row["iso3"], int(row["year"])): row for row in read(source, OUTLOOK)}
    last_known = max(YEARS)
    rows: list[Row] = []
    for iso in STATES:
        ahead = [year for year in range(last_known + 1, 2031) if fund.get((iso, year), {}).get("gdp_current_usd")]
        record = {"iso3": iso, "from_year": str(last_known)}
        record |= dict.fromkeys(("to_year", "nominal_growth_ln", "real_growth_ln"), "")
        if ahead:
            to = max(ahead)
            real = sum(math.log1p(float(fund[iso, year]["real_growth_pct"]) / 100.0) for year in ahead)
            value = math.log(_per_us_price(fund, iso, to) / _per_us_price(fund, iso, last_known))
            record |= {
                "to_year": str(to),
                "nominal_growth_ln": fixed(str(value / (to - last_known)), 4),
                "real_growth_ln": fixed(str(real / (to - last_known)), 4),
            }
        rows.append(record)
    columns = ("iso3", "from_year", "to_year", "nominal_growth_ln", "real_growth_ln")
    return Table("growth_outlook", columns, ("iso3",), rows)


def _per_us_price(fund: dict[tuple[str, int], Row], iso: str, year: int) -> float:
    """GDP in current USD over the US deflator."""
    deflator = float(fund["USA", year]["gdp_deflator_index_national_base"])
    return float(fund[iso, year]["gdp_current_usd"]) / deflator


def heritage(source: Path) -> Table:
    """World Heritage sites, with the other states of the 27 that share them."""
    rows: list[Row] = []
    for row in read(source, "people/unesco_whs_sites.csv"):
        if in_states(row, "iso3"):
            partners = sorted(set(row["transnational_with"].replace(",", ";").split(";")) & set(STATES))
            rows.append(
                {
                    "iso3": row["iso3"],
                    "site": row["site"],
                    "year_inscribed": row["year_inscribed"],
                    "joint_with": ";".join(partners),
                }
            )
    return Table("heritage", ("iso3", "site", "year_inscribed", "joint_with"), ("iso3", "site"), rows)


def sco_university(source: Path) -> Table:
    """Partner universities of the SCO University by state; totals over all states are left out."""
    rows: list[Row] = []
    for row in read(source, "people/sco_university_partners.csv"):
        if in_states(row, "iso3"):
            cited = "Xue & Makengo 2021, citing a page of Ural Federal University of 2015"
            rows.append(
                {
                    "iso3": row["iso3"],
                    "year": row["year"],
                    "universities": row["n_universities"],
                    "source": cited if "Makengo" in row["source"] else row["source"],
                }
            )
    return Table("sco_university", ("iso3", "year", "universities", "source"), ("iso3", "year"), rows)
