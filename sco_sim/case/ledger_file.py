"""The one reader of parameters.yaml. It loads neither an array nor a table library, so `validate` can use it too."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.resolver import VersionedResolver

from sco_sim.case.entry_fields import Wrong, wrong_with
from sco_sim.errors import CaseError, Problem
from sco_sim.plugins import PluginError, plugins, warn_once

MAX_DEPTH = 16
"""Deepest nesting of lists and mappings in a ledger."""


def read_ledger_file(path: Path) -> Mapping[str, Any]:
    """The ledger as plain data, with a mapping under `parameters`; not to be changed, it is shared.

    Raises CaseError with file and line if it cannot be read or has no such mapping.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise CaseError(
            Problem("the case lacks this file", "docs/case.md says what a case is made of", str(path))
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise CaseError(
            Problem(f"cannot be read as a ledger: {error}", "it must be a UTF-8 text file", str(path))
        ) from error
    try:
        raw = _parsed(text)
    except (YAMLError, ValueError) as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        reason = str(getattr(error, "problem", None) or error).splitlines()[0]
        line = 0 if mark is None else mark.line + 1
        message = f"cannot be read as a ledger: {reason}"
        raise CaseError(Problem(message, "write valid YAML, each name once", str(path), line)) from error
    if not isinstance(raw, dict) or not isinstance(raw.get("parameters"), dict):
        remedy = "put the entries under `parameters:`"
        raise CaseError(Problem("a ledger is a mapping with the key `parameters`", remedy, str(path)))
    added = _of_plugins()
    return {**raw, "parameters": {**added, **raw["parameters"]}} if added else raw


def _of_plugins() -> dict[str, Any]:
    """Entries that other packages add by entry points of the group `sco_sim.ledger`: mappings from name to fields.

    The case's own entry of a name counts; a package that does not work is left out, with a warning that names it.
    """
    entries: dict[str, Any] = {}
    for plugin in plugins("sco_sim.ledger").values():
        try:
            own = plugin.load()
        except PluginError as error:
            warn_once(f"{error.problems[0].message}: left out")
            continue
        if not isinstance(own, Mapping):
            warn_once(f"{plugin} is no mapping of ledger entries: left out")
            continue
        for name, value in own.items():
            wrong = wrong_with(value) if isinstance(name, str) else Wrong("its name is no text", "")
            if wrong:
                warn_once(f"{plugin}: its ledger entry {name} is left out: {wrong.message}")
            else:
                entries[name] = value
    return entries


class _Resolver(VersionedResolver):
    """Tells what a scalar is by the version of YAML, which ruamel.yaml works out anew for every one of ten thousand."""

    @cached_property
    def processing_version(self) -> Any:
        return super().processing_version


def _reader() -> YAML:
    yaml = YAML(typ="safe")
    yaml.Resolver = _Resolver
    return yaml


@lru_cache(maxsize=4)
def _parsed(text: str) -> Any:
    """YAML of a text, read once a process; libyaml (ruamel.yaml.clib) scans six times as fast as Python.

    Raises YAMLError or ValueError.
    """
    depth = 0
    for event in _reader().parse(text):  # libyaml composes by recursion: what is too deep would end the process
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise ValueError("it is nested too deeply")
    return _reader().load(text)
