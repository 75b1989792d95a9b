"""The shipped calibration tables: shape, keys, gaps, and figures that can be looked up."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

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
    "state_years": ["iso3", "year"],
    "heritage": ["iso3", "site"],
    "sco_university": ["iso3", "year"],
    "ties": PAIR,
    "tie_years": [*PAIR, "year"],
    "claims": [*PAIR, "territory"],
    "sister_cities": PAIR,
    "air_links": [*PAIR, "year"],
    "trade_reports": ["iso3_o", "iso3_d", "year"],
    "students": ["iso3_origin", "iso3_destination", "year"],
    "migrants": ["iso3_origin", "iso3_destination", "year"],
    "visas": ["iso3_passport", "iso3_destination", "year"],
    "visitors": ["iso3_origin", "iso3_destination", "year", "period", "kind"],
    "china_diplomacy": ["iso3", "year"],
    "statuses": ["iso3", "status"],
    "summits": ["n"],
    "documents": ["date", "document"],
    "exercises": ["start_date", "name"],
    "agenda": ["item", "adopted"],
    "links": ["corridor", *PAIR, "mode"],
    "corridors": ["corridor"],
    "border_times": ["mode", "indicator", "scope", "year"],
    "trains": ["year"],
    "columns": ["table", "column"],
}
SIGNED = {  # columns whose scale runs below zero
    "capital_lat_deg", "capital_lon_deg", "stability_wgi_pv", "effectiveness_wgi_ge", "gdelt_balance",
    "un_agreement_kappa",
}  # fmt: skip
SPANS = {
    "icews_cooperative_events": (2002, 2014),
    "icews_conflictual_events": (2002, 2014),
    "gdelt_active_days": (2018, 2020),
    "mid_onsets": (1992, 2014),
    "mid_ongoing": (1992, 2014),
    "mid_max_hostility": (1992, 2014),
    "ucdp_intensity": (1992, 2024),
    "alliance": (1992, 2018),
    "shared_igos": (1992, 2014),
    "sanctions_a_on_b": (1992, 2022),
    "sanctions_b_on_a": (1992, 2022),
}


def table(name: str) -> Any:
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


def test_the_folder_holds_these_tables_and_stays_small() -> None:
    files = sorted(DATA.glob("*.csv"))
    assert [file.stem for file in files] == sorted(KEYS)
    assert sum(file.stat().st_size for file in files) < 4_000_000
    assert all(b"\r" not in file.read_bytes() for file in files)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_keys_are_present_and_unique(name: str) -> None:
    rows = table(name)
    key = KEYS[name]
    optional = {"adopted"}  # blank while not adopted
    assert len(rows) > 0
    assert not rows.duplicated(key).any()
    assert not rows[[column for column in key if column not in optional]].isna().any().any()


@pytest.mark.parametrize("name", sorted(set(KEYS) - {"columns"}))
def test_every_state_is_one_of_the_27(name: str) -> None:
    rows = table(name)
    for column in [column for column in rows if "iso3" in column]:
        for cell in rows[column].dropna():
            assert set(cell.split(";")) <= set(STATES), (name, column, cell)


@pytest.mark.parametrize("name", [name for name in sorted(KEYS) if "iso3_a" in KEYS[name]])
def test_pairs_are_in_alphabetical_order(name: str) -> None:
    rows = table(name)
    assert (rows.iso3_a < rows.iso3_b).all()


@pytest.mark.parametrize("name", sorted(KEYS))
def test_only_scales_that_run_below_zero_have_negative_cells(name: str) -> None:
    numbers = table(name).select_dtypes("number")
    for column in set(numbers) - SIGNED:
        assert not (numbers[column] < 0).any(), column


def test_columns_csv_describes_every_column_once_and_nothing_else() -> None:
    described = table("columns")
    built = {(name, column) for name in KEYS for column in table(name)}
    assert set(zip(described["table"], described["column"], strict=True)) == built
    assert not described[["unit", "meaning", "source", "licence"]].isna().any().any()


def test_the_provenance_page_names_every_table_and_column() -> None:
    page = (ROOT / "calibration" / "PROVENANCE.md").read_text(encoding="utf-8")
    for name in KEYS:
        assert f"### {name}.csv" in page
        section = page.split(f"### {name}.csv")[1].split("\n### ")[0]
        for column in table(name):
            assert f"`{column}`" in section, (name, column)


def test_nothing_shipped_names_a_path_of_one_machine() -> None:
    folder = ROOT / "calibration"
    files = [
        *folder.glob("*.md"),
        *folder.glob("*.py"),
        *folder.glob("build/*.py"),
        *folder.glob("data/*.csv"),
    ]
    for file in files:
        assert not re.search(r"\.\./shared|/work/|/home/|/tmp/|seed 00", file.read_text(encoding="utf-8")), (
            file
        )


def test_there_are_351_ties_of_which_45_between_members() -> None:
    for name in ("ties", "sister_cities"):
        rows = table(name)
        pairs = set(zip(rows.iso3_a, rows.iso3_b, strict=True))
        assert pairs == TIES
        assert len(pairs & MEMBER_TIES) == 45
    assert len(TIES) == 351


def test_membership_follows_the_dates() -> None:
    assert members_on("2024-12-31") == set(MEMBERS)
    assert members_on("2023-12-31") == set(MEMBERS) - {"BLR"}
    assert members_on("2020-12-31") == set(MEMBERS) - {"BLR", "IRN"}
    assert len(members_on("2001-12-31")) == 6


def test_observers_and_dialogue_partners_become_sco_partners_in_2025() -> None:
    rows = table("statuses")
    partners = rows[rows.status == "sco_partner"]
    assert set(partners.iso3) == set(STATES) - set(MEMBERS) - {"USA"}
    assert (partners.date == "2025-09-01").all()
    assert "USA" not in set(rows.iso3)


def test_summits_count_the_members_that_statuses_give() -> None:
    rows = table("summits")
    assert list(rows.n) == list(range(1, 26))
    assert rows.date.is_monotonic_increasing
    for row in rows.itertuples():
        assert row.members_after == len(members_on(row.date)), row.n
    assert rows.source.notna().all()


def test_the_panel_of_states_is_whole_and_its_gaps_are_known() -> None:
    rows = table("state_years")
    assert len(rows) == 27 * 33
    assert rows.population_persons.notna().all()
    to_2023 = rows[rows.year <= 2023]
    gaps = to_2023[to_2023.gdp_current_usd.isna()]
    assert set(gaps.iso3) == {"AFG"}
    assert sorted(gaps.year) == list(range(1992, 2000))
    for column in (
        "gdp_current_usd",
        "gdp_constant_2015_usd",
        "population_persons",
        "merchandise_trade_pct_gdp",
    ):
        assert not (rows[column] == 0).any()


def test_known_sizes_of_states() -> None:
    rows = table("state_years").set_index(["iso3", "year"])
    assert 1.35e9 < rows.loc[("CHN", 2015), "population_persons"] < 1.42e9
    assert rows.loc[("USA", 2015), "gdp_current_usd"] == pytest.approx(
        rows.loc[("USA", 2015), "gdp_constant_2015_usd"], rel=0.01
    )
    wgi = table("state_years").dropna(subset=["stability_wgi_pv"])
    assert set(wgi.year) == {1996, 1998, 2000, *range(2002, 2023)}
    assert (wgi.groupby("year").size() == 27).all()


def test_languages_and_heritage_of_states() -> None:
    rows = table("states").set_index("iso3")
    assert list(rows.index[rows.chinese_official == 1]) == ["CHN"]
    assert {"BLR", "KAZ", "KGZ", "RUS"} <= set(rows.index[rows.russian_official == 1])
    assert {"CHN", "IND", "IRN", "PAK", "MNG"} & set(rows.index[rows.russian_official == 1]) == set()
    assert rows.loc[["CHN", "IND", "RUS", "IRN"], "world_heritage_sites"].tolist() == [59, 43, 32, 28]
    listed = table("heritage").groupby("iso3").size().reindex(rows.index, fill_value=0)
    assert (listed == rows.world_heritage_sites).all()


def test_joint_heritage_agrees_between_tables() -> None:
    sites = table("heritage")
    names = [set(cell.split(";")) if isinstance(cell, str) else set() for cell in sites.joint_with]
    shared: dict[tuple[str, str], int] = {}
    for home, others in zip(sites.iso3, names, strict=True):
        for other in others:
            if home < other:
                shared[home, other] = shared.get((home, other), 0) + 1
    rows = table("ties").set_index(PAIR).joint_world_heritage_sites
    assert {pair: count for pair, count in rows.items() if count} == shared
    assert shared["KAZ", "UZB"] == 2


def test_land_borders_are_those_on_the_map() -> None:
    rows = table("ties")
    borders = set(zip(*rows[rows.land_border == 1][PAIR].to_numpy().T, strict=True))
    assert len(borders) == 36
    assert len(borders & MEMBER_TIES) == 15
    assert {("CHN", "RUS"), ("IND", "PAK"), ("CHN", "TJK"), ("AZE", "TUR"), ("IRN", "PAK")} <= borders
    assert not {("IND", "LKA"), ("BHR", "SAU"), ("IRN", "KAZ"), ("ARE", "QAT")} & borders


def test_language_and_distance_of_ties() -> None:
    assert tie("ties", "BLR", "RUS").common_official_language.item() == 1
    assert tie("ties", "CHN", "RUS").common_official_language.item() == 0
    assert tie("ties", "ARM", "AZE").capital_distance_km.item() == pytest.approx(455, abs=15)
    rows = table("ties")
    assert (rows.distance_km > 0).all()
    assert rows[["linguistic_distance", "religious_overlap_2010"]].stack().between(0, 1).all()


def test_rivalries_that_go_on_have_no_end() -> None:
    for first, second in (("IND", "PAK"), ("CHN", "IND"), ("CHN", "USA")):
        row = tie("ties", first, second)
        assert row.rivalry_from_year.notna().item()
        assert row.rivalry_to_year.isna().item()
    assert tie("ties", "KGZ", "UZB").rivalry_to_year.item() == 2017
    assert tie("ties", "BHR", "QAT").rivalry_from_year.item() == 2014
    assert tie("ties", "KAZ", "RUS").rivalry_from_year.isna().item()


@pytest.mark.parametrize("column", sorted(SPANS))
def test_events_are_filled_inside_their_span_only(column: str) -> None:
    rows = table("tie_years")
    first, last = SPANS[column]
    inside = rows.year.between(first, last)
    assert rows.loc[~inside, column].isna().all()
    if column.startswith("icews"):
        inside &= ~(rows.iso3_a.isin(["TUR", "MDV"]) | rows.iso3_b.isin(["TUR", "MDV"]))
    if column.startswith("gdelt"):
        inside &= rows[column].notna()
    assert rows.loc[inside, column].notna().all()


def test_turkiye_and_the_maldives_are_absent_from_icews() -> None:
    rows = table("tie_years")
    absent = rows[rows[PAIR].isin(["TUR", "MDV"]).any(axis=1)]
    assert absent[["icews_cooperative_events", "icews_conflictual_events"]].isna().all().all()


def test_disputes_among_members() -> None:
    rows = table("tie_years")
    rows = rows[rows.iso3_a.isin(MEMBERS) & rows.iso3_b.isin(MEMBERS) & (rows.year <= 2014)]
    assert len(rows) == 1035
    assert rows.mid_onsets.sum() == 35
    assert (rows.mid_max_hostility > 0).equals(rows.mid_ongoing > 0)
    assert rows.mid_max_hostility.isin([0, 1, 2, 3, 4, 5]).all()


def test_armed_conflicts_that_everybody_knows() -> None:
    rows = table("tie_years").set_index([*PAIR, "year"])
    assert rows.loc[("KGZ", "TJK", 2022), "ucdp_intensity"] == 1
    assert rows.loc[("IND", "PAK", 1999), "ucdp_intensity"] == 1
    assert rows.loc[("CHN", "RUS", 2010), "ucdp_intensity"] == 0


def test_few_member_tie_years_of_icews_have_under_20_events() -> None:
    rows = table("tie_years").dropna(subset=["icews_cooperative_events"])
    rows = rows[rows.iso3_a.isin(MEMBERS) & rows.iso3_b.isin(MEMBERS)]
    events = rows.icews_cooperative_events + rows.icews_conflictual_events
    assert len(rows) == 585
    assert (events < 20).sum() == 53


def test_votes_need_twenty_in_common() -> None:
    rows = table("tie_years")
    assert rows.un_joint_votes.min() >= 20
    assert rows.un_joint_votes[rows.un_agreement_kappa.notna()].notna().all()
    assert rows.un_agreement_kappa.dropna().between(-1, 1).all()
    silent = rows[(rows.year == 2001) & rows[PAIR].isin(["KGZ", "TJK", "UZB"]).any(axis=1)]
    assert silent.un_agreement_kappa.isna().all()


def test_trade_agreements_stand_in_seven_years_only() -> None:
    rows = table("tie_years").dropna(subset=["trade_agreement"])
    assert set(rows.year) == {1992, 1996, 2000, 2004, 2008, 2012, 2016}
    rows = rows.set_index([*PAIR, "year"])
    assert rows.loc[("CHN", "PAK", 2016), "trade_agreement"] == 1
    assert rows.loc[("BLR", "RUS", 2016), "trade_agreement"] == 1
    assert rows.loc[("IND", "RUS", 2016), "trade_agreement"] == 0


def test_sanctions_keep_their_direction() -> None:
    rows = table("tie_years").set_index([*PAIR, "year"])
    assert rows.loc[("IND", "PAK", 2002), ["sanctions_a_on_b", "sanctions_b_on_a"]].tolist() == [1, 0]
    assert rows.loc[("KGZ", "UZB", 2005), "sanctions_a_on_b"] == 0
    assert rows.loc[("KGZ", "UZB", 2005), "sanctions_b_on_a"] >= 1
    assert rows.loc[("RUS", "USA", 2015), "sanctions_b_on_a"] >= 1


def test_china_and_russia_in_2014_by_the_reports_of_china() -> None:
    exports = flow("CHN", "RUS", 2014).exporter_fob_kusd / 1e6
    imports = flow("RUS", "CHN", 2014).importer_cif_kusd / 1e6
    assert exports == pytest.approx(53.7, abs=0.05)
    assert imports == pytest.approx(41.6, abs=0.05)
    assert exports + imports == pytest.approx(95.2, abs=0.06)


def test_a_missing_trade_report_is_blank_and_a_report_names_its_source() -> None:
    rows = table("trade_reports")
    assert rows.year.between(1992, 2020).all()
    for value, source in (("exporter_fob_kusd", "exporter_source"), ("importer_cif_kusd", "importer_source")):
        assert not (rows[value] == 0).any()
        assert rows[value].isna().any()
        assert rows[value].isna().equals(rows[source].isna())
        assert (rows[value].dropna() % 1 == 0).all()
    assert not (rows.exporter_fob_kusd.isna() & rows.importer_cif_kusd.isna()).any()


def test_member_trade_covers_2558_of_2610_directed_cells() -> None:
    rows = table("trade_reports")
    inside = rows[rows.iso3_o.isin(MEMBERS) & rows.iso3_d.isin(MEMBERS)]
    assert len(inside) == 2558
    pairs = inside.assign(tie=[tuple(sorted(p)) for p in zip(inside.iso3_o, inside.iso3_d, strict=True)])
    assert pairs[pairs.year.isin([1992, 1993, 1994])].groupby("year").tie.nunique().tolist() == [28, 42, 45]


def test_students_have_one_source_a_series_and_no_invented_zero() -> None:
    rows = table("students")
    assert (rows.groupby(["iso3_origin", "iso3_destination"]).source.nunique() == 1).all()
    assert (rows.students_persons > 0).all()
    to_china = rows[(rows.iso3_destination == "CHN")].source.unique()
    assert not any(source.startswith("UIS") for source in to_china)
    series = rows[(rows.iso3_origin == "KAZ") & (rows.iso3_destination == "CHN")].set_index("year")
    assert series.loc[2014, "students_persons"] == 11764


def test_visas_give_every_direction_every_year_and_hide_nothing_behind_a_ban() -> None:
    rows = table("visas")
    assert (rows.groupby("year").size() == 27 * 26).all()
    banned = rows.category == "covid_ban"
    assert rows.openness.isna().equals(banned)
    assert rows.loc[rows.category == "visa_free", "openness"].eq(1).all()
    assert rows.openness.dropna().isin([0, 0.5, 0.75, 1]).all()
    row = rows[(rows.iso3_passport == "RUS") & (rows.iso3_destination == "KAZ") & (rows.year == 2024)]
    assert row.category.item() == "visa_free"


def test_air_links_hold_all_ties_in_five_years() -> None:
    rows = table("air_links")
    assert sorted(rows.year.unique()) == [2010, 2011, 2012, 2013, 2014]
    assert (rows.groupby("year").size() == 351).all()
    latest = rows[rows.year == 2014].set_index(PAIR).airport_pairs
    assert (latest["RUS", "UZB"], latest["RUS", "TJK"]) == (53, 46)


def test_twinned_places() -> None:
    rows = table("sister_cities").set_index(PAIR).twinned_places
    assert rows["BLR", "RUS"] == 219
    assert rows["CHN", "KAZ"] + rows["CHN", "KGZ"] + rows["CHN", "TJK"] + rows["CHN", "UZB"] == 24


def test_china_diplomacy_covers_only_the_states_of_its_source() -> None:
    rows = table("china_diplomacy")
    assert not {"RUS", "IRN", "BLR", "CHN", "TUR"} & set(rows.iso3)
    assert rows.year.between(2000, 2018).all()
    assert rows[rows.iso3 == "IND"].sister_cities_established.sum() == 13


def test_claims_that_go_on_have_no_end_year() -> None:
    rows = table("claims")
    assert not (rows.to_year == 2017).any()
    parties = [
        (c in pair) for c, pair in zip(rows.challenger_iso3, rows[PAIR].to_numpy().tolist(), strict=True)
    ]
    assert all(parties)
    assert rows[rows.territory == "Amur & Ussuri River Islands"].to_year.item() == 2008
    assert rows[rows.territory == "Batken-Isfara"].to_year.isna().item()


def test_every_corridor_leg_is_a_border_or_marked_sea_or_transit() -> None:
    borders = table("ties").set_index(PAIR).land_border
    for leg in table("links").itertuples():
        assert borders[leg.iso3_a, leg.iso3_b] == 1 or leg.mode in ("sea", "transit"), leg
    legs = table("links")
    assert set(legs["mode"]) == {"rail", "road", "rail_and_road", "sea", "transit"}
    assert set(legs.status) == {"operating", "under_construction", "planned"}


def test_the_legs_of_the_named_corridors() -> None:
    rows = table("links")
    legs = {
        key: set(zip(part.iso3_a, part.iso3_b, part["mode"], strict=True))
        for key, part in rows.groupby("corridor")
    }
    assert legs["china_kyrgyzstan_uzbekistan_railway"] == {("CHN", "KGZ", "rail"), ("KGZ", "UZB", "rail")}
    assert {("IRN", "KAZ", "transit"), ("IND", "IRN", "sea"), ("IRN", "RUS", "sea")} <= legs[
        "north_south_corridor"
    ]
    assert legs["china_pakistan_economic_corridor"] == {("CHN", "PAK", "road")}
    assert ("AZE", "KAZ", "sea") in legs["middle_corridor"]
    assert set(legs) - {"other_links"} == set(table("corridors").corridor)


def test_figures_of_the_corridors_are_those_of_the_sources() -> None:
    rows = table("corridors").set_index("corridor")
    railway = rows.loc["china_kyrgyzstan_uzbekistan_railway"]
    assert (railway.length_km, railway.cost_low_musd, railway.cost_high_musd) == (486, 4700, 8000)
    days = rows.loc[
        "north_south_corridor", ["days_before_low", "days_before_high", "days_after_low", "days_after_high"]
    ]
    assert days.tolist() == [30, 45, 15, 24]
    assert rows.loc["middle_corridor", ["days_before_low", "cost_low_musd"]].isna().all()
    assert (rows.cost_low_musd.dropna() <= rows.cost_high_musd.dropna()).all()


def test_the_agenda_has_three_outcomes_and_they_fit_the_dates() -> None:
    rows = table("agenda")
    assert set(rows.outcome) == {"adopted", "not_adopted", "adopted_without"}
    assert (rows.adopted.isna() == (rows.outcome == "not_adopted")).all()
    without = rows[rows.outcome == "adopted_without"]
    assert set(without.item) == {"belt_and_road_endorsement"}
    assert set(without.held_out) == {"IND"}
    assert len(without) == 4
    road = rows[rows.item == "road_transport_facilitation"].iloc[0]
    assert (road.raised, road.adopted, road.in_force) == ("2002-11-20", "2014-09-12", "2017-01-20")
    assert rows[["note", "source"]].notna().all().all()


def test_trains_grow_to_the_published_numbers() -> None:
    rows = table("trains").set_index("year").trains
    assert rows.is_monotonic_increasing
    assert rows.loc[[2016, 2021, 2023]].tolist() == [1702, 15183, 17523]


def test_border_times_of_the_yearly_reports() -> None:
    rows = table("border_times")
    road = rows[(rows["mode"] == "road") & (rows.indicator == "TFI1 border-crossing time")]
    road = road[road.scope == "all CAREC corridors average"].set_index("year").value
    assert road.to_dict() == {2019: 12.2, 2020: 15.1, 2021: 13.6, 2022: 9.9}


def test_sco_university_of_2011_adds_up_to_its_sixty() -> None:
    rows = table("sco_university")
    assert rows[rows.year == 2011].universities.sum() == 60
    assert rows[rows.year == 2021].universities.sum() == 74
