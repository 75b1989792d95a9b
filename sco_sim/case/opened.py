"""The cases that a process has open: tables and ledger are read once while no file of them changes."""

from __future__ import annotations

from pathlib import Path

from sco_sim.case.case import Case
from sco_sim.case.schema.check import Signature, ledger_of, signature
from sco_sim.shipped import default_case

MOST = 4
"""Cases kept open."""
_OPEN: dict[str, tuple[Signature, Case]] = {}


def opened(folder: Path | str | None = None) -> Case:
    """The case of a folder, the shipped one if left out; raises CaseError if there is no such folder."""
    path = default_case() if folder is None else Path(folder)
    now = _signature(path)
    kept = _OPEN.pop(str(path), None)
    case = kept[1] if kept is not None and kept[0] == now else Case(path)
    _OPEN[str(path)] = (now, case)  # the one used last comes last
    while len(_OPEN) > MOST:
        del _OPEN[next(iter(_OPEN))]
    return case


def _signature(folder: Path) -> Signature:
    """Names, sizes and times of the tables, the ledger and its fits."""
    ledger = ledger_of(folder)
    files = [ledger, *sorted((ledger.parent / "fits").glob("*"))]
    stats = [(str(path), path.stat()) for path in files if path.is_file()]
    return (*signature(folder), *((name, stat.st_size, stat.st_mtime_ns) for name, stat in stats))
