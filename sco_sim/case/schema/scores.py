"""Scores and other measures beside those of the shipped case: another unit, upside down, swapped, all the same."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from statistics import correlation, median

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding, hint, keys_of, log_ratio, times
from sco_sim.case.schema.reference import REMEDY, shipped_rows
from sco_sim.case.schema.tables import BY_NAME
from sco_sim.errors import Problem

AMOUNTS = {
    "tie_years": ("icews_cooperative_events", "icews_conflictual_events"),
    "air_links": ("airport_pairs",),
    "sister_cities": ("twinned_places",),
    "arms_shares": ("share",),
    "ties": ("distance_km", "capital_distance_km"),
    "route_legs": ("length_km", "border_hours", "border_cost_usd"),
    "growth_outlook": ("nominal_growth_ln", "real_growth_ln"),
}
"""Columns of measures above 0, whose middle ratio to the shipped case shows another unit."""
APART = {"distance_km": 1.3, "capital_distance_km": 1.3, "length_km": 1.3}
OFTEN = 3.0
"""Factor by which the middle may differ: APART of some, else this."""
SCORES = {
    "visas": ("openness",),
    "state_years": ("stability_wgi_pv", "effectiveness_wgi_ge", "uncertainty_wui"),
    "ties": ("land_border", "common_official_language"),
    "tie_years": ("trade_agreement", "ucdp_intensity", "mid_onsets", "gdelt_balance"),
}
"""Columns of scores and flags, which show there when they are turned upside down, swapped or all the same."""
FEW = 10
"""Common rows from which a middle or a correlation is looked at."""
AGAINST = -0.3
VARIED = 0.01
"""Share of the rows with another value than the most frequent one, above which a column of one value is odd."""


def scores(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Columns that have another size than in the shipped case, run against it, or have one value where it has many."""
    for name in dict.fromkeys((*AMOUNTS, *SCORES)):
        content, amounts, marks = checked.get(name), AMOUNTS.get(name, ()), SCORES.get(name, ())
        columns = [column for column in (*amounts, *marks) if content and column in content.numbers]
        if content is None or not columns:
            continue
        keys = keys_of(content, *BY_NAME[name].key)
        shipped = shipped_rows(BY_NAME[name], columns, set(keys))
        for column in columns:
            own = {key: value for key, value in zip(keys, content.numbers[column], strict=True) if value == value}
            both = [(key, own[key], other) for key, other in shipped[column].items() if key in own]
            message = _amount(column, both) if column in amounts else _score(column, both)
            if not message and BY_NAME[name].directed and column in marks:
                message = _turned(name, column, both)
            if message:
                number = content.sheet.column_number(column)
                yield Finding(False, Problem(message, REMEDY, content.sheet.path, 1, number))


Both = Sequence[tuple[tuple[str, ...], float, float]]
"""Key, own value and that of the shipped case."""


def _amount(column: str, both: Both) -> str:
    logs = [log_ratio(value, other) for _, value, other in both if value > 0.0 and other > 0.0]
    middle = median(logs) if len(logs) >= FEW else 0.0
    if abs(middle) <= math.log10(APART.get(column, OFTEN)):
        return ""
    return f"{column} is in the middle {times(middle)} that of the shipped case, {len(logs)} common rows{hint(middle)}"


def _score(column: str, both: Both) -> str:
    own, other = [value for _, value, _ in both], [value for _, _, value in both]
    if len(both) < FEW or len(set(other)) < 2:
        return ""
    if len(set(own)) == 1:
        varied = 1.0 - max(map(other.count, set(other))) / len(other)
        return f"{column} is {own[0]:g} in all rows, not so in the shipped case" if varied > VARIED else ""
    lean = correlation(own, other)
    return f"{column} runs against that of the shipped case (correlation {lean:.2f})" if lean < AGAINST else ""


def _turned(name: str, column: str, both: Both) -> str:
    """Whether what goes there less what comes back runs against the shipped case."""
    values = {key: (own, other) for key, own, other in both}
    differences = []
    for (a, b, *rest), (own, other) in values.items():
        back = values.get((b, a, *rest))
        if a < b and back is not None and (own != back[0] or other != back[1]):
            differences.append((own - back[0], other - back[1]))
    up, down = (sum(x * y * sign > 0.0 for x, y in differences) for sign in (1.0, -1.0))
    if down < FEW or down <= 2 * up:
        return ""
    one, two = BY_NAME[name].directed or ("", "")
    return f"{column} leans against that of the shipped case ({down} pairs): {one} and {two} swapped?"
