"""`check_component` names the fault of a component of another package, and lets a right one pass."""

from __future__ import annotations

import pytest

from sco_sim.components.base import Component
from sco_sim.errors import ScenarioError
from sco_sim.testing import check_component
from sco_sim.testing.checks import OF_THE_CLASS, OF_WHAT_IT_DOES, Check, checks
from sco_sim.testing.subject import subject
from tests.contract import outsiders as toys

RIGHT = (toys.Train, toys.Flood, toys.TrustTop, toys.Weather, toys.Lottery, toys.Stubborn)

WRONG = {
    toys.Silent: ("says_what_it_is", "no docstring"),
    toys.NoSource: ("says_what_it_is", "gives no source"),
    toys.NoFieldText: ("says_what_it_is", "the field carriages has no text"),
    toys.NoExample: ("has_a_valid_example", "no line of YAML `outsiders: {...}` under `Example:`"),
    toys.InvalidExample: ("has_a_valid_example", "example is not valid: .*gauge"),
    toys.OtherKey: ("has_a_valid_example", "its example is one of 'night_train'"),
    toys.UnknownParameter: ("declares_what_exists", "no parameter 'night_train.people': bring it by an entry point"),
    toys.UnknownVariable: ("declares_what_exists", "'effect_peopel', .* did you mean 'effect_people'"),
    toys.HiddenParameter: ("reads_only_its_parameters", "reads people_to_people.people, which `parameters`"),
    toys.HiddenChange: ("changes_only_its_variables", "changes effect_people, which `writes`"),
    toys.HiddenRead: ("reads_only_its_variables", "depends on trade, which `reads`"),
    toys.DrawsInPolicy: ("draws_only_its_streams", "draws the random stream night_train: only mechanisms"),
    toys.ForgetsStrength: ("does_nothing_at_zero_strength", "at zero strength it changes effect_people"),
    toys.ActsUnadopted: ("changes_nothing_unless_adopted", "though no state accepts it"),
    toys.FreeOfStrength: ("does_nothing_at_zero_strength", "at zero strength it costs"),
    toys.ScalarOutlay: ("has_arrays_of_its_shape", "outlay returns float"),
    toys.AcrossWorlds: ("keeps_its_bits_in_any_batch", r"worlds \[3\] alone differ in"),
    toys.DoesNothing: ("changes_only_its_variables", "its example changes no variable"),
    toys.NeverComes: ("does_something", "its example does nothing in 2021 to 2032"),
    toys.ForgetsSeverity: ("changes_nothing_without_force", "with severity: 0 it changes trust or exchange"),
    toys.OutOfBounds: ("keeps_variables_in_bounds", "drives cost out of bounds"),
    toys.NoUnit: ("can_be_shown", "it has no unit"),
    toys.NoSuchAxis: ("can_be_shown", "its axis is 'ties'; it can be world, state, tie"),
    toys.WrongShape: ("has_arrays_of_its_shape", "measure in 2031 returns the shape"),
    toys.NotFinite: ("has_arrays_of_its_shape", "numbers that are not finite"),
    toys.NoPhase: ("has_a_phase_and_streams_of_its_own", "its phase is 'winter'; the phases"),
    toys.AnothersStream: ("has_a_phase_and_streams_of_its_own", "'trade' belongs to trade"),
    toys.HiddenStream: ("draws_only_its_streams", "draws the random stream weather: declare it"),
    toys.DrawsForAll: ("keeps_its_bits_when_called_in_any_batch", r"worlds \[3\] alone differ in trust_deviation"),
    toys.TooAmbitious: ("decides_by_what_it_is_given", "adopted returns .*: 0 to 1 is allowed"),
    toys.OneForAll: ("has_arrays_of_its_shape", r"ambition returns the shape \(1,\)"),
}
"""A wrong component, the check that catches it, and words of its message."""


def the_check(component: type[Component], name: str) -> Check:
    return next(check for check in checks(subject(component).component_kind) if check.__name__ == name)


@pytest.mark.parametrize("component", RIGHT, ids=lambda one: one.__name__)
def test_a_right_component_passes(component: type[Component]) -> None:
    check_component(component)


@pytest.mark.parametrize(("component", "name", "words"), [(one, *fault) for one, fault in WRONG.items()])
def test_the_fault_of_a_wrong_component_is_named(component: type[Component], name: str, words: str) -> None:
    with pytest.raises(AssertionError, match=f"(?s)outsiders: .*{words}"):
        the_check(component, name)(subject(component))


def test_every_check_has_a_component_that_it_catches() -> None:
    """Catches a check that cannot fail."""
    all_checks = {check.__name__ for check in (*OF_THE_CLASS, *OF_WHAT_IT_DOES)}
    assert all_checks - {name for name, _ in WRONG.values()} == set()


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(AssertionError) as caught:
        check_component(toys.TwiceWrong)
    lines = str(caught.value).splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("policies outsiders: ") for line in lines)


def test_what_the_component_raises_is_the_cause() -> None:
    with pytest.raises(AssertionError, match="it raises RuntimeError: no rails") as caught:
        check_component(toys.Raises)
    assert isinstance(caught.value.__cause__, RuntimeError)


def test_what_is_no_component() -> None:
    with pytest.raises(TypeError, match="the kinds are policies"):
        check_component("policy", "meetings")
    with pytest.raises(TypeError, match="no Policy"):
        check_component(int)  # type: ignore[arg-type]
    with pytest.raises(ScenarioError, match="did you mean 'meetings'"):
        check_component("policies", "meeting")
