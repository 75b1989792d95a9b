"""How states are spelt: names, ISO2 codes and codes of the Correlates of War project, of all states of the world.

`state_names.csv` holds them; the shipped table serves every case, and a case can have one of its own beside it.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from sco_sim.errors import CaseError, Problem
from sco_sim.shipped import default_case

TABLE = "state_names.csv"
CODES = ("iso3", "name", "iso2", "cow_code", "cow_number")
"""Columns with one spelling a cell; where two states share a spelling, the earlier column counts."""
VARIANTS = "variants"
"""Column with further spellings, divided by semicolons; one that two states have means either."""
FORM = re.compile(
    r"^(?:(?:islamic|arab|federal|federative|democratic|peoples|socialist|plurinational|bolivarian|hashemite) )*"
    r"(?:republic|rep|kingdom|state|sultanate|emirate|principality|commonwealth) of (?:the )?"
    r"|^(?:(?:исламская|арабская|народная|федеративная|демократическая) )*(?:республика|королевство) "
    r"| (?:the )?(?:(?:islamic|arab|federal|democratic|bolivarian) )*(?:republic|rep|kingdom|state|union) of(?: the)?$"
    r"| (?:of )?the$"
    r"| kingdom of the netherlands$| overseas france$"
)
"""What a full name has beside the usual one, in a folded spelling: Republic of India, Kazakhstan Rep. of."""

SHORT = {
    "rep": "republic", "dem": "democratic", "fed": "federated", "sts": "states", "isds": "islands", "isd": "island",
    "terr": "territory", "br": "british", "fr": "french", "neth": "netherlands", "fmr": "former", "st": "saint",
}  # fmt: skip
"""Words that publishers of trade shorten, in names of several words."""

OLD_CODES = {
    "ROM": "ROU", "ZAR": "COD", "TMP": "TLS", "ADO": "AND", "IMY": "IMN", "KSV": "XKX", "WBG": "PSE",
}  # fmt: skip
"""Codes in older files of the World Bank and CEPII that are not those of ISO today."""

Row = Mapping[str, str]


def folded(text: str) -> str:
    """A spelling without case, accents, punctuation, `and` and a leading article, for look-up."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub("['\u2019.]", "", plain).replace("&", " and ")
    words = re.sub(r"[\W_]+", " ", plain).split()
    words = [SHORT.get(word, word) for word in words if word != "and"] if len(words) > 1 else words
    return " ".join(words).removeprefix("the ")


@dataclass(frozen=True)
class StateNames:
    """The spellings a case knows; the tables are read when a text is first looked up, since most files need none."""

    own: Mapping[str, str] = field(default_factory=dict)
    """ISO3 code -> name of the states of the case."""
    folder: Path | None = None
    """The folder of the case's tables, which may hold a table of names."""

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Folded spelling -> ISO3 code: of the case's states first, then by its own table, then by the shipped one."""
        out = {folded(iso): iso for iso in self.own}
        for iso, name in self.own.items():
            out.setdefault(folded(name), iso)
        for rows in self._tables:
            for column in CODES:
                for row in rows:
                    out.setdefault(folded(row[column]), row["iso3"])
            for spelling, states in _variants(rows).items():
                if len(states) == 1:
                    out.setdefault(spelling, states[0])
        out.pop("", None)
        return out

    @cached_property
    def ambiguous(self) -> Mapping[str, tuple[str, ...]]:
        """Folded spelling -> ISO3 codes of the states that it means, where these are several."""
        variants = (spelled for rows in self._tables for spelled in _variants(rows).items())
        return {text: states for text, states in variants if len(states) > 1 and text not in self.codes}

    def meant(self, text: str) -> tuple[str, ...]:
        """ISO3 codes of the states that a code or a name means: none if it is unknown, several if it is ambiguous."""
        first, comma, rest = text.partition(", ")
        spellings = [folded(one) for one in ((text, f"{rest} {first}") if comma else (text,))]  # Congo, Republic of the
        for spelling in spellings:
            if spelling in self.codes:
                return (self.codes[spelling],)
        for spelling in spellings:
            usual = FORM.sub("", spelling)
            if several := self.ambiguous.get(spelling) or (self.meant(usual) if usual not in ("", spelling) else ()):
                return several
        return ()

    def code(self, text: str) -> str | None:
        """The ISO3 code of the one state that a code or a name means; None if it is unknown or ambiguous."""
        states = self.meant(text)
        return states[0] if len(states) == 1 else None

    @cached_property
    def usual(self) -> Mapping[str, str]:
        """ISO3 code -> the usual English name."""
        out = {iso: name for iso, name in self.own.items() if name}
        for rows in self._tables:
            for row in rows:
                out.setdefault(row["iso3"], row["name"])
        return out

    @cached_property
    def numbers(self) -> Mapping[int, str]:
        """M49 number -> ISO3 code; downloads of trade name states by it."""
        out: dict[int, str] = {}
        for rows in self._tables:
            for row in rows:
                if row.get("m49", "").isdecimal():
                    out.setdefault(int(row["m49"]), row["iso3"])
        return out

    @cached_property
    def _tables(self) -> list[list[Row]]:
        shipped = default_case() / "data" / TABLE
        own = [] if self.folder is None else [self.folder / TABLE]
        return [_rows(path) for path in dict.fromkeys((*own, shipped)) if path.is_file()]


def _variants(rows: Iterable[Row]) -> dict[str, tuple[str, ...]]:
    """Folded variant -> ISO3 codes of the states that have it, in the order of the rows."""
    out: dict[str, dict[str, None]] = {}
    for row in rows:
        for variant in row[VARIANTS].split(";"):
            out.setdefault(folded(variant), {})[row["iso3"]] = None
    return {spelling: tuple(states) for spelling, states in out.items()}


def _rows(path: Path) -> list[Row]:
    """Rows of a table of names; raises CaseError if it cannot be read or lacks a column."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            rows: list[Row] = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise CaseError(Problem(f"cannot be read: {error}", "it must be a UTF-8 table", str(path))) from error
    missing = [column for column in (*CODES, VARIANTS) if column not in (reader.fieldnames or ())]
    if missing:
        raise CaseError(
            *(Problem(f"no column '{column}'", "its cells may be empty", str(path), 1) for column in missing)
        )
    return rows
