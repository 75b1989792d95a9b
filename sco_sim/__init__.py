"""Trust and exchange among the states of the Shanghai Cooperation Organisation, on a graph of their ties.

The names below load what they need when first used, so `import sco_sim` itself is cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from sco_sim.version import __version__

if TYPE_CHECKING:
    from sco_sim.engine.build import build_model
    from sco_sim.notebook.comparison import compare, open_comparison
    from sco_sim.runs.run import run
    from sco_sim.scenario.load import load_scenario
    from sco_sim.store.stored_run import open_run

__all__ = ["__version__", "build_model", "compare", "load_scenario", "open_comparison", "open_run", "run"]

_HOMES = {
    "build_model": "sco_sim.engine.build",
    "compare": "sco_sim.notebook.comparison",
    "load_scenario": "sco_sim.scenario.load",
    "open_comparison": "sco_sim.notebook.comparison",
    "open_run": "sco_sim.store.stored_run",
    "run": "sco_sim.runs.run",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'sco_sim' has no attribute '{name}'")
    public: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = public
    return public


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
