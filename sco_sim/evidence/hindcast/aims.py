"""What the hindcast was asked to show, and whether it does."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from sco_sim.evidence.hindcast.cells import BLOCKS, title
from sco_sim.evidence.hindcast.rolling import ENGINE

Record = Mapping[str, Any]
HEADERS = (
    "Channel and years", "Of", "RMSE, and the least naive", "no higher", "CRPS, and the least naive", "no higher",
    "in 80 % (5-95 %)", "has 80 inside",
)  # fmt: skip
MISSED = "**no**"
OTHERS = ("Aim", "Result", "Reached")


def aims(records: Sequence[Record]) -> list[list[str]]:
    """A row a block of a record: is the engine no worse than every naive forecast, and do its bands hold?"""
    rows = []
    for record in records:
        for key, words in BLOCKS.items():
            if key in record:
                c = record[key]["coverage"]["80"]
                held = f"{100 * c['share']:.0f} ({100 * c['low_05']:.0f} to {100 * c['high_95']:.0f})"
                inside = _word(c["low_05"] <= 0.8 <= c["high_95"])
                scores = (*_best(record[key], "rmse"), *_best(record[key], "crps"))
                rows.append([title(record), words.lower(), *scores, held, inside])
    return rows


def aims_table(records: Sequence[Record]) -> str:
    """The same as CSV, for reports of comparisons."""
    rows = [HEADERS, *([cell.replace("**", "") for cell in row] for row in aims(records))]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def other_aims(records: Sequence[Record], disputes: Record) -> list[list[str]]:
    """Aims that are asked of one channel: aim, result and whether it is reached."""
    rows = []
    for record in records:
        if record["channel"] == "students":
            rows.append(_no_worse(record))
        elif record["channel"] == "conflict (GDELT)":
            for key, name in (("rmse", "RMSE"), ("crps", "CRPS")):
                own, other = (record["columns"]["scores"][which][key] for which in (ENGINE, "recent_mean"))
                aim = f"{title(record)}: {name} at or below the mean of the last three years"
                rows.append([aim, f"{own:.3f} against {other:.3f}", _word(own <= other)])
    for name, d in disputes["differences"].items():
        result = f"{d['ignorance_difference']:+.4f} ({d['low_05']:+.4f} to {d['high_95']:+.4f})"
        rows.append([f"Disputes: ignorance below that of the {name}", result, _word(d["ignorance_difference"] < 0.0)])
    return rows


def missed(records: Sequence[Record], disputes: Record) -> str:
    """What of the aims is not reached, in sentences: the tables hold the figures."""
    rows = [(f"{row[0]}, {row[1]}", row) for row in aims(records)]
    questions = (
        ("RMSE above that of the least naive forecast", 3),
        ("CRPS above it", 5),
        ("The 80 % interval does not hold", 7),
    )
    parts = []
    for words, at in questions:
        names = [name for name, row in rows if row[at] == MISSED]
        if names:
            parts.append(f"{words} in {len(names)} of {len(rows)}: {'; '.join(names)}.")
    parts += [
        f"Not reached: {aim} ({result})." for aim, result, reached in other_aims(records, disputes) if reached == MISSED
    ]
    return "**Missed.** " + " ".join(parts or ["Nothing."])


def _best(block: Record, key: str) -> tuple[str, str]:
    scores = block["scores"]
    rival = min((name for name in scores if name != ENGINE), key=lambda name: float(scores[name][key]))
    own, other = scores[ENGINE][key], scores[rival][key]
    return f"{own:.3f}, {other:.3f} ({rival})", _word(own <= other)


def _no_worse(record: Record) -> list[str]:
    """At no origin worse than persistence for certain."""
    results, worse = [], False
    for origin, at in record["by_origin"].items():
        row = next(row for row in at["differences"] if row["against"] == "persistence")
        low, high = row["rmse_ratio_low_05"], row["rmse_ratio_high_95"]
        results.append(f"{origin}: {row['rmse_ratio']:.3f} ({low:.3f} to {high:.3f})")
        worse |= low > 1.0
    words = f"{title(record)}: at no origin an RMSE ratio to persistence whose interval lies above 1"
    return [words, "; ".join(results), _word(not worse)]


def _word(reached: bool) -> str:
    return "yes" if reached else MISSED
