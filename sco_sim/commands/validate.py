"""`sco-sim validate`: check scenario files and views. Loads no table, array or graph library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.case.age import Age, as_records, in_words
from sco_sim.case.read_catalog import read_catalog
from sco_sim.commands.files import ages_of, load, shipped
from sco_sim.commands.screen.output import complain, emit, say
from sco_sim.errors import SimError
from sco_sim.scenario.views import is_view, load_view, views
from sco_sim.shipped import default_case


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
            say(in_words(result) if result else "It is a view of the ledger: `--view` simulates under it.", "dim")
    return 2 if wrong else 0


def _checked(file: str, sets: Sequence[str], case: Path | None) -> tuple[Age, ...] | SimError:
    """How old the evidence of a scenario is, nothing for a view, or what is wrong with either."""
    try:
        if is_view(Path(file)) or (file in views() and file not in shipped()):
            load_view(file, read_catalog(default_case() if case is None else case))
            return ()
        scenario = load(file, sets, case)
        return ages_of(scenario, case)
    except SimError as error:
        return error


def _record(file: str, result: tuple[Age, ...] | SimError) -> dict[str, object]:
    wrong = isinstance(result, SimError)
    problems = result.problems if isinstance(result, SimError) else ()
    observed = as_records(() if isinstance(result, SimError) else result)
    return {"file": file, "fine": not wrong, "problems": [vars(problem) for problem in problems], **observed}
