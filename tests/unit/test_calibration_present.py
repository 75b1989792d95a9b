"""The facts of 2021 to 2024, held against figures that anyone can look up."""

from __future__ import annotations

import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.engine.build import build_model
from sco_sim.scenario.load import load_scenario
from tests.unit.calibration_tables import MEMBERS, STATES, table

CASE = Case()


def test_real_growth_of_2024_is_the_one_the_imf_prints() -> None:
    """World Economic Outlook, October 2025, per cent; catches a splice by level, and two vintages side by side."""
    real = np.log(table("state_years").pivot(index="year", columns="iso3", values="gdp_constant_2015_usd"))
    growth = 100.0 * np.expm1(real.diff().loc[2024])
    for iso, percent in {"CHN": 5.0, "IND": 6.5, "RUS": 4.3, "KAZ": 4.8, "UZB": 6.5, "USA": 2.8}.items():
        assert growth[iso] == pytest.approx(percent, abs=0.15), iso


def test_no_splice_jumps() -> None:
    """Each state's growth in the years of the joint lies inside what it did in the ten years around them."""
    table_ = table("state_years")
    deflator = CASE.deflator
    value = np.log(table_.pivot(index="year", columns="iso3", values="gdp_current_usd").div(deflator, axis=0))
    change = value.diff().loc[2008:2024]
    for year in (2018, 2024):
        others = change.drop(index=year)
        spread = others.max() - others.min()
        assert (change.loc[year] <= others.max() + 0.25 * spread).all(), year
        assert (change.loc[year] >= others.min() - 0.25 * spread).all(), year
    assert deflator.loc[2023] == pytest.approx(1.257, abs=0.012)  # 122.3 over 97.3 in the national accounts


def test_every_state_has_gdp_and_people_to_2024() -> None:
    rows = table("state_years")
    known = rows[rows.year.between(2018, 2024)]
    assert len(known) == 7 * len(STATES)
    assert known[["gdp_current_usd", "gdp_constant_2015_usd", "population_persons"]].notna().all().all()


def test_china_and_russia_traded_240_billion_in_2023() -> None:
    """240.1 bn USD by Chinese customs, exports and imports."""
    flow = table("trade_reconciled").set_index(["iso3_o", "iso3_d"]).fob_kusd
    assert (flow["CHN", "RUS"] + flow["RUS", "CHN"]) / 1e6 == pytest.approx(240.1, rel=0.02)


def test_member_trade_of_the_initial_state_is_what_was_observed_in_2023() -> None:
    """Catches a state of 2023 that holds the trade of 2020: 674 bn USD were observed, 539 bn at prices of 2015."""
    model = build_model(load_scenario("baseline"), worlds=100, replicates=1)
    totals = np.exp(model.state.trade).sum(axis=1) / 1e9
    assert np.median(totals) == pytest.approx(539.0, rel=0.03)
    flows = CASE.table("trade_reconciled").query("year == 2023 and basis == 'reconciled'")
    wide = flows.pivot(index="iso3_o", columns="iso3_d", values="fob_kusd")
    near = []
    for tie, (a, b) in enumerate(model.ties.pairs):
        both = [wide.get(d, {}).get(o, np.nan) for o, d in ((a, b), (b, a))]
        if not np.isnan(both).any():
            observed = sum(both) * 1000.0 / CASE.deflator[2023]
            near.append(abs(np.median(np.exp(model.state.trade[:, tie])) / observed - 1.0) < 0.1)
    assert len(near) >= 39
    assert np.mean(near) >= 0.9


def test_the_flows_of_2023_know_their_basis() -> None:
    rows = table("trade_reconciled")
    assert set(rows.year) == {2023}
    inside = rows[rows.iso3_o.isin(MEMBERS) & rows.iso3_d.isin(MEMBERS)]
    whole = inside.fob_kusd.sum() / 1e6
    assert whole == pytest.approx(674.0, rel=0.01)  # bn current USD, with the flows that have no reporter filled
    basis = inside.set_index(["iso3_o", "iso3_d"]).basis
    assert basis["BLR", "RUS"] == "one_office"
    assert basis["IRN", "RUS"] == "split"
    assert inside.basis.eq("reconciled").sum() == 78  # 39 pairs, both ways
    assert not ((rows.iso3_o == "IRN") & (rows.iso3_d == "TJK")).any()  # unknown, not zero


def test_nothing_that_is_projected_is_a_row_of_the_years() -> None:
    assert table("state_years").year.max() == 2024
    outlook = table("growth_outlook").set_index("iso3")
    assert outlook.nominal_growth_ln.dropna().between(-0.05, 0.15).all()
    assert outlook.loc[["AFG", "LKA"], "nominal_growth_ln"].isna().all()


def test_the_record_of_decisions_ends_in_2024() -> None:
    rows = table("agenda")
    assert rows[["adopted", "in_force"]].stack().dropna().str[:4].astype(int).max() <= 2024
    assert rows.set_index("item").loc["development_bank", "outcome"] == "not_adopted"


def test_all_ten_members_are_members_since_2024() -> None:
    rows = table("statuses")
    members = rows[(rows.status == "member") & (rows.date < "2025")]
    assert set(members.iso3) == set(MEMBERS)
    assert len(MEMBERS) == 10
