"""The shares of several causes in a change, where one of them has to be there before the others can act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

from sco_sim.numerics.arrays import Array


def shapley(values: Mapping[frozenset[str], Array], first: str, others: Sequence[str]) -> dict[str, Array]:
    """The Shapley value under precedence: the mean of what each cause adds, over the orders that begin with `first`.

    Faigle and Kern (1992). The shares of a world sum to the change from nothing to all causes.

    Args:
        values: What comes of each set of causes, (world,): of none, and of `first` with every set of others.
        first: The cause without which the others cannot act.
        others: The other causes.

    Returns:
        Cause to its share, shape (world,).
    """
    none, base = frozenset[str](), frozenset((first,))
    orders = list(permutations(others))
    out = {first: values[base] - values[none]}
    for cause in others:
        added = []
        for order in orders:
            before = base | frozenset(order[: order.index(cause)])
            added.append(values[before | {cause}] - values[before])
        out[cause] = sum(added[1:], start=added[0]) / len(orders)
    return out
