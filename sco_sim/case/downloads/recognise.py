"""The publisher of a file, recognised by its columns."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from sco_sim.case.downloads.download import Download
from sco_sim.case.downloads.geodist import read_geodist
from sco_sim.case.downloads.trade import read_baci, read_comtrade, read_imf
from sco_sim.case.downloads.world_bank import read_world_bank
from sco_sim.case.state_names import StateNames

READERS = (read_imf, read_world_bank, read_comtrade, read_geodist, read_baci)
KNOWN = "a wide table of the World Bank, IMF Direction of Trade, CEPII BACI or GeoDist, or UN Comtrade"
CONVERTED = "three lines of pandas convert any other file: docs/case.md, section `States of your own`"


def read_download(path: Path, names: StateNames, states: Collection[str] = ()) -> Download | None:
    """What a file of a known publisher holds of some states (all if empty); None if it is nobody's.

    Raises CaseError if it cannot be read, or holds a cell that is neither a number nor a gap.
    """
    for read in READERS:
        download = read(path, names, states)
        if download is not None:
            return download
    return None
