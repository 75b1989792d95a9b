"""What is worth knowing: against values worked out by hand, pure noise, and stored worlds of an invented club."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sco_sim.case.case import Case
from sco_sim.errors import ScenarioError
from sco_sim.numerics.arrays import Array
from sco_sim.runs.run import run
from sco_sim.studies.worth.information import Choice, Worth, worth
from sco_sim.studies.worth.options import Options, of_mixes, of_runs
from sco_sim.studies.worth.words import cells_of, rows_of, sentences_of
from tests.club import FIRST, agreement, club
from tests.unit.command_line import call, fine

TRADE = "regulatory_cooperation.trade"


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """The club."""
    return club(tmp_path_factory.mktemp("worth") / "club")


def test_the_value_of_an_input_is_the_one_worked_out_by_hand() -> None:
    """A brings 0 and B x - 1/4, x uniform on 0 to 1: knowing x gains (3/4)^2 / 2 - 1/4 = 1/32, and changes 1 in 4."""
    order = np.random.default_rng(1)
    x, noise = order.uniform(size=4000), order.normal(scale=0.5, size=(4000, 2))
    values = np.stack([0.0 * x, x - 0.25], axis=1) + noise
    one = worth(Choice(values), {"x": x})["x"]
    assert one.gain == pytest.approx(1.0 / 32.0, abs=3.0 * one.error)
    assert one.error < 0.01
    assert one.changes == pytest.approx(0.25, abs=0.06)
    assert one.to == 0


def test_without_noise_it_is_exact_within_its_error_and_no_more_than_everything() -> None:
    x = np.random.default_rng(2).uniform(size=2000)
    choice = Choice(np.stack([0.0 * x, x - 0.25], axis=1))
    one = worth(choice, {"x": x})["x"]
    exact = float(np.maximum(x - 0.25, 0.0).mean() - (x - 0.25).mean())
    assert one.gain == pytest.approx(exact, rel=0.02)
    assert choice.everything[0] == pytest.approx(exact, rel=1e-9)
    assert choice.everything[2] == pytest.approx(float((x < 0.25).mean()))


def test_pure_noise_is_worth_nothing() -> None:
    """Inputs that say nothing of three options. Catches an estimator that judges on what it was fitted on."""
    means = []
    for seed in range(20):
        order = np.random.default_rng(seed)
        values = order.normal(size=(200, 3)) + np.array([0.0, 0.1, 0.2])
        noise = worth(Choice(values), {str(number): order.normal(size=200) for number in range(5)})
        means.append(np.mean([one.gain for one in noise.values()]))
        assert all(one.gain < 4.0 * max(one.error, 1e-9) for one in noise.values())
    assert -0.03 < np.mean(means) < 0.01


def test_an_input_that_matters_but_never_changes_the_choice_is_worth_nothing() -> None:
    """Both options gain by x alike, and one is always ahead: the size is uncertain, the choice is not."""
    x = np.random.default_rng(4).uniform(size=200)
    one = worth(Choice(np.stack([x, x + 0.1], axis=1)), {"x": x, "same": np.ones(200)})
    assert list(one) == ["x"]
    assert (one["x"].gain, one["x"].changes, one["x"].to) == (0.0, 0.0, -1)


def test_a_response_that_is_not_monotone_is_used() -> None:
    """B is better at both ends only: a straight line would see nothing."""
    x = np.random.default_rng(5).uniform(-1.0, 1.0, size=1000)
    values = np.stack([0.0 * x, x**2 - 0.5], axis=1)
    exact = float(np.maximum(x**2 - 0.5, 0.0).mean() - max((x**2 - 0.5).mean(), 0.0))
    assert worth(Choice(values), {"x": x})["x"].gain == pytest.approx(exact, rel=0.05)


def options_of(values: Array) -> Options:
    """Options a, b, c by trade."""
    return Options(("a", "b", "c")[: values.shape[1]], Choice(values), {}, {}, "trade_total_busd", 2040)


def test_options_that_are_alike_are_no_choice() -> None:
    """Catches figures of zeros with an empty table, and a choice that changes between options that are the same."""
    x = np.random.default_rng(6).uniform(size=100)
    (said,) = sentences_of(options_of(np.stack([x, x], axis=1)), [], {})
    assert said.startswith("All options bring the same in every setting")
    (said,) = sentences_of(options_of(np.stack([x, x - 1.0, x], axis=1)), [], {"c": "C"})
    assert "Chosen as things stand: a (C brings the same in every setting). No other is better" in said
    nearly = x.copy()
    nearly[7] -= 1.0
    known = worth(
        Choice(np.stack([x, nearly], axis=1)), {str(n): np.random.default_rng(n).uniform(size=100) for n in range(40)}
    )
    assert max(one.changes for one in known.values()) <= 0.01


def test_figures_have_no_negative_zero_and_what_is_something_is_not_nothing() -> None:
    order = np.random.default_rng(7)
    options = options_of(np.stack([np.zeros(60), order.normal(scale=1e-3, size=60)], axis=1))
    cells = cells_of(options, rows_of(options, {"x": Worth(-1e-9, 1e-9, 0.1, 1), "y": Worth(1e-9, 0.1, 0.1, 1)}), {})
    assert [cell[2] for cell in cells] == ["under 0.00001", "0.00000"]


def test_too_few_settings_are_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        worth(Choice(np.zeros((10, 2))), {"x": np.arange(10.0)})


@pytest.mark.slow
def test_stored_worlds_of_the_club_give_the_exact_value(case: Case, tmp_path: Path) -> None:
    """The text helps where its parameter is above zero and harms below: knowing it is knowing everything."""
    wide = (f"parameters.{TRADE}={{low: -0.01, high: 0.03}}", f"horizon.end={FIRST + 1}")
    text = agreement(case, *wide)
    without = text.model_copy(update={"policies": (), "name": "without"})
    runs = tuple(run(one, worlds=80, out=tmp_path / one.name, case=case.folder) for one in (without, text))
    options = of_runs(runs, "trade_total_busd", FIRST)
    known = worth(options.choice, options.inputs)
    assert max(known, key=lambda name: known[name].gain) == TRADE
    change = options.choice.values[:, 1] - options.choice.values[:, 0]
    exact = float(np.maximum(change, 0.0).mean() - max(change.mean(), 0.0))
    assert known[TRADE].gain == pytest.approx(exact, abs=3.0 * known[TRADE].error)
    assert known[TRADE].gain == pytest.approx(exact, rel=0.25)
    mixes = of_mixes(text, case, "trade_total_busd", FIRST, worlds=80, replicates=1, seed=1)
    assert mixes.names == ("nothing", "regulatory_cooperation")
    assert np.allclose(mixes.choice.values, options.choice.values)
    shown = fine("worth", tmp_path, "--outcome", "trade_total_busd", "--year", FIRST)
    assert TRADE in shown
    answer = json.loads(call("worth", tmp_path, "--outcome", "trade_total_busd", "--year", FIRST, "--json").stdout)
    assert answer["entries"][0]["entry"] == TRADE
    assert answer["everything"]["gain"] == pytest.approx(exact)


@pytest.mark.slow
def test_three_strengths_of_a_text_and_an_outcome_of_which_less_is_better(case: Case, tmp_path: Path) -> None:
    """By trade the half text is never the best of the three once its entry is known; by cost no text always is."""
    wide = (f"parameters.{TRADE}={{low: -0.02, high: 0.025}}", f"horizon.end={FIRST + 1}")
    full = agreement(case, *wide)
    half = full.model_copy(
        update={"policies": (full.policies[0].model_copy(update={"intensity": 0.5}),), "name": "half"}
    )
    none = full.model_copy(update={"policies": (), "name": "none"})
    runs = tuple(run(one, worlds=120, out=tmp_path / one.name, case=case.folder) for one in (none, half, full))
    trade = of_runs(runs, "trade_total_busd", FIRST)
    known = worth(trade.choice, trade.inputs)
    values = trade.choice.values
    assert set(values.argmax(axis=1)) == {0, 2}
    exact = float(values.max(axis=1).mean() - values.mean(axis=0).max())
    assert known[TRADE].gain == pytest.approx(exact, rel=0.05)
    assert max(one.gain for one in known.values()) <= trade.choice.everything[0]  # the options are about as good
    cost = of_runs(runs, "cost_musd", FIRST)
    assert cost.names[cost.choice.best] == "none"
    assert all(one.gain <= 1e-9 for one in worth(cost.choice, cost.inputs).values())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["combined", "--outcome", "trust_mim"], "did you mean 'trust_min'?"),
        (["combined", "--outcome", "ambition_mean"], "nobody can choose by ambition_mean"),
        (["combined", "--outcome", "trust_min", "--worlds", "10"], "it takes 40"),
        (["combined", "--outcome", "trust_min", "--year", "2060"], "choose from 2024 to 2040"),
        (["baseline", "--outcome", "trust_min"], "no choice that can be judged"),
    ],
)
def test_what_cannot_be_asked_is_said(words: list[str], said: str) -> None:
    done = call("worth", *words)
    assert done.exit_code == 2
    assert said in done.stderr
    assert "Traceback" not in done.output


def test_runs_of_another_seed_are_no_choice(tmp_path: Path) -> None:
    from sco_sim.scenario.load import load_scenario

    scenario = load_scenario("baseline", ["horizon.end=2024"])
    runs = tuple(run(scenario, worlds=2, seed=seed, out=tmp_path / str(seed)) for seed in (1, 2))
    with pytest.raises(ScenarioError, match="another seed"):
        of_runs(runs, "trust_min", 2024)
