"""The shipped calibration tables: figures that anyone can look up."""

from __future__ import annotations

import pytest
from scipy.stats import poisson

from sco_sim.case.schema.records import RECORDS
from tests.unit.calibration_tables import MEMBER_TIES, MEMBERS, PAIR, flow, table, tie
from tests.worlds import CASE, ROOT


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


def test_member_trade_covers_2558_of_2610_directed_cells() -> None:
    rows = table("trade_reports")
    inside = rows[rows.iso3_o.isin(MEMBERS) & rows.iso3_d.isin(MEMBERS)]
    assert (inside.year <= 2020).sum() == 2558
    pairs = inside.assign(tie=[tuple(sorted(p)) for p in zip(inside.iso3_o, inside.iso3_d, strict=True)])
    assert pairs[pairs.year.isin([1992, 1993, 1994])].groupby("year").tie.nunique().tolist() == [28, 42, 45]


def test_twinned_places() -> None:
    rows = table("sister_cities").set_index(PAIR).twinned_places
    assert rows["BLR", "RUS"] == 219
    assert rows["CHN", "KAZ"] + rows["CHN", "KGZ"] + rows["CHN", "TJK"] + rows["CHN", "UZB"] == 24


def test_the_legs_of_the_named_corridors() -> None:
    rows = table("links")
    legs = {
        key: set(zip(part.iso3_a, part.iso3_b, part["mode"], strict=True)) for key, part in rows.groupby("corridor")
    }
    assert legs["china_kyrgyzstan_uzbekistan_railway"] == {("CHN", "KGZ", "rail"), ("KGZ", "UZB", "rail")}
    assert {("IRN", "KAZ", "transit"), ("IND", "IRN", "sea"), ("IRN", "RUS", "sea")} <= legs["north_south_corridor"]
    assert legs["china_pakistan_economic_corridor"] == {("CHN", "PAK", "road")}
    assert ("AZE", "KAZ", "sea") in legs["middle_corridor"]
    assert set(legs) - {"other_links"} == set(table("corridors").corridor)


def test_figures_of_the_corridors_are_those_of_the_sources() -> None:
    rows = table("corridors").set_index("corridor")
    railway = rows.loc["china_kyrgyzstan_uzbekistan_railway"]
    assert (railway.length_km, railway.cost_low_musd, railway.cost_high_musd) == (523, 4700, 4700)
    days = rows.loc[
        "north_south_corridor", ["days_before_low", "days_before_high", "days_after_low", "days_after_high"]
    ]
    assert days.tolist() == [30, 45, 15, 24]
    assert rows.loc["middle_corridor", ["days_before_low", "cost_low_musd"]].isna().all()
    assert (rows.cost_low_musd.dropna() <= rows.cost_high_musd.dropna()).all()


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


def test_tables_that_no_mechanism_reads_say_why() -> None:
    """Catches a table that is carried along for nothing."""
    silent = [one for one in RECORDS if one.name not in ("state_names", "columns")]
    assert len({one.fallback for one in silent}) == len(silent)
    assert all(one.fallback.startswith("nothing changes: ") and len(one.fallback) > 50 for one in silent)


def test_the_upper_end_of_twinnings_a_year_is_that_of_china_with_six_members() -> None:
    rows = table("china_diplomacy")
    six = rows[rows.iso3.isin(["IND", "KAZ", "KGZ", "PAK", "TJK", "UZB"])]
    a_year = six.sister_cities_established.sum() / (6 * six.year.nunique())
    assert f"{a_year:.2f} a year" in CASE.ledger.entries["cities.arrival_rate"].source
    assert CASE.ledger.entries["cities.arrival_rate"].high == pytest.approx(a_year, abs=0.03)


def _log_likelihoods(states: list[str]) -> tuple[float, float]:
    """Of twinnings with China after 2009 as Poisson counts: even, and by one plus those up to 2009."""
    rows = table("china_diplomacy").dropna(subset=["sister_cities_established"])
    early, late = rows[rows.year <= 2009], rows[rows.year > 2009]
    before = early.groupby("iso3").sister_cities_established.sum().loc[states]
    after, years = (late.groupby("iso3").sister_cities_established.agg(how).loc[states] for how in ("sum", "count"))
    weights = (years, years * (1.0 + before))
    even, by_those = (poisson.logpmf(after, after.sum() * w / w.sum()).sum() for w in weights)
    return float(even), float(by_those)


def test_the_record_does_not_settle_where_twinnings_arrive() -> None:
    """Catches docs/model.md telling other figures than the table holds (equation 13)."""
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    all_of_them = sorted(set(table("china_diplomacy").iso3))
    assert len(all_of_them) == 13
    even, by_those = _log_likelihoods(all_of_them)
    assert f"(log likelihood {by_those:.1f}, evenly {even:.1f})" in page
    even, by_those = _log_likelihoods(["IND", "KAZ", "KGZ", "PAK", "TJK", "UZB"])
    assert f"({even:.1f}, by\nthose before {by_those:.1f})" in page


@pytest.mark.parametrize("mode", ["road", "rail"])
def test_hours_at_measured_crossings_are_those_of_the_yearly_reports(mode: str) -> None:
    """Catches hours in days, or of one side of the border: the middle crossing lies near the means of the years."""
    reports = table("border_times")
    means = reports[(reports["mode"] == mode) & (reports.indicator == "TFI1 border-crossing time")]
    means = means[means.scope == "all CAREC corridors average"].value
    legs = table("route_legs")
    measured = legs[(legs["mode"] == mode) & (legs.hours_basis == "measured")].border_hours
    assert 0.75 * means.min() < measured.median() < 1.25 * means.max()


def test_the_trains_took_nine_years_to_half_and_eleven_to_nine_tenths() -> None:
    rows = table("trains").set_index("year").trains
    half, most = ((rows >= share * rows[2023]).idxmax() - rows.index[0] for share in (0.5, 0.9))
    assert (half, most) == (9, 11), "the page of the case says so"
