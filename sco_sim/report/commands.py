"""The commands that make what a page shows again, to be given where the folder has the name that it has here."""

from __future__ import annotations

import shlex
from pathlib import Path

from sco_sim.errors import SimError
from sco_sim.scenario.load import load_scenario
from sco_sim.store.manifest import case_of
from sco_sim.store.seal import text_hash
from sco_sim.store.stored import Stored
from sco_sim.store.stored_run import StoredRun
from sco_sim.store.study_file import typed_for
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import Comparison


def named(path: Path | None) -> str:
    """A folder or file as a shell takes it."""
    return "DIR" if path is None else shlex.quote(str(path))


def of_comparison(comparison: Comparison) -> tuple[str, ...]:
    """What compares again, first of all, and what reads the folder."""
    folder = named(comparison.path)
    return (
        typed_for(comparison.path, FILES[0]) or _compare(comparison),
        f"sco-sim report {folder}",
        f"sco-sim rerun {named(comparison.runs[-1].path)}   # the same bits from its manifest",
        f"sco-sim verify {folder}",
    )


def of_stored(stored: Stored, *more: str) -> tuple[str, ...]:
    """What simulates a stored run or sweep again, and what reads it; `more` are other commands that do."""
    folder = named(stored.path)
    return (
        f"sco-sim rerun {folder}   # the same bits from its manifest",
        *(f"sco-sim {command} {folder}" for command in ("report", *more)),
    )


def _compare(comparison: Comparison) -> str:
    """Where nobody typed it: of shipped scenarios the command that simulates them, of others that of their runs."""
    manifest, folder = comparison.runs[0].manifest, named(comparison.path)
    unpaired = "" if comparison.paired else " --unpaired"
    if not all(_is_shipped(run) for run in comparison.runs):
        return f"sco-sim compare {' '.join(named(run.path) for run in comparison.runs)}{unpaired} --out {folder}"
    names = " ".join(run.scenario.name for run in comparison.runs)
    worlds = max(len(run.worlds()) for run in comparison.runs)
    fixed = " --fixed-parameters" if manifest["fixed_parameters"] else ""
    case = case_of(dict(manifest))
    of = "" if case is None else f" --case {named(case)}"
    return (
        f"sco-sim compare {names} --worlds {worlds} --replicates {manifest['replicates']} --seed {manifest['seed']}"
        f"{fixed}{unpaired}{of} --out {folder}"
    )


def _is_shipped(run: StoredRun) -> bool:
    """Whether a run is of the shipped scenario of its name, as it is."""
    try:
        shipped = load_scenario(run.scenario.name, case=case_of(dict(run.manifest)))
    except SimError:
        return False
    return text_hash(shipped.resolved()) == text_hash(run.manifest["scenario"])
