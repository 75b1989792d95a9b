"""Every declared column beside the same column of the shipped case.

Another unit, upside down, swapped, shuffled, emptied, all the same: over the rows that both have, by their key. Of rows
that only one has, the middle of a column still shows a unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import correlation, median

from sco_sim.case.schema import rearranged
from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding, hint, keys_of, log_ratio, some, times
from sco_sim.case.schema.declare import Column, Table
from sco_sim.case.schema.displaced import displaced
from sco_sim.case.schema.reference import COMPARED, REMEDY, common_rows, same_cells, shipped_column
from sco_sim.case.schema.swapped import DIRECTED
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.case.schema.words import number_of
from sco_sim.errors import Problem, counted

APART = {
    "distance_km": 1.3, "capital_distance_km": 1.3, "length_km": 1.3, "capital_lat_deg": 1.3, "capital_lon_deg": 1.3,
    "area_km2": 1.5,
}  # fmt: skip
OFTEN = 3.0
"""Factor by which the middle of a column may differ over common rows: APART of some, else this."""
ELSEWHERE = 50.0
"""Factor by which it may differ without common rows; of other states, and of other sizes."""
ONE = 30.0
"""Factor by which a single cell may differ, if it or the shipped one is above the middle."""
FEW = 6
"""Common rows from which a middle or a correlation is looked at."""
SOME = 3
"""Values of the shipped case from which a column without any is empty, or one in other rows shuffled."""
YEARS = 5.0
"""Years by which the middle of dates may differ."""
AGAINST = -0.3
ALIKE = 0.4
"""Rank correlation, or agreement beyond chance (Cohen's kappa), below which a column does not go with the shipped one;
two editions of one source have 0.9 and more."""
VARIED = 0.01
"""Share of the rows with another value than the most frequent one, above which a column of one value is odd."""
NUMBERS = ("number", "count", "flag")
WORDS = ("choice", "code", "codes", "states", "legs")
Key = tuple[str, ...]
Both = Sequence[tuple[Key, str, str]]
"""Key, own cell and that of the shipped case."""


def alike(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Columns that are not like those of the shipped case."""
    states = set(checked["states"].sheet.column("iso3")) if "states" in checked else set()
    for name, content in checked.items():
        table = BY_NAME[name]
        if content.known or not table.key or not set(table.key) <= set(content.sheet.header):
            continue
        for column in table.columns:
            if column.name in content.sheet.header and column.type != "text":
                yield from _column(table, content, column, states)


def _column(table: Table, content: Checked, column: Column, states: set[str]) -> Iterator[Finding]:
    """One column: the rows of both cases with the same key, without the column itself if it is part of the key.

    Cells of the shipped case that name states that the case does not have are left out.
    """
    key = tuple(name for name in table.key if name != column.name)
    if column.name in table.key and ("year" in table.key or not key):
        return
    common = common_rows(content, table.name, key)
    if same_cells(content, table.name, column.name, common):
        return
    cells, theirs, keys = (
        content.sheet.column(column.name),
        shipped_column(table.name, column.name),
        keys_of(content, *key),
    )
    if column.name in table.key and len(set(keys)) < len(keys):
        return  # the rest of the key names no single row
    both = [(keys[i], cells[i], theirs[j]) for i, j in common] if theirs else []
    if column.type in ("code", "codes", "legs"):
        both = [one for one in both if set(one[2].replace("-", ";").split(";")) <= states | {""}]
    if both and all(mine == other for _, mine, other in both):
        return
    number = content.sheet.column_number(column.name)
    message = _gaps(table, column, both)
    filled = [one for one in both if one[1] and one[2]]
    if not message and column.type in NUMBERS:
        amount = column.type != "flag" and column.name not in COMPARED.get(table.name, ()) and not column.identifier
        message = _amount(column, filled, cells, theirs) if amount else ""
        message = message or _lean(column.name, filled, _number)
        if not message and table.directed and table.name not in DIRECTED:
            message = _turned(table, column.name, filled)
        if not message and amount:
            yield from _cells(content, column, key, filled)
    elif not message and column.type in ("year", "date"):
        message = _shift(column.name, filled) or _lean(column.name, filled, _when)
    elif not message and column.type in WORDS:
        message = _agree(column.name, filled)
    message = message or displaced(column, cells, theirs, common if theirs else ())
    line = 1
    if not message and (message := _elsewhere(column, both)):
        line = next((content.sheet.lines[i] for i, j in common if cells[i] != theirs[j]), 1)
    if message:
        yield Finding(False, Problem(message, REMEDY, content.sheet.path, line, number))


def _elsewhere(column: Column, both: Both) -> str:
    """Slips that leave the middle and the ranks of a column nearly as they are."""
    if column.type not in NUMBERS:
        pairs = [(own, other) for _, own, other in both]
        return rearranged.in_other_rows(column.name, pairs) or rearranged.lost(column.name, pairs)
    numbers = [(own and f"{_number(own):.12g}", other and f"{_number(other):.12g}") for _, own, other in both]
    filled = [(_number(own), _number(other)) for _, own, other in both if own and other]
    return (
        rearranged.in_other_rows(column.name, numbers)
        or rearranged.lost(column.name, numbers)
        or rearranged.moved_by_one(column.name, filled)
        or (rearranged.disturbed(column.name, filled) if column.low >= 0.0 else "")  # a score has no share of itself
    )


@lru_cache(maxsize=1 << 16)
def _number(cell: str) -> float:
    value = number_of(cell)
    return value if isinstance(value, float) else 0.0


def _when(cell: str) -> float:
    year, month, day = (*map(int, cell.removesuffix(".0").split("-")), 0, 0)[:3]
    return year + month / 12.0 + day / 372.0


def _gaps(table: Table, column: Column, both: Both) -> str:
    """A column without a value, or, in a list, with values in other rows."""
    mine, theirs = (sum(bool(one[side]) for one in both) for side in (1, 2))
    if theirs >= SOME and not mine:
        rows = counted(len(both), "common row")
        return f"{column.name} is empty in all {rows}, the shipped case has {theirs} values there"
    if "year" in table.key or min(mine, theirs, len(both) - theirs) < SOME:
        return ""
    agreed = _kappa([(bool(own), bool(other)) for _, own, other in both])
    return f"{column.name} has values in other rows than in the shipped case: shuffled?" if agreed < ALIKE else ""


def _amount(column: Column, both: Both, own: Sequence[str], there: Sequence[str]) -> str:
    """Whether the middle of the amounts is far from that of the shipped case."""
    pairs = [(abs(_number(one)), abs(_number(other))) for _, one, other in both]
    logs = [log_ratio(one, other) for one, other in pairs if one > 0.0 and other > 0.0]
    if len(logs) >= FEW:
        middle, most = median(logs), APART.get(column.name, OFTEN)
        rows = counted(len(logs), "common row")
    else:
        mine, theirs = ([size for cell in cells if (size := abs(_number(cell)))] for cells in (own, there))
        if min(len(mine), len(theirs)) < FEW:
            return ""
        middle, most, rows = log_ratio(median(mine), median(theirs)), ELSEWHERE, "rows of other keys"
    if abs(middle) <= math.log10(most):
        return ""
    return f"{column.name} is in the middle {times(middle)} that of the shipped case, {rows}{hint(middle)}"


def _cells(content: Checked, column: Column, key: Sequence[str], both: Both) -> Iterator[Finding]:
    """Single cells far from those of the shipped case."""
    pairs = {one: (abs(_number(mine)), abs(_number(other))) for one, mine, other in both}
    sizes = [other for _, other in pairs.values() if other > 0.0]
    middle = median(sizes) if len(sizes) >= FEW else math.inf
    wrong = []
    for row, one in enumerate(keys_of(content, *key)):
        mine, other = pairs.get(one, (0.0, 0.0))
        if mine > 0.0 and other > 0.0 and max(mine, other) > middle:
            log = log_ratio(mine, other)
            if abs(log) > math.log10(ONE):
                wrong.append((row, f"{column.name} is {times(log)} that of the shipped case{hint(log)}"))
    yield from (Finding(False, problem) for problem in some(content, wrong, column.name, REMEDY))


def _lean(name: str, both: Both, reader: Callable[[str], float]) -> str:
    """Whether the figures go with those of the shipped case, by their ranks."""
    own, other = [reader(one) for _, one, _ in both], [reader(one) for _, _, one in both]
    if len(both) < FEW or len(set(other)) < 2:
        return ""
    if len(set(own)) == 1:
        varied = 1.0 - max(map(other.count, set(other))) / len(other)
        return f"{name} is {own[0]:g} in all rows, not so in the shipped case" if varied > VARIED else ""
    lean = correlation(_ranks(own), _ranks(other))
    if lean < AGAINST:
        return f"{name} runs against that of the shipped case (rank correlation {lean:.2f})"
    if lean < ALIKE:
        rows = f"rank correlation {lean:.2f} over {counted(len(both), 'common row')}"
        return f"{name} does not go with that of the shipped case ({rows}): shuffled?"
    return ""


def _ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 0 on; equal values have the mean of theirs."""
    order = sorted(values)
    first: dict[float, int] = {}
    last: dict[float, int] = {}
    for rank, value in enumerate(order):
        first.setdefault(value, rank)
        last[value] = rank
    return [(first[value] + last[value]) / 2.0 for value in values]


def _shift(name: str, both: Both) -> str:
    """Whether years and dates are earlier or later as a whole."""
    middle = median(_when(own) - _when(other) for _, own, other in both) if len(both) >= SOME else 0.0
    if abs(middle) < YEARS:
        return ""
    return f"{name} is in the middle {abs(middle):.0f} years {'after' if middle > 0.0 else 'before'} the shipped case"


def _agree(name: str, both: Both) -> str:
    """Whether words and codes are those of the shipped case more often than by chance."""
    if len(both) < FEW or len({other for _, _, other in both}) < 2:
        return ""
    agreed = _kappa([(_parts(own), _parts(other)) for _, own, other in both])
    if agreed >= ALIKE:
        return ""
    rows = f"agreement beyond chance {max(agreed, 0.0):.2f} over {counted(len(both), 'common row')}"
    return f"{name} does not go with that of the shipped case ({rows}): shuffled?"


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(sorted(cell.split(";")))


def _kappa(pairs: Sequence[tuple[object, object]]) -> float:
    """Cohen's kappa of pairs of labels; 1 if they could not differ."""
    own, other = [one for one, _ in pairs], [one for _, one in pairs]
    same = sum(one == two for one, two in pairs) / len(pairs)
    chance = sum(own.count(label) * other.count(label) for label in set(own)) / len(pairs) ** 2
    return (same - chance) / (1.0 - chance) if chance < 1.0 else 1.0


def _turned(table: Table, column: str, both: Both) -> str:
    """Whether what goes there less what comes back runs against the shipped case."""
    values = {key: (_number(own), _number(other)) for key, own, other in both}
    differences = []
    for (a, b, *rest), (own, other) in values.items():
        back = values.get((b, a, *rest))
        if a < b and back is not None and (own != back[0] or other != back[1]):
            differences.append((own - back[0], other - back[1]))
    up, down = (sum(x * y * sign > 0.0 for x, y in differences) for sign in (1.0, -1.0))
    if down < FEW or down <= 2 * up:
        return ""
    one, two = table.directed or ("", "")
    return f"{column} leans against that of the shipped case ({down} pairs): {one} and {two} swapped?"
