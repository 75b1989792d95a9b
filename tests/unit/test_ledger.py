"""The ledger: what an entry draws, how a scenario changes it, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML
from scipy.special import ndtri
from scipy.stats import truncnorm

from sco_sim.case.changes import Override
from sco_sim.case.entries import Entry, Limits
from sco_sim.case.ledger import Z95, Ledger, quantile, read_ledger
from sco_sim.case.ledger_file import read_ledger_file
from sco_sim.case.memo import Memo
from sco_sim.errors import CaseError, ScenarioError
from sco_sim.shipped import default_case
from tests.worlds import CASE, model_of, variant

LEDGER = read_ledger(CASE.folder / "parameters.yaml", fitted=False)
SETTINGS = range(1000)


@pytest.fixture(scope="module")
def drawn() -> dict[str, np.ndarray]:
    """Many draws of the shipped ledger."""
    return LEDGER.draw(1, SETTINGS)


def entry(**changes: Any) -> Entry:
    """A plain normal entry."""
    fields = {"central": 1.0, "low": 0.0, "high": 2.0, "distribution": "normal", "kind": "judgement"}
    return Entry(symbol="x", name="x", unit="1", source="none", **{**fields, **changes})  # type: ignore[arg-type]


def test_the_draws_do_not_depend_on_which_states_are_simulated(drawn: dict[str, np.ndarray]) -> None:
    """Catches a stream that moves when others are left out, and draws of states that are nowhere in the run."""
    few = LEDGER.draw(1, SETTINGS, ("CHN", "KAZ"))
    assert all(np.array_equal(values, drawn[name]) for name, values in few.items())
    assert {"wants.status.KAZ", "growth.mean.CHN", "trust.noise"} <= set(few) <= set(LEDGER.centre([0], ("CHN", "KAZ")))
    assert not {"wants.status.TUR", "growth.mean.IND"} & set(few)


def test_low_and_high_of_a_normal_are_its_5_and_95_percent_points() -> None:
    """Catches a range read as two standard deviations."""
    levels = quantile(entry(), ndtri(np.array([0.05, 0.5, 0.95])))
    assert levels == pytest.approx([0.0, 1.0, 2.0], abs=1e-12)
    assert pytest.approx(ndtri(0.95), abs=1e-15) == Z95


def test_low_and_high_of_a_uniform_are_its_ends() -> None:
    """Catches a uniform that reaches beyond its range or piles up at the ends."""
    one = entry(distribution="uniform")
    assert quantile(one, ndtri(np.array([0.25, 0.5, 0.9]))) == pytest.approx([0.5, 1.0, 1.8], abs=1e-12)
    assert quantile(one, np.array([-9.0, 9.0])) == pytest.approx([0.0, 2.0], abs=1e-12)


def test_a_normal_that_is_cut_off_is_a_truncated_normal() -> None:
    """Catches clipping, which would pile draws up on the bound."""
    u = np.linspace(0.001, 0.999, 999)
    spread = 2.0 / (2.0 * Z95)
    cut = quantile(entry(minimum=0.2, maximum=2.5), ndtri(u))
    exact = truncnorm.ppf(u, (0.2 - 1.0) / spread, (2.5 - 1.0) / spread, loc=1.0, scale=spread)
    assert np.allclose(cut, exact, rtol=1e-9)
    assert (np.diff(cut) > 0.0).all()
    half = quantile(entry(minimum=0.9), np.array([-9.0, 0.0, 9.0]))
    assert 0.9 <= half[0] < half[1] < half[2] < np.inf


def test_every_shipped_entry_is_drawn_within_its_bounds_and_around_its_range(drawn: dict[str, np.ndarray]) -> None:
    """Catches an entry whose draws are not those that the file describes."""
    assert set(drawn) == set(LEDGER.entries)
    for name, one in LEDGER.entries.items():
        values = drawn[name]
        assert np.isfinite(values).all(), name
        assert values.min() >= one.minimum, name
        assert values.max() <= one.maximum, name
        if one.distribution == "fixed":
            assert (values == one.central).all(), name
        elif one.distribution == "uniform":
            assert one.low <= values.min() <= values.max() <= one.high, name
            assert abs(values.mean() - 0.5 * (one.low + one.high)) < 0.06 * (one.high - one.low), name
        elif np.isinf([one.minimum, one.maximum]).all():
            width = one.high - one.low
            assert np.quantile(values, [0.05, 0.95]) == pytest.approx([one.low, one.high], abs=0.15 * width), name


def test_every_entry_is_whole() -> None:
    """Catches an entry without unit, kind, source or name, and a range that does not hold its centre."""
    for name, one in LEDGER.entries.items():
        assert one.symbol, name
        assert one.name, name
        assert one.unit, name
        assert one.source, name
        assert one.low <= one.central <= one.high, name
        assert one.minimum <= one.central <= one.maximum, name
        assert (one.distribution == "fixed") == (one.low == one.high), name
        assert one.kind != "literature" or one.source != "no source", name


def test_every_state_of_the_case_has_a_growth_of_its_own() -> None:
    """Catches a state that can be simulated only until its first drawn year."""
    for iso in CASE.catalog.states:
        assert -0.05 < LEDGER[f"growth.mean.{iso}"].central < 0.12, iso
        for part in ("spread", "prices"):
            assert LEDGER[f"growth.{part}.{iso}"].low >= 0.0, iso


def test_the_stated_correlations_are_drawn_and_no_others(drawn: dict[str, np.ndarray]) -> None:
    """Catches a Cholesky factor used the wrong way round, and parameters that share luck."""
    (names, factor), *_ = LEDGER.groups
    measured = np.corrcoef([drawn[name] for name in names])
    assert measured == pytest.approx(factor @ factor.T, abs=0.1)
    free = ["trade.adjustment", "trust.persistence", "council.base", "dispute.base", "growth.mean.CHN"]
    assert np.abs(np.corrcoef([drawn[name] for name in free]) - np.eye(5)).max() < 0.12


def test_an_entry_draws_the_same_whatever_else_is_in_the_ledger(drawn: dict[str, np.ndarray]) -> None:
    """Catches a draw that depends on the order of the file."""
    few = Ledger({name: LEDGER[name] for name in ("trust.noise", "trade.noise_floor")})
    assert np.array_equal(few.draw(1, [17])["trust.noise"], drawn["trust.noise"][17:18])


def test_the_centre_is_the_centre() -> None:
    """Catches a median reported as a mode, or draws where none were asked for."""
    centre = LEDGER.centre([0, 1])
    assert all(centre[name].tolist() == [one.central] * 2 for name, one in LEDGER.entries.items())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trade.gdp_elasticity", 3.0),
        ("trade.tail_spread", 9.0),
        ("trust.persistence", 0.9),
        ("trade.report_error", 0.3),
    ],
)
def test_a_number_fixes_a_parameter(name: str, value: float) -> None:
    """Catches an override that is still drawn."""
    for change in (Override(value=value), Override(low=value, high=value)):
        changed = LEDGER.in_force({name: change})
        assert changed.draw(1, range(5))[name].tolist() == [value] * 5
        assert changed.centre([0])[name].tolist() == [value]
    assert LEDGER[name].central != value


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("trust.noise", Override(value=-0.1)),
        ("trust.noise", Override(low=-3.0, high=-2.0)),
        ("trust.persistence", Override(value=1.0)),
        ("trade.tail_spread", Override(high=1e6)),
        ("delivery.ceiling", Override(value=1.5)),
        ("trade.gdp_elasticity", Override(low=5.0)),
    ],
)
def test_an_override_that_the_model_cannot_bear_is_refused(name: str, change: Override) -> None:
    """Catches a negative spread, a persistence of one, a range that is empty beside the ledger's other end."""
    with pytest.raises(ScenarioError, match=name):
        LEDGER.in_force({name: change})


@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_the_model_runs_at_the_limits_of_every_entry(end: str) -> None:
    """Catches a limit that lets a NaN or an overflow in (warnings are errors here)."""
    limits = {name: float(getattr(one, end)) for name, one in LEDGER.entries.items()}
    overrides = {name: Override(value=value) for name, value in limits.items() if np.isfinite(value)}
    assert len(overrides) > 20
    model = model_of(variant("combined", end=2030, parameters=overrides), worlds=[0, 5])
    block = model.run()
    assert not model.state.out_of_bounds()
    for group in (block.metrics, block.states, block.ties):
        assert not [name for name, values in group.items() if not np.isfinite(values).all()]


def test_a_range_narrows_a_parameter_around_its_middle_and_leaves_the_others(drawn: dict[str, np.ndarray]) -> None:
    """Catches an override that moves the luck of the parameters beside it."""
    changed = LEDGER.in_force({"trade.gdp_elasticity": Override(low=0.6, high=0.8), "visas.floor": Override(high=0.5)})
    values = changed.draw(1, SETTINGS)
    assert np.quantile(values["trade.gdp_elasticity"], [0.05, 0.5, 0.95]) == pytest.approx([0.6, 0.7, 0.8], abs=0.02)
    assert 0.37 <= values["visas.floor"].min() <= values["visas.floor"].max() <= 0.5
    untouched = set(drawn) - {"trade.gdp_elasticity", "visas.floor"}
    assert all(np.array_equal(values[name], drawn[name]) for name in untouched)
    order = np.argsort(drawn["trade.gdp_elasticity"])
    assert np.array_equal(order, np.argsort(values["trade.gdp_elasticity"]))


def test_an_unknown_parameter_is_refused_with_its_neighbour() -> None:
    """Catches a misspelt override that changes nothing."""
    with pytest.raises(CaseError, match=r"trade\.tail_spreads.*did you mean 'trade.tail_spread'"):
        LEDGER.in_force({"trade.tail_spreads": Override(value=1.0)})


GOOD = """
parameters:
  a: {symbol: a, name: a, unit: "1", central: 1, low: 0, high: 2, distribution: normal, kind: judgement, source: none}
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("parameters: [1, 2]", "the key `parameters`"),
        ("- a", "the key `parameters`"),
        ("a: [", "parameters.yaml:[12]: cannot be read"),
        (GOOD + GOOD.splitlines()[2], "parameters.yaml:4: cannot be read.*duplicate key"),
        ("parameters: " + "[" * 100_000, "nested too deeply"),
        (GOOD.replace("central: 1", "central: 3"), "parameter a: .*\n.*low <= central <= high"),
        (GOOD.replace("central: 1", "central: .nan"), "parameter a"),
        (GOOD.replace("central: 1", "central: one"), "parameter a"),
        (GOOD.replace("normal", "beta"), "unknown distribution 'beta'"),
        (GOOD.replace("judgement", "guess"), "kind 'guess'"),
        (GOOD.replace("unit: \"1\", ", ""), "parameter a: .*unit"),
        (GOOD.replace("unit", "units"), "parameters.yaml:3: parameter a: .*units.*\n.*did you mean 'unit'"),
        ("parameters: {a: 5}", "parameter a: must be a mapping of fields, not 5"),
        (GOOD.replace("central: 1", "central: 1, minimum: .nan"), "parameter a: minimum and maximum"),
        (GOOD.replace("central: 1", "central: 1, limits: [2, 1], limits_reason: x"), "parameter a: limits are"),
        (GOOD.replace("central: 1", "central: 1, limits: [0, 2]"), "limits and limits_reason go together"),
        (GOOD + "correlations: [{parameters: [a, b], matrix: [[1, 0], [0, 1]]}]", "unknown \\['b'\\]"),
        (GOOD + "correlations: [{parameters: [a], matrix: [[1, 0], [0, 1]]}]", "matrix of the wrong size"),
        (GOOD + "correlations: [{parameters: [a], matrix: [[-1]]}]", "positive definite"),
        (GOOD + "correlations: [{matrix: [[1]]}]", "positive definite"),
    ],
)  # fmt: skip
def test_a_wrong_ledger_is_refused_by_name(text: str, message: str, tmp_path: Path) -> None:
    """Catches a ledger that is read as something else, or a traceback."""
    path = tmp_path / "parameters.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CaseError, match=message):
        read_ledger(path)


def test_libyaml_and_the_reader_in_python_agree() -> None:
    """Catches a number or a word that the fast scanner takes for something else."""
    text = (CASE.folder / "parameters.yaml").read_text(encoding="utf-8")
    assert read_ledger_file(CASE.folder / "parameters.yaml") == YAML(typ="safe", pure=True).load(text)


def test_a_missing_ledger_is_one_sentence(tmp_path: Path) -> None:
    """Catches a traceback for a wrong case folder."""
    with pytest.raises(CaseError, match="the case lacks this file"):
        read_ledger(tmp_path / "parameters.yaml")


def test_a_result_serves_every_ledger_that_agrees_in_what_was_read() -> None:
    """Catches an initial state that is taken from another point of a sweep, and one that is made anew for each."""
    memo, ledger, made = Memo(), read_ledger(default_case() / "parameters.yaml"), []

    def inner(noted: Ledger) -> float:
        return noted["trust.noise"].central

    def outer(noted: Ledger) -> float:
        made.append(1)
        return noted["trust.persistence"].central + memo.get("inner", noted, inner)

    first = memo.get("outer", ledger, outer)
    assert memo.get("outer", ledger.at({"trade.tail_spread": 9.0}), outer) == first
    assert len(made) == 1
    other = memo.get("outer", ledger.at({"trust.noise": 0.5}), outer)
    assert other == pytest.approx(first - ledger["trust.noise"].central + 0.5)
    assert memo.get("outer", ledger, outer) == first
    assert len(made) == 2


def test_every_entry_has_limits_with_a_reason_and_its_range_lies_inside() -> None:
    """Catches an entry that nobody gave limits, and limits that a fitted range leaves."""
    for ledger in (LEDGER, CASE.ledger):
        for name, one in ledger.entries.items():
            bounds = one.bounds
            assert bounds.reason, name
            low, high = max(one.low, one.minimum), min(one.high, one.maximum)
            assert -np.inf < bounds.low <= low <= high <= bounds.high < np.inf, name


def test_limits_do_not_cut_off_the_draws() -> None:
    """Catches limits that go through the truncation: they would change every shipped result."""
    free, limited = entry(), entry(limits=Limits(-0.5, 2.5, "a share"))
    z = ndtri(np.linspace(0.001, 0.999, 99))
    assert np.array_equal(quantile(limited, z), quantile(free, z))


def test_per_cent_for_a_share_is_refused_with_the_reason() -> None:
    """Catches growth of 500 % a year, which gave trade of 3e16 bn USD and exit code 0."""
    with pytest.raises(
        ScenarioError, match=r"growth\.mean\.CHN: 5 is out of range\n *it can be -0\.2 to 0\.2 \(beyond"
    ):
        LEDGER.in_force({"growth.mean.CHN": Override(value=5.0)})


@pytest.mark.parametrize("low", ["[1, 0]", "[0]", "3", "[a, b]"])
def test_limits_of_a_ledger_are_checked(low: str, tmp_path: Path) -> None:
    path = tmp_path / "parameters.yaml"
    path.write_text(GOOD + f"limits: [{{parameters: [a], limits: {low}, reason: x}}]", encoding="utf-8")
    with pytest.raises(CaseError, match="limits"):
        read_ledger(path)
