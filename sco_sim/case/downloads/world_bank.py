"""Wide tables of the World Bank: a row for each country and indicator, a column for each year."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from sco_sim.case.downloads.download import Download, amount, opened
from sco_sim.case.schema.tables import STATE_YEARS
from sco_sim.case.state_names import OLD_CODES, StateNames
from sco_sim.errors import CaseError, Problem

WORDS = ("country name", "country code")
INDICATORS = {
    "NY.GDP.MKTP.CD": "gdp_current_usd",
    "NY.GDP.MKTP.KD": "gdp_constant_2015_usd",
    "SP.POP.TOTL": "population_persons",
    "PV.EST": "stability_wgi_pv",
    "GE.EST": "effectiveness_wgi_ge",
    "TG.VAL.TOTL.GD.ZS": "merchandise_trade_pct_gdp",
    "LP.LPI.OVRL.XQ": "logistics_lpi",
}
"""Codes of indicators and the columns of state_years.csv they fill."""
_YEAR = re.compile(r"(\d{4})( \[YR\d{4}\])?$")


def read_world_bank(path: Path, names: StateNames, states: Collection[str]) -> Download | None:
    """The figures of some states (all if empty); None if it is no such file, CaseError if nothing in it is known."""
    file = opened(path, WORDS)
    if file is None or "counterpart country name" in {name.casefold() for name in file.header}:
        return None
    years = {name: int(match[1]) for name in file.header if (match := _YEAR.match(name))}
    coded = next((n for n in file.header if n.casefold() in ("indicator code", "series code")), "")
    if not years or not coded:
        return None
    name, code = (next(n for n in file.header if n.casefold() == word) for word in WORDS)
    out, others = Download(path, "World Bank", whole=file.whole), set()
    for line, row in file.rows():
        written, column = row[code].strip(), INDICATORS.get(row[coded].strip())
        if column is None:
            others.add(row[coded].strip())
            continue
        iso = OLD_CODES.get(written, written)
        if iso not in names.usual or (states and iso not in states):
            out.skipped.add(row[code])
            continue
        out.names[iso] = row[name].strip()
        for label, year in years.items():
            value = amount(file, line, label, row[label], STATE_YEARS.column(column))
            if value is not None and not out.again(line, (column, iso, year), value):
                out.states.setdefault(column, {})[iso, year] = value
    if not out.states and others - {""}:
        remedy = f"the indicators that are read are {', '.join(f'{k} ({v})' for k, v in INDICATORS.items())}"
        message = f"holds {', '.join(sorted(others - {''})[:3])}, which a case does not use"
        raise CaseError(Problem(message, remedy, str(path), file.line))
    return out
