"""docs/evidence.md, written from what the commands return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sco_sim.evidence.hindcast.aims import HEADERS as AIMS
from sco_sim.evidence.hindcast.aims import OTHERS, aims, missed, other_aims
from sco_sim.evidence.hindcast.cells import (
    BLOCKS,
    DISPUTE_HEADERS,
    HEADERS,
    UNIT,
    coverage_words,
    dispute_cells,
    score_cells,
    spans,
    title,
)
from sco_sim.evidence.hindcast.page_fits import matched_words, recovery_words, stage_words
from sco_sim.evidence.hindcast.page_words import ABLATIONS, BEGIN, CANNOT, DESIGNS, GRADES, MENDED, METHOD, MOVES

Record = Mapping[str, Any]


def page(
    records: Sequence[Record],
    disputes: Record,
    ablations: Sequence[Record],
    stages: Mapping[str, Record],
    matched: Record,
    recovery: Mapping[str, Record],
) -> str:
    """The page; `records` are the reports in their order, `recovery` what its test wrote."""
    parts = [BEGIN, "## Aims and results", _table(AIMS, aims(records)), _table(OTHERS, other_aims(records, disputes))]
    parts += [missed(records, disputes), MOVES]
    for record in records:
        parts += _part(record)
        if record["channel"] == "trade" and record["gdp"] == "realised" and record["years"] == "2011-20":
            parts.append("![Trade by tie](figures/hindcast_trade.png)")
    parts += [
        f"## Disputes ({UNIT['disputes']})",
        "From " + ", ".join(map(str, disputes["origins"])) + ", each to the next of them, four years.",
        _table(DISPUTE_HEADERS, dispute_cells(disputes)),
        "## Do the bands hold?\n\n![Place of the observations in the engine's worlds](figures/calibration.png)",
        "## Does each part of the engine earn its place?\n\n" + ABLATIONS,
        _table(ABLATION_HEADERS, ablation_cells(ablations)),
        "## Parameters fitted\n\n" + stage_words(stages),
        "![Prior and posterior](figures/posteriors.png)",
        "## What only the coupled model shows\n\n" + matched_words(matched),
        METHOD + "\n\n" + recovery_words(recovery) + "\n\n" + MENDED,
        DESIGNS,
        GRADES,
        CANNOT,
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _part(record: Record) -> list[str]:
    parts = [f"## {title(record)} ({UNIT[record['channel']]})"]
    for key, words in BLOCKS.items():
        if key in record:
            block = record[key]
            parts += [f"**{words}**, {spans(block)}. {coverage_words(block)}", _table(HEADERS, score_cells(block))]
    if "weighted" in record:
        heaviest = record["heaviest"]
        pair = " and ".join(heaviest["columns"])
        parts.append(
            f"Of the weight, {100 * heaviest['share']:.0f} % lies on {pair}: what is weighted by size says above all "
            "whether these two were foreseen, and its intervals are wide since two are few."
        )
    if len(record["by_origin"]) > 1:
        names = list(next(iter(record["by_origin"].values()))["rmse"])
        rows = [[origin, *(f"{at['rmse'][n]:.3f}" for n in names)] for origin, at in record["by_origin"].items()]
        parts += ["RMSE by origin:", _table(["origin", *names], rows)]
    return parts


ABLATION_HEADERS = ("engine", "trade RMSE", "CRPS", "less full", "conflict RMSE", "CRPS", "less full")


def ablation_cells(rows: Sequence[Record]) -> list[list[str]]:
    """A row a variant of the engine."""
    return [
        [
            row["variant"], f"{row['trade_rmse']:.4f}", f"{row['trade_crps']:.4f}", row["trade_difference"] or "-",
            f"{row['conflict_rmse']:.4f}", f"{row['conflict_crps']:.4f}", row["conflict_difference"] or "-",
        ]
        for row in rows
    ]  # fmt: skip


def _table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    rule = "|---|" + "---:|" * (len(headers) - 1)
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(headers) + " |", rule, *lines])
