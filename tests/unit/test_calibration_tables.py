"""The shipped calibration tables: shape, keys, units and gaps."""

from __future__ import annotations

import pytest

from tests.unit.calibration_tables import (
    DATA,
    KEYS,
    MEMBER_TIES,
    MEMBERS,
    PAIR,
    ROOT,
    SIGNED,
    SPANS,
    STATES,
    TIES,
    members_on,
    table,
)


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


@pytest.mark.parametrize("name", sorted(set(KEYS) - {"columns", "state_names"}))
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


def test_a_missing_trade_report_is_blank_and_a_report_names_its_source() -> None:
    rows = table("trade_reports")
    assert rows.year.between(1992, 2022).all()
    late = rows[rows.year > 2020]  # few states had reported: a flow counts only where both reports stand
    assert late[["exporter_fob_kusd", "importer_cif_kusd"]].notna().all().all()
    for value, source in (("exporter_fob_kusd", "exporter_source"), ("importer_cif_kusd", "importer_source")):
        assert not (rows[value] == 0).any()
        assert rows[value].isna().any()
        assert rows[value].isna().equals(rows[source].isna())
        assert (rows[value].dropna() % 1 == 0).all()
    assert not (rows.exporter_fob_kusd.isna() & rows.importer_cif_kusd.isna()).any()


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


def test_china_diplomacy_covers_only_the_states_of_its_source() -> None:
    rows = table("china_diplomacy")
    assert not {"RUS", "IRN", "BLR", "CHN", "TUR"} & set(rows.iso3)
    assert rows.year.between(2000, 2018).all()
    assert rows[rows.iso3 == "IND"].sister_cities_established.sum() == 13


def test_claims_that_go_on_have_no_end_year() -> None:
    rows = table("claims")
    assert not (rows.to_year == 2017).any()
    parties = [(c in pair) for c, pair in zip(rows.challenger_iso3, rows[PAIR].to_numpy().tolist(), strict=True)]
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


def test_the_agenda_has_three_outcomes_and_they_fit_the_dates() -> None:
    rows = table("agenda")
    assert set(rows.outcome) == {"adopted", "not_adopted", "adopted_without"}
    assert (rows.adopted.isna() == (rows.outcome == "not_adopted")).all()
    without = rows[rows.outcome == "adopted_without"]
    assert dict(without.groupby("item").held_out.first()) == {
        "belt_and_road_endorsement": "IND",
        "joint_exercise": "UZB",
    }
    assert len(without) == 8
    road = rows[rows.item == "road_transport_facilitation"].iloc[0]
    assert (road.raised, road.adopted, road.in_force) == ("2002-11-20", "2014-09-12", "2017-01-20")
    assert rows[["note", "source"]].notna().all().all()
