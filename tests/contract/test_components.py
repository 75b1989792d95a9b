"""What every component promises; the subjects are found, not listed."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ruamel.yaml import YAML

from sco_sim.components.base import Component
from sco_sim.components.mechanism import PHASES
from sco_sim.components.policy import Policy
from sco_sim.components.registry import KINDS, find, keys
from sco_sim.scenario.load import load_scenario
from sco_sim.world.channels import VALUES
from sco_sim.world.state import BY_NAME, VARIABLES
from tests.worlds import CASE, ROOT, busy, copies, different, example, example_text, model_of, variant

SUBJECTS = [(kind, key) for kind in KINDS for key in keys(kind)]
NAMED = [(kind, key) for kind, key in SUBJECTS if kind in ("policies", "events", "rules", "deciders")]
PATHS = ("trust_level", "trust_deviation", *VALUES)
SEEN = tuple(v.name for v in VARIABLES if v.axis in ("tie", "state"))
"""Everything that ties and states have, shocks and effects included."""


@pytest.fixture(scope="module")
def running() -> Any:
    """A model with every policy and event at work, some years in."""
    model = model_of(busy(), worlds=range(3))
    while model.year.year < 2031:
        model.step()
    return model


class Recorder(dict[str, Any]):
    """A mapping that notes what is read from it."""

    def __init__(self, values: Any) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


def calls(model: Any, kind: str, key: str) -> Iterator[Any]:
    """The calls a year makes to a component, on the state as it stands."""
    year = model.year
    strength = np.linspace(0.2, 0.9, model.state.worlds * len(model.ties)).reshape(model.state.worlds, -1)
    if kind == "policies":
        for policy in (p for p in model.agreements if p.key() == key):
            yield partial(policy.act, year, strength)
            yield partial(policy.outlay, year, strength)
            yield partial(policy.fade, year)
    elif kind == "events":
        for event in (e for e in model.scenario.events if e.key() == key):
            yield partial(event.act, year)
    elif kind == "mechanisms":
        yield partial(next(m for m in model.mechanisms if m.key() == key).step, year)
    elif kind == "metrics":
        yield partial(model.metrics[key].measure, year)
    elif kind == "deciders":
        decider: Any = example(kind, key)
        for agreement in model.agreements[::4]:
            yield partial(decider.ambition, model.states["IND"], agreement)
            yield partial(decider.ambitions, [model.states["IND"], model.states["UZB"]], agreement)


def restore(model: Any, arrays: dict[str, Any]) -> set[str]:
    """Put the numbers back; names of those that had changed."""
    changed = {name for name, values in arrays.items() if model.state.arrays[name].tobytes() != values.tobytes()}
    for name, values in arrays.items():
        model.state.arrays[name][:] = values
    return changed


@pytest.mark.parametrize(("kind", "key"), SUBJECTS)
def test_it_says_what_it_is_and_where_that_comes_from(kind: str, key: str) -> None:
    """Catches a component without a manual: no sentence, no source or row, a field without its text."""
    component = find(kind, key)
    assert component.key() == key
    text = inspect.cleandoc(component.__dict__.get("__doc__") or "")
    first = text.split("\n\n")[0]
    assert first.endswith("."), "the first paragraph is no sentence"
    assert len(text.splitlines()[0]) > 15
    if kind != "metrics":
        assert "Source" in text or "evidence" in text or component.rows, "no source"
    for name, field in component.model_fields.items():
        assert field.description, f"the field {name} has no text under it"


@pytest.mark.parametrize(("kind", "key"), NAMED)
def test_its_example_is_a_valid_scenario(kind: str, key: str, tmp_path: Path) -> None:
    """Catches an example that a reader would copy and that does not load."""
    text = example_text(find(kind, key))
    assert list(YAML(typ="safe", pure=True).load(text)) == [key]
    section = {"rules": "decision_rule", "deciders": "decides"}.get(kind, kind)
    body = {"rules": f"  {text}", "deciders": f"  IND: {{{text}}}"}.get(kind, f"  - {text}")
    file = tmp_path / "example.yaml"
    file.write_text(f"extends: no_events.yaml\n{section}:\n{body}\n", encoding="utf-8")
    scenario = load_scenario(file)
    found = {"rules": [scenario.decision_rule], "deciders": list(scenario.decides.values())}.get(kind)
    found = getattr(scenario, kind) if found is None else found
    assert [type(one) for one in found] == [find(kind, key)]
    assert found[0] == example(kind, key)


@pytest.mark.parametrize(("kind", "key"), SUBJECTS)
def test_its_declarations_name_things_that_exist(kind: str, key: str) -> None:
    """Catches a renamed parameter or variable that a declaration still carries."""
    component = find(kind, key)
    for name in component.parameters:
        stem = name.removesuffix("*")
        wanted = [f"{stem}{iso}" for iso in CASE.catalog.states] if name.endswith(".*") else [name]
        assert not [one for one in wanted if one not in CASE.ledger.entries]
    assert set(component.reads) | set(component.writes) <= set(BY_NAME)
    assert len(set(component.parameters)) == len(component.parameters)
    assert not (kind in ("metrics", "rules", "deciders") and component.writes)


@pytest.mark.parametrize(("kind", "key"), [s for s in SUBJECTS if s[0] != "rules"])
def test_it_reads_only_the_parameters_it_declares(running: Any, kind: str, key: str) -> None:
    """Catches an effect that `show` and the sensitivity analysis would not know of."""
    before, all_parameters = copies(running), running.year.p
    running.year.p = Recorder(all_parameters)
    running.year._stacked.clear()
    try:
        for call in calls(running, kind, key):
            call()
        read = set(running.year.p.read)
    finally:
        running.year.p = all_parameters
        restore(running, before)
    declared: set[str] = set()
    for one in instances(running, kind, key):
        for name in one.used():
            stem = name.removesuffix("*")
            declared |= {f"{stem}{iso}" for iso in running.ties.states} if name.endswith(".*") else {name}
    if key == "delivery":  # it asks the policies that have ended how fast they fade
        declared |= {name for policy in running.agreements for name in policy.used()}
    assert read <= declared, f"reads {sorted(read - declared)} undeclared"


def instances(model: Any, kind: str, key: str) -> list[Component]:
    """The component as the busy scenario has it, else a plain one."""
    if kind == "deciders":
        return [example(kind, key)]
    placed = {"policies": model.agreements, "events": model.scenario.events}.get(kind, ())
    return [one for one in placed if one.key() == key] or [find(kind, key)()]


@pytest.mark.parametrize(("kind", "key"), [s for s in SUBJECTS if s[0] != "rules"])
def test_it_changes_only_the_variables_it_declares(running: Any, kind: str, key: str) -> None:
    """Catches a component that reaches into what another one owns; metrics own nothing."""
    before = copies(running)
    for call in calls(running, kind, key):
        call()
    changed = restore(running, before)
    assert changed <= set(find(kind, key).writes), f"changes {sorted(changed)}"
    if kind in ("policies", "events"):
        assert changed, "its example does nothing"


@pytest.mark.parametrize(("kind", "key"), [s for s in SUBJECTS if s[0] != "rules"])
def test_what_it_does_not_declare_to_read_does_not_matter_to_it(running: Any, kind: str, key: str) -> None:
    """Catches a hidden dependence: shake every undeclared variable, the result keeps its bits."""
    component, before = find(kind, key), copies(running)
    generator = np.random.default_rng(5)

    def result() -> list[bytes]:
        made = [call() for call in calls(running, kind, key)]  # None for what only writes
        written = [running.state.arrays[name] for name in component.writes]
        return [np.asarray(values, dtype=float).tobytes() for values in (*made, *written)]

    plain = result()
    hidden = []
    for name in set(BY_NAME) - set(component.reads) - set(component.writes) - {"adopted_year"}:
        restore(running, before)
        array = running.state.arrays[name]
        array[:] = np.abs(array + generator.uniform(0.1, 0.4, array.shape)) * (1.0 - 0.5 * (name == "member"))
        if result() != plain:
            hidden.append(name)
    restore(running, before)
    assert not hidden, f"reads {sorted(hidden)} undeclared"


@pytest.mark.parametrize("key", keys("mechanisms"))
def test_a_mechanism_has_a_phase_and_only_its_own_streams(key: str) -> None:
    """Catches a phase that never runs, and two components on one stream of luck."""
    mechanism: Any = find("mechanisms", key)
    assert mechanism.phase in PHASES
    others: list[Any] = [find("mechanisms", other) for other in keys("mechanisms") if other != key]
    assert not set(mechanism.streams) & {name for other in others for name in other.streams}
    assert not [name for name in mechanism.streams if name.startswith("council.")]


@pytest.mark.parametrize("key", keys("mechanisms"))
def test_a_mechanism_draws_its_own_streams_and_no_other(running: Any, key: str) -> None:
    """Catches luck that is drawn under a name that nobody claimed."""
    before = copies(running)
    running.year._blocks.clear()
    for call in calls(running, "mechanisms", key):
        call()
    drawn = set(running.year._blocks)
    running.year._blocks.clear()
    restore(running, before)
    assert drawn == set(find("mechanisms", key).streams)  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", keys("rules"))
def test_every_variable_stays_within_its_bounds_all_along(rule: str) -> None:
    """Catches a share above one, a negative count, a NaN."""
    for name in ("busy", "history"):
        scenario = busy(rule) if name == "busy" else variant("history", decision_rule=example("rules", rule))
        model = model_of(scenario, worlds=range(0, 32, 4))
        assert not model.state.out_of_bounds()
        while model.year.year < scenario.horizon.end:
            model.step()
            assert not model.state.out_of_bounds(), (name, model.year.year)


@pytest.fixture(scope="module")
def alone() -> bytes:
    """No events, no policies, to 2032: what a component that does nothing must leave as it is."""
    return paths(variant(end=2032), SEEN)


def paths(scenario: Any, names: tuple[str, ...] = PATHS) -> bytes:
    """Every bit of the trajectories of trust and exchange, or of other variables."""
    model = model_of(scenario, worlds=range(3))
    bits = b""
    while model.year.year < scenario.horizon.end:
        model.step()
        bits += b"".join(model.state.arrays[name].tobytes() for name in names)
    return bits


@pytest.fixture(scope="module")
def untouched() -> bytes:
    """The same as bits of every path."""
    return paths(variant(end=2032))


@pytest.mark.parametrize("key", keys("policies"))
def test_a_policy_of_zero_intensity_changes_nothing(key: str, untouched: bytes) -> None:
    """Catches a side effect of a policy that is not pulled."""
    nothing = example("policies", key).model_copy(update={"intensity": 0.0})
    assert paths(variant(end=2032, policies=(nothing,))) == untouched


@pytest.mark.parametrize("key", keys("policies"))
def test_a_policy_that_is_never_adopted_changes_nothing(key: str, untouched: bytes) -> None:
    """Catches an effect without delivery, and a tabled agreement that shifts somebody else's luck."""
    vain = example("policies", key).model_copy(update={"start": 2021})
    refusing = variant(end=2032).model_validate(
        {**dict(variant(end=2032)), "policies": (vain,), "parameters": {"council.base": -20.0}}
    )
    assert paths(refusing) == untouched


@pytest.mark.parametrize("key", keys("policies"))
def test_a_policy_at_zero_strength_shifts_nothing_and_costs_nothing(running: Any, key: str) -> None:
    """Catches an effect that does not scale with delivery."""
    before = copies(running)
    policy = next(p for p in running.agreements if p.key() == key)
    zero = np.zeros((running.state.worlds, len(running.ties)))
    policy.act(running.year, zero)
    assert not policy.outlay(running.year, zero).any()
    assert not restore(running, before)


@pytest.mark.parametrize("key", keys("events"))
def test_an_event_without_force_changes_nothing(key: str, untouched: bytes) -> None:
    """Catches a shock that does not scale with its severity."""
    event = example("events", key)
    force = "intensity" if "intensity" in type(event).model_fields else "severity"
    nothing = event.model_copy(update={force: 0.0})
    assert paths(variant(end=2032, events=(nothing,))) == untouched


def with_component(kind: str, key: str) -> Any:
    """A short scenario in which the component acts."""
    if kind == "rules":
        return busy(key)
    if kind == "deciders":
        return busy().model_copy(update={"decides": {"IND": example(kind, key)}})
    return variant(end=2032, **{kind: (example(kind, key),)})


@pytest.mark.parametrize(("kind", "key"), NAMED)
def test_a_world_keeps_its_bits_in_any_batch(kind: str, key: str) -> None:
    """Catches arithmetic across worlds; a batch of one alone would let a number pass for an array."""
    scenario = with_component(kind, key)
    whole = model_of(scenario, worlds=range(7)).run()
    for rows in ([3], [0, 1, 2], [6, 4], [5]):
        part = model_of(scenario, worlds=rows).run()
        assert not different(whole, part, rows)


@pytest.mark.parametrize(("kind", "key"), [s for s in NAMED if s[0] in ("policies", "events")])
def test_the_example_of_a_component_does_something(kind: str, key: str, alone: bytes) -> None:
    """Catches a component that is loaded and never reached."""
    scenario = with_component(kind, key)
    if kind == "policies":
        given = tuple(policy.model_copy(update={"decided_by": "given"}) for policy in scenario.policies)
        scenario = scenario.model_copy(update={"policies": given})
    assert paths(scenario, SEEN) != alone


@pytest.mark.parametrize("key", keys("metrics"))
def test_a_metric_has_the_shape_of_its_axis_and_is_finite(running: Any, key: str) -> None:
    """Catches a metric that forgets an axis, and one that divides by nothing."""
    metric: Any = find("metrics", key)()
    sizes = {"world": (), "state": (len(running.ties.states),), "tie": (len(running.ties),)}
    values = metric.measure(running.year)
    assert values.shape == (running.state.worlds, *sizes[metric.axis])
    assert values.dtype == np.float64
    assert np.isfinite(values).all()
    assert not any(np.shares_memory(values, array) for array in running.state.arrays.values())
    assert metric.unit
    assert metric.title
    assert metric.sign in (-1, 1)


def test_metrics_are_finite_in_every_year_from_the_first_on() -> None:
    """Catches a metric that fails before anything is tabled, or with no agreement at all."""
    for scenario in (variant(end=2022), busy(), variant("history", end=2004)):
        block = model_of(scenario, worlds=range(3)).run()
        for group in (block.metrics, block.states, block.ties):
            assert not [name for name, values in group.items() if not np.isfinite(values).all()]


def test_a_policy_that_forgets_to_act_is_noticed(running: Any) -> None:
    """Catches a base class that would let an unfinished component do nothing quietly."""
    with pytest.raises(NotImplementedError):
        Policy().act(running.year, np.zeros(1))
    with pytest.raises(NotImplementedError):
        Policy().outlay(running.year, np.zeros(1))


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
