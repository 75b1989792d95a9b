"""Types of arrays, for annotations."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


Ints = NDArray[np.intp]


Bools = NDArray[np.bool_]
