"""What is worth knowing in rows and sentences, the same on the screen and in the report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scipy.special import ndtri

from sco_sim.components.registry import metric
from sco_sim.studies.wording import decimals, next_to_nothing, percent, scale
from sco_sim.studies.worth.information import Worth
from sco_sim.studies.worth.options import Options

LEVEL = 0.05
"""Chance that any entry is called worth knowing where none is."""
NAMED = 3
"""Entries with a sentence of their own."""


def surely(known: Mapping[str, Worth]) -> dict[str, Worth]:
    """Entries whose gain is above zero at 95 %, all of them together (Bonferroni)."""
    bound = float(ndtri(1.0 - LEVEL / max(len(known), 1)))
    return {name: one for name, one in known.items() if one.gain > bound * one.error}


def rows_of(options: Options, known: Mapping[str, Worth]) -> list[dict[str, Any]]:
    """A row an entry, in the unit shown, that which is worth most first."""
    factor, unit = scale(metric(options.outcome).unit)
    sure = surely(known)
    rows = [
        {"entry": name, "kind": options.kinds.get(name, ""), "gain": factor * one.gain, "error": factor * one.error,
         "unit": unit, "changes": one.changes, "instead": "" if one.to < 0 else options.names[one.to],
         "sure": name in sure}
        for name, one in known.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (not row["sure"], -row["gain"], row["entry"]))


def digits_of(options: Options) -> int:
    """Decimals of a gain: two digits of what knowing everything is worth."""
    return decimals(max(scale(metric(options.outcome).unit)[0] * options.choice.everything[0], 1e-9))


def sentences_of(options: Options, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    """What is chosen as things stand, and what it would gain to know first.

    Args:
        options: What is chosen among.
        rows: Of `rows_of`.
        names: What the options are called; by their own names if left out.
    """
    factor, unit = scale(metric(options.outcome).unit)
    gain, error, changes = options.choice.everything
    digits, called = digits_of(options), [names.get(name, name) for name in options.names]
    best, alike = called[options.choice.best], [called[option] for option in options.choice.alike]
    if len(alike) + 1 == len(called):
        yield "All options bring the same in every setting: there is nothing to choose, and nothing worth knowing."
        return
    same = f" ({', '.join(alike)} {'bring' if len(alike) > 1 else 'brings'} the same in every setting)" if alike else ""
    if not gain:
        yield f"Chosen as things stand: {best}{same}. No other is better in any setting: nothing is worth knowing."
        return
    yield (
        f"Chosen as things stand: {best}{same}. Knowing everything, chance included, would be worth "
        f"{_size(factor * gain, digits, unit)} (error {_figure(factor * error, digits)}) and change the choice in "
        f"{percent(changes)} of cases."
    )
    sure = [row for row in rows if row["sure"]]
    for row in sure[:NAMED]:
        yield (
            f"Worth knowing: {row['entry']} ({row['kind']}). It would gain {_size(row['gain'], digits, unit)} (error "
            f"{_figure(row['error'], digits)}), and in {percent(row['changes'])} of cases the choice would be another, "
            f"most often {names.get(row['instead'], row['instead'])}."
        )
    if not sure:
        yield (
            f"No single entry is surely worth knowing: whatever it turned out to be, {best} would still be chosen, or "
            "the gain cannot be told from nothing with so many settings."
        )


def _size(value: float, digits: int, unit: str) -> str:
    return f"{_figure(value, digits)} {unit}".rstrip()


def _figure(value: float, digits: int) -> str:
    """A gain or its error; no zero has a sign, and what is above zero does not read as nothing."""
    return next_to_nothing(max(value, 0.0), digits) or f"{round(value, digits) + 0.0:.{digits}f}"


def cells_of(options: Options, rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Rows in words: entry, evidence, gain, error, chance that the choice changes, sure, most often to."""
    digits = digits_of(options) + 1
    return [
        (row["entry"], row["kind"], _figure(row["gain"], digits), _figure(row["error"], digits),
         percent(row["changes"]), "yes" if row["sure"] else "", names.get(row["instead"], row["instead"]))
        for row in rows
    ]  # fmt: skip


def headers_of(options: Options) -> tuple[str, ...]:
    """Heads of these cells; the numbers are the third to the fifth."""
    unit = scale(metric(options.outcome).unit)[1]
    return ("Entry", "Evidence", f"Gain{f', {unit}' if unit else ''}", "Error", "Changes the choice", "Sure",
            "Most often to")  # fmt: skip


MEANING = (
    "Gain: expected value of knowing this entry alone (regression, judged on other settings than it was fitted on: an "
    "entry that says nothing has about 0, or a trifle less). Changes the choice: chance that knowing it leads to an "
    "option that brings another thing. Sure: above zero at 95 %, all entries together."
)
