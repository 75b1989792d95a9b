"""What a comparison refuses, before anything is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sco_sim.errors import Problem, ScenarioError, StoreError
from sco_sim.fields import is_name
from sco_sim.store.folder import MANIFEST, read_manifest
from sco_sim.store.manifest import Manifest, content_differences

AnyManifest = Mapping[str, Any]

FILES = ("comparison.csv", "winners.csv", "agreements.csv")
ANOTHER = "choose another --out, or --force to replace it"


def identity(manifest: AnyManifest) -> dict[str, object]:
    """What two runs must share for world w of one to be world w of the other.

    States may be others: random numbers go by state and by pair, so what both runs have in common is the same in both.
    """
    return {
        "start years": manifest["years"][0],
        "seeds": manifest["seed"],
        "numbers of replicates": manifest["replicates"],
        "settings of --fixed-parameters": manifest["fixed_parameters"],
        "case data": manifest["data_hash"][:8],
    }


def check_names(names: Sequence[str]) -> None:
    """Raises ScenarioError for fewer than two scenarios, and for two of one name, capitals or not."""
    if len(names) < 2:
        raise ScenarioError(Problem("a comparison needs at least two scenarios", "the first is the reference"))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        remedy = "the name is that of the file: rename one of the files"
        raise ScenarioError(Problem(f"two scenarios are named '{twice[0]}'", remedy))
    spellings: dict[str, str] = {}
    for name in names:
        other = spellings.setdefault(name.casefold(), name)
        if other != name:
            remedy = "on some disks they would share a folder: rename one of the files"
            raise ScenarioError(Problem(f"'{other}' and '{name}' differ in capitals only", remedy))


def check_same(manifests: Sequence[AnyManifest]) -> None:
    """Raises ScenarioError for a scenario that is named twice with the same worlds."""
    for number, manifest in enumerate(manifests):
        if any(manifest == other for other in manifests[:number]):
            name = manifest["name"]
            message = f"{name} is named twice: there is no difference between a scenario and itself"
            raise ScenarioError(Problem(message, "name every scenario once, or another one"))


def check_pairs(manifests: Sequence[AnyManifest]) -> None:
    """Raises ScenarioError for runs whose worlds are not the same worlds as those of the first."""
    first = manifests[0]
    problems = [
        Problem(
            f"{first['name']} and {other['name']} cannot be compared world by world: their {what} differ "
            f"({mine} and {identity(other)[what]})",
            "give them the same, or compare as independent runs: --unpaired (in Python unpaired=True)",
        )
        for other in manifests[1:]
        for what, mine in identity(first).items()
        if mine != identity(other)[what]
    ]
    if problems:
        raise ScenarioError(*problems)


def other_states(first: AnyManifest, other: AnyManifest) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """States that only the other run has, and states that only the first has."""
    mine, theirs = set(first["states"]), set(other["states"])
    return tuple(sorted(theirs - mine)), tuple(sorted(mine - theirs))


def check_years(years: Sequence[int] | None, manifests: Sequence[AnyManifest]) -> None:
    """Raises ScenarioError for runs without a common year, and for a year that is not simulated in all of them."""
    start, end = (pick(m["years"][k] for m in manifests) for k, pick in ((0, max), (1, min)))
    if start >= end:
        raise ScenarioError(Problem("the scenarios have no years in common", "let their horizons overlap"))
    strange = [year for year in years or () if not start <= year <= end]
    if strange:
        raise ScenarioError(Problem(f"{strange[0]} is not simulated", f"choose years from {start} to {end}"))


def check_folder(folder: Path, names: Sequence[str]) -> None:
    """Raises StoreError for a folder that holds something else than this comparison."""
    if not folder.exists():
        return
    if not folder.is_dir():
        raise StoreError(Problem(f"{folder} is a file", "choose another --out"))
    if (folder / FILES[0]).exists():
        there = compared(read_table(folder / FILES[0]))
        if there != list(names):
            raise StoreError(Problem(f"{folder} holds another comparison ({', '.join(there)})", ANOTHER))
    elif any(entry.name != "runs" for entry in folder.iterdir()):
        raise StoreError(Problem(f"{folder} holds other files", ANOTHER))


def check_run(folder: Path, manifest: Manifest) -> None:
    """Raises StoreError for a run folder that holds another run."""
    if (folder / MANIFEST).exists():
        old = read_manifest(folder)
        if old["content"] != manifest["content"]:
            why = "; ".join(content_differences(old, manifest))
            raise StoreError(Problem(f"{folder} holds another run ({why})", ANOTHER))


def compared(table: pd.DataFrame) -> list[str]:
    """Names of the scenarios of a comparison, the reference first; raises StoreError for what is no name."""
    names = list(dict.fromkeys(str(name) for name in (*table["reference"], *table["scenario"])))
    for name in names:
        if not is_name(name):
            raise StoreError(Problem(f"'{name}' is no name of a scenario", "compare the runs again"))
    return names


def read_table(path: Path) -> pd.DataFrame:
    """A table that a comparison wrote; raises StoreError if it cannot be read."""
    try:
        frame: pd.DataFrame = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise StoreError(Problem(f"cannot read {path}: {str(error).splitlines()[0]}", ANOTHER)) from error
    if path.name != FILES[2] and "scenario" not in frame:
        raise StoreError(Problem(f"{path} is no table of a comparison", ANOTHER))
    return frame
