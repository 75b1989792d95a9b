"""The component that is checked: its class, its kind, its key and its example."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from sco_sim.components.base import Component
from sco_sim.components.registry import BASES, example_of, find, keys


@dataclass(frozen=True)
class Subject:
    """A component under check."""

    component_kind: str
    """One of `sco_sim.components.registry.KINDS`."""
    component: type[Component]
    """Its class."""

    @property
    def key(self) -> str:
        """Its key in YAML."""
        return self.component.key()

    def plain(self) -> Component:
        """An instance: the one of its example, or one without fields for what no file names."""
        if self.component_kind in ("mechanisms", "metrics"):
            return self.component()
        return self.component.model_validate(example_of(self.component)[1])

    def fault(self, text: str) -> NoReturn:
        """Raise AssertionError with the component and what is wrong with it."""
        raise AssertionError(f"{self.component_kind} {self.key}: {text}")


def subject(component: type[Component] | str, key: str | None = None) -> Subject:
    """The subject of a class, or of a kind and a key.

    Raises TypeError for what is no component, ScenarioError for a key that is not there.
    """
    if isinstance(component, str):
        if component not in BASES or key is None:
            raise TypeError(f"name a class, or a kind and a key; the kinds are {', '.join(BASES)}")
        return Subject(component, find(component, key))
    if isinstance(component, type):
        for component_kind, base in BASES.items():
            if issubclass(component, base):
                keys(component_kind)  # a class that an entry point brings gets its name as the key
                return Subject(component_kind, component)
    raise TypeError(f"{component!r} is no Policy, Mechanism, Event, Rule, Decider or Metric")
