"""CEPII GeoDist (dist_cepii): distances, land borders and common languages of pairs."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sco_sim.case.downloads.download import Download, figure, opened
from sco_sim.case.state_names import OLD_CODES, StateNames
from sco_sim.world.pairs import pair

COLUMNS = {
    "distw": "distance_km", "distcap": "capital_distance_km", "contig": "land_border",
    "comlang_off": "common_official_language", "comlang_ethno": "common_ethnic_language",
}  # fmt: skip
"""Columns of the file and the columns of ties.csv they fill; `dist` stands in for `distw`."""
CEPII_CODES = {**OLD_CODES, "YUG": "SRB", "PAL": "PSE"}
"""Codes of the file that are not those of ISO today."""


def read_geodist(path: Path, names: StateNames, states: Collection[str]) -> Download | None:
    """The pairs of some states (all if empty), the mean of both directions; None if it is no such file."""
    file = opened(path, ("iso_o", "iso_d", "contig"))
    if file is None:
        return None
    cells = {name.casefold(): name for name in file.header}
    out = Download(path, "CEPII GeoDist")
    sums: dict[tuple[str, str], dict[str, list[float]]] = {}
    for line, row in file.rows():
        a, b = (CEPII_CODES.get(code, code) for code in (row[cells["iso_o"]].strip(), row[cells["iso_d"]].strip()))
        if a == b or a not in names.usual or b not in names.usual or (states and not {a, b} <= set(states)):
            out.skipped |= {code for code in (a, b) if states and code not in states}
            continue
        for word, column in COLUMNS.items():
            value = figure(file, line, word, row[cells[word]]) if word in cells else None
            if value is None and word == "distw" and "dist" in cells:
                value = figure(file, line, "dist", row[cells["dist"]])
            if value is not None:
                sums.setdefault(pair(a, b), {}).setdefault(column, []).append(value)
    for ends, columns in sorted(sums.items()):
        out.ties[ends] = {column: sum(values) / len(values) for column, values in columns.items()}
    return out
