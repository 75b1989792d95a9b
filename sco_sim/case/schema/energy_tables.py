"""Tables of gas pipelines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sco_sim.case.schema.check_table import Checked
from sco_sim.case.schema.compare import Finding, keys_of, some
from sco_sim.case.schema.declare import FLOW, SOURCE, Column, Table, choice, count, date, number, states, year

ENERGY_LINKS = Table(
    "energy_links",
    "Gas pipelines from one state to another, over transit states.",
    (
        Column("line", "text", "text", "name of the pipeline", required=True, filled=True),
        *FLOW,
        states("via", "codes of the transit states on the way, separated by ;"),
        number("capacity_bcm", "bcm a year", "capacity for this destination", 0.0, 500.0,
               "the pipeline carries nothing").needed(),
        date("since", "first gas", "month or year"),
        choice("status", "operating, under_construction, planned or cancelled; only the first carries gas", "operating",
               "under_construction", "planned", "cancelled", required=True),
        choice("basis", "page: read in the source; general_knowledge: not confirmed", "page", "general_knowledge"),
        SOURCE,
    ),
    fallback="none: no gas goes through pipelines",
    key=("line", "iso3_origin", "iso3_destination"),
    directed=("iso3_origin", "iso3_destination"),
    empty=True,
)  # fmt: skip

ENERGY_VOLUMES = Table(
    "energy_volumes",
    "Gas through pipelines, for the years that are known.",
    (
        *FLOW,
        year("year", "calendar year"),
        count("months", "months", "months that the figure covers; below 6 it is not used", 12.0).needed(),
        number("flow_bcm", "bcm a year", "gas, at the rate of a year", 0.0, 500.0, "the row says nothing").needed(),
        choice("basis", "page: read in the source; general_knowledge: not confirmed", "page", "general_knowledge"),
        SOURCE,
    ),
    fallback="none: pipelines are as full as the ledger has it",
    key=("iso3_origin", "iso3_destination", "year"),
    directed=("iso3_origin", "iso3_destination"),
    empty=True,
)  # fmt: skip


def ways(checked: Mapping[str, Checked]) -> Iterator[Finding]:
    """Pipelines whose transit states are where they begin or end."""
    content = checked.get("energy_links")
    if content is None or "via" not in content.sheet.header:
        return
    rows = keys_of(content, "line", "iso3_origin", "iso3_destination", "via")
    wrong = [
        (row, f"{line} passes {iso}, where it {word}")
        for row, (line, origin, destination, via) in enumerate(rows)
        for iso, word in ((origin, "begins"), (destination, "ends"))
        if iso in via.split(";")
    ]
    problems = some(content, wrong, "via", "name the transit states alone, or correct the ends")
    yield from (Finding(True, problem) for problem in problems)
