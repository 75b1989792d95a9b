"""`sco-sim validate`: check scenario files. Loads no table, array or graph library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.commands.files import load
from sco_sim.commands.screen.output import complain, emit, say
from sco_sim.errors import SimError


def main(files: Sequence[str], sets: Sequence[str], case: Path | None, as_json: bool) -> int:
    """Check every file, also after one that is wrong; the exit code."""
    results = [_check(file, sets, case) for file in files]
    if as_json:
        emit([_record(file, error) for file, error in results])
        return 2 if any(error for _, error in results) else 0
    for file, error in results:
        if error is None:
            say(f"{file}: fine")
        else:
            complain(error)
    return 2 if any(error for _, error in results) else 0


def _check(file: str, sets: Sequence[str], case: Path | None) -> tuple[str, SimError | None]:
    try:
        load(file, sets, case)
    except SimError as error:
        return file, error
    return file, None


def _record(file: str, error: SimError | None) -> dict[str, object]:
    problems = error.problems if error else ()
    return {"file": file, "fine": error is None, "problems": [vars(problem) for problem in problems]}
