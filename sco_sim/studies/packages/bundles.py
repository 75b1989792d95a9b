"""Each text alone, under every rule, and every package of two or three: what passes, who holds out and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from sco_sim.components.gains import BRINGS
from sco_sim.components.package import brought_by
from sco_sim.components.policy import Policy
from sco_sim.components.rule import Rule
from sco_sim.numerics.arrays import Bools
from sco_sim.numerics.functions import expit
from sco_sim.studies.packages.votes import Summit, Vote

LARGEST = 3
"""Texts in a package, at most."""
BECAUSE = {
    "sovereignty": "sovereignty", "balance": "whom it is about", "friends": "whom its friends are", "depth": "depth",
    "rivals": "rivals gain", "hub": "its own club would lose", "territory": "territory", "benefit": "what it brings",
    "quarrel": "a quarrel", "pressure": "outside pressure", "trust": "distrust", "practice": "no practice",
    "credibility": "credibility", "community": "community", "acceptance": "the mood", "base": "no wish to agree",
}  # fmt: skip
"""Terms of readiness in a few words, as what stands against a text."""
OTHERWISE = "decides otherwise"
"""What stands against a text for a state that does not decide by its stakes."""


def alone(centre: Summit, settings: Summit, rules: Mapping[str, Rule]) -> pd.DataFrame:
    """Each text alone.

    Returns:
        A row a text: text, decided_by, proposer, passes (at the centre), share (of settings in which it passes), a
        column `share_<rule>` for each rule, hold_outs (codes at the centre, the least ready first), readiness (of the
        least ready voter at the centre).
    """
    rows = []
    for text, other in zip(centre.texts, settings.texts, strict=True):
        vote, drawn = centre.vote([text]), settings.vote([other])
        rows.append(
            {"text": text.label, "decided_by": text.decided_by, "proposer": text.proposer or "",
             "passes": bool(centre.passes(vote)[0]), "share": float(settings.passes(drawn).mean()),
             **{f"share_{key}": float(settings.passes(drawn, rule).mean()) for key, rule in rules.items()},
             "hold_outs": " ".join(hold_outs(centre, vote)), "readiness": least(vote)}
        )  # fmt: skip
    return pd.DataFrame(rows)


def least(vote: Vote) -> float:
    """Readiness of the least ready voter in the first world."""
    return float(np.where(vote.voters > 0.0, vote.z, np.inf)[0].min())


def hold_outs(summit: Summit, vote: Vote) -> list[str]:
    """Codes of who holds out in the first world, the least ready first."""
    states, z = summit.year.ties.states, vote.z[0]
    return [states[row] for row in np.argsort(z, kind="stable") if vote.holds_out[0, row]]


def packages(centre: Summit, settings: Summit) -> pd.DataFrame:
    """Every package of two or three texts, those that gain most by being one first.

    Returns:
        A row a package: package, size, passes (at the centre), parts_pass (at the centre, how many of its parts alone),
        share (of settings in which it passes), share_parts (in which each part passes alone), gained (in which it
        passes though some part fails alone), lost (in which it fails though each part passes alone), share_each (in
        which it would pass if agreeing at all counted once a text), hold_outs, readiness, as of a text alone.
    """
    singles = [centre.vote([text]) for text in centre.texts]
    drawn = [settings.vote([text]) for text in settings.texts]
    here = [bool(centre.passes(vote)[0]) for vote in singles]
    there = [settings.passes(vote) for vote in drawn]
    rows = []
    for members in sets(centre.texts):
        vote = centre.vote([centre.texts[one] for one in members])
        many = settings.vote([settings.texts[one] for one in members])
        parts: Bools = np.logical_and.reduce([there[one] for one in members])
        whole = settings.passes(many)
        rows.append(
            {"package": vote.name, "size": len(members), "passes": bool(centre.passes(vote)[0]),
             "parts_pass": sum(here[one] for one in members), "share": float(whole.mean()),
             "share_parts": float(parts.mean()), "gained": float((whole & ~parts).mean()),
             "lost": float((parts & ~whole).mean()), "share_each": _if_each(settings, many),
             "hold_outs": " ".join(hold_outs(centre, vote)), "readiness": least(vote)}
        )  # fmt: skip
    columns = ["package", "size", "passes", "parts_pass", "share", "share_parts", "gained", "lost", "share_each",
               "hold_outs", "readiness"]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values(["gained", "share", "package"], ascending=[False, False, True], ignore_index=True)


def sets(texts: Sequence[Policy]) -> Iterator[tuple[int, ...]]:
    """Numbers of the texts of every package, but those that take the cause of a state and are against it."""
    for size in range(2, LARGEST + 1):
        for members in combinations(range(len(texts)), size):
            favoured = {iso for one in members for iso in texts[one].favours}
            if not favoured & {iso for one in members for iso in texts[one].against}:
                yield members


def _if_each(summit: Summit, vote: Vote) -> float:
    """Share of settings in which it would pass if agreeing at all counted once for every text."""
    more = (len(vote.texts) - 1) * summit.year.p["council.base"] * summit.by_stakes
    return float(summit.passes(replace(vote, ambition=expit(2.0 * (vote.z + more)))).mean())


def states(centre: Summit, settings: Summit, chosen: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Who goes how far with some texts or packages, given by the numbers of their texts.

    Returns:
        A row for each and voter: of, iso3, readiness (at the centre), low_05, high_95 (over settings), accepts (share
        of settings), because (what stands most against it at the centre), and what it brings by the names of `BRINGS`.
    """
    rows = []
    for members in chosen:
        vote = centre.vote([centre.texts[one] for one in members])
        many = settings.vote([settings.texts[one] for one in members])
        brought, against = brought_by(centre.year, vote.texts), objections(centre, vote)
        for row, iso in enumerate(centre.year.ties.states):
            if vote.voters[0, row] <= 0.0:
                continue
            low, high = np.quantile(many.z[:, row], (0.05, 0.95))
            rows.append(
                {"of": vote.name, "iso3": iso, "readiness": float(vote.z[0, row]), "low_05": float(low),
                 "high_95": float(high), "accepts": float((many.ambition[:, row] >= 0.5).mean()),
                 "because": against[iso], **{name: float(brought[name][0, row]) for name in BRINGS}}
            )  # fmt: skip
    return pd.DataFrame(rows)


def objections(summit: Summit, vote: Vote) -> dict[str, str]:
    """What stands most against the texts for each state, in the first world: one of `BECAUSE` by code."""
    out = {}
    terms = {name: vote.ambition * 0.0 + values for name, values in vote.terms.items() if name != "wobble"}
    for row, iso in enumerate(summit.year.ties.states):
        worst = min(terms, key=lambda name: terms[name][0, row])
        out[iso] = BECAUSE.get(worst, worst) if summit.by_stakes[row] else OTHERWISE
    return out
