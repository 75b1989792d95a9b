"""Pairs of codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable

Pair = tuple[str, str]


def pair(a: str, b: str) -> Pair:
    """The two codes in alphabetical order."""
    return (a, b) if a < b else (b, a)


def joined(starts: Iterable[str], legs: Collection[Pair]) -> set[str]:
    """States that chains of legs join to some states, those among them."""
    reached, before = set(starts), set[str]()
    while reached != before:
        before = set(reached)
        reached |= {iso for leg in legs if reached & set(leg) for iso in leg}
    return reached
