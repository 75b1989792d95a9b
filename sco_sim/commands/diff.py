"""`sco-sim diff`: what differs between two scenarios, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sco_sim.commands.files import load
from sco_sim.commands.screen.output import emit, fits, hanging, say, table
from sco_sim.studies.differences import differences, in_words


def main(a: str, b: str, *, sets: Sequence[str], case: Path | None, as_json: bool) -> int:
    """Print every field that differs; the exit code."""
    first, second = load(a, sets, case, costs=False), load(b, sets, case, costs=False)
    changes = list(differences(first, second, case))
    if as_json:
        rows = [{"field": field, "a": before, "b": after} for field, before, after in changes]
        emit({"a": first.name, "b": second.name, "differences": rows})
    elif not changes:
        say(f"{first.name} and {second.name} are the same.")
    else:
        names = [first.name, second.name] if first.name != second.name else [a, b]
        lines = [[field, in_words(before), in_words(after)] for field, before, after in changes]
        if fits(["Field", *names], lines):
            table(["Field", *names], lines)
            return 0
        for field, *values in lines:
            say(field, "cyan")
            hanging([(f"  {name}:", value) for name, value in zip(names, values, strict=True)])
    return 0
