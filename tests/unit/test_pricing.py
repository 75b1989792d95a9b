"""What a point would cost is what the plan of its scenario says, though hardly any scenario is built for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from sco_sim.case.case import Case
from sco_sim.engine.build import plan
from sco_sim.scenario.load import vary
from sco_sim.studies.sweep import design, pricing
from sco_sim.studies.sweep.experiment import Sweep
from sco_sim.studies.sweep.factor import Factor
from tests.worlds import shipped

FACTORS: dict[str, Any] = {
    "pairs": {"path": "policies.sister_cities.new_pairs_per_year", "low": 0.0, "high": 40.0},
    "share": {"path": "policies.people_to_people.intensity", "low": 0.0, "high": 1.0},
    "trust": {"path": "parameters.trust.persistence", "low": 0.3, "high": 0.6},
    "rule": {"path": "decision_rule", "kind": "categorical", "values": ["consensus", {"opt_in": {}}]},
}


@pytest.mark.slow
def test_the_price_of_a_point_is_its_plan(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Catches a scenario built for every candidate, a scale left out, and a factor that should have counted."""
    factors = {name: Factor.model_validate(factor) for name, factor in FACTORS.items()}
    scenario, case, built = shipped("combined"), Case(), []

    def counted(*arguments: Any) -> dict[str, float]:
        built.append(arguments)
        return plan(*arguments)

    monkeypatch.setattr(pricing, "plan", counted)
    price = pricing.Prices(factors, scenario, case)
    rows = [
        {"pairs": pairs, "share": share, "trust": trust, "rule": "consensus"}
        for pairs in (0.0, 8.0) for share in (0.0, 0.3, 1.0) for trust in (0.3, 0.6)
    ]  # fmt: skip
    for row in rows:
        changes = {factors[name].path: value for name, value in row.items()}
        assert price(row) == pytest.approx(sum(plan(vary(scenario, changes, case.catalog), case).values()), rel=1e-9)
    assert len(built) == 2  # one for each number of pairs


@pytest.mark.slow
def test_the_ledger_moves_no_cost_but_through_entries_that_policies_name() -> None:
    """Every policy at once, every other entry at its low end; catches an outlay that reads the state of the world."""
    scenario, case = shipped("everything"), Case()
    names = [name for name in case.catalog.parameters if not pricing.moves_cost(f"parameters.{name}")]
    before = plan(scenario, case)
    assert len(names) > 20
    changes = {}
    for name in names:
        entry = case.ledger.entries[name]
        changes[f"parameters.{name}"] = entry.low
    assert plan(vary(scenario, changes, case.catalog), case) == pytest.approx(before)


def test_a_large_design_is_previewed_without_its_points() -> None:
    """Catches a dry run that makes every point first."""
    levels = {"latin_hypercube": {"n": 1_000_000}}
    of = Sweep.model_validate({"factors": FACTORS, "design": levels})
    seen = design.preview(of)
    assert (seen.count, seen.exact) == (1_000_000, True)
    assert len(seen.rows) <= design.PREVIEWED
    grid = {"grid": {"levels": 400}}
    half = [{"sum": {"trust": 1.0}, "at_most": 0.45}]
    seen = design.preview(Sweep.model_validate({"factors": {k: FACTORS[k] for k in ("pairs", "trust")}, "design": grid,
                                                "constraints": half}))  # fmt: skip
    assert not seen.exact
    assert seen.count == pytest.approx(80_000, rel=0.15)


@pytest.mark.parametrize("kind", [{"latin_hypercube": {"n": 1_000_000}}, {"grid": {"levels": 400}}])
def test_a_preview_whose_points_have_to_be_priced_ends_in_time(
    kind: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a dry run that prices hundreds of points, which takes ten seconds; one within them is always shown."""
    monkeypatch.setattr(design, "LOOK_SECONDS", 0.0)
    factors = {k: FACTORS[k] for k in ("pairs", "trust")}
    dear = [{"cost_musd": {"at_most": 3.0}}]
    priced: list[float] = []

    def cost(row: Mapping[str, Any]) -> float:
        priced.append(4.0 if len(priced) < 3 else 2.0)
        return priced[-1]

    seen = design.preview(Sweep.model_validate({"factors": factors, "design": kind, "constraints": dear}), cost)
    assert len(seen.rows) == 1
    assert 4 <= len(priced) <= 5
