"""Which state a text means, and what to write instead where a code is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from sco_sim.case.catalog import Catalog
from sco_sim.case.state_names import folded

LEAST_LIKE = {"code": 0.6, "name": 0.75}
"""Least likeness (0 to 1) of a misspelt code or name to the one that is suggested."""
FORMER = re.compile(r" *\(\.*\d{4}\)$|^(?:fmr|former)\.? ", re.IGNORECASE)
"""What trade statistics add to the name of a state that had other borders: Sudan (...2011), Fmr Sudan."""
LONGEST_CODE = 4
"""Texts up to so many letters are taken for misspelt codes first."""


def code_of(text: str, catalog: Catalog) -> str | None:
    """The ISO3 code of the one state that a code or a name means, also of one that the case lacks; else None."""
    return text if text in catalog.states else catalog.names.code(text)


def suggest(text: str, catalog: Catalog, among: Iterable[str] | None = None) -> str:
    """What to write for a text that is no code of these states (all of the case if left out).

    A text that means a state is taken for that state only; a text that nobody knows is matched by likeness.
    """
    known = sorted(catalog.states if among is None else among)
    listed = "known: " + ", ".join(known)
    iso = code_of(text, catalog)
    several = catalog.names.meant(text)
    if len(several) > 1:
        return f"it can mean {_named(several, catalog)}; {listed}"
    if iso is None:
        today = FORMER.sub("", text)
        if today != text and (states := catalog.names.meant(today)):
            return f"it is {_named(states, catalog)} in former borders, which is another state; {listed}"
        near = _within(text, catalog) or _most_like(folded(text), catalog)
        if near and set(near) <= set(known):
            return f"did you mean {_either(near)}?"
        return f"it may mean {_named(near, catalog)}; {listed}" if near else listed
    if iso in known:
        return f"did you mean '{iso}'?"
    where = "which is none of these" if iso in catalog.states else "which this case does not hold"
    return f"it is {catalog.names.usual.get(iso, iso)} ({iso}), {where}; {listed}"


def _within(text: str, catalog: Catalog) -> list[str]:
    """The states that a text means without what stands in brackets, else before its first comma."""
    for part in (re.sub(r" *\([^)]*\)?", "", text), text.partition(",")[0]):
        if part != text and (states := catalog.names.meant(part)):
            return list(states)
    return []


def _named(codes: Iterable[str], catalog: Catalog) -> str:
    return " or ".join(f"{catalog.names.usual.get(iso, iso)} ({iso})" for iso in codes)


def _either(codes: Iterable[str]) -> str:
    return " or ".join(f"'{iso}'" for iso in codes)


def _most_like(word: str, catalog: Catalog) -> list[str]:
    """Codes of the states whose code, or else name, is most like a folded text: several if they are equally like."""
    codes = {iso.casefold(): iso for iso in catalog.states}
    near = _nearest(word, codes, LEAST_LIKE["code"]) if len(word) <= LONGEST_CODE else []
    if near or len(word) < LONGEST_CODE:
        return sorted(codes[code] for code in near)
    names = catalog.names.codes
    near = _nearest(word, (name for name in names if len(name) >= LONGEST_CODE), LEAST_LIKE["name"])
    return sorted({names[name] for name in near})


def _nearest(word: str, known: Iterable[str], least: float) -> list[str]:
    """The known words most like this one, the same first letter counting a little; none below the least likeness."""
    match = SequenceMatcher(b=word)
    likeness = {}
    for other in known:
        match.set_seq1(other)
        if match.real_quick_ratio() >= least and match.quick_ratio() >= least and match.ratio() >= least:
            likeness[other] = match.ratio() + 0.01 * (other[:1] == word[:1])
    return [other for other, like in likeness.items() if like == max(likeness.values())]
