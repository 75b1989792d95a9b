"""What the observations say at the start: against exact conditioning of all years at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sco_sim.case.case import Case
from sco_sim.case.filters import (
    NO_YEAR,
    filter_trade,
    filter_trust,
    trade_observations,
)
from sco_sim.case.gravity import all_ties, expected_flows, gravity_regressors, regress, without_direction
from sco_sim.case.initial import initial_state
from sco_sim.case.observables import ACTIVE_DAYS
from sco_sim.case.trade_reports import CIF_OVER_FOB
from sco_sim.world.channels import VALUES
from sco_sim.world.ties import Ties
from tests.worlds import CASE, variant

LEDGER = CASE.ledger
MEMBERS = Ties(("BLR", "CHN", "IND", "IRN", "KAZ", "KGZ", "PAK", "RUS", "TJK", "UZB"))
SMALL = Ties(("CHN", "IND", "RUS"))


def value(name: str) -> float:
    """The centre of a parameter."""
    return LEDGER[name].central


def case_with(**tables: pd.DataFrame) -> Case:
    """The shipped case with some tables replaced."""
    case = Case()
    case._tables.update(tables)
    return case


def test_the_deflator_is_1_in_2015_and_holds_on() -> None:
    """Catches prices of another year, which shift every volume of trade and GDP."""
    assert CASE.deflator[2015] == 1.0
    assert CASE.deflator[1995] == pytest.approx(0.68, abs=0.03)
    assert CASE.deflator.notna().all()
    china = np.exp(CASE.gdp(("CHN",), range(2015, 2016)))[0, 0]
    assert china == pytest.approx(11.06e12, rel=0.02)


def test_trade_of_china_and_russia_in_2014_by_hand() -> None:
    """Catches a direction counted twice, CIF taken for FOB, thousands for dollars, prices of the wrong year."""
    seen, error = trade_observations(CASE, LEDGER, MEMBERS, range(2014, 2015))
    reports = CASE.table("trade_reports").set_index(["iso3_o", "iso3_d", "year"])
    total, spread = 0.0, 0.0
    for direction in (("CHN", "RUS"), ("RUS", "CHN")):
        row = reports.loc[(*direction, 2014)]
        fob, cif = float(row.exporter_fob_kusd), float(row.importer_cif_kusd) / 1.06
        flow = (fob * cif) ** 0.5
        total += flow
        spread += (flow * value("trade.report_error")) ** 2
    usa = CASE.table("state_years").query("iso3 == 'USA'").set_index("year")
    prices = usa.gdp_current_usd / usa.gdp_constant_2015_usd
    ratio = prices[2014] / prices[2015]
    tie = MEMBERS.tie("CHN", "RUS")
    assert seen[0, tie] == pytest.approx(np.log(1000.0 * total / ratio), abs=1e-9)
    assert error[0, tie] == pytest.approx(np.sqrt(spread) / total, abs=1e-9)
    assert np.exp(seen[0, tie]) == pytest.approx(88e9, rel=0.06)
    assert CIF_OVER_FOB == 1.06


def test_one_report_stands_for_a_direction_and_says_so_by_its_width() -> None:
    """Catches a gap read as zero, and a single report trusted like two."""
    rows = pd.DataFrame(
        [("CHN", "RUS", 2015, 1e6, np.nan), ("RUS", "CHN", 2015, np.nan, 2.12e6), ("CHN", "IND", 2015, 1e6, 1.06e6)],
        columns=["iso3_o", "iso3_d", "year", "exporter_fob_kusd", "importer_cif_kusd"],
    )
    seen, error = trade_observations(case_with(trade_reports=rows), LEDGER, SMALL, range(2015, 2016))
    single, both = value("trade.report_error_single"), value("trade.report_error")
    assert np.exp(seen[0, SMALL.tie("CHN", "RUS")]) == pytest.approx(3e9)
    assert error[0, SMALL.tie("CHN", "RUS")] == pytest.approx(single * np.hypot(1 / 3, 2 / 3))
    assert np.exp(seen[0, SMALL.tie("CHN", "IND")]) == pytest.approx(1e9)
    assert error[0, SMALL.tie("CHN", "IND")] == pytest.approx(np.hypot(both, single))
    assert np.isnan(seen[0, SMALL.tie("IND", "RUS")])


def test_a_direction_that_is_missing_is_carried_on_beside_the_other() -> None:
    """Catches a direction that is cut off read as zero: the tie would fall to what the other one carries."""
    rows = pd.DataFrame(
        [("CHN", "RUS", 2015, 1e6, np.nan), ("RUS", "CHN", 2015, 3e6, np.nan), ("CHN", "RUS", 2018, 2e6, np.nan)],
        columns=["iso3_o", "iso3_d", "year", "exporter_fob_kusd", "importer_cif_kusd"],
    )
    seen, error = trade_observations(case_with(trade_reports=rows), LEDGER, SMALL, range(2014, 2019))
    tie = SMALL.tie("CHN", "RUS")
    prices = CASE.deflator
    assert np.exp(seen[4, tie]) * prices[2018] / 1e9 == pytest.approx(2.0 * (1.0 + 3.0))
    step, single = value("trade.direction_step"), value("trade.report_error_single")
    assert error[4, tie] == pytest.approx(np.hypot(single, 0.75 * step * np.sqrt(3.0)))
    assert np.isnan(seen[[0, 2, 3], tie]).all()


def conditioned(prior: np.ndarray, spread: np.ndarray, h: np.ndarray, y: np.ndarray, r: np.ndarray) -> Any:
    """Mean and covariance of a Gaussian vector after linear observations, all at once."""
    gain = spread @ h.T @ np.linalg.inv(h @ spread @ h.T + np.diag(r))
    return prior + gain @ (y - h @ prior), spread - gain @ h @ spread


def test_the_trade_filter_is_exact_conditioning() -> None:
    """Catches a wrong gain, a variance that does not grow, a drift put in twice, a gap that is filtered."""
    ledger = replace(
        LEDGER, entries=dict(LEDGER.entries) | {"trade.noise_size": replace(LEDGER["trade.noise_size"], central=0.0)}
    )
    estimate = filter_trade(CASE, ledger, SMALL, 2018)
    years = range(1992, 2019)
    seen, error = trade_observations(CASE, ledger, SMALL, years)
    gdp = pd.DataFrame(CASE.gdp(SMALL.states, years)).ffill().to_numpy()
    share, spread = value("trade.tail_share"), value("trade.tail_spread")
    step = np.exp(2.0 * value("trade.noise_level")) * (1.0 - share + share * spread**2)
    step += value("trade.common_noise") ** 2
    all_states = 2.0 * value("trade.common_elasticity") * gdp.mean(axis=1)
    for t in range(3):
        drift = value("trade.gdp_elasticity") * (gdp[:, SMALL.first[t]] + gdp[:, SMALL.second[t]]) + all_states
        first, *later = np.flatnonzero(~np.isnan(seen[:, t]))
        size = len(years) - first
        walk = step * np.minimum.outer(np.arange(size), np.arange(size)) + error[first, t] ** 2
        prior = seen[first, t] + drift[first:] - drift[first]
        rows = np.eye(size)[np.array(later) - first]
        mean, spread = conditioned(prior, walk, rows, seen[later, t], error[later, t] ** 2)
        assert estimate.mean[t] == pytest.approx(mean[-1], abs=1e-8)
        assert estimate.sd[t] == pytest.approx(np.sqrt(spread[-1, -1]), abs=1e-8)
        assert estimate.year[t] == 2018


@pytest.mark.parametrize("start", [2001, 2014, 2020, 2023])
def test_the_trust_filter_is_exact_conditioning(start: int) -> None:
    """Catches a wrong gain or covariance between level and deviation, a slope left out, a lucky year trusted less."""
    rivalry = np.array([1.0, 0.0, 0.0])
    estimate = filter_trust(CASE, LEDGER, SMALL, start, rivalry)
    first = min(2002, start)
    years = range(first, start + 1)
    n = len(years)
    rows = CASE.table("tie_years").set_index(["iso3_a", "iso3_b", "year"])
    rho, sigma = value("trust.persistence"), value("trust.noise")
    walk = value("trust.level_rate") * value("trust.level_noise") ** 2
    lags = np.arange(n)
    level = value("trust.start_sd") ** 2 + walk * np.minimum.outer(lags, lags)
    deviation = sigma**2 / (1.0 - rho**2) * rho ** np.abs(np.subtract.outer(lags, lags))
    heard = np.array(
        [rows.loc[(*pair, year)].gdelt_active_days >= ACTIVE_DAYS for pair in SMALL.pairs for year in years]
    )
    heard = heard.reshape(len(SMALL.pairs), n)
    for t, pair in enumerate(SMALL.pairs):
        since = np.cumsum(heard[t]) > 0  # what is lasting between the two sources is there from the first year of GDELT
        gap = value("trust.gdelt_gap") ** 2 * np.outer(since, since)
        spread = np.block([[level + gap, np.zeros((n, n))], [np.zeros((n, n)), deviation]])
        events = rows.loc[pair].loc[list(years), ["icews_cooperative_events", "icews_conflictual_events"]].sum()
        share = (events.iloc[0] + 2.0) / (events.sum() + 2.2)
        prior = np.r_[np.full(n, value("trust.start_mean") + value("trust.start_rivalry") * rivalry[t]), np.zeros(n)]
        h, y, r, last = [], [], [], float(NO_YEAR)
        for k, year in enumerate(years):
            row = rows.loc[(*pair, year)]
            good, bad = row.icews_cooperative_events, row.icews_conflictual_events
            if good + bad > 0.0:
                h.append(np.r_[np.eye(n)[k], np.eye(n)[k]])
                y.append(np.log((good + 0.5) / (bad + 0.5)))
                expected = (good + bad) * share, (good + bad) * (1.0 - share)
                r.append(value("trust.overdispersion") * sum(1.0 / (count + 0.5) for count in expected))
                last = year
            if heard[t, k]:
                h.append(value("trust.gdelt_slope") * np.r_[np.eye(n)[k], np.eye(n)[k]])
                logit = np.log((1.0 + row.gdelt_balance + 0.02) / (1.0 - row.gdelt_balance + 0.02))
                y.append(logit - value("trust.gdelt_intercept"))
                r.append(value("trust.gdelt_noise") ** 2)
                last = year
        mean, after = prior, spread
        if h:
            mean, after = conditioned(prior, spread, np.array(h), np.array(y), np.array(r))
        assert estimate.level[t] == pytest.approx(mean[n - 1], abs=1e-8)
        assert estimate.deviation[t] == pytest.approx(mean[-1], abs=1e-8)
        assert estimate.level_sd[t] == pytest.approx(np.sqrt(after[n - 1, n - 1]), abs=1e-8)
        assert estimate.deviation_sd[t] == pytest.approx(np.sqrt(after[-1, -1]), abs=1e-8)
        assert estimate.covariance[t] == pytest.approx(after[n - 1, -1], abs=1e-8)
        assert estimate.year[t] == last


def test_a_tie_whose_trade_was_never_seen_comes_from_gravity_with_a_wide_spread() -> None:
    """Catches a gap taken for no trade, or for certainty."""
    reports = CASE.table("trade_reports")
    hidden = reports[~(reports[["iso3_o", "iso3_d"]].isin(["KGZ", "IND"]).all(axis=1))]
    estimate = filter_trade(case_with(trade_reports=hidden), LEDGER, MEMBERS, 2020)
    tie = MEMBERS.tie("IND", "KGZ")
    known = np.arange(len(MEMBERS)) != tie
    first, second, *others = gravity_regressors(CASE, MEMBERS, 2020).T[1:]
    x = np.column_stack([np.ones(len(MEMBERS)), first + second, *others])  # which end is first is nothing
    assert estimate.year[tie] == NO_YEAR
    mean, sd = expected_flows(x[known], estimate.mean[known], x[[tie]])
    assert estimate.mean[tie] == pytest.approx(mean[0], abs=1e-6)
    assert estimate.sd[tie] == pytest.approx(sd[0], abs=1e-6)
    assert estimate.sd[tie] > 0.5
    assert estimate.sd[known].max() < estimate.sd[tie]


def test_a_tie_whose_events_were_never_seen_keeps_the_prior() -> None:
    """Catches a logit of nothing (0.5 over 0.5) read as half the interactions being conflictual."""
    events = CASE.table("tie_years").copy()
    columns = ["icews_cooperative_events", "icews_conflictual_events", "gdelt_balance", "gdelt_active_days"]
    events.loc[(events.iso3_a == "IND") & (events.iso3_b == "RUS"), columns] = np.nan
    estimate = filter_trust(case_with(tie_years=events), LEDGER, SMALL, 2020, np.zeros(3))
    tie = SMALL.tie("IND", "RUS")
    walk = value("trust.level_rate") * value("trust.level_noise") ** 2
    assert estimate.level[tie] == value("trust.start_mean")
    assert estimate.deviation[tie] == 0.0
    assert estimate.level_sd[tie] == pytest.approx(np.sqrt(value("trust.start_sd") ** 2 + 18 * walk))
    assert estimate.year[tie] == NO_YEAR


def test_rivals_are_trusted_less_at_the_start() -> None:
    """Catches a sign: China and India, India and Pakistan at the bottom, China and Pakistan near the top."""
    rivalry = CASE.rivalries(MEMBERS, range(2020, 2021))[0]
    level = filter_trust(CASE, LEDGER, MEMBERS, 2020, rivalry).level
    order = [MEMBERS.names[t] for t in np.argsort(level)]
    assert "IND-PAK" in order[:3]
    assert order.index("CHN-IND") < order.index("CHN-PAK")


@pytest.mark.slow
@pytest.mark.parametrize("start", [2016, 2020])
def test_nothing_after_the_start_is_used(start: int) -> None:
    """Catches a forecast that has seen what it is to forecast."""
    cut = Case()
    for name in ("state_years", "tie_years", "trade_reports", "students", "air_links"):
        table = CASE.table(name)
        cut._tables[name] = table[table["year"] <= start]
    scenario = variant().model_copy(update={"horizon": variant().horizon.model_copy(update={"start": start})})
    rivalry = CASE.rivalries(MEMBERS, range(start, start + 1))[0]
    whole, known = (initial_state(scenario.horizon.start, case, LEDGER, MEMBERS, rivalry) for case in (CASE, cut))
    for part in ("trust", *VALUES):
        one, other = (now.trust if part == "trust" else now.channels[part] for now in (whole, known))
        for name, values in vars(one).items():
            assert np.array_equal(values, getattr(other, name), equal_nan=True), (part, name)
    for part in ("years_since_dispute", "log_gdp", "gdp_age"):
        assert np.array_equal(getattr(whole, part), getattr(known, part)), part
    visas = CASE.table("visas")
    seen = case_with(visas=visas[visas["year"] <= max(start, 2017)])  # the first year there is stands for earlier ones
    now = range(start, start + 1)
    assert np.array_equal(CASE.openness(MEMBERS, now), seen.openness(MEMBERS, now))


def test_visas_follow_the_snapshots_year_by_year_and_then_stay() -> None:
    """Catches a regime of 2019 for ever, a ban of the pandemic taken for a closed border, a year before its time."""
    visas = CASE.table("visas").set_index(["iso3_passport", "iso3_destination", "year"]).openness
    path, tie = CASE.openness(MEMBERS, range(2017, 2031)), MEMBERS.tie("CHN", "UZB")
    assert path.shape == (14, len(MEMBERS))
    last = 0.5 * (visas["CHN", "UZB", 2024] + visas["UZB", "CHN", 2024])
    assert (path[2024 - 2017 :, tie] == last).all()
    assert path[0, tie] == 0.5 * (visas["CHN", "UZB", 2017] + visas["UZB", "CHN", 2017])
    assert np.isnan(visas["CHN", "UZB", 2020]) or np.isnan(visas["UZB", "CHN", 2020]) or path[3, tie] >= 0.0
    assert len({row.tobytes() for row in path}) > 4


def test_least_squares_is_least_squares() -> None:
    """Catches a ridge so strong that it shows, and a residual with the wrong number of degrees of freedom."""
    generator = np.random.default_rng(1)
    x = np.column_stack([np.ones(60), generator.normal(size=(60, 2))])
    y = x @ np.array([1.0, -2.0, 0.5]) + generator.normal(size=60)
    slope, squares, *_ = np.linalg.lstsq(x, y, rcond=None)
    predicted, residual = regress(x, y, x[:5])
    assert predicted == pytest.approx(x[:5] @ slope, abs=1e-5)
    assert residual == pytest.approx(np.sqrt(squares[0] / 57), abs=1e-5)


def test_flows_that_were_never_seen_keep_the_total_of_those_that_were() -> None:
    """Catches a fit of logs, whose drawn flows add up to many times what large flows imply, and one spread for all."""
    generator = np.random.default_rng(3)
    size = generator.uniform(0.0, 8.0, 600)
    x = np.column_stack([np.ones(600), size])
    sd = np.exp(1.2 - 0.15 * size)
    y = 2.0 + x @ np.array([0.0, 1.0]) - 0.5 * sd**2 + sd * generator.normal(size=600)
    mean, spread = expected_flows(x[:300], y[:300], x[300:])
    drawn = np.exp(mean + 0.5 * spread**2).sum()
    assert drawn == pytest.approx(np.exp(2.0 + size[300:]).sum(), rel=0.4)
    logs, residual = regress(x[:300], y[:300], x[300:])
    assert np.exp(logs + 0.5 * residual**2).sum() > 1.5 * drawn
    order = np.argsort(size[300:])
    assert spread[order[0]] > 1.5 * spread[order[-1]]
    assert spread == pytest.approx(sd[300:], rel=0.3)


@pytest.mark.slow
def test_gravity_gives_the_trade_of_the_members_without_having_seen_it() -> None:
    """Catches a case without trade tables that starts with several times the trade of its states (4,900 bn for 527)."""
    ties = all_ties(CASE)
    seen = filter_trade(CASE, LEDGER, ties, 2023)
    x = without_direction(gravity_regressors(CASE, ties, 2023))
    inside = np.array([set(pair) <= set(MEMBERS.states) for pair in ties.pairs])
    mean, sd = expected_flows(x[~inside], seen.mean[~inside], x[inside])
    total = np.exp(seen.mean[inside]).sum()
    assert np.exp(mean + 0.5 * sd**2).sum() == pytest.approx(total, rel=0.25)
    drawn = np.exp(mean + sd * np.random.default_rng(1).normal(size=(2000, len(mean)))).sum(axis=1)
    assert 0.5 * total < np.median(drawn) < total
