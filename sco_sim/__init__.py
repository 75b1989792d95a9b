"""Trust and exchange among the states of the Shanghai Cooperation Organisation, on a graph of their ties.

The names below load what they need when first used, so `import sco_sim` itself is cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sco_sim.build import build_model
    from sco_sim.load import load_scenario
    from sco_sim.runner import run
    from sco_sim.store import open_run
    from sco_sim.study.compare import compare

__version__ = "0.1.0"
__all__ = ["__version__", "build_model", "compare", "load_scenario", "open_run", "run"]

_HOMES = {
    "build_model": "sco_sim.build",
    "compare": "sco_sim.study.compare",
    "load_scenario": "sco_sim.load",
    "open_run": "sco_sim.store",
    "run": "sco_sim.runner",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'sco_sim' has no attribute '{name}'")
    found: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
