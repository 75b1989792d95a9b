"""What another membership changes, for whom and for decisions: one sentence for each scenario that has one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from sco_sim.studies.wording import percent, signed

if TYPE_CHECKING:
    from sco_sim.case.changes import Candidate
    from sco_sim.scenario.schema import Scenario
    from sco_sim.studies.comparison.compare import Comparison

    Since = int | Candidate | None

BRACKETS = "In brackets: with the membership of the reference."
"""What the figures in brackets are."""
MOST_TIES = 2
"""Ties of the newcomers that are named."""


def accessions(comparison: Comparison) -> list[str]:
    """What is otherwise where a scenario names another membership than the reference, over the same states.

    Over other states a sum over all is no effect of the newcomer: then there is nothing to say here.
    """
    reference = comparison.runs[0].scenario
    said = []
    for run in comparison.runs[1:]:
        others = newcomers(reference, run.scenario)
        if others and set(reference.states) == set(run.scenario.states):
            name = run.scenario.name
            parts = (_for_whom(comparison.winners, name, set(others)), _decisions(comparison, name))
            said.append(f"{name}: {'; '.join(others.values())}. {' '.join(part for part in parts if part)}".rstrip())
    return said


def newcomers(reference: Scenario, scenario: Scenario) -> dict[str, str]:
    """In words, by code, since when states belong whose membership the two do not share."""
    one, other = reference.membership, scenario.membership
    return {iso: _since(iso, other.get(iso)) for iso in sorted({*one, *other}) if one.get(iso) != other.get(iso)}


def _since(iso: str, since: Since) -> str:
    if since is None:
        return f"{iso} is never a member"
    return f"{iso} is a member from {since}" if isinstance(since, int) else f"{iso} may become a member"


def _for_whom(winners: pd.DataFrame, name: str, codes: set[str]) -> str:
    """Trade of the newcomers' ties and of all others, in the last year of interest."""
    chosen = winners[(winners["scenario"] == name) & (winners["kind"] == "tie") & (winners["outcome"] == "trade")]
    rows = chosen.to_dict("records")
    if not rows:
        return ""
    own = [row for row in rows if {row["iso3_a"], row["iso3_b"]} & codes]
    rest = [row for row in rows if row not in own]
    own.sort(key=lambda row: -abs(float(row["difference"])))
    named = ", ".join(f"{row['iso3_a']}-{row['iso3_b']} {signed(row['difference'], 2)}" for row in own[:MOST_TIES])
    return (
        f"Trade in {rows[0]['year']}, mean of worlds: {_sum(own)} billion USD on {' and '.join(sorted(codes))}'s ties "
        f"({named}), {_sum(rest)} on the ties among the others."
    )


def _sum(rows: Iterable[Mapping[Any, Any]]) -> str:
    return signed(sum(float(row["difference"]) for row in rows), 2)


def _decisions(comparison: Comparison, name: str) -> str:
    """What becomes of the texts that both have, and who is least willing."""
    frame = comparison.agreements
    before, after = (
        {str(row["agreement"]): row for row in frame[frame["scenario"] == one].to_dict("records")}
        for one in (comparison.runs[0].scenario.name, name)
    )
    changes = [_text(key, before[key], after[key]) for key in after if key in before]
    changes = [words for words in changes if words]
    both = [key for key in after if key in before]
    if not both:
        return "No text is put to a vote in both."
    return f"Decisions: {'; '.join(changes)}." if changes else "Decisions: every text is adopted as often and as soon."


def _text(key: str, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> str:
    """One text in words, none if nothing of it is otherwise."""
    parts = []
    if before["adopted_share"] != after["adopted_share"]:
        parts.append(f"adopted in {percent(after['adopted_share'])} of worlds ({percent(before['adopted_share'])})")
    elif f"{before['delay_mean_years']:.1f}" != f"{after['delay_mean_years']:.1f}":
        parts.append(f"fails at {after['delay_mean_years']:.1f} summits ({before['delay_mean_years']:.1f})")
    least = [_least(row) for row in (after, before)]
    if all(least) and least[0] != least[1]:
        parts.append(f"least willing {least[0]} ({least[1]})")
    return f"{key} {', '.join(parts)}" if parts else ""


def _least(row: Mapping[Any, Any]) -> str:
    state = row["hold_out"]
    return f"{state} {percent(row['hold_out_share'])}" if isinstance(state, str) and state else ""
