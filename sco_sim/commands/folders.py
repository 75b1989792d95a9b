"""What a folder holds, in words, for commands that are given another folder than they read."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sco_sim.errors import Problem, ScenarioError, StoreError, counted

MANIFEST = "manifest.json"
Contents = Literal["run", "sweep", "comparison", "case", "other"]
NAMES: dict[Contents, str] = {"run": "a stored run", "sweep": "a stored sweep", "comparison": "a comparison"}
"""What a command that reads such a folder asks for."""
VIEW = "view="
"""How an override names a view."""
OWN_NAMES = 12
"""Names that a remedy lists at most."""


@dataclass(frozen=True)
class Folder:
    """What a folder holds."""

    contents: Contents
    words: str
    """The same in words, after "this is"."""
    remedy: str
    """What reads it."""


def results(name: str, sets: Sequence[str] = ()) -> Path:
    """The folder in `results/` for a command without `--out`.

    What `--view`, `--set` and `--nowcast` change makes other runs, so they have a folder of their own: commands
    with and without them, one after the other, are not refused.
    """
    views = [Path(text.removeprefix(VIEW)).stem for text in sets if text.startswith(VIEW)]
    rest = sorted(text for text in sets if not text.startswith(VIEW))
    digest = [hashlib.sha256("/".join(rest).encode()).hexdigest()[:8]] if rest else []
    parts = [name, *(f"view_{view}" for view in views), *(f"set_{one}" for one in digest)]
    return Path("results") / "_".join(parts)


def is_run(name: str) -> bool:
    """Whether it is the folder of a stored run or sweep."""
    try:
        return (Path(name) / MANIFEST).is_file()
    except (OSError, ValueError):  # no name of a file at all
        return False


def check_not_typed(folder: str, options: Sequence[str]) -> None:
    """Raises ScenarioError if options were typed that what is stored has fixed: they would be read over in silence."""
    if options:
        words = " and ".join(options)
        raise ScenarioError(Problem(f"what is stored has its own {words}", f"leave out {words}", folder))


def look(folder: Path) -> Folder:
    """What a folder that exists holds; what cannot be read counts as other files."""
    if is_run(str(folder)):
        return _stored(folder)
    if (folder / "comparison.csv").is_file() or any(folder.glob("runs/*/" + MANIFEST)):
        runs = sorted(path.parent for path in folder.glob("runs/*/" + MANIFEST))
        where = f"; its runs are {', '.join(map(str, runs[:OWN_NAMES]))}" if runs else ""
        return Folder("comparison", "the folder of a comparison", f"`sco-sim plot` and `verify` read it{where}")
    if (folder / "views.csv").is_file():
        inside = sorted(str(path.parent) for path in folder.glob("*/comparison.csv"))
        where = f"; each view has a folder of its own: {', '.join(inside)}" if inside else ""
        return Folder("other", "the folder of several views side by side", f"`sco-sim report` reads it{where}")
    if (folder / "data" / "states.csv").is_file():
        return Folder("case", "a case folder", f"give it to a command as --case {folder}")
    files = sorted(str(path) for path in folder.glob("*.yaml"))[:OWN_NAMES]
    remedy = f"the files in it are {', '.join(files)}" if files else ""
    return Folder("other", "a folder without results", remedy)


def _stored(folder: Path) -> Folder:
    """A stored run or sweep, as its manifest says; the readers of the store check the manifest itself."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        name, scenarios = manifest["name"], [one["name"] for one in manifest.get("scenarios", ())]
        points = manifest["points"] if scenarios else 0
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return Folder("run", "the folder of a stored run that cannot be read", f"`sco-sim verify {folder}` says why")
    if scenarios:
        words = f"the folder of a sweep of {counted(points, 'point')} of {', '.join(scenarios)}"
        return Folder(
            "sweep", words, "`sco-sim sensitivity`, `discover`, `plot`, `report`, `export` and `verify` read it"
        )
    remedy = "`sco-sim compare`, `plot`, `discover`, `export` and `verify` read it"
    return Folder("run", f"the folder of a stored run of {name}", remedy)


def refuse_folder(name: str, wanted: str, remedy: str) -> None:
    """Raises ScenarioError for a folder where a file is asked for.

    Args:
        name: What the user has named.
        wanted: What is asked for, e.g. "a scenario".
        remedy: What to name instead.
    """
    if os.path.isdir(name):
        there = look(Path(name))
        remedies = "; ".join(words for words in (remedy, there.remedy) if words)
        raise ScenarioError(Problem(f"this is {there.words}, not {wanted}", remedies, name))


def check_folder(name: str, *wanted: Contents) -> None:
    """Raises StoreError for what is no folder, and for a folder that holds something else than what is wanted.

    A stored run where a sweep is wanted, or the other way, is left to the reader.
    """
    asked = " or ".join(NAMES[one] for one in wanted)
    if os.path.isfile(name):
        raise StoreError(Problem(f"this is a file, not the folder of {asked}", "name the folder", name))
    writers = " or ".join(f"`{MADE_BY[one]}`" for one in wanted)
    if not os.path.isdir(name):
        raise StoreError(Problem("there is no such folder", f"check the path; {writers} writes it", name))
    there = look(Path(name))
    stored = {"run", "sweep"}
    if there.contents not in wanted and not (there.contents in stored and stored & set(wanted)):
        remedies = "; ".join(words for words in (f"name a folder that {writers} wrote", there.remedy) if words)
        raise StoreError(Problem(f"this is {there.words}, not that of {asked}", remedies, name))


MADE_BY: dict[Contents, str] = {"run": "run", "sweep": "sweep", "comparison": "compare"}
"""The command that writes such a folder."""
