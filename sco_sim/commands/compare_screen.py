"""One screen of a comparison: question, answer, what moved, what was adopted, and where the rest lies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sco_sim.commands.compare_full import hazard_in_words, say_accessions, say_still
from sco_sim.commands.compare_tables import hardly_moves, records, row_cells, sentences
from sco_sim.commands.observed import observed_in_brief
from sco_sim.commands.run import size_of
from sco_sim.commands.screen.belief import say_view
from sco_sim.commands.screen.outcomes import named
from sco_sim.commands.screen.output import fits, hanging, heading, lines_of, say, table
from sco_sim.components.registry import metric
from sco_sim.errors import counted
from sco_sim.scenario.idle import idle
from sco_sim.studies.carried import heavy_traders
from sco_sim.studies.comparison.answer import Answer, finding, shows, unit_beside
from sco_sim.studies.comparison.fragile import fragile_signs
from sco_sim.studies.comparison.verdict import enough, same, settled
from sco_sim.studies.wording import Row, amount, difference_of, hardly_differs

if TYPE_CHECKING:
    from sco_sim.scenario.schema import Scenario
    from sco_sim.studies.comparison.compare import Comparison

LINES = 40
"""Lines that the screen of five scenarios takes at most on a terminal of 100 columns."""
MOST_ROWS, FEWEST_ROWS = 8, 3
"""Outcomes that the table shows, by the room that the answer leaves; more are named below it."""
FRAME = 17
"""Lines beside questions, answer, rows and agreements: headers, legend, empty lines and what follows."""
OF_THE_COUNCIL = ("agreements_adopted", "delivered_mean")
"""Outcomes that the table of agreements tells in full."""
ADOPTED = 0.5
"""Share of worlds from which on an agreement counts as adopted."""
INDENT = 4
"""Columns that the number of a scenario takes."""
MOST_NAMED = 4
"""Outcomes without a row that are named; the rest are counted."""
MOST_STATES = 3
"""States that are named as least willing."""
FEW_NAMES = 2
"""Scenarios with agreements up to which each agreement that is not adopted is named; of more they are counted."""

Layout = tuple[list[str], list[list[str]]]


def print_screen(
    comparison: Comparison, said: Answer, shown: Sequence[str], files: Mapping[str, Path], *, asked: bool, years: bool
) -> None:
    """The screen; a comparison in which nothing differs takes four lines.

    Args:
        comparison: The comparison.
        said: Its answer.
        shown: Keys of the outcomes it is about.
        files: What was written beside the tables, by what it is.
        asked: Whether the user asked for these outcomes by name: each then has its years and its sentences.
        years: Whether the user asked for years: all of them are then in the table, else the last.
    """
    rows = [row for row in records(comparison.table) if row["outcome"] in shown]
    if rows and all(same(row) for row in rows):
        _print_nothing(comparison, said, files)
        return
    _say_question(comparison)
    say_view([run.scenario for run in comparison.runs])
    say()
    hanging([("*", line) for line in said.lines])
    printed = _printed(rows, shown, said, asked=asked)
    room = len(printed) if asked or years else _room(comparison, said)
    _print_moved(
        comparison, [row for row in rows if row["outcome"] in printed], printed, room, every_year=asked or years
    )
    if asked:
        for run in comparison.runs[1:]:
            lines = sentences(comparison, run.scenario.name, shown, asked=True)
            heading(f"{run.scenario.name} in words, for {_last(comparison)}")
            hanging([("-", line) for line in lines])
    _print_adopted(records(comparison.agreements))
    say()
    say_accessions(comparison)
    _say_idle(comparison, rows)
    _say_heavy(comparison)
    if asked and "disputes" in printed:
        say(hazard_in_words([run.scenario for run in comparison.runs]), "dim")
    _say_doubts(comparison, [row for row in rows if row["outcome"] in printed])
    say(observed_in_brief(*comparison.runs), "dim")
    say(f"In full: --all; one outcome: --outcome KEY. {_where(comparison, files)}")


def _last(comparison: Comparison) -> int:
    return int(comparison.table["year"].max())


def _names(comparison: Comparison) -> list[str]:
    return [run.scenario.name for run in comparison.runs]


def _print_nothing(comparison: Comparison, said: Answer, files: Mapping[str, Path]) -> None:
    """Four lines, and one more for each policy that stands where it moves nothing."""
    reference, *others = comparison.runs
    names = ", ".join(run.scenario.name for run in others)
    question = others[0].scenario.question or others[0].scenario.title
    say(f"{names} against {reference.scenario.name}" + (f": {question}" if len(others) == 1 else ""), "bold")
    say(" ".join(said.lines))
    say_still(comparison, others)
    say(f"{size_of(comparison.runs)}; {_pairing(comparison)}", "dim")
    say(f"{observed_in_brief(*comparison.runs)} {_where(comparison, files)}".strip())


def _pairing(comparison: Comparison) -> str:
    return "paired world by world" if comparison.paired else "unpaired: every world with every other"


def _say_question(comparison: Comparison) -> None:
    reference, *others = [run.scenario for run in comparison.runs]
    if len(others) == 1:
        say(f"{others[0].name} against {reference.name}: {others[0].question or others[0].title}", "bold")
    else:
        say(f"Compared with {reference.name}: {reference.question or reference.title}", "bold")
        hanging([(f"{number:>3}", text) for number, text in enumerate(_questions(others), 1)])
    say(f"{size_of(comparison.runs)}; {_pairing(comparison)}", "dim")


def _questions(scenarios: Sequence[Scenario]) -> list[str]:
    """A line for each scenario: its question, or its title where the question needs more than the line."""
    asked = [f"{one.name}: {one.question or one.title}" for one in scenarios]
    titled = [f"{one.name}: {one.title or one.question}" for one in scenarios]
    return [one if lines_of([one], INDENT) == 1 else other for one, other in zip(asked, titled, strict=True)]


def _printed(rows: Sequence[Row], shown: Sequence[str], said: Answer, *, asked: bool) -> list[str]:
    """Outcomes of the table: those asked for, or those that move, in the order in which the answer speaks of them."""
    there = {str(row["outcome"]) for row in rows}
    keys = [key for key in shown if key in there]
    if asked:
        return keys
    spoken = dict.fromkeys(key for one in said.sentences if one.tone != "still" for key in one.outcomes)
    last = max(int(row["year"]) for row in rows)
    moved = {row["outcome"] for row in rows if int(row["year"]) == last and settled(row) and not hardly_moves(row)}
    rest = [key for key in keys if key in moved and key not in spoken and finding(key) and key not in OF_THE_COUNCIL]
    return [*spoken, *rest]


def _room(comparison: Comparison, said: Answer) -> int:
    """Rows of the table that leave the whole within LINES."""
    questions = _questions([run.scenario for run in comparison.runs])
    texts = lines_of(questions, INDENT) + lines_of(said.lines, len("* "))
    return min(MOST_ROWS, max(FEWEST_ROWS, LINES - FRAME - texts - comparison.agreements["scenario"].nunique()))


def _print_moved(
    comparison: Comparison, rows: Sequence[Row], printed: Sequence[str], room: int, *, every_year: bool
) -> None:
    """A line for each outcome, and for each year if all are asked for, with a column for each scenario."""
    last = _last(comparison)
    lines: dict[tuple[str, int], list[Row]] = {}
    for key in printed[:room]:
        for row in rows:
            if row["outcome"] == key and (every_year or int(row["year"]) == last):
                lines.setdefault((key, int(row["year"])), []).append(row)
    if not lines:
        return
    names = _names(comparison)
    layouts = list(_one(lines, names, comparison.settings) if len(names) == 2 else _several(lines, names))
    headers, cells = next((layout for layout in layouts if fits(*layout)), layouts[-1])
    say()
    table(["What moved" if every_year else f"What moved by {last}", *headers[1:]], cells, headers[1:], rule=False)
    interval = " (5-95 % of worlds)" if any("(" in cell for line in cells for cell in line[1:]) else ""
    grades = ", ".join(dict.fromkeys(str(row["evidence"]) for group in lines.values() for row in group))
    say(
        f"Mean differences{interval}; !: one history would show it; ?: direction not settled. Evidence: {grades}.",
        "dim",
    )
    rest = [metric(key).title for key in printed[room:]]
    if rest:
        more = [f"{len(rest) - MOST_NAMED} more"] if len(rest) > MOST_NAMED else []
        say(f"Moved too: {'; '.join([*rest[:MOST_NAMED], *more])}.", "dim")


def _line_title(row: Row, *, with_year: bool) -> str:
    title = named(metric(str(row["outcome"])).title, unit_beside(row))
    return f"{title}, {int(row['year'])}" if with_year else title


def _several(lines: Mapping[tuple[str, int], Sequence[Row]], names: Sequence[str]) -> Iterator[Layout]:
    """Ways to lay the table out, the fullest first: intervals or not, columns by name or by number."""
    with_year = len({year for _, year in lines}) > 1
    numbers = [str(number) for number in range(1, len(names))]
    for with_interval in (True, False):
        for columns in (names[1:], numbers):
            cells = []
            for rows in lines.values():
                of = {str(row["scenario"]): _cell(row, with_interval=with_interval) for row in rows}
                cells.append([_line_title(rows[0], with_year=with_year), *(of.get(name, "-") for name in names[1:])])
            yield ["", *columns], cells


def _one(lines: Mapping[tuple[str, int], Sequence[Row]], names: Sequence[str], settings: int) -> Iterator[Layout]:
    """The same for one scenario: its line of the full table, or the difference alone where that is too wide."""
    with_year = len({year for _, year in lines}) > 1
    titles = [_line_title(rows[0], with_year=with_year) for rows in lines.values()]
    columns = [*names, "difference", "5-95 %", "better", "prior", "pairs", "worlds"]
    full = [row_cells(rows[0], settings)[1:] for rows in lines.values()]
    short = [
        [_cell(rows[0], with_interval=True), *cells[4:7]] for rows, cells in zip(lines.values(), full, strict=True)
    ]
    yield ["", *columns], [[title, *cells] for title, cells in zip(titles, full, strict=True)]
    yield ["", "difference", *columns[4:7]], [[title, *cells] for title, cells in zip(titles, short, strict=True)]


def _cell(row: Row, *, with_interval: bool) -> str:
    """The mean difference with its mark, and its interval."""
    if same(row):
        return "same"
    _, low, high, _ = amount(row)
    size = difference_of(row)
    if size == "-":
        return size
    mark = "?" if not settled(row) else "!" if shows(row) else " "
    if tiny := hardly_differs(row):
        return f"{tiny}{mark}"
    return f"{size}{mark} ({low} to {high})" if with_interval else f"{size}{mark}"


def _print_adopted(rows: Sequence[Row]) -> None:
    """A line for each scenario: how many agreements are adopted, in how many worlds and when, and who held out."""
    if not rows:
        return
    names = list(dict.fromkeys(str(row["scenario"]) for row in rows))
    lines = []
    for name in names:
        own = [row for row in rows if row["scenario"] == name]
        passed = [row for row in own if float(row["adopted_share"]) >= ADOPTED]
        lines.append(
            [
                name, f"{len(passed)} of {len(own)}", _range(own, "adopted_share", 100.0, " %"),
                _range(passed, "adopted_year_mean"), _range(own, "delivered_mean", 100.0, " %"),
                _held_out(own, by_name=len(names) <= FEW_NAMES),
            ]
        )  # fmt: skip
    year = max(int(row["year"]) for row in rows)
    headers = [f"Agreements by {year}", "adopted", "of worlds", "year", "delivered", "least willing"]
    say()
    table(headers, lines, headers[1:5], rule=False)


def _range(rows: Sequence[Row], column: str, factor: float = 1.0, unit: str = "") -> str:
    """The lowest and the highest figure of a column, once if they are the same; `-` for none."""
    known = sorted(factor * float(row[column]) for row in rows if not math.isnan(float(row[column])))
    words = list(dict.fromkeys(f"{value:.0f}" for value in (known[0], known[-1]))) if known else ["-"]
    return "-".join(words) + (unit if known else "")


def _held_out(rows: Sequence[Row], *, by_name: bool) -> str:
    """Who was least willing most often, and what was not adopted because of whom, or how much of it."""
    blocked = [row for row in rows if float(row["adopted_share"]) < ADOPTED]
    who = list(dict.fromkeys(filter(None, map(_least, rows))))
    parts = [", ".join(who[:MOST_STATES])] if who else []
    if blocked and by_name:
        named_ones = (f"{row['agreement']} ({_least(row)})" for row in blocked)
        parts.append(f"not adopted: {', '.join(named_ones)}")
    elif blocked:
        parts.append(
            f"against: {', '.join(f'{state} {count}' for state, count in Counter(map(_least, blocked)).items())}"
        )
    return "; ".join(parts) or "-"


def _least(row: Row) -> str:
    """The state most often least willing, "" if there was none."""
    out = row["hold_out"]
    return out if isinstance(out, str) else ""


def _say_idle(comparison: Comparison, rows: Sequence[Row]) -> None:
    """Policies and events that do nothing as they are written; where a scenario moves nothing, all that do nothing.

    Whether each of several does something takes a simulation: `--all` makes it.
    """
    known = idle(comparison.runs[0].scenario)
    moving = {row["scenario"] for row in rows if not same(row)}
    say_still(comparison, [run for run in comparison.runs[1:] if run.scenario.name not in moving])
    for run in comparison.runs[1:]:
        if run.scenario.name in moving:
            for line in idle(run.scenario):
                if line not in known:
                    say(f"{run.scenario.name}: {line}.")


def _say_heavy(comparison: Comparison) -> None:
    """One line on states whose trade their GDP can hardly carry; `--all` has the figures."""
    heavy = [one for run in comparison.runs for one in heavy_traders(run, _last(comparison))]
    if heavy:
        codes = ", ".join(dict.fromkeys(str(one["iso3"]) for one in heavy))
        say(f"More trade than GDP, in the median world or on average (--all): {codes}.", "yellow")


def _say_doubts(comparison: Comparison, rows: Sequence[Row]) -> None:
    """How many figures of these outcomes more worlds might change, and how many signs hang on judgement."""
    differ = [row for row in rows if not same(row)]
    few = sum(not enough(row, comparison.settings) for row in differ)
    signs = fragile_signs(comparison)
    parts = [f"too few worlds for {few} of {counted(len(differ), 'figure')} over all years"] if few else []
    if signs:
        parts.append(f"{counted(signs, 'mean difference')} would have the other sign within the ranges of the ledger")
    if parts:
        text = "; ".join(parts)
        say(f"{text[0].upper()}{text[1:]} (--all).")


def _where(comparison: Comparison, files: Mapping[str, Path]) -> str:
    """Where the tables are, and what else was written."""
    more = "; ".join(f"{what}: {path}" for what, path in files.items())
    if not files:
        more = "as figures or a page: `sco-sim plot` or `report` with this folder"
    return f"Tables and runs: {comparison.path}" + (f"; {more}" if more else "")
