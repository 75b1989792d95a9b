"""Scenarios are compared on the same luck: what one adds changes nobody else's draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sco_sim.case.initial import gdp_normals, initial_normals
from sco_sim.components.registry import find, keys
from sco_sim.world.state import VARIABLES
from tests.worlds import different, example, model_of, variant

OWN = (
    "growth", "disputes", "trade", "people", "students.ab", "students.ba", "cities", "trust.deviation", "trust.level",
    "security", "accession",
)  # fmt: skip


def streams(scenario: Any, worlds: Any = (0, 17)) -> dict[str, Any]:
    """Every block of luck that a run has drawn, the state its settings began with, and their parameters."""
    model = model_of(scenario, worlds=worlds)
    start = {v.name: model.state.arrays[v.name].copy() for v in VARIABLES if v.axis in ("state", "tie")}
    model.run()
    return dict(model.year._blocks) | {f"start.{name}": values for name, values in (start | dict(model.year.p)).items()}


@pytest.fixture(scope="module")
def plain() -> dict[str, Any]:
    """No policy and no event, to 2030."""
    return streams(variant(end=2030))


def test_these_are_the_streams_of_the_model(plain: dict[str, Any]) -> None:
    """Catches a stream that was renamed, which changes every stored result."""
    drawn = {name.split(" [")[0] for name in plain if not name.startswith("start.")}
    mechanisms: list[Any] = [find("mechanisms", key) for key in keys("mechanisms")]
    of_texts = {"ratification"}  # drawn only where there is a text to ratify
    assert set(OWN) <= drawn == {stream for one in mechanisms for stream in one.streams} - of_texts


@pytest.mark.parametrize(("kind", "key"), [(kind, key) for kind in ("policies", "events") for key in keys(kind)])
def test_adding_a_component_leaves_every_stream_as_it_was(kind: str, key: str, plain: dict[str, Any]) -> None:
    """Catches luck that depends on what else is in the scenario: the comparison would be of noise."""
    added = example(kind, key)
    if kind == "policies":
        added = added.model_copy(update={"start": 2022})
    richer = streams(variant(end=2030, **{kind: (added,)}))
    assert not [name for name in plain if not np.array_equal(plain[name], richer[name])]
    assert not [name for name in set(richer) - set(plain) if not name.startswith("council.") and name != "ratification"]
    if kind == "policies":
        assert f"council.{added.label}" in richer


def test_a_second_policy_leaves_the_wobble_of_the_first() -> None:
    """Catches votes whose luck is drawn in the order in which agreements are listed."""
    policies = [example("policies", key).model_copy(update={"start": 2022}) for key in keys("policies")]
    one, all_of_them = (streams(variant(end=2030, policies=tuple(p))) for p in (policies[-1:], policies[::-1]))
    name = f"council.{policies[-1].label}"
    assert np.array_equal(one[name], all_of_them[name])
    assert not np.array_equal(one[name], all_of_them[f"council.{policies[0].label}"])


def drawn_by(states: tuple[str, ...]) -> dict[str, tuple[tuple[str, ...], Any]]:
    """Everything random of a run among some states: name to what it is about (ties, states or the world) and values."""
    policies = (example("policies", "trade_facilitation").model_copy(update={"start": 2022}),)
    model = model_of(variant(end=2024, policies=policies, states=states), worlds=[0, 17])
    model.run()
    out = dict(model.year._blocks)
    for normals in (initial_normals, gdp_normals):
        out |= {f"{normals.__name__}.{key}": x for key, x in normals(1, [0, 17], model.ties, False).items()}
    units = {1: ("",), len(model.ties.states): model.ties.states, len(model.ties): model.ties.names}
    known = {}
    for name, values in out.items():
        stream, _, rows = name.partition(" [")  # of some ties: their rows stand behind the name
        some = tuple(model.ties.names[int(row)] for row in rows.rstrip("]").split(",")) if rows else None
        known[stream] = (some or units[values.shape[-1]], values)
    return known | {f"parameter.{name}": (("",), values) for name, values in model.year.p.items()}


def test_other_members_leave_the_luck_of_states_and_pairs_as_it_was() -> None:
    """Catches any draw that belongs to a place in a list: of a year, of a text, of the start, or of a parameter."""
    members = variant().states
    before = drawn_by(members)
    assert {*OWN, "council.trade_facilitation", "ratification", "initial_normals.trade", "gdp_normals.growth"} <= {
        *before
    }
    after = drawn_by(tuple(sorted({*members, "TUR"} - {"CHN", "IRN"})))  # one more, and two less
    alone = {*before} ^ {*after}
    assert all(name.startswith(("parameter.growth.", "parameter.wants.")) for name in alone), alone
    for name in before.keys() & after.keys():
        (one, was), (other, now) = before[name], after[name]
        both = [unit for unit in one if unit in other]
        assert both, name
        assert np.array_equal(was[..., [*map(one.index, both)]], now[..., [*map(other.index, both)]]), name


@pytest.mark.parametrize("name", ["combined", "majority_rule", "rivalry"])
def test_a_longer_horizon_keeps_its_prefix(name: str) -> None:
    """Catches a future that reaches back."""
    short, long = (model_of(variant(name, end=end), worlds=range(3)).run() for end in (2028, 2040))
    for group in ("metrics", "states", "ties"):
        for key, values in getattr(short, group).items():
            assert np.array_equal(values, getattr(long, group)[key][:, : values.shape[1]]), key


@pytest.mark.parametrize("name", ["combined", "majority_rule", "history"])
def test_world_17_alone_is_world_17_of_40(name: str) -> None:
    """Catches a world that knows its batch: its place, its neighbours, how many there are."""
    many = model_of(variant(name), worlds=range(40)).run()
    assert not different(many, model_of(variant(name), worlds=[17]).run(), [17])
    assert not different(many, model_of(variant(name), worlds=[39, 3, 17]).run(), [39, 3, 17])
