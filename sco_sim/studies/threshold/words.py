"""A threshold in one sentence, and what the sentence leaves out."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

from sco_sim.studies.threshold.asked import Asked
from sco_sim.studies.threshold.knobs import Knob
from sco_sim.studies.threshold.threshold import Threshold
from sco_sim.studies.wording import percent, three_digits

MANY_UNMOVED = 0.05
"""Share of worlds that no value moves from which on it is said: the value asked for then hangs on adoption, too."""


def sentence(one: Threshold, asked: Asked) -> str:
    """What it would take, beside the evidence."""
    knob, crossing = one.knob, one.crossing
    if not crossing.reached:
        allowed = (
            f"({_range(knob)})" if knob.limited and not crossing.stopped else f"up to {three_digits(crossing.end)}"
        )
        most = f"at most {percent(crossing.share)} of worlds get there, at {three_digits(crossing.best)}"
        best = most if crossing.share else "no world gets there"
        return f"Not within any value of {knob.name} that is allowed {allowed}: {asked.words} is not reached; {best}."
    if crossing.value == knob.nothing:
        return f"It takes nothing of {knob.name}: {asked.words} is reached at {crossing.value:g} already{_beside(one)}."
    size = "at least" if crossing.value > knob.nothing else "at most"
    ends = " to ".join(_end(value) for value in (crossing.low, crossing.high))
    return f"{knob.name} has to be {size} {three_digits(crossing.value)} ({ends}) for {asked.words}{_beside(one)}."


def caveats(one: Threshold) -> list[str]:
    """A response that does not only rise, worlds and values that it cannot come from."""
    said, crossing = [], one.crossing
    if not math.isnan(crossing.lost):
        said.append(f"More is not better: at {three_digits(crossing.lost)} it is reached no longer.")
    falling = [pair for pair in crossing.falls if math.isnan(crossing.lost) or pair[1] != crossing.lost]
    if falling:
        pairs = ", and between ".join(f"{three_digits(a)} and {three_digits(b)}" for a, b in _joined(falling))
        said.append(f"The response is not monotone: the share of worlds falls between {pairs}.")
    if said and crossing.reached:
        said.append("Value and interval are of where worlds first get there, on the way from nothing outward.")
    if MANY_UNMOVED <= one.unmoved < 1.0:
        said.append(
            f"In {percent(one.unmoved)} of worlds nothing changes at any value tried, as where the text is refused: "
            f"no value brings more than {percent(1.0 - one.unmoved)} of worlds there."
        )
    if crossing.stopped:
        said.append(f"Values beyond {three_digits(crossing.end)} could not be simulated: {crossing.stopped}.")
    return said


def times(multiple: float, of: str) -> str:
    """So many times an end, in enough digits to tell it from that end."""
    if multiple < 1.05:
        return f"just beyond {of}"
    return f"{_two_digits(multiple)} times {of}"


def _two_digits(multiple: float) -> str:
    """A multiple without a power of ten."""
    return f"{multiple:.2g}" if multiple < 99.5 else f"{multiple:,.0f}"


def evidence(knob: Knob) -> str:
    """The range of the evidence, or what the scenario has."""
    return f"{knob.now:g} in the scenario" if knob.evidence is None else f"{knob.evidence[0]:g} to {knob.evidence[1]:g}"


def _beside(one: Threshold) -> str:
    knob, value = one.knob, one.crossing.value
    if knob.evidence is None:
        more = (
            ""
            if math.isnan(one.multiple) or value == knob.nothing
            else f": {_two_digits(one.multiple)} times the scenario's"
        )
        return f"{more or ', and the scenario has'} {knob.now:g}"
    low, high = knob.evidence
    if low <= value <= high:
        return f", which is within the evidence ({evidence(knob)})"
    if value == knob.nothing:
        return f", and all of the evidence lies beyond ({evidence(knob)})"
    if math.isnan(knob.end(value)):
        return f", and the evidence ({evidence(knob)}) allows nothing on that side"
    multiple = one.multiple
    if multiple < 1.0:
        return f", which is less than the evidence has ({evidence(knob)})"
    side = "upper" if value > knob.nothing else "lower"
    return f": {times(multiple, f'the {side} end of the evidence')} ({evidence(knob)})"


def _joined(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Neighbouring pairs as one."""
    out: list[tuple[float, float]] = []
    for a, b in pairs:
        if out and out[-1][1] == a:
            out[-1] = out[-1][0], b
        else:
            out.append((a, b))
    return out


def _range(knob: Knob) -> str:
    """The values allowed; the least number above zero stands for a limit that is not reached."""
    low = "above 0" if 0.0 < knob.low < sys.float_info.min else f"{knob.low:g}"
    high = f"{knob.high:g}" if knob.high < 1e6 else three_digits(knob.high)
    return f"{low} to {high}"


def _end(value: float) -> str:
    return three_digits(value) if math.isfinite(value) else "beyond what is allowed"
