"""`sco-sim validate`: check scenario files and views. Loads no table, array or graph library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sco_sim.case.age import Age
from sco_sim.case.age_words import as_records, in_words
from sco_sim.case.read_catalog import read_catalog
from sco_sim.commands.files import ages_of, load, shipped
from sco_sim.commands.screen.output import complain, emit, say
from sco_sim.errors import SimError
from sco_sim.scenario.idle import idle, in_one_year
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
            for line in (*result.idle, *result.brief):
                say(f"  {line}")
            say(
                in_words(result.ages) if result.ages else "It is a view of the ledger: `--view` simulates under it.",
                "dim",
            )
    return 2 if wrong else 0


@dataclass(frozen=True)
class _Fine:
    """What is said of a file that can be used."""

    ages: tuple[Age, ...] = ()
    """How old the evidence of a scenario is; nothing for a view."""
    idle: tuple[str, ...] = ()
    """Components that move nothing in it."""
    brief: tuple[str, ...] = ()
    """Events that are over after a year, since they have no end."""


def _checked(file: str, sets: Sequence[str], case: Path | None) -> _Fine | SimError:
    """What there is to say of a scenario or a view, or what is wrong with it."""
    try:
        if is_view(Path(file)) or (file in views() and file not in shipped()):
            load_view(file, read_catalog(default_case() if case is None else case))
            return _Fine()
        scenario = load(file, sets, case)
        return _Fine(ages_of(scenario, case), tuple(idle(scenario)), tuple(in_one_year(scenario)))
    except SimError as error:
        return error


def _record(file: str, result: _Fine | SimError) -> dict[str, object]:
    if isinstance(result, SimError):
        problems = [vars(problem) for problem in result.problems]
        return {
            "file": file,
            "fine": False,
            "problems": problems,
            "moves_nothing": [],
            "one_year": [],
            **as_records(()),
        }
    said = {"moves_nothing": result.idle, "one_year": result.brief}
    return {"file": file, "fine": True, "problems": [], **said, **as_records(result.ages)}
