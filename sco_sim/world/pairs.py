"""Pairs of codes."""

from __future__ import annotations

Pair = tuple[str, str]


def pair(a: str, b: str) -> Pair:
    """The two codes in alphabetical order."""
    return (a, b) if a < b else (b, a)
