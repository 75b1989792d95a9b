"""The fields of an entry of the ledger as a file or a package writes them, and what is wrong with them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from sco_sim.errors import did_you_mean

Distribution = Literal["normal", "uniform", "fixed"]
Kind = Literal["measured", "literature", "judgement"]
NEEDED = ("symbol", "name", "unit", "central", "low", "high", "distribution", "kind", "source")
OTHERS = ("note", "minimum", "maximum", "limits", "limits_reason")


class Wrong(NamedTuple):
    """What is wrong with an entry, and what to do."""

    message: str
    remedy: str


def wrong_with(value: Any) -> Wrong | None:
    """What is wrong with the fields of an entry; None if nothing is."""
    if not isinstance(value, Mapping):
        return Wrong(f"must be a mapping of fields, not {value!r}", f"give {', '.join(NEEDED)}")
    unknown = [str(field) for field in value if field not in (*NEEDED, *OTHERS)]
    missing = [field for field in NEEDED if field not in value]
    if unknown:
        return Wrong(f"no field '{unknown[0]}'", did_you_mean(unknown[0], missing or (*NEEDED, *OTHERS)))
    if missing:
        return Wrong(f"lacks {', '.join(missing)}", "every entry has its unit, range, kind and source")
    return _range(value) or _words(value) or _limits(value)


def _range(value: Mapping[str, Any]) -> Wrong | None:
    central, low, high = (value[field] for field in ("central", "low", "high"))
    if not all(_finite(number) for number in (central, low, high)) or not low <= central <= high:
        message = f"central, low and high are {central}, {low} and {high}"
        return Wrong(message, "they must be numbers with low <= central <= high")
    ends = [value[field] for field in ("minimum", "maximum") if field in value]
    if not all(_finite(end) for end in ends) or ends != sorted(ends):
        return Wrong("minimum and maximum must be numbers in this order", "leave out the one that is not needed")
    return None


def _words(value: Mapping[str, Any]) -> Wrong | None:
    for field, known in (("distribution", get_args(Distribution)), ("kind", get_args(Kind))):
        if value[field] not in known:
            return Wrong(f"unknown {field} '{value[field]}'", f"known: {', '.join(known)}")
    return None


def _limits(value: Mapping[str, Any]) -> Wrong | None:
    """The limits of the entry itself, not those of its group."""
    given = value.get("limits", ())
    if ("limits" in value) != ("limits_reason" in value):
        return Wrong("limits and limits_reason go together", "give both, or neither")
    if given and not (
        isinstance(given, (list, tuple)) and len(given) == 2 and all(map(_finite, given)) and given[0] < given[1]
    ):
        return Wrong(f"limits are {given}", "write limits: [low, high], two numbers in this order")
    return None


def _finite(number: Any) -> bool:
    return isinstance(number, (int, float)) and not isinstance(number, bool) and math.isfinite(number)


def line_of(path: Path, name: str) -> int:
    """The line of a ledger file in which an entry begins; 0 if it is in another notation."""
    head = re.compile(rf"\s*['\"]?{re.escape(name)}['\"]?\s*:")
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    return next((number for number, line in enumerate(lines, start=1) if head.match(line)), 0)
