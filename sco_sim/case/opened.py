"""The cases that a process has open: tables and ledger are read once while no file of them changes."""

from __future__ import annotations

from pathlib import Path

from sco_sim.case.case import Case
from sco_sim.case.schema.check import Signature, signature_with_ledger
from sco_sim.shipped import default_case

MOST = 4
"""Cases kept open."""
_OPEN: dict[str, tuple[Signature, Case]] = {}


def opened(folder: Path | str | None = None) -> Case:
    """The case of a folder, the shipped one if left out; raises CaseError if there is no such folder."""
    path = default_case() if folder is None else Path(folder)
    now = signature_with_ledger(path)
    kept = _OPEN.pop(str(path), None)
    case = kept[1] if kept is not None and kept[0] == now else Case(path)
    _OPEN[str(path)] = (now, case)  # the one used last comes last
    while len(_OPEN) > MOST:
        del _OPEN[next(iter(_OPEN))]
    return case
