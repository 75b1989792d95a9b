"""Trade files: IMF Direction of Trade (long and wide), CEPII BACI and UN Comtrade."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from sco_sim.case.downloads.download import CIF, FOB, RECONCILED, Download, Flow, Opened, amount, opened
from sco_sim.case.schema.tables import TRADE_RECONCILED, TRADE_REPORTS
from sco_sim.case.state_names import StateNames
from sco_sim.errors import CaseError, Problem

OTHERWISE = {251: "FRA", 579: "NOR", 699: "IND", 757: "CHE", 842: "USA", 490: "TWN"}
"""Numeric codes of trade statistics that are not those of M49: with overseas areas, or in customs unions."""
WHOLE = {
    "typecode": ("C",), "freqcode": ("A",), "partner2code": ("0",), "motcode": ("0",), "customscode": ("C00",),
    "moscode": ("0",),
}  # fmt: skip
"""Columns of UN Comtrade and their value in rows of goods, a whole year and a whole flow; all else is part of it."""
_YEAR = re.compile(r"\d{4}$")


def read_baci(path: Path, names: StateNames, states: Collection[str]) -> Download | None:
    """BACI: t, i (exporter), j (importer), k (product), v (thousand current USD), q. Products are added up.

    It is made of both reports of a flow, so it is neither of them; a cell of 0 observes nothing.
    """
    file = opened(path, ("t", "i", "j", "v"))
    if file is None:
        return None
    out = Download(path, "CEPII BACI", whole=file.whole)
    numbers = {**names.numbers, **OTHERWISE}
    wanted = _Codes({str(number): iso for number, iso in numbers.items() if not states or iso in states})
    folded_header = [name.casefold() for name in file.header]
    t, i, j, v = (folded_header.index(word) for word in "tijv")
    k = next((folded_header.index(word) for word in ("k", "hs6") if word in folded_header), None)
    products: dict[str, int] = {}
    seen: dict[Flow, int] = {}
    for line, row in file.cells():  # ten million rows a year: most are left out at once
        a, b = wanted[row[i]], wanted[row[j]]
        if a is None or b is None or a == b:
            out.skipped |= {row[end] for end, iso in ((i, a), (j, b)) if iso is None}
            continue
        if not row[v].strip():
            remedy = "every row of BACI has its value: download it again"
            raise CaseError(Problem("v is empty: a torn download?", remedy, str(path), line))
        value = amount(file, line, "v", row[v], TRADE_RECONCILED.column(RECONCILED))
        year = _bare(row[t])
        if value and _YEAR.match(year):
            flow = (a, b, int(year))
            bit = 1 << products.setdefault(row[k], len(products)) if k is not None else 0
            if seen.get(flow, 0) & bit:
                what = f"product {row[k or 0]} from {a} to {b} in {year} stands in an earlier line"
                raise CaseError(Problem(what, "two editions in one file? Keep one", str(path), line))
            seen[flow] = seen.get(flow, 0) | bit
            out.add(flow, RECONCILED, value)
    out.units.append("v is in thousand USD already; products added up; one reconciled figure a flow, FOB")
    return out


class _Codes(dict[str, str | None]):
    """The state of each number; however it is written, it is looked up once."""

    def __missing__(self, text: str) -> str | None:
        self[text] = self.get(_bare(text))
        return self[text]


def _bare(text: str) -> str:
    """A whole number as BACI writes it: pandas writes 156.0, older files 004."""
    return text.strip().removesuffix(".0").lstrip("0")


def read_imf(path: Path, names: StateNames, states: Collection[str]) -> Download | None:
    """IMF Direction of Trade, a row for each value or a column for each year; months and quarters are left out."""
    for country, partner in (("country name", "counterpart country name"), ("country", "counterpart_country")):
        file = opened(path, (country, partner))
        if file is not None:
            return _imf(file, country, partner, names, states)
    return None


def _imf(file: Opened, country: str, partner: str, names: StateNames, states: Collection[str]) -> Download:
    cells = {name.casefold(): name for name in file.header}

    def column(*words: str) -> str:
        return next((cells[word] for word in words if word in cells), "")

    said = column("indicator name", "indicator", "indicator code")
    if not said:
        raise CaseError(Problem("no column of the indicator", "download it with its indicator", str(file.path), 1))
    time, single = column("time period", "time_period"), column("value", "obs_value")
    years = [name for name in file.header if _YEAR.match(name)]
    scale, attribute = column("scale", "unit", "unit_mult"), column("attribute")
    out = Download(file.path, "IMF Direction of Trade", whole=file.whole)
    for line, row in file.rows():
        if attribute and row[attribute] not in ("", "Value"):
            continue
        export = _way(row[said])
        if export is None:
            continue
        ends = [names.code(row[cells[word]]) for word in (country, partner)]
        if not _kept(out, ends, (row[cells[country]], row[cells[partner]]), states):
            continue
        factor = _thousands(row[said], row[scale] if scale else "", out)
        reporter, other = ends[0] or "", ends[1] or ""
        periods = [(row[time].strip(), row[single])] if time and single else [(year, row[year]) for year in years]
        for period, text in periods:
            report = FOB if export else CIF
            value = amount(file, line, period, text, TRADE_REPORTS.column(report)) if _YEAR.match(period) else None
            if value is None:
                continue
            flow = (reporter, other, int(period)) if export else (other, reporter, int(period))
            if not out.again(line, (flow, report), value * factor):
                out.trade.setdefault(flow, {})[report] = value * factor
    return out


def _way(indicator: str) -> bool | None:
    """True for exports FOB, False for imports CIF, None for anything else, such as balances and imports FOB."""
    words = indicator.casefold()
    if words in ("txg_fob_usd", "xg_fob_usd") or ("export" in words and "world" not in words):
        return True
    if words in ("tmg_cif_usd", "mg_cif_usd") or ("import" in words and ("cif" in words or "insurance" in words)):
        return False
    return None


def _thousands(indicator: str, scale: str, out: Download) -> float:
    """What turns a value of the file into thousand USD: a word in the indicator or the scale, or a power of ten."""
    folded_words = f"{indicator} {scale}".casefold()
    for word, power, factor in (("billion", "9", 1e6), ("million", "6", 1e3), ("thousand", "3", 1.0)):
        if word in folded_words or scale.strip().removesuffix(".0") == power:
            out.units.append(f"{word}s of USD written as thousands")
            return factor
    out.units.append("USD written as thousands of USD")
    return 1e-3


def read_comtrade(path: Path, names: StateNames, states: Collection[str]) -> Download | None:
    """UN Comtrade, the new and the old columns; totals of all goods, or the products of one level added up."""
    file = opened(path, ("reportercode", "partnercode", "flowcode", "primaryvalue"))
    if file is not None:
        return _comtrade(file, ("reportercode", "partnercode", "flowcode", "refyear", "cmdcode", "primaryvalue"),
                         names, states)  # fmt: skip
    old = ("reporter code", "partner code", "trade flow code", "year", "commodity code", "trade value (us$)")
    file = opened(path, old)
    return None if file is None else _comtrade(file, old, names, states)


def _comtrade(file: Opened, words: tuple[str, ...], names: StateNames, states: Collection[str]) -> Download:
    out, numbers = Download(file.path, "UN Comtrade", whole=file.whole), {**names.numbers, **OTHERWISE}
    cells = {name.casefold(): name for name in file.header}
    reporter, partner, way, year, product, value = (cells.get(word, "") for word in words)
    if not year:
        year = cells.get("period", "")
    parts = {cells[word]: wholes for word, wholes in WHOLE.items() if word in cells}
    levels: dict[str, set[str]] = {}
    records: list[tuple[int, Mapping[str, str], str]] = []
    for line, row in file.rows():
        if any(row[name].strip().upper() not in ("", *wholes) for name, wholes in parts.items()):
            out.left_out += 1
            continue
        if not _YEAR.match(row[year].strip()):
            continue
        good = row[product].strip().upper() if product else "TOTAL"
        ends = [_number(row[end], numbers) for end in (reporter, partner)]
        if row[way].strip().upper() in ("X", "M", "2", "1") and _kept(out, ends, (row[reporter], row[partner]), states):
            levels.setdefault("TOTAL" if good == "TOTAL" else str(len(good)), set()).add(good)
            records.append((line, row, good))
    total = "TOTAL" in levels
    if not total and len(levels) > 1:
        remedy = "download the total of all goods (TOTAL), or the products of one level"
        raise CaseError(Problem("products of several levels would be counted twice", remedy, str(file.path), file.line))
    for line, row, good in records:
        if total and good != "TOTAL":
            continue
        a, b = (_number(row[end], numbers) or "" for end in (reporter, partner))
        report = FOB if row[way].strip().upper() in ("X", "2") else CIF
        number = amount(file, line, value, row[value], TRADE_REPORTS.column(report))
        flow = (a, b, int(row[year])) if report == FOB else (b, a, int(row[year]))
        if number is not None and not out.again(line, (flow, report, good), number):
            out.add(flow, report, number / 1000.0)
    out.units.append("USD written as thousands of USD")
    return out


def _number(text: str, numbers: Mapping[int, str]) -> str | None:
    bare = text.strip()
    return numbers.get(int(bare)) if bare.isdecimal() else None


def _kept(out: Download, ends: Collection[str | None], written: Collection[str], states: Collection[str]) -> bool:
    """Whether both ends are different states of those asked for; areas that are not are noted."""
    first, second = ends
    for iso, text in zip(ends, written, strict=True):
        if iso is None or (states and iso not in states):
            out.skipped.add(text)
    known = first is not None and second is not None and first != second
    return known and (not states or (first in states and second in states))
