"""How a component is found by its key."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
import textwrap
from functools import cache
from typing import Any, cast

from ruamel.yaml import YAML

from sco_sim.components.base import Component
from sco_sim.components.event import Event
from sco_sim.components.mechanism import Mechanism
from sco_sim.components.metric import Metric
from sco_sim.components.policy import Policy
from sco_sim.components.rule import Rule
from sco_sim.errors import ScenarioError, did_you_mean

KINDS = ("policies", "mechanisms", "events", "rules", "metrics")

_BASES: dict[str, type[Component]] = {
    "policies": Policy, "mechanisms": Mechanism, "events": Event, "rules": Rule, "metrics": Metric,
}  # fmt: skip


def keys(kind: str) -> list[str]:
    """Keys of one kind: the files of its folder and the entry points of other packages, sorted."""
    return list(_keys(kind))


@cache
def _keys(kind: str) -> tuple[str, ...]:
    folder = importlib.import_module(f"sco_sim.components.{kind}")
    found = {module.name for module in pkgutil.iter_modules(folder.__path__)}
    found.update(point.name for point in importlib.metadata.entry_points(group=f"sco_sim.{kind}"))
    return tuple(sorted(found))


def find(kind: str, key: str) -> type[Component]:
    """The class of a kind with that key: module, then entry point, then dotted path `package.module:Class`.

    Raises ScenarioError with the nearest known key if there is none.
    """
    base = _BASES[kind]
    if key.isidentifier() and not key.startswith("_"):
        try:
            module = importlib.import_module(f"sco_sim.components.{kind}.{key}")
        except ModuleNotFoundError as error:
            if error.name != f"sco_sim.components.{kind}.{key}":
                raise
        else:
            here = (c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__)
            return next(c for c in here if issubclass(c, base))
    for point in importlib.metadata.entry_points(group=f"sco_sim.{kind}", name=key):
        return _checked(point.load(), base, key)
    if ":" in key:
        path, _, name = key.partition(":")
        try:
            return _checked(getattr(importlib.import_module(path), name), base, key)
        except (ImportError, AttributeError, ValueError, TypeError) as error:
            raise ScenarioError(f"cannot load '{key}': {error}") from error
    singular = {"policies": "policy"}.get(kind, kind.removesuffix("s"))
    raise ScenarioError(f"no {singular} '{key}'; {did_you_mean(key, keys(kind))}")


def _checked(found: object, base: type[Component], key: str) -> type[Component]:
    if isinstance(found, type) and issubclass(found, base):
        return found
    raise ScenarioError(f"'{key}' is no {base.__name__}")


def metric(key: str) -> type[Metric]:
    """The class of a metric."""
    return cast("type[Metric]", find("metrics", key))


def example(kind: str, key: str) -> tuple[str, dict[str, Any]]:
    """Key and fields of the YAML line under `Example:` in a component's manual."""
    _, _, text = (find(kind, key).__doc__ or "").partition("Example:")
    ((name, fields),) = YAML(typ="safe", pure=True).load(textwrap.dedent(text.strip("\n"))).items()
    return str(name), dict(fields or {})
