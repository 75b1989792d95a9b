"""From the key of a component to its class.

A file in the folder of a kind is one; another package adds its own as entry points of the group `sco_sim.<kind>`, and
the name of the entry point is the key. A dotted path `package.module:Class` runs whatever the module holds, so it is
followed only where Python code, or a person who types `--allow-code`, asks for it: files never run code.
"""

from __future__ import annotations

import copy
import importlib
import pkgutil
import re
import sys
import textwrap
from collections.abc import Iterable
from functools import cache
from typing import Any, cast

from ruamel.yaml import YAML

from sco_sim.components.base import Component
from sco_sim.components.decider import Decider
from sco_sim.components.event import Event
from sco_sim.components.mechanism import Mechanism
from sco_sim.components.metric import Metric
from sco_sim.components.policy import Policy
from sco_sim.components.rule import Rule
from sco_sim.errors import Problem, ScenarioError, did_you_mean
from sco_sim.plugins import Plugin, PluginError, plugins, warn_once

KINDS = ("policies", "mechanisms", "events", "rules", "deciders", "metrics")

BASES: dict[str, type[Component]] = {
    "policies": Policy, "mechanisms": Mechanism, "events": Event, "rules": Rule,
    "deciders": Decider, "metrics": Metric,
}  # fmt: skip
"""Base class of each kind."""

RENAMED = {"conflict_share_noisy_mean": "conflict_share_observed_mean"}
"""Keys that were called otherwise before."""

_PATH = re.compile(r"[\w.]+:\w+")


def keys(component_kind: str) -> list[str]:
    """Keys of one kind, sorted: the files of its folder and the entry points of other packages.

    A plug-in that cannot be imported is left out, with a warning that names its package.
    """
    return sorted({*_files(component_kind), *(key for key in _plugins(component_kind) if _works(component_kind, key))})


def _works(component_kind: str, key: str) -> bool:
    try:
        find(component_kind, key)
    except PluginError as error:
        warn_once(f"{error.problems[0].message}: left out")
        return False
    return True


@cache
def _files(component_kind: str) -> frozenset[str]:
    folder = importlib.import_module(f"sco_sim.components.{component_kind}")
    return frozenset(module.name for module in pkgutil.iter_modules(folder.__path__))


def _plugins(component_kind: str) -> dict[str, Plugin]:
    """Plug-ins of one kind by key; one that is named like a file of ours is left out, with a warning."""
    out = {}
    for key, plugin in plugins(f"sco_sim.{component_kind}").items():
        if key in _files(component_kind):
            warn_once(f"{plugin}: left out, since sco_sim has a component of that name")
        else:
            out[key] = plugin
    return out


def nearest(key: str, known: Iterable[str]) -> str:
    """The remedy for a key that is not among those known: its new name, or the nearest one."""
    return f"it is called {RENAMED[key]} now" if key in RENAMED else did_you_mean(key, known)


def find(component_kind: str, key: str, allow_code: bool = False) -> type[Component]:
    """The class of a kind with that key.

    Args:
        component_kind: One of `KINDS`.
        key: Name of a file of ours, of an entry point, or, if code is allowed, a path `package.module:Class`.
        allow_code: Whether to import the module that a path names, and so to run its code.

    Raises:
        ScenarioError: There is none (with the nearest key), it is of another kind, or it is code that is not allowed.
        PluginError: The package that brings it cannot be imported.
    """
    base = BASES[component_kind]
    if key in _files(component_kind):
        module = importlib.import_module(f"sco_sim.components.{component_kind}.{key}")
        here = (c for c in vars(module).values() if isinstance(c, type) and c.__module__ == module.__name__)
        return next(c for c in here if issubclass(c, base))
    if key in _plugins(component_kind):
        return _registered(_plugins(component_kind)[key], base)
    if not _PATH.fullmatch(key):
        singular = {"policies": "policy"}.get(component_kind, component_kind.removesuffix("s"))
        raise ScenarioError(Problem(f"no {singular} '{key}'", nearest(key, keys(component_kind))))
    if not allow_code:
        remedy = "make it an entry point of its package, or allow it: --allow-code, load_scenario(..., allow_code=True)"
        raise ScenarioError(Problem(f"'{key}' is a path to Python code, which a file must not run", remedy))
    return _imported(key, base)


def find_again(component_kind: str, key: str) -> type[Component]:
    """The class that a stored record names: as `find`, or a path into a module that this process has imported.

    Nothing is imported by path, so a record written by others runs no code. Raises ScenarioError as `find` does.
    """
    path, _, name = key.partition(":")
    cls = vars(sys.modules[path]).get(name) if path in sys.modules else None
    return _checked(cls, BASES[component_kind], key) if cls is not None else find(component_kind, key)


def path_of(component: Component) -> str:
    """The key under which `find` or `find_again` leads back to the class of a component."""
    cls = type(component)
    registered = cls.__module__.startswith("sco_sim.") or "registered" in vars(cls)
    return cls.key() if registered else f"{cls.__module__}:{cls.__qualname__}"


def _registered(plugin: Plugin, base: type[Component]) -> type[Component]:
    cls = plugin.load()
    if not (isinstance(cls, type) and issubclass(cls, base)):
        raise PluginError(Problem(f"{plugin} is no {base.__name__}", "mend or uninstall the package"))
    cls.registered = plugin.key
    return cls


def _imported(key: str, base: type[Component]) -> type[Component]:
    path, _, name = key.partition(":")
    try:
        cls = getattr(importlib.import_module(path), name)
    except (Exception, SystemExit) as error:  # a module of the user's, which may do anything
        words = f"{type(error).__name__}: {error}"
        raise ScenarioError(Problem(f"cannot load '{key}': {words}", "check the path, and that it imports")) from error
    return _checked(cls, base, key)


def _checked(cls: object, base: type[Component], key: str) -> type[Component]:
    if isinstance(cls, type) and issubclass(cls, base):
        return cls
    raise ScenarioError(Problem(f"'{key}' is no {base.__name__}", f"name a class that is a {base.__name__}"))


def metric(key: str) -> type[Metric]:
    """The class of a metric."""
    return cast("type[Metric]", find("metrics", key))


def example(component_kind: str, key: str) -> tuple[str, dict[str, Any]]:
    """Key and fields of the YAML line under `Example:` in a component's manual."""
    return example_of(find(component_kind, key))


def example_text(component: type[Component]) -> str:
    """The YAML under `Example:` in the docstring of a component, "" if there is none."""
    _, _, text = (component.__doc__ or "").partition("Example:")
    return textwrap.dedent(text.strip("\n")).strip()


def example_of(component: type[Component]) -> tuple[str, dict[str, Any]]:
    """Key and fields of that YAML; raises an error of Python or ruamel.yaml if it is not one key with its fields."""
    name, fields = _parsed_example(example_text(component))
    return name, copy.deepcopy(fields)


@cache
def _parsed_example(text: str) -> tuple[str, dict[str, Any]]:
    """What the text of an example says; parsed once, for busy scenarios ask for every one of them again and again."""
    ((name, fields),) = YAML(typ="safe", pure=True).load(text).items()
    return str(name), dict(fields or {})
