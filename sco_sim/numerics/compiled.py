"""Whether compiled kernels are at hand for what every batch shares: keys, random bits, the normal quantile, a spectrum.

A profile of 1,000 worlds of scenarios/combined.yaml puts a third of the time there, and the rest in hundreds of small
array operations that a compiler gains little on. With numba (extra `fast`) `kernels.py` does the four; without it, or
with SCO_SIM_PLAIN set, Python, NumPy and SciPy do. Keys and uniforms are the same bit for bit, the other two agree to
1e-12.
"""

from __future__ import annotations

import gc
import os
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

PLAIN = "SCO_SIM_PLAIN"


def kernels() -> str:
    """What does the work, for the manifest: `numba` and its version, or `plain`."""
    return "plain" if os.environ.get(PLAIN) or find_spec("numba") is None else f"numba {version('numba')}"


@cache
def compiled() -> Any:
    """The module of compiled kernels, None for the plain path; asked once a process."""
    if kernels() == "plain":
        return None
    module = import_module("sco_sim.numerics.kernels")
    gc.freeze()  # what numba brings lives as long as the process: searching it for garbage costs more than a batch
    return module
