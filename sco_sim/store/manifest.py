"""What a stored run was simulated from: the resolved scenario, the seed, and hashes of the code and the data."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sco_sim.case.age_words import as_records
from sco_sim.case.read_catalog import read_catalog
from sco_sim.case.schema.check import borrows
from sco_sim.components.metric import Metric
from sco_sim.components.registry import find, keys
from sco_sim.errors import CaseError, Problem
from sco_sim.fields import is_name
from sco_sim.numerics.compiled import kernels
from sco_sim.shipped import default_case
from sco_sim.store.seal import text_hash
from sco_sim.version import __version__

if TYPE_CHECKING:
    from sco_sim.case.case import Case
    from sco_sim.scenario.schema import Scenario

Manifest = dict[str, Any]

FORMAT = 3
"""Rises when a stored run can no longer be read by the code before, or the other way."""
LIBRARIES = ("numpy", "pandas", "mesa", "networkx", "scipy", "pyarrow")

CONTENT = ("scenario", "seed", "replicates", "fixed_parameters", "code_hash", "data_hash")
"""What makes the numbers of a run what they are: runs that agree in these may share a folder."""

SWEEP_CONTENT = (
    "scenarios", "factors", "rows_hash", "kept_outcomes", "kept_years", "seed", "replicates", "fixed_parameters",
    "code_hash", "data_hash",
)  # fmt: skip
"""The same for a sweep, whose points follow from the scenarios and the factors."""

KEYS = {
    "name": str,
    "case": str,
    "versions": dict,
    "years": list,
    "states": list,
    "ties": list,
    "agreements": list,
}
"""The other keys that readers rely on."""


def hash_of_files(root: Path, files: list[Path]) -> str:
    """SHA-256 over the relative path and content of files, in the order of their paths."""
    digest = hashlib.sha256()
    for name, path in sorted((path.relative_to(root).as_posix(), path) for path in files):
        content = path.read_bytes()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


@cache
def code_hash() -> str:
    """Hash of every Python file of the package, taken once: this process goes on with the code it has loaded."""
    root = Path(__file__).parents[1]  # the whole package
    return hash_of_files(root, list(root.rglob("*.py")))


def data_hash(case: Path) -> str:
    """Hash of a case, its tables and its ledger, and of the shipped case if it takes something from there.

    Raises CaseError if they cannot be read.
    """
    try:
        files = [*(case / "data").glob("*.csv"), *(case / "fits").glob("*")]
        own = case / "parameters.yaml"
        own_hash = hash_of_files(case, [*files, own] if own.is_file() else files)
        return (
            hashlib.sha256((own_hash + data_hash(default_case())).encode()).hexdigest() if borrows(case) else own_hash
        )
    except OSError as error:
        problem = Problem(f"cannot be read: {error.strerror}", "a case has data/*.csv and parameters.yaml", str(case))
        raise CaseError(problem) from error


@lru_cache(maxsize=2)
def tables(case: str | None, data_hash: str) -> Case:
    """The tables of a case; the hash keeps them for a run while its files change, and makes a changed case another."""
    from sco_sim.case.opened import opened

    return opened(case)


def versions() -> dict[str, str]:
    """Versions of this package, Python and the libraries that numbers pass through, and the platform."""
    known = {"sco_sim": __version__, "python": platform.python_version(), "platform": platform.platform()}
    known["kernels"] = kernels()
    return known | {library: _installed(library) for library in LIBRARIES}


@cache
def _installed(library: str) -> str:
    """The version of a library, looked up once: this process goes on with the one it has loaded."""
    try:
        return version(library)
    except PackageNotFoundError:
        return "not installed"


def make_manifest(
    scenario: Scenario, *, seed: int, replicates: int, fixed_parameters: bool, case: Path | str | None
) -> Manifest:
    """The manifest of a run that is about to start; `content` is equal for runs that may share a folder.

    The folder of tables is `case`, else that of the scenario.
    """
    case = scenario.case if case is None else case
    content: Manifest = {"scenario": scenario.resolved(), "seed": seed, "replicates": replicates}
    frame = frame_of(scenario, {**content, "fixed_parameters": fixed_parameters}, case)
    known = tables(None if case is None else str(case), frame["data_hash"])
    return {
        **frame,
        "agreements": [policy.label for policy in scenario.policies if policy.intensity > 0],
        "parameters": _parameters(scenario, known),
    }


def frame_of(scenario: Scenario, content: Manifest, case: Path | str | None) -> Manifest:
    """What the manifests of runs and sweeps have in common; `content` and the hashes decide who may share a folder."""
    folder = default_case() if case is None else Path(case)
    content = {**content, "code_hash": code_hash(), "data_hash": data_hash(folder)}
    states = sorted(scenario.states)
    metrics = {key: cast("type[Metric]", find("metrics", key)) for key in keys("metrics")}
    return {
        "format": FORMAT,
        "name": scenario.name,
        "content": content_hash(content),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": versions(),
        "case": "shipped" if case is None else str(case),
        **content,
        "years": [scenario.horizon.start, scenario.horizon.end],
        **as_records(read_catalog(folder).observations.ages(scenario.states, scenario.horizon.start)),
        "states": states,
        "ties": [f"{a}-{b}" for a, b in combinations(states, 2)],
        "metrics": {key: {"axis": m.axis, "unit": m.unit, "better": m.better} for key, m in metrics.items()},
    }


def is_sweep(manifest: Mapping[str, Any]) -> bool:
    """Whether it is the manifest of a sweep; else of a run of one scenario."""
    return "scenarios" in manifest


def _content(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    return SWEEP_CONTENT if is_sweep(manifest) else CONTENT


def content_hash(manifest: Mapping[str, Any]) -> str:
    """Hash of what makes the numbers what they are; not of how many worlds there are."""
    return text_hash({key: manifest[key] for key in _content(manifest)})


def sealed(manifest: Mapping[str, Any]) -> Manifest:
    """The manifest with a hash of all it says, as it is written."""
    return {**manifest, "seal": text_hash({key: value for key, value in manifest.items() if key != "seal"})}


def checked(content: Any) -> Manifest:
    """A manifest as read; raises ValueError, KeyError or TypeError unless it is whole and unchanged."""
    if sealed(content)["seal"] != content["seal"] or content_hash(content) != content["content"]:
        raise ValueError("it says something else than when it was written")
    for key, expected in KEYS.items():
        if not isinstance(content[key], expected):
            raise TypeError(key)
    described = content["scenarios"] if "scenarios" in content else [content["scenario"]]
    if not all(is_name(name) for name in (content["name"], *(one["name"] for one in described))):
        raise ValueError("a name that could lead out of the folder")
    manifest: Manifest = content
    return manifest


def _parameters(scenario: Scenario, case: Case) -> list[dict[str, Any]]:
    """Ledger entries in force, with the scenario's overrides; raises CaseError if the ledger cannot be read."""
    kept = ("name", "kind", "source", "unit", "low", "central", "high", "distribution")
    entries = case.ledger.in_force(scenario.parameters).entries
    return [{"parameter": name, **{key: getattr(entry, key) for key in kept}} for name, entry in entries.items()]


def case_of(manifest: Mapping[str, Any]) -> Path | None:
    """The case folder a manifest names, None for the shipped one."""
    return None if manifest["case"] == "shipped" else Path(manifest["case"])


def content_differences(old: Mapping[str, Any], new: Mapping[str, Any], most: int = 5) -> list[str]:
    """What makes the content of two manifests differ, in words; of the scenario at most so many fields."""
    words = {
        "code_hash": "code: sco_sim itself has changed",
        "data_hash": "data: the case's tables or ledger changed",
        "rows_hash": "design: other points",
    }
    differences = []
    for part in _content(new):
        if old.get(part) == new[part]:
            continue
        if part in ("scenario", "scenarios", "factors"):
            fields = list(_changes("", old.get(part), new[part]))
            differences += [f"{part}: {field}" for field in fields[:most]]
            differences += [f"{part}: and {len(fields) - most} more fields"] if len(fields) > most else []
        else:
            differences.append(words.get(part, f"{part}: {old.get(part)} there, {new[part]} asked for"))
    return differences


def _changes(path: str, old: object, new: object) -> Iterator[str]:
    """The leaves in which two JSON values differ."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted({*old, *new}):
            yield from _changes(f"{path}.{key}" if path else str(key), old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _changes(f"{path}[{index}]", one, other)
    elif old != new:
        yield f"{path} is {_short(old)} there, {_short(new)} asked for"


def _short(value: object, width: int = 60) -> str:
    text = json.dumps(value)
    return text if len(text) <= width else f"{text[: width - 3]}..."


def version_differences(manifest: Mapping[str, Any]) -> list[str]:
    """Code, data, library and platform differences between the making of a run and here and now."""
    differences = []
    if manifest["code_hash"] != code_hash():
        differences.append("code: sco_sim itself has changed")
    if manifest["data_hash"] != data_hash(case_of(manifest) or default_case()):
        differences.append("data: the case's tables or ledger changed")
    now = versions()
    old: Mapping[str, str] = manifest["versions"]
    differences += [f"{name}: {old.get(name)} then, {now[name]} now" for name in now if old.get(name) != now[name]]
    return differences
