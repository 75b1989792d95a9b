"""What every component promises; the subjects are found, not listed."""

from __future__ import annotations

import ast
import re

import numpy as np
import pytest

from sco_sim.components.policy import Policy
from sco_sim.components.registry import KINDS, keys
from sco_sim.testing.checks import Check, checks
from sco_sim.testing.subject import subject
from tests.worlds import ROOT, busy, example, model_of, variant

PROMISES = [(kind, key, check) for kind in KINDS for key in keys(kind) for check in checks(kind)]


@pytest.mark.parametrize(("kind", "key", "check"), PROMISES)
def test_a_component_keeps_its_promises(kind: str, key: str, check: Check) -> None:
    """Catches what `check_component` catches in a component of another package; it says in words what is wrong."""
    check(subject(kind, key))


@pytest.mark.parametrize("rule", keys("rules"))
def test_every_variable_stays_within_its_bounds_all_along(rule: str) -> None:
    """Catches a share above one, a negative count, a NaN."""
    for scenario in (busy(rule), variant("history", decision_rule=example("rules", rule))):
        model = model_of(scenario, worlds=range(0, 32, 4))
        assert not model.state.out_of_bounds()
        while model.year.year < scenario.horizon.end:
            model.step()
            assert not model.state.out_of_bounds(), (scenario.name, model.year.year)


def test_metrics_are_finite_in_every_year_from_the_first_on() -> None:
    """Catches a metric that fails before anything is tabled, or with no agreement at all."""
    for scenario in (variant(end=2022), busy(), variant("history", end=2004)):
        block = model_of(scenario, worlds=range(3)).run()
        for group in (block.metrics, block.states, block.ties):
            assert not [name for name, values in group.items() if not np.isfinite(values).all()]


def test_a_policy_that_forgets_to_act_is_noticed() -> None:
    """Catches a base class that would let an unfinished component do nothing quietly."""
    year = model_of(variant()).year
    with pytest.raises(NotImplementedError):
        Policy().act(year, np.zeros(1))
    with pytest.raises(NotImplementedError):
        Policy().outlay(year, np.zeros(1))


SHAPED = ("numerics", "world", "case", "components")
AXES = r"shape|\((?:world|state|tie|year|setting|draw|key|row|\.\.\.)\b[^)]*\)"


@pytest.mark.parametrize("folder", SHAPED)
def test_what_returns_an_array_says_its_shape(folder: str) -> None:
    """Catches an array whose axes a reader has to guess."""
    silent = []
    for path in sorted((ROOT / "sco_sim" / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or node.returns is None or node.name.startswith("_"):
                continue
            text = ast.get_docstring(node)
            if text and re.search(r"\b(Array|Ints|Bools|Floats|Words)\b", ast.unparse(node.returns)):
                silent += [] if re.search(AXES, text) else [f"{path.name}:{node.lineno} {node.name}"]
    assert not silent, f"the docstring says no shape: {silent}"
