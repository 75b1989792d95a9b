"""The range of a factor that is a parameter of the ledger and gives none of its own: that of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sco_sim.case.changes import Override
from sco_sim.case.ledger import read_ledger
from sco_sim.errors import did_you_mean
from sco_sim.studies.sweep.factor import Factor

Wrong = dict[str, tuple[str, str]]


def with_ranges(
    factors: Mapping[str, Factor], case: Path, changes: Mapping[str, Override]
) -> tuple[dict[str, Factor], Wrong]:
    """The factors, those without ends with the 5 and 95 % of the ledger, and what is wrong with any, and the remedy.

    Args:
        factors: By name.
        case: Folder of the ledger.
        changes: What the scenario changes in it, its view included.
    """
    waiting = {name: one for name, one in factors.items() if one.ledger and one.low is None}
    out, wrong = dict(factors), {}
    entries = read_ledger(case / "parameters.yaml").in_force(changes).entries if waiting else {}
    for name, factor in waiting.items():
        entry = entries.get(factor.ledger)
        if entry is None:
            wrong[name] = (f"the ledger has no parameter '{factor.ledger}'", did_you_mean(factor.ledger, entries))
        elif entry.low >= entry.high:
            wrong[name] = (f"{factor.ledger} is fixed in the ledger", "give the factor `low` and `high`")
        else:
            out[name] = factor.model_copy(update={"low": float(entry.low), "high": float(entry.high)})
    return out, wrong
