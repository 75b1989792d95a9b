"""Several texts voted on as one, and what side payments do to it (equation 36)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sco_sim.components.gains import BRINGS, bounded, brings, development, met_by, weighed, weights
from sco_sim.components.policy import Policy
from sco_sim.components.readiness import stakes

if TYPE_CHECKING:  # the check of a scenario file needs no graph or table library
    from sco_sim.numerics.arrays import Array
    from sco_sim.world.year import Year

OF_THE_VOTE = ("base", "community", "pressure", "acceptance", "wobble")
"""Terms of equation 5 that hang on the state and the year and not on the text: one vote, once."""
OF_PARTNERS = ("trust", "practice", "credibility", "quarrel")
"""Terms that are means over those who gain: who gains from the whole is the mean of who gains from its parts."""
LARGEST = ("territory",)
"""Terms of which the strongest objection counts, as among the legs of one text."""


def proposed(year: Year, texts: Sequence[Policy]) -> Array:
    """How many of the texts each state proposes, shape (state,)."""
    return np.array([float(sum(text.proposer == iso for text in texts)) for iso in year.ties.states])


def brought_by(year: Year, texts: Sequence[Policy], *, others: bool = False) -> dict[str, Array]:
    """What the texts bring each state together, by the names of `BRINGS`, arrays (world, state).

    With `others` only what those of them bring that it does not propose.
    """
    out = {name: np.zeros_like(year.state.log_gdp) for name in BRINGS}
    for text in texts:
        counts = 1.0 - proposed(year, (text,)) if others else 1.0
        for name, values in brings(year, text).items():
            out[name] += counts * values
    return out


def package_stakes(year: Year, texts: Sequence[Policy], received: Array | None = None) -> dict[str, Array]:
    """Equation 36: equation 5 term by term of texts that are voted on as one, shape (world, state).

    What a text does to a state adds up over the parts, benefit within the want that it meets; what belongs to the vote
    counts once; what belongs to the partners counts by who gains from the whole. One text without payments is
    equation 5.

    Args:
        year: The year.
        texts: The parts, at least one.
        received: What each state is paid for its vote, below 0 what it pays, million USD of 2015 a year, (world,
            state).
    """
    parts = [year.once(("stakes", id(text)), partial(stakes, year, text)) for text in texts]
    out: dict[str, Array] = {}
    for name in parts[0]:
        terms = [part[name] for part in parts]
        if name in OF_THE_VOTE:
            out[name] = terms[0]
        elif name in LARGEST:
            out[name] = np.minimum.reduce(terms)
        else:
            whole: Array = sum(terms, start=np.zeros(1))
            out[name] = whole / len(texts) if name in OF_PARTNERS else whole
    brought = brought_by(year, texts, others=True)
    if received is not None:
        brought["received"] = brought["received"] + received
    wanted = weighed(year, met_by(year, brought)) + proposed(year, texts)
    out["benefit"] = year.p["council.benefit"] * wanted
    left = weights(year)["autonomy"] * brought["autonomy"]
    out["sovereignty"] = year.p["council.benefit"] * year.p["council.sovereignty"] * left
    return out


def price(year: Year, texts: Sequence[Policy], change: Array) -> Array:
    """Equation 36, m: what moves the readiness of each state by so much, million USD of 2015 a year, (world, state).

    Infinite where no sum does: the want for development is met in full, or what a state may lose of it is lost.
    """
    weight = year.p["council.benefit"] * weights(year)["development"]
    before = development(year, brought_by(year, texts, others=True))
    with np.errstate(all="ignore"):
        level = bounded(before) + change / weight
        after = np.where(np.abs(level) < 1.0, level / (1.0 - np.abs(level)), np.sign(level) * np.inf)
        sum_of_money: Array = (after - before) * year.p["gains.half_income"] * year.gdp() / 1e6
    return np.where(change == 0.0, 0.0, sum_of_money)
