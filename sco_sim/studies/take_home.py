"""What to take home of a stored comparison, and what `brief` leaves beside it so that the report has it too."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from sco_sim.errors import ScenarioError
from sco_sim.store.checksums import write_tables
from sco_sim.store.seal import file_hash
from sco_sim.studies.brief import (
    CHOSEN_BY,
    SPOKEN_OF,
    Row,
    another_rule,
    what_is_worth_knowing,
    what_it_does,
    what_stands_in_the_way,
)
from sco_sim.studies.candidates.candidate import KNOWING, Candidate, lacks
from sco_sim.studies.comparison.answer import answer
from sco_sim.studies.comparison.checks import FILES
from sco_sim.studies.comparison.compare import Comparison
from sco_sim.studies.comparison.fragile import fragile
from sco_sim.studies.worth.information import FEWEST, Worth, worth
from sco_sim.studies.worth.options import Options, of_runs
from sco_sim.studies.worth.words import surely

NAME = "brief.json"
Rules = Mapping[str, tuple[float, float]]
"""Decision rule to the mean difference of what is delivered from the scenario's own, and its error."""
Judged = tuple[Options, dict[str, Worth]]


@dataclass(frozen=True)
class Kept:
    """What the store of a comparison does not tell: what other studies say, and the commands as they were given."""

    rules: Rules
    compare: str
    rules_command: str
    worth: str
    """Without outcome and year."""
    others: tuple[Candidate, ...] = ()
    """Of the studies that simulate something else."""

    @property
    def commands(self) -> tuple[str, str, str]:
        """What gives each sentence."""
        return self.compare, self.rules_command, self.worth


def judged(comparison: Comparison, year: int) -> Judged | None:
    """The choice among the scenarios by the first outcome for which an entry is surely worth knowing, else the first.

    None where nothing can be said: too few settings, parameters at their centres, or runs of other seeds.
    """
    first: Judged | None = None
    for key in CHOSEN_BY:
        try:
            options = of_runs(comparison.runs, key, year)
        except (ScenarioError, KeyError):
            return None
        one = options, worth(options.choice, options.inputs)
        if surely(one[1]):
            return one
        first = first or one
    return first


def candidates(
    comparison: Comparison, rows: Sequence[Row], choice: Judged | None, *, rules: Rules | None,
    commands: tuple[str, str, str], names: Mapping[str, str], weak: Sequence[Row], others: Sequence[Candidate] = (),
) -> list[Candidate]:  # fmt: skip
    """What every study would have a reader take home, those of the stored worlds first.

    Args:
        comparison: Whose they are; they speak of the last scenario where they speak of one.
        rows: Of comparison.csv, until the year that they are about.
        choice: Of `judged`.
        rules: Tried on the last scenario; None if none was.
        commands: That give the answer, the rules and what is worth knowing; the last without outcome and year.
        names: What the scenarios are called.
        weak: Rows of `fragile`.
        others: Candidates of studies that simulate something else.
    """
    year = max(int(row["year"]) for row in rows)
    last = comparison.runs[-1]
    name, worlds = str(last.manifest["name"]), len(last.worlds())
    said = answer(rows, comparison.settings, names, SPOKEN_OF)
    own = {str(row["outcome"]): row for row in rows if row["scenario"] == name and int(row["year"]) == year}
    lost = {way: float(own[f"lost_to_{way}_mean"]["scenario_mean"]) for way in ("veto", "delivery")}
    texts = [row for row in records(comparison.agreements) if row["scenario"] == name]
    out = [
        what_it_does(said, weak, commands[0], worlds, names),
        what_stands_in_the_way(
            names.get(name, name), lost, texts, commands[1], tried=rules is not None, worlds=worlds
        ),
    ]  # fmt: skip
    if texts and rules is not None:
        out.append(another_rule(rules, last.scenario.decision_rule.key(), commands[1], worlds))
    if choice is None:
        why = f"it takes {FEWEST} settings of the ledger or more that all scenarios share: give more --worlds"
        out.append(lacks(KNOWING, "worth", commands[2], why))
    else:
        more = f" --outcome {choice[0].outcome} --year {year}"
        out.append(replace(what_is_worth_knowing(*choice, commands[2] + more, names), worlds=worlds))
    return [*out, *others]


def weak_in(comparison: Comparison) -> list[dict[str, Any]]:
    """Outcomes whose sign is not settled, with what each hangs on."""
    return records(fragile(comparison))


def records(frame: Any) -> list[dict[str, Any]]:
    """Rows by the names of their columns."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def keep(folder: Path, one: Kept) -> None:
    """Leave it beside the tables that it belongs to."""
    write_tables(folder, {NAME: json.dumps({"comparison": _hash(folder), **asdict(one)}, indent=2) + "\n"})


def kept(folder: Path | None) -> Kept | None:
    """What `brief` left beside the tables of a folder; none if it did not, or if the tables are others by now."""
    if folder is None or not (folder / NAME).is_file():
        return None
    try:
        record = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if record.pop("comparison") != _hash(folder):
            return None
        rules = {str(rule): (float(mean), float(error)) for rule, (mean, error) in record.pop("rules").items()}
        others = tuple(_candidate(one) for one in record.pop("others"))
        return Kept(rules, **{name: str(words) for name, words in record.items()}, others=others)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _candidate(record: Mapping[str, Any]) -> Candidate:
    """One as it was left; raises TypeError or KeyError for another thing."""
    known = {one.name for one in fields(Candidate)}
    if record.keys() != known:
        raise KeyError(NAME)
    typed: dict[str, Any] = {name: str(value) for name, value in record.items()}
    typed |= {name: bool(record[name]) for name in ("sure", "if_ever")}
    typed |= {"strength": float(record["strength"]), "worlds": int(record["worlds"])}
    return Candidate(**typed)


def _hash(folder: Path) -> str:
    return file_hash((folder / FILES[0]).read_bytes())
