"""`sco-sim validate`: check scenario files. Loads no table, array or graph library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.age import Age, as_records, in_words
from sco_sim.commands.files import ages_of, load
from sco_sim.commands.screen.output import complain, emit, say
from sco_sim.errors import SimError


def main(files: Sequence[str], sets: Sequence[str], case: Path | None, as_json: bool) -> int:
    """Check every file, also after one that is wrong; the exit code."""
    results = [(file, _checked(file, sets, case)) for file in files]
    wrong = any(isinstance(result, SimError) for _, result in results)
    if as_json:
        emit([_record(file, result) for file, result in results])
        return 2 if wrong else 0
    for file, result in results:
        if isinstance(result, SimError):
            complain(result)
        else:
            say(f"{file}: fine")
            say(in_words(result), "dim")
    return 2 if wrong else 0


def _checked(file: str, sets: Sequence[str], case: Path | None) -> tuple[Age, ...] | SimError:
    """How old the evidence of a scenario is, or what is wrong with the scenario."""
    try:
        scenario = load(file, sets, case)
        return ages_of(scenario, case)
    except SimError as error:
        return error


def _record(file: str, result: tuple[Age, ...] | SimError) -> dict[str, object]:
    wrong = isinstance(result, SimError)
    problems = result.problems if isinstance(result, SimError) else ()
    observed = as_records(() if isinstance(result, SimError) else result)
    return {"file": file, "fine": not wrong, "problems": [vars(problem) for problem in problems], **observed}
