"""What docs/evidence.md says of the fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
LEVEL = 0.01
"""Chance of a false alarm about the ranks of a stage, over its parameters together (Bonferroni)."""


def recovery_words(recovery: Mapping[str, Record]) -> str:
    """What the long test of the method wrote, `nothing` apart; empty before it ran."""
    if not recovery:
        return "It has not been run on this case."
    rows = [
        [
            key, f"{min(r['covered'])} to {max(r['covered'])} of {r['truths']}", f"{100 * r['pooled']:.0f} %",
            r["seconds"], r["ranks"], f"{min(r['p']):.3f} of {len(r['p'])}",
        ]
        for key, r in recovery.items() if key != "nothing"
    ]  # fmt: skip
    headers = ["stage", "each parameter held", "together", "seconds a fit, at most", "ranks", "least p of parameters"]
    null = recovery["nothing"]
    words = (
        f"In worlds without an effect of disputes or of trade on trust, {null['left_out']} of {null['intervals']} "
        "intervals of 95 % left out zero."
    )
    return "\n\n".join([_table(headers, rows), *_uneven(recovery), words])


def _uneven(recovery: Mapping[str, Record]) -> list[str]:
    """A paragraph on the parameters whose ranks are not uniform, if there are any."""
    failed = [
        f"`{name}`"
        for key, record in recovery.items()
        if key != "nothing"
        for name, p in zip(record["names"], record["p"], strict=True)
        if p <= LEVEL / len(record["p"])
    ]
    if not failed:
        return []
    return [
        f"The method fails this test for {', '.join(failed)}: over truths from the whole prior the draws of the fit do "
        "not spread as they should, so the interval of the ledger is not to be taken at its word there."
    ]


def stage_words(stages: Mapping[str, Record]) -> str:
    """Every fitted parameter, before and after."""
    rows = []
    for stage in stages.values():
        for name, fit in stage["parameters"].items():
            before, after = fit["prior"], fit["posterior"]
            rows.append(
                [
                    f"`{name}`", f"{before['mean']:.3g} ({before['low']:.3g} to {before['high']:.3g})",
                    f"{after['mean']:.3g} ({after['low']:.3g} to {after['high']:.3g})", stage["source"],
                ]
            )  # fmt: skip
    sizes = ", ".join(f"{s['stage']} {s['observations']:,}" for s in stages.values())
    return f"Observations: {sizes}.\n\n" + _table(["parameter", "prior (5-95 %)", "posterior (5-95 %)", "data"], rows)


def matched_words(matched: Record) -> str:
    """What simulated histories say of the parameters that no stage fits."""
    targets = [
        [name, f"{t['observed']:.3g} ({t['error']:.2g})", f"{t['all_settings']:.3g}", f"{t['nearest']:.3g}"]
        for name, t in matched["targets"].items()
    ]
    moved = [
        [
            f"`{name}`",
            f"{p['shift_in_sd']:+.2f} ({p['standard_error']:.2f})",
            f"{p['spread_ratio']:.2f}",
            "yes" if p["moved"] else "no",
        ]
        for name, p in matched["parameters"].items()
    ]
    verdict = "none moves" if not any(p["moved"] for p in matched["parameters"].values()) else "see the last column"
    words = (
        f"{matched['settings']} settings drawn from the posterior, run from 2002 to 2014, ordered by their distance to "
        f"the targets of `calibration/targets.yaml`. What the nearest fifth says of the parameters: {verdict}."
    )
    return "\n\n".join(
        [
            words,
            _table(["target", "observed (standard error)", "all settings", "nearest fifth"], targets),
            _table(["parameter", "shift in sd (standard error)", "spread ratio", "moved"], moved),
        ]
    )


def _table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    rule = "|" + "---|" + "---:|" * (len(headers) - 1)
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    return "\n".join(["| " + " | ".join(headers) + " |", rule, *lines])
