"""Which checks there are for which kind of component."""

from __future__ import annotations

from collections.abc import Callable

from sco_sim.components.registry import KINDS
from sco_sim.testing import acting, manual, trajectory
from sco_sim.testing.subject import Subject

Check = Callable[[Subject], None]
"""Raises AssertionError that names the component and the fault."""

NAMED = ("policies", "events", "rules", "deciders")
"""Kinds that a scenario file names."""
CALLED = tuple(name for name in KINDS if name != "rules")
"""Kinds that are handed a year."""

OF_THE_CLASS: dict[Check, tuple[str, ...]] = {
    manual.says_what_it_is: KINDS,
    manual.has_a_valid_example: NAMED,
    manual.declares_what_exists: KINDS,
    manual.has_a_phase_and_streams_of_its_own: ("mechanisms",),
    manual.can_be_shown: ("metrics",),
}
"""Checks of the class and its docstring, with the kinds they are for."""

OF_WHAT_IT_DOES: dict[Check, tuple[str, ...]] = {
    acting.reads_only_its_parameters: CALLED,
    acting.changes_only_its_variables: CALLED,
    acting.reads_only_its_variables: CALLED,
    acting.draws_only_its_streams: CALLED,
    acting.does_nothing_at_zero_strength: ("policies",),
    acting.has_arrays_of_its_shape: ("policies", "deciders", "metrics"),
    acting.decides_by_what_it_is_given: ("rules",),
    trajectory.changes_nothing_without_force: ("policies", "events"),
    trajectory.changes_nothing_unless_adopted: ("policies",),
    trajectory.does_something: ("policies", "events"),
    trajectory.keeps_variables_in_bounds: NAMED,
    trajectory.keeps_its_bits_in_any_batch: NAMED,
    trajectory.keeps_its_bits_when_called_in_any_batch: ("mechanisms", "metrics"),
}
"""Checks that simulate; they need a class that has passed the others."""


def checks(component_kind: str) -> list[Check]:
    """All checks of a kind, those of the class first."""
    return [check for check, kinds in (OF_THE_CLASS | OF_WHAT_IT_DOES).items() if component_kind in kinds]


def faults(subject: Subject) -> list[AssertionError]:
    """What is wrong with a component, one error a check; a class with faults of its own is not simulated."""
    errors: list[AssertionError] = []
    for group in (OF_THE_CLASS, OF_WHAT_IT_DOES):
        for check, kinds in group.items():
            if subject.component_kind in kinds and (error := _fault(check, subject)):
                errors.append(error)
        if errors:
            break
    return errors


def _fault(check: Check, subject: Subject) -> AssertionError | None:
    try:
        check(subject)
    except AssertionError as error:
        return error
    except Exception as error:  # code of another package, which may do anything
        words = f"it raises {type(error).__name__}: {error}"
        fault = AssertionError(f"{subject.component_kind} {subject.key}: {words} (in the check {check.__name__})")
        fault.__cause__ = error
        return fault
    return None
