"""For packages that bring components of their own: `check_component` in a test reports what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sco_sim.testing.checks import faults
from sco_sim.testing.subject import subject

if TYPE_CHECKING:
    from sco_sim.components.base import Component

__all__ = ["check_component"]


def check_component(component: type[Component] | str, key: str | None = None) -> None:
    """Check one component against what every component promises; takes some seconds.

    Its docstring says what it is and its example is valid; its parameters are in the ledger, or its package brings
    them; it reads, changes and draws only what it declares; without force it changes nothing; arrays have the shape of
    their axis; and a world has the same bits in any batch. It is tried on the shipped case, among all
    policies and events of this package.

        from sco_sim.testing import check_component

        def test_night_train():
            check_component(NightTrain)  # or check_component("policies", "night_train")

    Args:
        component: Its class, or its kind: policies, mechanisms, events, rules, deciders, metrics.
        key: Its key, if the first is a kind.

    Raises:
        AssertionError: All faults, one a line; its cause is the first error that the component itself raised.
        TypeError: The class is no component, or the kind is none.
        ScenarioError: No component has that key.
    """
    errors = faults(subject(component, key))
    if errors:
        cause = next((error.__cause__ for error in errors if error.__cause__), None)
        raise AssertionError("\n".join(str(error) for error in errors)) from cause
