"""What is wrong with a cell, in its own words: one message and one remedy for each usual slip."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from sco_sim.case.catalog import Catalog
from sco_sim.case.names import suggest

GAPS = frozenset(
    ("...", "..", ".", "-", "--", "\u2013", "\u2014", "na", "n/a", "#n/a", "n.a.", "n.d.", "nan", "null", "none", ":")
)
"""How publishers write that a figure is not known."""
_THOUSANDS = re.compile(r"-?\d{1,3}([,\u00a0\u202f '\u2019]\d{3})+(\.\d+)?$")
_POINTED = re.compile(r"-?\d{1,3}(\.\d{3}){2,}(,\d+)?$")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+$")
_PLAIN = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$")
_YEAR = re.compile(r"[0-9]{4}$")
_DATE = re.compile(r"([0-9]{4})(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$")


class Fault(NamedTuple):
    """What is wrong with a text, and what to do."""

    message: str
    remedy: str


def number_of(text: str) -> float | Fault:
    """The finite number a text holds, or what is wrong with it."""
    if _PLAIN.match(text):
        value = float(text)
        return value if math.isfinite(value) else Fault(f"'{text}' is too large", "write a number below 1e308")
    bare = text.strip()
    folded = bare.casefold()
    if folded in GAPS:
        return Fault(f"'{text}' is no number", "leave the cell empty where nothing is known")
    if folded.lstrip("+-") in ("inf", "infinity"):
        return Fault(f"'{text}' is not finite", "write a number, or leave the cell empty where nothing is known")
    if _THOUSANDS.match(bare) or _POINTED.match(bare):
        digits = re.sub(r"[^\d.-]", "", bare) if _THOUSANDS.match(bare) else bare.replace(".", "").replace(",", ".")
        separator = "commas" if "," in bare and _THOUSANDS.match(bare) else "separators"
        return Fault(f"'{text}' has separators of thousands", f"write {digits} without {separator}")
    if _DECIMAL_COMMA.match(bare):
        return Fault(f"'{text}' has a decimal comma", f"write {bare.replace(',', '.')} with a point")
    if bare.endswith("%"):
        return Fault(f"'{text}' is no number", "write it without %, in the unit of the column")
    if _PLAIN.match(bare):
        return Fault(f"'{text}' has blanks around it", f"write {bare}")
    return Fault(f"'{text}' is no number", "write digits and a point, or leave the cell empty where nothing is known")


def year_of(text: str, latest: int) -> int | Fault:
    """The calendar year a text holds, or what is wrong with it."""
    whole = text.removesuffix(".0")
    if not _YEAR.match(whole):
        return Fault(f"'{text}' is no year", "write four digits, such as 2019")
    if not 1900 <= int(whole) <= latest:
        return Fault(f"{whole} is not a year from 1900 to {latest}", "correct the year, or leave the row out")
    return int(whole)


def date_of(text: str, latest: int) -> int | Fault:
    """The year of a date, month or year, or what is wrong with it."""
    match = _DATE.match(text)
    if not match:
        return Fault(f"'{text}' is no date", "write YYYY, YYYY-MM or YYYY-MM-DD")
    year = year_of(match[1], latest)
    return year


def code_fault(text: str, catalog: Catalog) -> Fault:
    """Why a text is not the code of a state of the case, and the code it may stand for."""
    bare = text.strip()
    if bare != text and bare in catalog.states:
        return Fault(f"'{text}' has blanks around it", f"write {bare}")
    if bare.upper() in catalog.states:
        return Fault(f"'{text}' is not written in capitals", f"write {bare.upper()}")
    near = suggest(bare, catalog).partition("known: ")[0].rstrip("; ")
    remedy = f"{near[:1].upper()}{near[1:]}{'' if near.endswith('?') else '.'} " if near else ""
    return Fault(f"no state '{text}' in states.csv", f"{remedy}Add it there, or drop its rows")


PER_CENT = 1.5
"""Size above which a share may be a per cent; below, it is a share that was added up or disturbed."""


def range_fault(value: float, low: float, high: float, exclusive: bool, unit: str) -> Fault:
    """Why a number lies outside the range of its column."""
    if exclusive and value == low:
        return Fault(f"{value:g} is not above {low:g}", "leave the cell empty where nothing is known")
    if math.isinf(high) or value < low == 0.0:
        return Fault(
            f"{value:g} is below {low:g}", f"correct the sign, or leave the cell empty; the column is in {unit}"
        )
    remedy = f"the column is in {unit}"
    if low >= -1.0 and high <= 1.0 and abs(value) > PER_CENT and low <= value / 100.0 <= high:
        remedy = f"a per cent? Divide by 100: write {value / 100.0:g}"
    return Fault(f"{value:g} lies outside {low:g} to {high:g}", remedy)


def state_fault(text: str, catalog: Catalog) -> Fault:
    """Why a text is not the code of a state of the world, and the code it may stand for."""
    bare = text.strip()
    meant = catalog.names.code(bare) if bare else None
    if meant and bare != text:
        return Fault(f"'{text}' has blanks around it", f"write {meant}")
    if meant:
        return Fault(f"'{text}' is no code of a state", f"write {meant}")
    return Fault(
        f"'{text}' is no code of a state", "write codes of ISO 3166-1 alpha-3, joined by ; if there are several"
    )
