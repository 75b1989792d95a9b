"""The cheapest side payments that bring every hold-out to its threshold: who is paid, who can pay, who has no price."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sco_sim.components.gains import YEARS, income
from sco_sim.components.package import brought_by, price
from sco_sim.components.policy import Policy
from sco_sim.numerics.arrays import Array, Bools
from sco_sim.studies.packages.bundles import objections
from sco_sim.studies.packages.votes import Summit, Vote

MOST = 0.01
"""Share of its GDP that a state can be paid, or pay, a year, unless another is asked for."""
EVENLY = 1e-6
"""Weight of sharing the burden evenly against the least total: it decides between payments of the same total."""
LEAST = 1e-6
"""Million USD below which nothing is paid."""
BARGAIN = ["of", "hold_outs", "too_dear", "because", "paid", "total_musd", "once_musd", "beyond_musd", "asked",
           "share_buyable", "share_paid", "total_median_musd"]  # fmt: skip
TRANSFERS = ["of", "at", "worlds", "iso3", "receives_musd", "once_musd", "share_of_gdp", "brings_musd", "before",
             "after"]  # fmt: skip
BEYOND = 1.0
"""Weight of a payment beyond what the text brings its payer in money, on top of its own size."""


@dataclass(frozen=True)
class Prices:
    """What votes cost and what others can give for them, million USD of 2015 a year, each (world, state)."""

    need: Array
    """What brings a hold-out to its threshold; 0 for who accepts, infinite for who has no price."""
    most: Array
    """What a voter that accepts can give and still accept, at most the share of its GDP; 0 for others."""
    gain: Array
    """The part of it that the texts bring it in money."""
    dear: Bools
    """Who holds out and would need more than the share of its GDP."""
    lift: Array
    """Readiness that so much money adds to a hold-out."""

    @property
    def buyable(self) -> Bools:
        """Whether no hold-out is too dear, (world,)."""
        return ~np.asarray(self.dear.any(axis=1))

    @property
    def total(self) -> Array:
        """What all hold-outs need, (world,)."""
        whole: Array = self.need.sum(axis=1)
        return whole

    @property
    def paid(self) -> Bools:
        """Whether those who accept can pay it, (world,)."""
        return np.asarray(self.buyable & (self.total <= self.most.sum(axis=1) * (1.0 + 1e-12)))


def prices(summit: Summit, vote: Vote, most: float = MOST) -> Prices:
    """What each hold-out needs and each other voter can give; `most` is the share of GDP that a state can move."""
    year = summit.year
    cap = most * year.gdp() / 1e6
    votes, refuses = vote.voters > 0.0, vote.holds_out
    z = vote.z
    asks = price(year, vote.texts, np.where(refuses, -z, 0.0))
    need = np.where(refuses & summit.by_stakes, asks, np.where(refuses, np.inf, 0.0))
    room = -price(year, vote.texts, np.where(votes & ~refuses, -z, 0.0))
    give = np.where(votes & ~refuses & summit.by_stakes, np.minimum(room, cap), 0.0)
    gain = np.clip(income(year, brought_by(year, vote.texts)), 0.0, give)
    lift = np.where(refuses & summit.by_stakes, summit.vote(vote.texts, cap).z - z, 0.0)
    return Prices(need, give, gain, refuses & ~(need <= cap), lift)


def cheapest(need: Array, most: Array, gain: Array) -> Array | None:
    """Transfers of one world that sum to nought and cost least; above 0 what a state receives, shape (state,).

    Among payments of the same total those out of what the texts bring in money come first, and then the ones that take
    the least share of what any payer could give. None if those who accept cannot pay it.

    Args:
        need: What each hold-out needs, finite, (state,).
        most: What each other voter can give, (state,).
        gain: What of it the texts bring it in money, (state,).
    """
    from scipy.optimize import linprog

    unit = float(need.sum())
    if unit == 0.0:
        return np.zeros_like(need)
    number, rest = len(need), most - gain
    # received r, given of the gain g, given beyond it e (all in units of the total), and the largest share t given
    cost = np.concatenate([np.ones(number), np.zeros(number), np.full(number, BEYOND), [EVENLY]])
    balance = np.concatenate([np.ones(number), -np.ones(2 * number), [0.0]])[None]
    paying = np.flatnonzero(most > 0.0)
    shares = np.zeros((len(paying), 3 * number + 1))
    for line, row in enumerate(paying):
        shares[line, [number + row, 2 * number + row]] = unit / most[row]
        shares[line, -1] = -1.0
    bounds = [
        *((each / unit, each / unit if each == 0.0 else None) for each in need),
        *((0.0, each / unit) for each in (*gain, *rest)), (0.0, 1.0),
    ]  # fmt: skip
    solved = linprog(
        cost, A_ub=shares if len(paying) else None, b_ub=np.zeros(len(paying)) if len(paying) else None, A_eq=balance,
        b_eq=[0.0], bounds=bounds, method="highs",
    )  # fmt: skip
    if not solved.success:
        return None
    moved = unit * np.asarray(solved.x)[:-1]
    received, of_gain, beyond = np.split(moved, 3)
    return np.asarray(received - of_gain - beyond)


def bargain(centre: Summit, settings: Summit, chosen: Sequence[Sequence[int]], most: float) -> pd.DataFrame:
    """What it takes that all accept some texts or packages, given by the numbers of their texts.

    Returns:
        A row for each: of, hold_outs, too_dear (codes), because (for each of these how far it is short, what the most
        money adds, and what stands most against it), paid (whether those who accept can pay), total_musd (a year; what
        the hold-outs with a price need), once_musd (the same over `YEARS` years, in one sum), beyond_musd (what of it
        exceeds the gains in money), asked (share of settings in which somebody holds out), share_buyable, share_paid
        (of these settings), total_median_musd (over settings that can be paid).
    """
    rows = []
    for members in chosen:
        vote = centre.vote([centre.texts[one] for one in members])
        here, codes = prices(centre, vote, most), centre.year.ties.states
        total = float(np.where(here.dear, 0.0, here.need)[0].sum())
        many = settings.vote([settings.texts[one] for one in members])
        there, asked = prices(settings, many, most), np.asarray(many.holds_out.any(axis=1))
        settled = there.total[asked & there.paid]
        rows.append(
            {"of": vote.name, "hold_outs": _codes(codes, vote.holds_out[0]), "too_dear": _codes(codes, here.dear[0]),
             "because": _because(centre, vote, here), "paid": bool(here.paid[0]), "total_musd": total,
             "once_musd": YEARS * total, "beyond_musd": max(total - float(here.gain[0].sum()), 0.0),
             "asked": float(asked.mean()), "share_buyable": _share(there.buyable, asked),
             "share_paid": _share(there.paid, asked),
             "total_median_musd": float(np.median(settled)) if len(settled) else float("nan")}
        )  # fmt: skip
    return pd.DataFrame(rows, columns=BARGAIN)


def _codes(states: Sequence[str], chosen: Bools) -> str:
    return " ".join(iso for iso, is_chosen in zip(states, chosen, strict=True) if is_chosen)


def _because(summit: Summit, vote: Vote, here: Prices) -> str:
    """Why no money brings some hold-outs to their threshold, in the first world."""
    against = objections(summit, vote)
    return "; ".join(
        f"{iso} short by {-vote.z[0, row]:.2f}, money adds {here.lift[0, row]:.2f}: {against[iso]}"
        if summit.by_stakes[row]
        else f"{iso} {against[iso]}"
        for row, iso in enumerate(summit.year.ties.states)
        if here.dear[0, row]
    )


def _share(true: Bools, among: Bools) -> float:
    return float(true[among].mean()) if among.any() else float("nan")


def transfers(centre: Summit, settings: Summit, chosen: Sequence[Sequence[int]], most: float) -> pd.DataFrame:
    """Who pays whom for each text or package that can be paid at the centre, else for those that can be in settings.

    Returns:
        A row for each and state that pays or receives: of, at (`centre`, or `settings`: means over those in which
        somebody holds out and it can be paid), worlds, iso3, receives_musd (a year, below 0 what it pays), once_musd,
        share_of_gdp, brings_musd (what the texts bring it in money a year), before, after (its readiness).
    """
    rows = []
    for members in chosen:
        for name, summit in (("centre", centre), ("settings", settings)):
            solved = _transfers(summit, [summit.texts[one] for one in members], most)
            if solved:
                rows += [{**line, "at": name} for line in solved]
                break
    return pd.DataFrame(rows, columns=TRANSFERS)


def _transfers(summit: Summit, texts: Sequence[Policy], most: float) -> list[dict[str, object]]:
    year, vote = summit.year, summit.vote(texts)
    here = prices(summit, vote, most)
    worlds = np.flatnonzero(here.paid & vote.holds_out.any(axis=1))
    moved = np.zeros_like(vote.z)
    for world in worlds:
        solved = cheapest(here.need[world], here.most[world], here.gain[world])
        moved[world] = 0.0 if solved is None else solved
    if not moved.any():
        return []
    after, brought = summit.vote(texts, moved).z, income(year, brought_by(year, texts))
    shown = {"receives_musd": moved, "once_musd": YEARS * moved, "share_of_gdp": 1e6 * moved / year.gdp(),
             "brings_musd": brought, "before": vote.z, "after": after}  # fmt: skip
    means = {name: values[worlds].mean(axis=0) for name, values in shown.items()}
    return [
        {"of": vote.name, "worlds": len(worlds), "iso3": year.ties.states[row],
         **{name: float(values[row]) for name, values in means.items()}}
        for row in np.argsort(-means["receives_musd"], kind="stable")
        if abs(means["receives_musd"][row]) > LEAST
    ]  # fmt: skip
