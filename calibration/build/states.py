"""Tables with one row a state, or a state and a year."""

from __future__ import annotations

from pathlib import Path

from build.common import STATES, YEARS, Row, Table, fixed, in_states, read, whole


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
    """Economy, population and institutions by state and year."""
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
    rows: list[Row] = []
    for row in read(source, "trade/country_year.csv"):
        if in_states(row, "iso3") and int(row["year"]) in YEARS:
            record = {"iso3": row["iso3"], "year": row["year"]}
            record |= {column: whole(row[original]) for column, original in wholes.items()}
            record |= {column: fixed(row[original], digits) for column, (original, digits) in decimals.items()}
            rows.append(record)
    return Table("state_years", ("iso3", "year", *wholes, *decimals), ("iso3", "year"), rows)


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
