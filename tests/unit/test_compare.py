"""What is printed of a comparison, checked against numbers worked out by hand."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from sco_sim import load_scenario, run
from sco_sim.commands.folders import results
from sco_sim.engine.record import interest
from sco_sim.errors import ScenarioError, StoreError
from sco_sim.shipped import shipped_scenarios
from sco_sim.studies.comparison.checks import check_folder, check_pairs, other_states
from sco_sim.studies.comparison.compare import compare, compare_runs, default_name
from sco_sim.studies.comparison.cost import COLUMNS
from sco_sim.studies.comparison.grids import FEWEST as FEWEST_TOGETHER
from sco_sim.studies.comparison.histories import histories, superiority, within
from sco_sim.studies.comparison.tables import AGREEMENTS, WINNERS, TwoRuns, agreements, pairs
from sco_sim.studies.comparison.verdict import FEWEST
from sco_sim.studies.statistics import chance_better, paired, quantile, standard_error, unpaired
from tests.unit.command_line import fine
from tests.unit.fake_runs import FakeRun

SETTINGS = np.arange(101) // 4


def test_paired_effect_of_a_uniform_difference_has_its_quantiles():
    reference = np.random.default_rng(1).normal(size=101)
    effect = paired(reference, reference + np.linspace(-20.0, 80.0, 101), SETTINGS, "higher")
    assert effect.difference == pytest.approx(30.0)
    assert effect.low_05 == pytest.approx(-15.0)
    assert effect.high_95 == pytest.approx(75.0)
    assert effect.scenario_mean - effect.reference_mean == pytest.approx(30.0)
    assert effect.chance_better == pytest.approx(80.5 / 101)  # 80 above zero, and half of the one at zero


@pytest.mark.parametrize("size", [1, 2, 3, 20, 73, 200])
def test_quantiles_of_sorted_values_have_the_bits_of_numpys(size):
    """Catches a figure in its last digit that is another than before, and an index beyond the ends."""
    generator = np.random.default_rng(size)
    for values in (generator.normal(size=size), generator.integers(0, 3, size).astype(float)):
        shares = [0.0, 0.05, 0.5, 0.95, 1.0, *generator.random(20)]
        assert [quantile(np.sort(values), share) for share in shares] == np.quantile(values, shares).tolist()
        assert paired(values, 3.0 * values, np.arange(size)).difference_median == np.median(3.0 * values - values)


@pytest.mark.parametrize(("better", "chance"), [("higher", 0.375), ("lower", 0.625), ("none", None)])
def test_ties_count_half(better, chance):
    found = chance_better(np.array([1.0, -1.0, -2.0, 0.0]), better)
    assert found == chance if chance is not None else np.isnan(found)


class Counted(FakeRun):
    """A run that counts how often its files are read."""

    def parts(self, *asked, **more):
        vars(self)["readings"] = vars(self).get("readings", 0) + 1
        yield from super().parts(*asked, **more)


def test_the_reference_is_read_no_more_often_for_more_scenarios():
    """Catches the file of the reference read again for every scenario and outcome, which took half of the time."""
    counts = []
    for number in (1, 4):
        reference = Counted()
        for two in pairs([reference, *(FakeRun(f"s{i}", 1.0 + i) for i in range(number))], together=True):
            assert [key for key, _ in two.read("metrics", two.keys("metrics"), [2030])]
            assert list(two.winners(2030))
        counts.append(reference.readings)
    assert counts[0] == counts[1] <= 7


def test_outcomes_read_a_few_at_a_time_are_those_read_together(monkeypatch):
    """Catches a batch of outcomes that is taken for the one before it."""
    two = TwoRuns(FakeRun(), FakeRun("railway", 1.0), together=True)
    together = dict(two.read("metrics", two.keys("metrics")))
    monkeypatch.setattr("sco_sim.studies.comparison.grids.NUMBERS", 1)
    monkeypatch.setitem(FEWEST_TOGETHER, "metrics", 3)
    few = dict(two.read("metrics", two.keys("metrics")))
    assert list(few) == list(together)
    for key, tables in few.items():
        for one, other in zip(tables, together[key], strict=True):
            pd.testing.assert_frame_equal(one, other)


def test_standard_error_is_of_the_settings_means():
    values = np.array([1.0, 1.0, 1.0, 1.0, 3.0, 3.0, 3.0, 3.0])
    settings = np.arange(8) // 4
    # two settings: means 1 and 3, standard deviation sqrt(2), over sqrt(2)
    assert standard_error(values, settings) == pytest.approx(1.0)
    assert standard_error(values, np.arange(8)) < 0.5  # as if the replicates were independent
    assert np.isnan(standard_error(values, np.zeros(8, dtype=int)))


def test_worlds_without_a_value_are_left_out():
    reference, scenario = np.array([1.0, np.nan, 2.0]), np.array([2.0, 5.0, np.nan])
    assert paired(reference, scenario, np.arange(3)).difference == 1.0
    assert all(np.isnan(paired(reference, np.full(3, np.nan), np.arange(3))))
    assert unpaired(reference, scenario, (np.arange(3), np.arange(3))).difference == 2.0  # 3.5 less 1.5


def test_unpaired_interval_is_over_every_couple():
    ones, settings = np.arange(4.0), np.arange(4)
    effect = unpaired(ones, ones, (settings, settings), "higher")
    assert (effect.difference, effect.chance_better) == (0.0, 0.5)
    assert effect.high_95 == pytest.approx(np.quantile(np.subtract.outer(ones, ones), 0.95)) != 0.0
    assert effect.mean_se == pytest.approx(np.hypot(*[standard_error(ones, settings)] * 2))


def test_the_spread_is_between_histories_of_one_setting():
    """Catches a spread between settings, or between the years of one history."""
    block = np.array([[1.0, 3.0], [101.0, 103.0], [7.0, 9.0]])
    assert within(block) == pytest.approx(np.sqrt(2.0))
    assert np.isnan(within(block[:, :1]))
    assert np.isnan(within(block[:0]))


@pytest.mark.parametrize(("better", "share"), [("higher", 0.75), ("lower", 0.25), ("none", 0.75)])
def test_superiority_counts_pairs_of_histories_by_hand(better, share):
    """Catches a pair of a history with itself, the wrong side, and a tie that counts as a win."""
    block = np.array([[0.0, 2.0], [0.0, 2.0]])  # two histories differ by 2 or by -2
    found, error = superiority(np.array([2.0, 2.0]), np.arange(2), block, better)
    assert (found, error) == (share, 0.0)  # up by 4, or by 0 and a tie
    assert superiority(np.zeros(4), np.arange(4), block, better)[0] == 0.5
    assert np.isnan(superiority(np.zeros(4), np.arange(4), block[:, :1], better)).all()


def test_replicates_of_the_run_itself_are_the_histories():
    """Catches worlds of other settings in a block, and a block simulated beside one that is there."""
    run = FakeRun(worlds=10, replicates=4)
    block = histories(run, None)
    trade = run.metrics().pivot(index="world", columns="year", values="trade_total_busd")
    values, settings = block.of("trade_total_busd", 2030)
    assert values == pytest.approx(trade[2030].to_numpy()[:8].reshape(2, 4))
    assert settings.tolist() == [0, 1]
    assert block.of("nothing", 2030)[0].shape == (0, 2)


def test_years_of_interest():
    assert interest(2020, 2035) == (2025, 2030, 2035)
    assert interest(2001, 2008) == (2005, 2008)
    assert interest(2020, 2021) == (2021,)


def test_only_common_worlds_and_years_are_compared():
    pair = TwoRuns(FakeRun(worlds=8, end=2026), FakeRun("other", 1.0, worlds=12, end=2030), together=True)
    assert list(pair.worlds[1]) == list(range(8))
    assert pair.years[-1] == 2026
    rows = [
        row
        for row in pair.outcomes([2026], {}, "hindcast", histories(FakeRun(end=2026), None))
        if row["outcome"] == "people_index"
    ]
    assert rows[0]["difference"] == pytest.approx(5 * 6)


def test_winners_are_sorted_and_signed():
    rows = pd.DataFrame(TwoRuns(FakeRun(), FakeRun("other", 1.0), together=True).winners(2030))
    assert set(rows.columns) == set(WINNERS)
    gains = rows[rows["outcome"] == "gain"].set_index("iso3_a")["difference"]
    assert gains["RUS"] == pytest.approx(10 * 2 * 0.3)  # ten years, two places above the one that gains nothing
    assert list(gains.index) == ["RUS", "KGZ", "IND", "CHN"]
    assert set(rows.loc[rows["kind"] == "state", "iso3_b"]) == {""}
    assert set(rows["year"]) == {2030}


def test_agreements_by_hand():
    (row,) = agreements(FakeRun("other", 1.0, worlds=40))
    assert tuple(row) == AGREEMENTS
    assert (row["adopted_share"], row["adopted_year_mean"], row["delay_mean_years"]) == (0.5, 2024.0, 4.0)
    assert row["ambition_where_adopted"] == pytest.approx(0.6)
    assert row["delivered_mean"] == pytest.approx(0.15)
    assert (row["hold_out"], row["hold_out_share"]) == ("IND", 0.75)
    assert 0.05 < row["adopted_share_se"] < 0.25  # of ten settings or forty worlds
    assert 0.0 < row["hold_out_share_se"] < 0.25
    assert (row["force_share"], row["force_year_mean"], row["ratified_year_mean"]) == (0.25, 2026.0, 2026.0)
    assert row["half_delivered_share"] == 0.0
    assert np.isnan(row["half_delivered_year_mean"])
    (earlier,) = agreements(FakeRun("other", 1.0, worlds=40), 2025)
    assert (earlier["adopted_share"], earlier["force_share"], earlier["ratified_year_mean"]) == (0.5, 0.0, 2025.0)
    assert list(agreements(FakeRun())) == []


@pytest.mark.parametrize(
    ("off", "empty"), [("ratification", "force"), ("losses", "half_delivered"), ("delivery", "half_delivered")]
)
def test_a_date_that_nobody_sets_has_no_share(off: str, empty: str) -> None:
    """Catches 0 % in force, or half delivered, where the mechanism that dates it is switched off."""
    run = FakeRun("other", 1.0, worlds=40)
    run.told.without.mechanisms = (off,)
    (row,) = agreements(run)
    dates = ("force", "half_delivered")
    assert {name for name in dates if np.isnan(row[f"{name}_share"])} == {empty}
    assert tuple(row) == AGREEMENTS


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"start": 2019}, "start years"),
        ({"seed": 2}, "seeds"),
        ({"replicates": 2}, "numbers of replicates"),
    ],
)
def test_what_cannot_be_paired_says_so_and_offers_unpaired(changes, word):
    with pytest.raises(ScenarioError, match=rf"their {word} differ(.|\n)*--unpaired"):
        compare_runs([FakeRun(), FakeRun("other", 1.0, **changes)])


@pytest.mark.parametrize("content", [b"", b"\xff\x00\x01", b"a,b\n1,2\n", b'"'])
def test_a_damaged_table_in_the_folder_is_told_in_words(content, tmp_path):
    (tmp_path / "comparison.csv").write_bytes(content)
    with pytest.raises(StoreError):
        check_folder(tmp_path, ["baseline", "other"])


def test_horizons_that_do_not_meet_are_refused():
    runs = [FakeRun(), FakeRun("other", 1.0, start=2030, end=2035)]
    with pytest.raises(ScenarioError, match="no years in common"):
        compare_runs(runs, unpaired=True)


def test_two_of_one_name_and_one_alone_are_refused():
    with pytest.raises(ScenarioError, match="no difference between a scenario and itself"):
        compare_runs([FakeRun(), FakeRun()])
    with pytest.raises(ScenarioError, match="two scenarios are named 'baseline'"):
        compare_runs([FakeRun(), FakeRun(seed=2)])
    with pytest.raises(ScenarioError, match="at least two"):
        compare_runs([FakeRun()])


def test_agreements_of_an_earlier_year_count_what_was_adopted_by_then():
    """Catches adoptions of later years in the table of an earlier one."""
    run = FakeRun("other", 1.0, worlds=40)
    (before,), (then,), (last,) = (list(agreements(run, year)) for year in (2023, 2024, 2040))
    assert (before["year"], before["adopted_share"], then["adopted_share"]) == (2023, 0.0, 0.5)
    assert np.isnan(then["delay_mean_years"])
    assert (then["hold_out"], last["hold_out"], last["year"]) == ("", "IND", 2030)


def test_medians_stand_beside_the_means():
    """Catches a median of the wrong thing: one wild world of 101 moves the mean and not the median."""
    reference, change = np.zeros(101), np.linspace(-20.0, 80.0, 101)
    change[-1] = 1e6
    for effect in (paired(reference, change, SETTINGS), unpaired(reference, change, (SETTINGS, SETTINGS))):
        assert (effect.reference_median, effect.scenario_median, effect.difference_median) == (0.0, 30.0, 30.0)
        assert effect.difference > 9000.0


def test_default_name_stays_short():
    assert default_name(["baseline", "a"]) == "baseline_vs_a"
    long = default_name(["baseline", *(f"scenario_{n}" for n in range(40))])
    assert len(long) < 80
    assert long != default_name(["baseline", *(f"scenario_{n}" for n in range(1, 41))])


def test_folder_without_out_is_another_one_for_other_runs(monkeypatch, tmp_path):
    """Catches two commands of the README, one after the other, of which the second is refused."""
    monkeypatch.chdir(tmp_path)
    short = ["compare", "baseline", "sister_cities", "--worlds", "2", "--set", "horizon.end=2027"]
    for more in ([], ["--view", "documents"], ["--set", "events=[]"], []):
        fine(*short, *more)
    plain = results("a")
    assert results("a", ["view=evidence"]) == Path("results/a_view_evidence")
    assert len({plain, results("a", ["x=1"]), results("a", ["x=2"]), results("a", ["x=1", "view=sceptic"])}) == 4
    assert results("a", ["x=1", "y=2"]) == results("a", ["y=2", "x=1"])


def test_new_case_names_worlds_that_are_enough(tmp_path):
    """Catches a first command whose answer is that all of it may be chance."""
    club = tmp_path / "club"
    texts = [fine("new", "case", club), (club / "README.md").read_text(encoding="utf-8")]
    assert [int(worlds) >= FEWEST for text in texts for worlds in re.findall(r"--worlds (\d+)", text)] == [True, True]


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Two shipped scenarios, a few worlds, to 2030."""
    folder = tmp_path_factory.mktemp("compare")
    scenarios = [
        load_scenario(
            shipped_scenarios() / f"{name}.yaml", ["horizon.end=2030", "states=[CHN, KGZ, RUS, UZB]", "events=[]"]
        )
        for name in ("baseline", "sister_cities")
    ]
    calls: list[tuple[int, int]] = []
    found = compare(scenarios, worlds=12, out=folder, progress=lambda *done: calls.append(done))
    return SimpleNamespace(folder=folder, scenarios=scenarios, found=found, calls=calls)


def test_the_tables_have_the_columns_of_the_contract(small):
    columns = (
        "scenario,reference,outcome,unit,better,year,reference_mean,scenario_mean,difference,low_05,high_95,mean_se,"
        "chance_better,prior_chance_better,evidence,spread_ratio,reference_median,scenario_median,difference_median,"
        "low_05_se,high_95_se,chance_better_se,difference_median_se,moved,moved_se,better_if_moved,better_if_moved_se,"
        "prior_gap_se,spread,superiority,superiority_se"
    )
    assert (small.folder / "comparison.csv").read_text().splitlines()[0] == columns
    assert (small.folder / "winners.csv").read_text().splitlines()[0] == ",".join(WINNERS)
    assert (small.folder / "agreements.csv").read_text().splitlines()[0] == ",".join(AGREEMENTS)
    assert sorted(small.found.table["year"].unique()) == [2025, 2030]
    assert small.found.settings == 12
    assert set(small.found.winners["year"]) == {2030}
    assert "\n" not in repr(small.found)
    assert len(repr(small.found)) < 300
    assert "sister_cities with baseline" in repr(small.found)
    assert small.calls[-1] == (24, 24)


def test_the_cost_of_an_outcome_is_that_of_the_table(small):
    cost = pd.read_csv(small.folder / "cost.csv")
    assert tuple(cost.columns) == COLUMNS
    last = small.found.table[small.found.table["year"] == 2030].set_index("outcome")
    row = cost[(cost["outcome"] == "cities_total") & (cost["year"] == 2030)].iloc[0]
    spent = last.loc["cost_musd", "difference"]
    assert row["cost_musd"] == pytest.approx(spent)
    assert spent > 0.0
    assert row["per_bn"] == pytest.approx(1000.0 * last.loc["cities_total", "difference"] / spent)


@pytest.mark.slow
def test_pairing_narrows_the_interval(small):
    other = compare_runs(small.found.runs, unpaired=True).table
    key = ["outcome", "year"]
    both = small.found.table.merge(other, on=key, suffixes=("", "_unpaired"))
    trade = both[(both["outcome"] == "trade_total_busd") & (both["year"] == 2030)].iloc[0]
    assert trade["mean_se"] < 0.2 * trade["mean_se_unpaired"]
    assert trade["difference"] == pytest.approx(trade["difference_unpaired"])


@pytest.mark.slow
def test_the_same_again_gives_the_same_bytes_and_another_is_refused(small, tmp_path):
    before = (small.folder / "comparison.csv").read_bytes()
    compare(small.scenarios, worlds=12, out=small.folder)
    assert (small.folder / "comparison.csv").read_bytes() == before
    with pytest.raises(StoreError, match="another comparison"):
        compare(small.scenarios[::-1], worlds=12, out=small.folder)
    with pytest.raises(StoreError, match=r"another run \(seed"):
        compare(small.scenarios, worlds=12, seed=2, out=small.folder)
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(StoreError, match="other files"):
        compare(small.scenarios, worlds=12, out=tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.txt"]


@pytest.mark.slow
def test_stored_folders_and_scenarios_mix(small, tmp_path):
    stored = small.folder / "runs" / "baseline"
    found = compare([stored, small.scenarios[1]], worlds=12, out=tmp_path / "out", years=[2030])
    mine = small.found.table[small.found.table["year"] == 2030].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.table, mine)
    earlier = compare_runs(found.runs, years=[2027, 2026])
    assert set(earlier.winners["year"]) == set(earlier.agreements["year"]) == {2027}
    with pytest.raises(ScenarioError, match="2040 is not simulated"):
        compare_runs(found.runs, years=[2040])


def test_other_states_are_compared_on_what_both_have():
    """Catches a refusal, a tie that only one has, and a prior or a block of histories of other ties."""
    first, other = FakeRun(), FakeRun("other", 1.0, states=("CHN", "IND", "RUS"))
    check_pairs([first.manifest, other.manifest])
    pair = TwoRuns(first, other, together=True)
    ties = [row for row in pair.winners(2030) if row["kind"] == "tie"]
    assert {row[end] for row in ties for end in ("iso3_a", "iso3_b")} == {"CHN", "IND", "RUS"}
    rows = list(pair.outcomes([2030], {"trade_total_busd": np.ones(10)}, "hindcast", histories(first, None)))
    assert all(np.isnan(row["superiority"]) and np.isnan(row["prior_chance_better"]) for row in rows)
    assert other_states(first.manifest, other.manifest) == ((), ("KGZ",))


@pytest.mark.slow
def test_what_states_share_is_the_same_world_whoever_else_is_a_member(tmp_path):
    """Catches random numbers that go by the place of a state: a tie that both have then differs in every world."""
    file, short = shipped_scenarios() / "no_events.yaml", "horizon.end=2026"
    fewer = load_scenario(file, [short, "states=[CHN, KGZ, UZB]"]).model_copy(update={"name": "fewer"})
    runs = [run(one, worlds=12, out=tmp_path / one.name) for one in (load_scenario(file, [short]), fewer)]
    both = [
        compare_runs(runs, unpaired=apart).winners.query("kind == 'tie' and outcome == 'trust'")
        for apart in (False, True)
    ]
    assert set(both[0]["iso3_a"]) == {"CHN", "KGZ"}
    assert both[0]["mean_se"].median() < 0.5 * both[1]["mean_se"].median()
