"""Shelving differences (row N9): what a text passes without, and what is lost by cutting it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from sco_sim.components.gains import income
from sco_sim.components.package import brought_by
from sco_sim.components.policy import DEPTHS, Policy
from sco_sim.studies.packages.bundles import hold_outs, least
from sco_sim.studies.packages.votes import Summit, Vote

SHALLOWER = {"deep": "binding", "binding": "declaratory", "institution": "declaratory"}
"""What is left of a depth when its bite is cut. The text then does less, in proportion to the depth of equation 4."""
NAMES = {"favours": "favours", "against": "is against", "territory": "uses the territory of"}
"""Clauses that name states, in words."""
DOES = ("trade", "people", "capacity", "security", "stability")
"""What a text can do, of what it brings."""
NOTHING = 1e-9
COLUMNS = [
    "text", "clause", "cut", "passes", "share", "passes_whole", "share_whole", "hold_outs", "readiness", "trade_musd",
    "trade_lost_musd", "income_lost_musd", "lost",
]  # fmt: skip


@dataclass(frozen=True)
class Cut:
    """A text without one of its clauses."""

    clause: str
    """`favours`, `against`, `territory`, `depth`, `participant`, or `aside`: who is not bound does not vote either."""
    words: str
    """What is cut."""
    text: Policy
    """What is left."""
    aside: str = ""
    """Who stands aside at the vote."""


def cuts(text: Policy, taking_part: tuple[str, ...]) -> Iterator[Cut]:
    """Every clause that can be cut from a text, one at a time; `taking_part` are its participants by code."""
    for field, words in NAMES.items():
        named = getattr(text, field)
        if named:
            yield Cut(field, f"{words} {', '.join(named)}", text.model_copy(update={field: ()}))
        if len(named) > 1:
            for iso in named:
                rest = tuple(one for one in named if one != iso)
                yield Cut(field, f"{words} {iso}", text.model_copy(update={field: rest}))
    if text.depth in SHALLOWER:
        yield Cut("depth", f"{text.depth}: {SHALLOWER[text.depth]} is left", _shallower(text))
    if len(taking_part) > 2:
        for iso in taking_part:
            rest = tuple(one for one in taking_part if one != iso)
            left = text.model_copy(update={"participants": rest})
            yield Cut("participant", f"binds {iso}", left)
            if text.decided_by != "participants":
                yield Cut("aside", f"binds {iso} (who stands aside)", left.model_copy(), iso)


def _shallower(text: Policy) -> Policy:
    left = SHALLOWER[text.depth]
    other = text.model_copy(update={"intensity": text.intensity * DEPTHS[left] / DEPTHS[text.depth]})
    object.__setattr__(other, "depth", left)  # components are frozen, and depth is one of their class
    return other


def clauses(centre: Summit, settings: Summit) -> pd.DataFrame:
    """Each text without each of its clauses.

    Returns:
        A row for each text and clause, those of a text that help most first: text, clause, cut (in words), passes (at
        the centre without it), share (of settings), passes_whole and share_whole (with it), hold_outs and readiness
        (of the least ready, at the centre without it), trade_musd (what the whole text brings all ties a year),
        trade_lost_musd and income_lost_musd (of all ties and states, a year, by the cut), lost (share of what it does,
        the mean over those of `DOES` that it does at all; NaN where it does nothing).
    """
    rows = []
    for text, other in zip(centre.texts, settings.texts, strict=True):
        whole, many = centre.vote([text]), settings.vote([other])
        before = _worth(centre, text)
        known = {"passes_whole": bool(centre.passes(whole)[0]), "share_whole": float(settings.passes(many).mean())}
        of_text = []
        for cut, same in zip(cuts(text, _codes(centre, whole)), cuts(other, _codes(centre, whole)), strict=True):
            with centre.reworded(text, cut.text) as left:
                vote, after = _vote(centre, left, cut.aside), _worth(centre, left)
                here: dict[str, Any] = {
                    "passes": bool(centre.passes(vote)[0]), "hold_outs": " ".join(hold_outs(centre, vote)),
                    "readiness": least(vote),
                }  # fmt: skip
            with settings.reworded(other, same.text) as left:
                share = float(settings.passes(_vote(settings, left, same.aside)).mean())
            of_text.append({"text": text.label, "clause": cut.clause, "cut": cut.words, **here, "share": share, **known,
                            "trade_musd": before["trade_musd"], **_lost(before, after)})  # fmt: skip
        rows += sorted(of_text, key=lambda row: (-row["share"], row["lost"]))
    return pd.DataFrame(rows, columns=COLUMNS)


def _vote(summit: Summit, text: Policy, aside: str) -> Vote:
    """What those who vote say, without the one who stands aside."""
    vote = summit.vote([text])
    if not aside:
        return vote
    others = np.array([float(iso != aside) for iso in summit.year.ties.states])
    return replace(vote, voters=vote.voters * others)


def _codes(summit: Summit, vote: Vote) -> tuple[str, ...]:
    return tuple(iso for iso, part in zip(summit.year.ties.states, vote.part[0], strict=True) if part > 0.0)


def _worth(summit: Summit, text: Policy) -> dict[str, float]:
    """What a text moves for all states in the first world, by the names of `BRINGS`, and the trade and income of it.

    What it moves is summed without its sign: gains of some and losses of others are both things that it does.
    """
    brought = brought_by(summit.year, [text])
    moved = {name: float(np.abs(values[0]).sum()) for name, values in brought.items()}
    trade, earned = brought["trade"][0].sum() / 2.0, income(summit.year, brought)[0].sum()
    return {**moved, "trade_musd": float(trade), "income_musd": float(earned)}


def _lost(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    shares = [1.0 - after[name] / before[name] for name in DOES if abs(before[name]) > NOTHING]
    return {
        "trade_lost_musd": before["trade_musd"] - after["trade_musd"],
        "income_lost_musd": before["income_musd"] - after["income_musd"],
        "lost": sum(shares) / len(shares) if shares else float("nan"),
    }  # fmt: skip


def helps(frame: pd.DataFrame) -> pd.DataFrame:
    """Of `clauses` the cuts that raise the share of settings, those that matter most for each text first."""
    better = frame[frame["share"] > frame["share_whole"]]
    gain = np.asarray(better["share"] - better["share_whole"], dtype=float)
    by = better.assign(gain=gain)
    return by.sort_values(["gain", "lost"], ascending=[False, True], kind="stable", ignore_index=True)
