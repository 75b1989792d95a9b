"""`sco-sim validate`: check scenario files. Loads no table, array or graph library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.age import Age, as_years, in_words
from sco_sim.commands.files import ages_of, load
from sco_sim.commands.screen.output import complain, emit, say
from sco_sim.errors import SimError


def main(files: Sequence[str], sets: Sequence[str], case: Path | None, as_json: bool) -> int:
    """Check every file, also after one that is wrong; the exit code."""
    results = [(file, _checked(file, sets, case)) for file in files]
    wrong = any(isinstance(found, SimError) for _, found in results)
    if as_json:
        emit([_record(file, found) for file, found in results])
        return 2 if wrong else 0
    for file, found in results:
        if isinstance(found, SimError):
            complain(found)
        else:
            say(f"{file}: fine")
            say(in_words(found), "dim")
    return 2 if wrong else 0


def _checked(file: str, sets: Sequence[str], case: Path | None) -> tuple[Age, ...] | SimError:
    """How old the evidence of a scenario is, or what is wrong with the scenario."""
    try:
        scenario = load(file, sets, case)
        return ages_of(scenario, case)
    except SimError as error:
        return error


def _record(file: str, found: tuple[Age, ...] | SimError) -> dict[str, object]:
    wrong = isinstance(found, SimError)
    problems = found.problems if isinstance(found, SimError) else ()
    observed = {} if isinstance(found, SimError) else as_years(found)
    return {
        "file": file, "fine": not wrong, "problems": [vars(problem) for problem in problems], "observed": observed,
    }  # fmt: skip
