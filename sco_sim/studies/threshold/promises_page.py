"""What the promises of the documents take, in words: a sentence each, and the page of all."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Sequence

from sco_sim.errors import counted
from sco_sim.studies.effects.documents import rows as rows_of_the_documents
from sco_sim.studies.effects.effects import OUTCOMES, YEARS
from sco_sim.studies.threshold.knobs import Knob
from sco_sim.studies.threshold.promises import CHANCE, NOTICED, Met, Needed
from sco_sim.studies.threshold.words import times
from sco_sim.studies.wording import percent, three_digits
from sco_sim.world.channels import BY_CHANNEL

CALLED = {"people": "travel", "security": "joint exercises", "cities": "twinned places",
          "migrants": "people living abroad"}  # fmt: skip
"""Outcomes that go by a name of the code elsewhere, in plain words."""
LATER = ("visa_freedom", "direct_flights", "border_settlement")
"""Policies that were added after the promises were first counted, for the note on the number of promises."""
UNITS = {
    "z": "a standard deviation of what a state makes of a text (equation 5 of [model.md](model.md))",
    "WGI": "a point of the Worldwide Governance Indicators, which run from about -2.5 to 2.5",
}
"""Units of outcomes, in words."""


def what(one: Needed) -> str:
    """What was promised: the outcome, the side and the amount that is noticed."""
    outcome = OUTCOMES[one.outcome]
    amount, unit = NOTICED[outcome.unit], outcome.unit
    unit = "point" if (unit, amount) == ("points", 1.0) else unit
    title = CALLED.get(one.outcome, outcome.title)
    return f"{title} {'up' if one.sign > 0 else 'down'} by {amount:g}{f' {unit}' if unit else ''}"


def sentence(one: Needed) -> str:
    """One sentence on a promise, with the multiple of the evidence that it needs."""
    on, count = one.ties
    where = "" if on == count else f" (the policy acts on {on} of {count} ties)"
    return f"{one.component}: {what(one)}{where}: {_answer(one)}."


def _answer(one: Needed) -> str:
    knob, crossing = one.knob, one.crossing
    if knob is None or crossing is None:
        if one.as_it_is <= 0.0:
            return "met in no world: the model gives the policy no way to it, and the ledger has no entry to turn"
        share = "every world" if one.as_it_is >= 1.0 else f"{percent(one.as_it_is)} of worlds"
        return f"met in {share} by what the policy is; the ledger has no entry to turn"
    has = f"the evidence has {_range(knob)}"
    if one.met == "never":
        if crossing.share <= 0.0:
            return f"met in no world at any value of `{knob.name}` that is allowed ({has})"
        best = f"met at no value of `{knob.name}` that is allowed in {percent(CHANCE)} of worlds"
        peak = ", and fewer beyond" if crossing.curve[-1][1] < crossing.share else ""
        return f"{best}: the most is {percent(crossing.share)}, at {three_digits(crossing.best)}{peak} ({has})"
    if one.met == "itself":
        return f"met even if `{knob.name}` is {crossing.value:g}, so it does not hang on it"
    size = "at least" if crossing.value > knob.nothing else "at most"
    need = f"`{knob.name}` is {size} {three_digits(crossing.value)}"
    side = "upper" if crossing.value > knob.nothing else "lower"
    multiple = knob.multiple(crossing.value)
    return {
        "within": f"met if {need}, which is within the evidence ({_range(knob)})",
        "less": f"met if {need}, as it is over all of the evidence ({_range(knob)})",
        "beyond": f"met only if {need}, {times(multiple, f'the {side} end of the evidence')} ({_range(knob)})"
        if not math.isnan(multiple) else f"met only if {need}, on a side on which {has}, that is nothing",
    }[one.met] + _reservations(one)  # fmt: skip


def _reservations(one: Needed) -> str:
    """That more is not better, and that the other side would do."""
    assert one.crossing is not None  # only what is reached has any
    words = ""
    if not math.isnan(one.crossing.lost):
        words += f"; more is not better: at {three_digits(one.crossing.lost)} it is met no longer"
    if not math.isnan(one.other_side):
        words += f"; it is met on the other side too, at {three_digits(one.other_side)}"
    return words


def _range(knob: Knob) -> str:
    low, high = knob.evidence or (math.nan, math.nan)
    return f"{low:g} to {high:g}"


def page(rows: Sequence[Needed], worlds: int, seed: int, view: str) -> str:
    """The page of all promises in Markdown."""
    written = "<!-- written by `sco-sim promises --out docs/what_it_would_take.md`; do not edit -->"
    lines = ["# What it would take for the promises of the documents", "", written, ""]
    for text in (_about(worlds, seed, view), _number(rows), "How many are met by what:"):
        lines += [*_wrapped(text), ""]
    for text in _counts(rows):
        lines += _wrapped(f"* {text}", "  ")
    lines += ["", *_wrapped(_measured(rows)), ""]
    for one in rows:
        lines += _wrapped(f"* {sentence(one)}", "  ")
    return "\n".join(lines) + "\n"


def _about(worlds: int, seed: int, view: str) -> str:
    return (
        "Each policy alone, as in the example of its manual, given at full strength to all, on "
        f"{worlds} paired worlds without events (seed {seed}, view `{view}`), after {YEARS} years. A promise is met if "
        f"the outcome moves to the promised side by an amount that is noticed, in {percent(CHANCE)} of worlds. One "
        "entry of the ledger is turned for it: the policy's own, or else that by which it acts. Both sides of it are "
        "tried; what is said is of the side on which the promise needs the least of the evidence. A multiple is of the "
        "end of the evidence on that side. How a threshold is looked for stands in [threshold.md](threshold.md)."
    )


def _number(rows: Sequence[Needed]) -> str:
    """What counts as a promise, and why there are so many."""
    later = sum(one.component in LATER for one in rows)
    promising = sum(any(row.promise.values()) for row in rows_of_the_documents().values())
    policies = len({one.component for one in rows})
    number = (
        "A promise is an outcome that a row of the documents ([mechanisms.md](mechanisms.md)) says a policy moves; the "
        f"same outcome in two rows of a policy is one promise. The {promising} rows that promise something give "
        f"{policies} policies {counted(len(rows), 'promise')}"
    )
    if not later or later == len(rows):
        return f"{number}."
    names = ", ".join(f"`{name}`" for name in LATER[:-1]) + f" and `{LATER[-1]}`"
    return f"{number}: {len(rows) - later} of the first count, and {later} of {names}, which became policies later."


def _counts(rows: Sequence[Needed]) -> list[str]:
    """How many promises are met by what."""
    count: Counter[Met] = Counter(one.met for one in rows)
    multiples = sorted(
        one.knob.multiple(one.crossing.value) for one in rows if one.met == "beyond" and one.knob and one.crossing
    )
    beyond = f"{count['beyond']} take more than the evidence has"
    known = [value for value in multiples if not math.isnan(value)]
    if known:
        beyond += f": the middle one {known[len(known) // 2]:.2g} times, the farthest {known[-1]:.2g} times"
    without = [one for one in rows if one.met == "no entry"]
    there = sum(one.as_it_is >= CHANCE for one in without)
    itself = f", {count['itself']} of them without the entry" if count["itself"] else ""
    return [
        f"{count['within'] + count['less'] + count['itself']} are met within the evidence or with less{itself};",
        f"{beyond};",
        f"{count['never']} are met at no value that is allowed;",
        f"{len(without)} have no entry that could be turned: {there} are met as the model is, {len(without) - there} "
        "not.",
    ]


def _measured(rows: Sequence[Needed]) -> str:
    """What the outcomes are, and what is noticed."""
    noticed = ", ".join(f"{amount:g} {unit}" for unit, amount in NOTICED.items() if unit).replace("1 points", "1 point")
    channels = {one.outcome: BY_CHANNEL[one.outcome].text for one in rows if one.outcome in BY_CHANNEL}
    called = {CALLED.get(name, name): text for name, text in channels.items()}
    named = ", ".join(f"{name} means {text.replace(': ', ', ')}" for name, text in called.items() if name != text)
    units = ", ".join(f"{unit} {text}" for unit, text in UNITS.items())
    return (
        f"Noticed is a change of {noticed}, or 1 of what is counted: a convention, the same for all. Outcomes are "
        f"totals or means over all ties or states. In the sentences {named}. Units: {units}."
    )


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, 120, subsequent_indent=indent, break_on_hyphens=False, break_long_words=False)
